"""One run of `xiesou index`: which files changed, what they say, into the collection.

folder -> sources -> digests against those held -> read, understand, prepare (a worker per core) -> writer -> commit

A wrong file is listed and the rest goes on. The collection changes only at the commit.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from indexer.duplicates import find_duplicates
from indexer.model import Problem
from indexer.overrides import load_overrides
from indexer.records import report_id
from indexer.sources import Changes, collect, compare
from indexer.workers import Outcome, iter_outcomes
from search.addresses import CommittedTexts, begin_writing, held_sources
from search.collection import CollectionWriter
from search.errors import SourceError
from search.language.text import load_analyzer

__all__ = ["OnProgress", "Summary", "index_sources", "load_analyzer", "report_id"]

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

    def to_json(self) -> dict[str, Any]:
        """The promised JSON."""
        names = ("reports", "paragraphs", "added", "updated", "removed", "unchanged", "renamed")
        return {
            **{name: getattr(self, name) for name in names},
            "problems": [asdict(problem) for problem in self.problems],
            "seconds": round(self.seconds, 3),
        }


def index_sources(
    paths: Sequence[Path],
    address: Path | str,
    *,
    rebuild: bool = False,
    jobs: int | None = None,
    dry_run: bool = False,
    user_dictionary: Path | None = None,
    memory_bytes: int | None = None,
    on_progress: OnProgress | None = None,
) -> Summary:
    """Bring the collection at `address` up to date with the files under `paths`.

    Args:
        paths: files and folders; what the collection has from elsewhere stays, unless `rebuild`.
        rebuild: begin from nothing.
        jobs: worker processes; one per core if None.
        dry_run: say what would be done; the collection stays as it is.
        memory_bytes: what the writer may use; None for its own choice.

    Returns:
        What was done, and every file that could not be read.

    Raises:
        StoreError: the collection can't be written or continued.
        SourceError: a path does not exist, or there is no file to index.
    """
    begun = time.perf_counter()
    summary = Summary()
    address = str(address)
    analyzer = load_analyzer(user_dictionary)
    sources, problems = collect(paths, address=address)
    summary.problems += problems
    for parent in sorted({source.given.parent for source in sources}):
        summary.problems += load_overrides(parent).problems
    if dry_run:
        known = {} if rebuild else held_sources(address, analyzer)
        _tell(compare(sources, known, _roots(paths)), summary)
        summary.seconds = time.perf_counter() - begun
        return summary
    with begin_writing(address, analyzer, rebuild=rebuild, memory_bytes=memory_bytes) as writer:
        known = {} if rebuild else writer.sources()
        changes = compare(sources, known, _roots(paths))
        if not sources and not changes.gone and not known:
            raise SourceError(
                "There is no file to index.",
                path=str(paths[0]) if paths else "",
                hint="Give a file or a folder of .txt, .md, .html, .docx, .pdf, .csv, .jsonl or .zip files.",
            )
        _tell(changes, summary)
        for file in changes.gone:
            writer.remove(file.path)
        fresh_sources = [source for source, _, _ in changes.fresh]
        outcomes = iter_outcomes(fresh_sources, writer.preparer, jobs=jobs or os.cpu_count() or 1)
        with closing(outcomes):
            fresh = _add(writer, changes, outcomes, summary, on_progress)
        committed = writer.commit()
        summary.reports, summary.paragraphs = committed.reports, committed.paragraphs
        if fresh:
            summary.problems += _duplicates(CommittedTexts(address, analyzer), fresh)
    if committed.leftovers:
        reason = "the new state is live; files of the old one could not be removed: " + ", ".join(
            committed.leftovers
        )
        summary.problems.append(Problem(address, None, reason))
    summary.seconds = time.perf_counter() - begun
    return summary


def _roots(paths: Sequence[Path]) -> list[Path]:
    return [Path(os.path.abspath(path)) for path in paths]


def _tell(changes: Changes, summary: Summary) -> None:
    """Put into the summary what is to be done; files that turn out to hold no report are taken off again."""
    summary.removed = len(changes.gone)
    summary.unchanged, summary.renamed = changes.unchanged, changes.renamed
    summary.added = sum(before is None for _, _, before in changes.fresh)
    summary.updated = len(changes.fresh) - summary.added
    summary.problems += changes.problems


def _add(
    writer: CollectionWriter,
    changes: Changes,
    outcomes: Iterable[Outcome],
    summary: Summary,
    on_progress: OnProgress | None,
) -> dict[str, str]:
    """Add the fresh files; gives where their reports are, as the person gave it, by their ids."""
    fresh: dict[str, str] = {}
    for done, (outcome, (source, _, before)) in enumerate(zip(outcomes, changes.fresh, strict=True), start=1):
        if on_progress is not None:
            on_progress(done, len(changes.fresh), source.name)
        if not isinstance(outcome, Problem):
            summary.problems += outcome.problems
            if outcome.prepared is None:
                reason = "no text that can be searched was found in it. xiesou inspect shows what was."
                outcome = Problem(str(source.given), None, reason)
        if isinstance(outcome, Problem):
            stays = " What the index has of it stays." if before is not None else ""
            summary.problems.append(replace(outcome, reason=outcome.reason + stays))
            if before is None:
                summary.added -= 1
            else:
                summary.updated -= 1
            continue
        writer.add(outcome.prepared)
        for report, name in outcome.sources.items():
            fresh[report] = f"{source.given}{name.removeprefix(source.name)}"
    return fresh


def _duplicates(texts: CommittedTexts, fresh: Mapping[str, str]) -> list[Problem]:
    """What to tell of fresh reports that the collection has already."""
    said = []
    for found in find_duplicates(texts.shared_text(list(fresh)), texts.source_of):
        near = "全文相同" if found.share == 1.0 else f"有 {found.share:.0%} 的文字相同"
        said.append(Problem(fresh[found.id], None, f"与 {found.other} {near}；两份都已收录"))
    return said
