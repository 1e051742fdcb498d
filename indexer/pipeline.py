"""One run of `xiesou index`: which files changed, what they say, into the collection.

folder -> sources -> digests against those held -> read, understand, prepare (a worker per core) -> writer -> commit

A wrong file is listed and the rest goes on. The collection changes only at the commit.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from indexer.arriving import Arriving, time_stamp
from indexer.bounds import Bounds
from indexer.changes import Changes, Request, take_digests
from indexer.model import Problem, problem_to_json
from indexer.overrides import load_overrides
from indexer.sources import Source, collect
from indexer.workers import Outcome, PreparedPart, PreparedSource, iter_outcomes
from search.addresses import begin_writing, open_collection
from search.collection import CollectionWriter, Committed, SourceRecord, View
from search.errors import IndexDamaged, IndexMissing, IndexOutdated, SourceError, StoreError
from search.language.text import Analyzer, load_analyzer
from search.messages import Message, in_a_row
from search.messages import sources as says
from search.messages.words import LANGUAGES
from search.operating.duplicates import find_duplicates

__all__ = ["OnProgress", "Summary", "index_sources", "load_analyzer"]

OnProgress = Callable[[int, int, str], None]
"""(files done, files in all, the file's name)."""


@dataclass(slots=True)
class Summary:
    """What a run did, in numbers of files for added to unchanged; notes are no problems, and change no exit status."""

    reports: int = 0
    paragraphs: int = 0
    added: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0
    renamed: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    seconds: float = 0.0

    def to_json(self, lang: str = LANGUAGES[0]) -> dict[str, Any]:
        """The promised JSON."""
        names = ("reports", "paragraphs", "added", "updated", "removed", "unchanged", "renamed")
        return {
            **{name: getattr(self, name) for name in names},
            "problems": [problem_to_json(problem, lang) for problem in self.problems],
            "notes": [problem_to_json(note, lang) for note in self.notes],
            "seconds": round(self.seconds, 3),
        }


def index_sources(
    paths: Sequence[Path],
    address: Path | str,
    *,
    rebuild: bool = False,
    allow_removals: bool = False,
    jobs: int | None = None,
    dry_run: bool = False,
    analyzer: Analyzer | None = None,
    memory_bytes: int | None = None,
    bounds: Bounds | None = None,
    on_progress: OnProgress | None = None,
) -> Summary:
    """Bring the collection at `address` up to date with the files under `paths`.

    Args:
        paths: files and folders; what the collection has from elsewhere stays, unless `rebuild`.
        rebuild: begin from nothing.
        allow_removals: remove files that are gone, however many.
        jobs: worker processes; one per core if None.
        dry_run: say what would be done; the collection stays as it is.
        analyzer: what segments the texts; if None, one with the shipped words is loaded.
        memory_bytes: what the writer may use; None for its own choice.
        bounds: how much work a file may ask for; None for those that stand in `Bounds`.

    Returns: what was done, and every file that could not be read.

    Raises:
        StoreError: the collection can't be written or continued.
        SourceError: a path does not exist, or there is no file to index.
    """
    begun = time.perf_counter()
    address = str(address)
    analyzer = analyzer or load_analyzer()
    sources, problems = collect(paths, address=address)
    request = Request(sources, take_digests(sources, bounds), _absolute(paths), rebuild, allow_removals)
    summary = Summary(problems=[*problems, *_problems_of_tables(sources)])
    if dry_run:
        _tell(request.changes(_held(address, analyzer, rebuild=rebuild)), summary)
    else:
        with _begin(address, analyzer, request, memory_bytes) as (writer, changes):
            _tell(changes, summary)
            preparer = Arriving(writer.preparer, time_stamp())
            jobs = jobs or os.cpu_count() or 1
            with closing(iter_outcomes(changes.to_read, preparer, jobs=jobs, bounds=bounds)) as outcomes:
                fresh = _write(writer, changes, outcomes, summary, on_progress)
            _tell_committed(writer.commit(), address, summary)
            _tell_of_duplicates(fresh, address, analyzer, summary)
    summary.seconds = time.perf_counter() - begun
    return summary


def _absolute(paths: Sequence[Path]) -> list[Path]:
    return [Path(os.path.abspath(path)) for path in paths]


def _held(address: str, analyzer: Analyzer, *, rebuild: bool) -> Mapping[str, SourceRecord]:
    """The files that the collection holds, by path; none where there is none, or a rebuild can read none."""
    try:
        with closing(open_collection(address, analyzer=analyzer)) as collection:
            return {source.path: source for source in collection.at().sources()}
    except IndexMissing:
        return {}
    except StoreError:
        if rebuild:
            return {}
        raise


def _problems_of_tables(sources: Sequence[Source]) -> list[Problem]:
    folders = sorted({source.given.parent for source in sources})
    return [problem for folder in folders for problem in load_overrides(folder).problems]


@contextmanager
def _begin(
    address: str, analyzer: Analyzer, request: Request, memory_bytes: int | None
) -> Iterator[tuple[CollectionWriter, Changes]]:
    """The writer, and what to do with what it holds.

    Raises:
        StoreError: the collection can't be written or continued.
        SourceError: there is no file to index; or a rebuild would lose files that it can't keep.
    """
    with begin_writing(address, analyzer, rebuild=request.rebuild, memory_bytes=memory_bytes) as writer:
        held = writer.sources()
        changes = request.changes(held)
        if not request.sources and not changes.gone + changes.kept and (request.rebuild or not held):
            raise SourceError(
                says.NOTHING_TO_INDEX(), path=", ".join(map(str, request.roots)), hint=says.GIVE_FILES()
            )
        if not (request.rebuild and changes.kept):
            yield writer, changes
            return
    try:
        with begin_writing(address, analyzer, memory_bytes=memory_bytes) as writer:
            yield writer, request.changes(writer.sources())
    except (IndexOutdated, IndexDamaged) as error:
        raise SourceError(
            says.GONE_CANNOT_BE_KEPT(gone=_too_many_are_gone(changes), why=error.message),
            path=", ".join(map(str, request.roots)),
            hint=says.ALLOW_REMOVALS(),
        ) from error


def _too_many_are_gone(changes: Changes) -> Message:
    return says.TOO_MANY_GONE(kept=len(changes.kept), held=changes.held)


def _tell(changes: Changes, summary: Summary) -> None:
    """Put into the summary what is to be done; files that turn out to hold no report are taken off again."""
    summary.removed = len(changes.gone)
    summary.unchanged, summary.renamed = changes.unchanged, changes.renamed
    summary.added = sum(before is None for _, before in changes.fresh)
    summary.updated = len(changes.fresh) - summary.added
    summary.problems += changes.problems
    if changes.kept:
        where = os.path.commonpath([file.path for file in changes.kept])
        kept = says.GONE_ARE_KEPT(gone=_too_many_are_gone(changes))
        summary.problems.append(Problem(where, None, in_a_row([kept, says.ALLOW_REMOVALS()])))


def _tell_committed(committed: Committed, address: str, summary: Summary) -> None:
    summary.reports, summary.paragraphs = committed.reports, committed.paragraphs
    if committed.leftovers:
        summary.problems.append(Problem(address, None, says.LEFTOVERS(names=committed.leftovers)))


def _write(
    writer: CollectionWriter,
    changes: Changes,
    outcomes: Iterable[Outcome],
    summary: Summary,
    on_progress: OnProgress | None,
) -> dict[str, str]:
    """Remove what is gone and add what is fresh; gives where the fresh reports are, as the person gave it, by id."""
    for file in changes.gone:
        writer.remove(file.path)
    fresh: dict[str, str] = {}
    of_file: dict[str, str] = {}
    done = 0
    for outcome in outcomes:
        source, before = changes.fresh[done]
        if not isinstance(outcome, Problem):
            names = outcome.sources.items()
            of_file |= {report: f"{source.given}{name.removeprefix(source.name)}" for report, name in names}
        if isinstance(outcome, PreparedPart):
            writer.add(outcome.prepared, goes_on=True)
            del outcome  # before the next part comes
            continue
        done += 1
        if on_progress is not None:
            on_progress(done, len(changes.fresh), source.name)
        if isinstance(outcome, PreparedSource):
            summary.problems += outcome.problems
            summary.notes += outcome.notes
            if outcome.prepared is None:
                outcome = Problem(str(source.given), None, says.NO_SEARCHABLE_TEXT())
        if isinstance(outcome, Problem):
            writer.withdraw(str(source.path))
            stays = says.INDEX_KEEPS_IT() if before is not None else None
            summary.problems.append(Problem(outcome.path, outcome.line, in_a_row([outcome.reason, stays])))
            if before is None:
                summary.added -= 1
            else:
                summary.updated -= 1
        else:
            writer.add(outcome.prepared)
            fresh |= of_file
        of_file = {}
    return fresh


def _tell_of_duplicates(fresh: Mapping[str, str], address: str, analyzer: Analyzer, summary: Summary) -> None:
    """Tell of fresh reports that the collection had already."""
    if not fresh:
        return
    with closing(open_collection(address, analyzer=analyzer)) as collection:
        summary.problems += _duplicates(collection.at(), fresh)


def _duplicates(view: View, fresh: Mapping[str, str]) -> list[Problem]:
    said = []
    for found in find_duplicates(view.shared_text(list(fresh))):
        if found.is_whole:
            same = says.DUPLICATE_WHOLE(other=found.other)
        elif found.share == 1.0:
            same = says.DUPLICATE_LONG(other=found.other)
        else:
            same = says.DUPLICATE_PART(other=found.other, share=found.share)
        said.append(Problem(fresh[found.id], None, same))
    return said
