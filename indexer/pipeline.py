"""One run of `xiesou index`: which files changed, what they say, into the index.

folder -> sources -> digest against the catalogue -> understand, analyse (a worker a core) -> writer -> commit

A wrong file is listed and the rest goes on. The index changes only at the commit.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from indexer.analysis import AnalysedFile, Piece, ReportInput, Vocabulary, analyse
from indexer.duplicates import find_duplicates, paragraph_digest
from indexer.model import Block, Problem, Value
from indexer.overrides import load_overrides
from indexer.readers import iter_sources
from indexer.understand import UnderstoodDocument, UnderstoodReport, understand
from indexer.writer import IndexedFile, IndexWriter, open_writer
from search.errors import SourceError
from search.index.segment import JOINED, REPEATED
from search.settings import DEFAULT_WRITER_BYTES
from search.text import Analyzer, load_analyzer, normalize_text

_AHEAD = 4
"""Files a worker may be ahead of the writer: bounds what waits in memory."""
_ID_BYTES = 5
_FIELDS = (
    "title",
    "type",
    "city",
    "code",
    "province",
    "level",
    "year",
    "review_year",
    "date",
    "session",
    "speaker",
)

OnProgress = Callable[[int, int, str], None]
"""(files done, files in all, the file's name)."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be indexed: where it is, and the name by which the collection knows it."""

    path: Path
    name: str


@dataclass(slots=True)
class Summary:
    """What a run did, in numbers of files for added to unchanged."""

    reports: int = 0
    paragraphs: int = 0
    added: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0
    renamed: int = 0
    problems: list[Problem] = field(default_factory=list)
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The promised JSON."""
        names = ("reports", "paragraphs", "added", "updated", "removed", "unchanged")
        return {
            **{name: getattr(self, name) for name in names},
            "problems": [asdict(problem) for problem in self.problems],
            "seconds": round(self.seconds, 3),
        }


def index_sources(
    paths: Sequence[Path],
    folder: Path,
    *,
    rebuild: bool = False,
    jobs: int | None = None,
    dry_run: bool = False,
    user_dictionary: Path | None = None,
    budget_bytes: int = DEFAULT_WRITER_BYTES,
    on_progress: OnProgress | None = None,
) -> Summary:
    """Bring the index in `folder` up to date with the files under `paths`.

    Args:
        paths: files and folders; what the index has from elsewhere stays, unless `rebuild`.
        rebuild: begin from nothing.
        jobs: worker processes; a worker a core where None.
        dry_run: say what would be done; the index stays as it is.

    Returns:
        What was done, and every file that could not be read.

    Raises:
        StoreError: the index can't be written or continued.
        SourceError: a path does not exist, or there is no file to index.
    """
    begun = time.perf_counter()
    summary = Summary()
    analyzer = load_analyzer(user_dictionary)
    sources, problems = collect(paths)
    summary.problems.extend(problems)
    if dry_run:
        _dry_run(sources, paths, folder, analyzer, rebuild, summary)
        summary.seconds = time.perf_counter() - begun
        return summary
    for parent in sorted({source.path.parent for source in sources}):
        summary.problems.extend(load_overrides(parent).problems)
    with open_writer(folder, analyzer, rebuild=rebuild, budget_bytes=budget_bytes) as writer:
        known = writer.files()
        changes = compare(sources, known, _roots(paths), summary)
        if not sources and not changes.gone and not known:
            raise SourceError(
                "There is no file to index.",
                path=str(paths[0]) if paths else "",
                hint="Give a file or a folder of .txt, .md, .html, .docx, .pdf, .csv, .jsonl or .zip files.",
            )
        for file in changes.gone:
            writer.remove(file)
        fresh = _add(
            writer, changes, analyzer, user_dictionary, jobs or os.cpu_count() or 1, summary, on_progress
        )
        writer.commit()
        summary.reports, summary.paragraphs = writer.counts()
        summary.problems.extend(_duplicates(writer, fresh))
    summary.seconds = time.perf_counter() - begun
    return summary


@dataclass(slots=True)
class Changes:
    """What a run has to do: files to read (new ones, and changed ones with what they replace) and files that went."""

    fresh: list[tuple[Source, str, IndexedFile | None]] = field(default_factory=list)
    gone: list[IndexedFile] = field(default_factory=list)


def collect(paths: Sequence[Path]) -> tuple[list[Source], list[Problem]]:
    """The files under `paths`, each once, in a fixed order; what can't be a source is listed.

    Raises:
        SourceError: a path does not exist.
    """
    found: dict[Path, Source] = {}
    problems: list[Problem] = []
    for path in paths:
        if not path.exists():
            raise SourceError(f"{path} does not exist.", path=str(path), hint="Check the path.")
        root = Path(os.path.abspath(path)).parent
        for file in _listed(path, problems):
            real = Path(os.path.abspath(file))
            name = real.relative_to(root).as_posix() if real.is_relative_to(root) else real.name
            found.setdefault(real, Source(real, name))
    return _with_own_names(sorted(found.values(), key=lambda source: source.name)), problems


def _listed(path: Path, problems: list[Problem]) -> Iterator[Path]:
    try:
        yield from iter_sources(path)
    except SourceError as error:
        problems.append(Problem(error.path, error.line, f"{error.message} {error.hint}".strip()))


def _with_own_names(sources: list[Source]) -> list[Source]:
    """Sources whose names differ: where two have one name, more of their paths is taken into it."""
    depth = 2
    while len({source.name for source in sources}) < len(sources):
        times: dict[str, int] = {}
        for source in sources:
            times[source.name] = times.get(source.name, 0) + 1
        depth += 1
        sources = [
            Source(s.path, "/".join(s.path.parts[-depth:]).lstrip("/")) if times[s.name] > 1 else s
            for s in sources
        ]
    return sources


def _roots(paths: Sequence[Path]) -> list[Path]:
    return [Path(os.path.abspath(path)) for path in paths]


def digest(path: Path, overrides: str = "") -> str:
    """What tells whether a file has to be read again: its bytes, and the operator's word on it."""
    with path.open("rb") as file:
        content = (
            hashlib.file_digest(file, "blake2b")
            if hasattr(hashlib, "file_digest")
            else _digest_of(file.read())
        )
    if overrides:
        content.update(overrides.encode())
    return str(content.hexdigest()[:32])


def _digest_of(data: bytes) -> Any:
    return hashlib.blake2b(data)


def compare(
    sources: Sequence[Source], known: Mapping[str, IndexedFile], roots: Sequence[Path], summary: Summary
) -> Changes:
    """What to do for each source, against what the index knows."""
    changes = Changes()
    seen: set[str] = set()
    for source in sources:
        key = str(source.path)
        seen.add(key)
        try:
            now = digest(source.path, _overrides_key(source.path))
        except OSError as error:
            summary.problems.append(Problem(key, None, f"can't be read: {error.strerror}"))
            continue
        before = known.get(key)
        if before is not None and before.record["digest"] == now:
            summary.unchanged += 1
        else:
            changes.fresh.append((source, now, before))
    for key, file in known.items():
        if key not in seen and any(Path(key).is_relative_to(root) for root in roots):
            changes.gone.append(file)
            summary.removed += 1
    vanished = {file.record["digest"] for file in changes.gone}
    summary.renamed = sum(1 for _, now, before in changes.fresh if before is None and now in vanished)
    return changes


def _overrides_key(path: Path) -> str:
    """The operator's `metadata.csv` beside a file, so that changing it has the file read again."""
    table = path.parent / "metadata.csv"
    return hashlib.blake2b(table.read_bytes()).hexdigest() if table.is_file() else ""


def _dry_run(
    sources: Sequence[Source],
    paths: Sequence[Path],
    folder: Path,
    analyzer: Analyzer,
    rebuild: bool,
    summary: Summary,
) -> None:
    from search.errors import IndexMissing
    from search.index.store import open_generation

    known: dict[str, IndexedFile] = {}
    if not rebuild:
        try:
            for data in open_generation(folder, analyzer.fingerprint).segments:
                known.update(IndexWriter.files_of(data))
        except IndexMissing:
            pass
    changes = compare(sources, known, _roots(paths), summary)
    for _, _, before in changes.fresh:
        if before is None:
            summary.added += 1
        else:
            summary.updated += 1


# Workers

_WORKER: dict[str, Any] = {}


def _start_worker(user_dictionary: Path | None) -> None:
    if "analyzer" not in _WORKER:
        prepare_worker(load_analyzer(user_dictionary))


def prepare_worker(analyzer: Analyzer) -> None:
    """Load what analysing needs, once a process; forked workers inherit it."""
    _WORKER["analyzer"] = analyzer
    _WORKER["vocabulary"] = Vocabulary(analyzer.words)
    analyzer.index_batch(["预热"])


def _work(path: Path, name: str, content_digest: str) -> AnalysedFile:
    return analyse_file(Source(path, name), content_digest, _WORKER["analyzer"], _WORKER["vocabulary"])


def _add(
    writer: IndexWriter,
    changes: Changes,
    analyzer: Analyzer,
    user_dictionary: Path | None,
    jobs: int,
    summary: Summary,
    on_progress: OnProgress | None,
) -> set[str]:
    """Read, analyse and add the fresh files; give back the ids of their reports."""
    fresh: set[str] = set()
    for done, (outcome, (source, _, before)) in enumerate(
        zip(_analysed(changes, analyzer, user_dictionary, jobs), changes.fresh, strict=True), start=1
    ):
        if on_progress is not None:
            on_progress(done, len(changes.fresh), source.name)
        if isinstance(outcome, SourceError):
            reason = f"{outcome.message} {outcome.hint}".strip()
            summary.problems.append(Problem(str(source.path), outcome.line, reason))
            if before is not None:
                kept = "; what the index has of it from before stays"
                summary.problems[-1] = Problem(str(source.path), outcome.line, reason + kept)
            continue
        summary.problems.extend(outcome.problems)
        if not outcome.texts:
            summary.problems.append(Problem(str(source.path), None, "no report was found in it"))
            continue
        if before is not None:
            writer.remove(before)
            summary.updated += 1
        else:
            summary.added += 1
        writer.add(outcome)
        fresh.update(record["id"] for record in outcome.records)
    return fresh


def _duplicates(writer: IndexWriter, fresh: set[str]) -> list[Problem]:
    """What to tell of fresh reports that the collection has already."""
    if not fresh:
        return []
    said = []
    for found in find_duplicates(writer.open_segments(), fresh):
        near = "全文相同" if found.share == 1.0 else f"有 {found.share:.0%} 的文字相同"
        said.append(Problem(found.source, None, f"与 {found.other} {near}；两份都已收录"))
    return said


def _analysed(
    changes: Changes, analyzer: Analyzer, user_dictionary: Path | None, jobs: int
) -> Iterator[AnalysedFile | SourceError]:
    """Each fresh file's analysis or why there is none, in order."""
    tasks = [(source.path, source.name, content) for source, content, _ in changes.fresh]
    if jobs == 1 or len(tasks) < 4:
        prepare_worker(analyzer)
        for task in tasks:
            yield _outcome(task)
        return
    forks = "fork" in multiprocessing.get_all_start_methods()
    if forks:
        prepare_worker(analyzer)
    context = multiprocessing.get_context("fork" if forks else "spawn")
    with ProcessPoolExecutor(jobs, context, initializer=_start_worker, initargs=(user_dictionary,)) as pool:
        waiting: deque[Future[AnalysedFile | SourceError]] = deque()
        for task in tasks:
            waiting.append(pool.submit(_outcome, task))
            if len(waiting) > jobs * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _outcome(task: tuple[Path, str, str]) -> AnalysedFile | SourceError:
    try:
        return _work(*task)
    except SourceError as error:
        return error
    except OSError as error:
        return SourceError(f"can't be read: {error.strerror or error}.", path=str(task[0]))


# One file


def analyse_file(
    source: Source, content_digest: str, analyzer: Analyzer, vocabulary: Vocabulary
) -> AnalysedFile:
    """Read a file, understand it and segment its paragraphs.

    Raises:
        SourceError: it can't be read at all.
    """
    documents = understand(source.path)
    reports: list[ReportInput] = []
    set_aside: list[tuple[int | None, str, str]] = []
    problems: list[Problem] = []
    for document in documents:
        set_aside.extend((entry.line, entry.text, entry.reason) for entry in document.set_aside)
        problems.extend(document.problems)
        for report in document.reports:
            pieces, repeated = to_pieces(report.draft.blocks)
            set_aside.extend(repeated)
            if pieces:
                record = to_record(report, document, source, len(reports) + 1, len(pieces))
                reports.append(ReportInput(record, pieces))
    record = {
        "path": str(source.path),
        "source": source.name,
        "digest": content_digest,
        "bytes": source.path.stat().st_size,
        "encoding": documents[0].encoding if documents else "",
        "format": documents[0].format if documents else "",
        "set_aside": set_aside,
    }
    return analyse(record, reports, analyzer, vocabulary, problems)


def to_record(
    report: UnderstoodReport, document: UnderstoodDocument, source: Source, ordinal: int, paragraphs: int
) -> dict[str, Any]:
    """A report's catalogue record."""
    metadata = report.metadata
    values: dict[str, Value] = {name: getattr(metadata, name) for name in _FIELDS}
    return {
        "id": report_id(source.name, ordinal),
        "source": source.name + document.document_name.removeprefix(source.path.name),
        "ordinal": ordinal,
        "kind": report.draft.kind,
        "paragraphs": paragraphs,
        **{name: value.value for name, value in values.items()},
        "evidence": {name: value.evidence for name, value in values.items() if value.evidence},
    }


def report_id(source_name: str, ordinal: int) -> str:
    """A report's id: the same whenever the same file is indexed under the same name."""
    return hashlib.blake2b(
        f"{source_name}#{ordinal}".encode("utf-8", "surrogatepass"), digest_size=_ID_BYTES
    ).hexdigest()


def to_pieces(blocks: Iterable[Block]) -> tuple[list[Piece], list[tuple[int | None, str, str]]]:
    """A report's blocks as paragraphs to index; passages that this report already has are set aside.

    A repeated passage stays a paragraph where the first one stands in another report of the file.
    """
    pieces: list[Piece] = []
    repeated: list[tuple[int | None, str, str]] = []
    said: set[str] = set()
    for block in blocks:
        normal = normalize_text(block.text)
        if block.repeated and normal in said:
            repeated.append((block.lines[0], block.text, "重复的段落"))
            continue
        said.add(normal)
        if not normal:
            repeated.append((block.lines[0], block.text, "没有可检索的文字"))
            continue
        flags = (JOINED if block.joined else 0) | (REPEATED if block.repeated else 0)
        level = block.level if block.kind == "heading" else 0
        pieces.append(Piece(block.kind, level, block.text, block.lines, flags, paragraph_digest(normal)))
    return pieces, repeated
