"""One run of `xiesou index`: which files changed, what they say, into the index.

folder -> sources -> digest against the catalogue -> understand, analyse (a worker a core) -> writer -> commit

A wrong file is listed and the rest goes on. The index changes only at the commit.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from indexer.duplicates import find_duplicates
from indexer.model import Problem, problem_to_json
from indexer.overrides import load_overrides
from indexer.records import report_id
from indexer.sources import Changes, collect, compare
from indexer.workers import Outcome, iter_outcomes, prepare_worker
from search.embedded.store import open_generation
from search.embedded.writing.writer import IndexedFile, IndexWriter, open_writer
from search.errors import IndexMissing, IndexUnwritable, SourceError
from search.language.text import Analyzer, load_analyzer
from search.messages import in_a_row, stores
from search.messages import sources as says
from search.messages.words import LANGUAGES
from search.settings import DEFAULT_WRITER_BYTES

__all__ = ["OnProgress", "Summary", "index_sources", "load_analyzer", "prepare_worker", "report_id"]

OnProgress = Callable[[int, int, str], None]
"""(files done, files in all, the file's name)."""


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

    def to_json(self, lang: str = LANGUAGES[0]) -> dict[str, Any]:
        """The promised JSON."""
        names = ("reports", "paragraphs", "added", "updated", "removed", "unchanged", "renamed")
        return {
            **{name: getattr(self, name) for name in names},
            "problems": [problem_to_json(problem, lang) for problem in self.problems],
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
    sources, problems = collect(paths, index=folder)
    summary.problems += problems
    for parent in sorted({source.given.parent for source in sources}):
        summary.problems += load_overrides(parent).problems
    if dry_run:
        known = {} if rebuild else _known(folder, analyzer)
        _tell(compare(sources, known, _roots(paths)), summary)
        summary.seconds = time.perf_counter() - begun
        return summary
    try:
        with open_writer(folder, analyzer, rebuild=rebuild, budget_bytes=budget_bytes) as writer:
            known = writer.files()
            changes = compare(sources, known, _roots(paths))
            if not sources and not changes.gone and not known:
                raise SourceError(
                    says.NOTHING_TO_INDEX(),
                    path=str(paths[0]) if paths else "",
                    hint=says.GIVE_FILES(),
                )
            _tell(changes, summary)
            for file in changes.gone:
                writer.remove(file)
            tasks = [(source, content) for source, content, _ in changes.fresh]
            outcomes = iter_outcomes(
                tasks, analyzer, user_dictionary=user_dictionary, jobs=jobs or os.cpu_count() or 1
            )
            with closing(outcomes):
                fresh = _add(writer, changes, outcomes, summary, on_progress)
            writer.commit()
            summary.reports, summary.paragraphs = writer.counts()
            summary.problems += _duplicates(writer, fresh)
    except OSError as error:
        raise IndexUnwritable(
            stores.INDEX_UNWRITABLE(folder=str(folder), error=error.strerror or str(error)),
            hint=stores.MAKE_ROOM(),
        ) from error
    summary.seconds = time.perf_counter() - begun
    return summary


def _roots(paths: Sequence[Path]) -> list[Path]:
    return [Path(os.path.abspath(path)) for path in paths]


def _known(folder: Path, analyzer: Analyzer) -> dict[str, IndexedFile]:
    """The files that the index has; none where there is no index."""
    try:
        segments = open_generation(folder, analyzer.fingerprint).segments
    except IndexMissing:
        return {}
    return {path: file for data in segments for path, file in IndexWriter.files_of(data).items()}


def _tell(changes: Changes, summary: Summary) -> None:
    """Put into the summary what is to be done; files that turn out to hold no report are taken off again."""
    summary.removed = len(changes.gone)
    summary.unchanged, summary.renamed = changes.unchanged, changes.renamed
    summary.added = sum(before is None for _, _, before in changes.fresh)
    summary.updated = len(changes.fresh) - summary.added
    summary.problems += changes.problems


def _add(
    writer: IndexWriter,
    changes: Changes,
    outcomes: Iterable[Outcome],
    summary: Summary,
    on_progress: OnProgress | None,
) -> dict[str, str]:
    """Add the fresh files; give back where their reports are, as the person gave it, by their ids."""
    fresh: dict[str, str] = {}
    for done, (outcome, (source, _, before)) in enumerate(zip(outcomes, changes.fresh, strict=True), start=1):
        if on_progress is not None:
            on_progress(done, len(changes.fresh), source.name)
        if not isinstance(outcome, Problem):
            summary.problems += outcome.problems
            if not outcome.texts:
                outcome = Problem(str(source.given), None, says.NO_SEARCHABLE_TEXT())
        if isinstance(outcome, Problem):
            stays = says.INDEX_KEEPS_IT() if before is not None else None
            summary.problems.append(Problem(outcome.path, outcome.line, in_a_row([outcome.reason, stays])))
            if before is None:
                summary.added -= 1
            else:
                summary.updated -= 1
            continue
        if before is not None:
            writer.remove(before)
        writer.add(outcome)
        for record in outcome.records:
            fresh[record["id"]] = f"{source.given}{record['source'].removeprefix(source.name)}"
    return fresh


def _duplicates(writer: IndexWriter, fresh: Mapping[str, str]) -> list[Problem]:
    """What to tell of fresh reports that the collection has already."""
    if not fresh:
        return []
    said = []
    for found in find_duplicates(writer.open_segments(), fresh.keys()):
        same = (
            says.DUPLICATE_WHOLE(other=found.other)
            if found.share == 1.0
            else says.DUPLICATE_PART(other=found.other, share=found.share)
        )
        said.append(Problem(fresh[found.id], None, same))
    return said
