"""`CollectionWriter`: one run of writing, and the drafts that it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from search.collection.values import Version
from search.model import PARTS, Span

if TYPE_CHECKING:
    from search.language.text import Analyzer


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A source file as the collection knows it.

    Args:
        path: absolute; the key.
        name: what people see of it.
        digest: of its bytes and of the operator's word on it.
        rules: version of the readers and rules that read it.
        reports: how many reports and other texts it holds.
        problems: what was said of it when it was read, as JSON of messages.
        record: all that was kept of it (format, encoding, set_aside …).
    """

    path: str
    name: str
    digest: str
    rules: str
    reports: int
    problems: tuple[Mapping[str, Any], ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DraftParagraph:
    """A paragraph to be stored.

    Args:
        level: 1 to 6 for headings, else 0.
        digest: of its normal form.
        part: one of `search.model.PARTS`.
        ocr: how sure the recognition of a picture was, 0 to 1; a store keeps it to the percent. None where the source
            has text.
        context_years: the first and last year that the nearest heading above names which names any; (0, 0) for none.
    """

    kind: str
    level: int
    text: str
    lines: Span = (0, 0)
    joined: bool = False
    repeated: bool = False
    digest: int = 0
    part: str = PARTS[0]
    ocr: float | None = None
    context_years: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class DraftReport:
    """A report to be stored: its catalogue record (as `search.model.Report`; evidence, problems) and its text.

    `added` of the record holds where the collection has no report of that id yet; else the one that is held stays.
    """

    record: Mapping[str, Any]
    paragraphs: Sequence[DraftParagraph]


def title_lines(record: Mapping[str, Any]) -> list[str]:
    """What the title field holds: the report's title, its city and province; no word crosses from one to the next."""
    return [str(record[name]) for name in ("title", "city", "province") if record.get(name)]


@dataclass(frozen=True, slots=True)
class DraftSource:
    """What was understood of a source file, for the store to prepare."""

    source: SourceRecord
    reports: Sequence[DraftReport]


Prepared: TypeAlias = Any
"""What a store's `Preparer` makes of a file: packed arrays, or documents of a cluster. Picklable; only that store's
writer knows it."""


class Preparer(Protocol):
    """Turns drafts into what the store writes. Picklable; runs in worker processes, where most of the work is done."""

    def __call__(self, draft: DraftSource) -> Prepared: ...


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit left: whether anything changed, and what the collection holds now.

    Args:
        reports: without the texts that belong to no report; `paragraphs` has theirs too.
        leftovers: what the old version alone needed and could not be removed; the next run tries again.
    """

    changed: bool
    version: Version
    reports: int
    paragraphs: int
    leftovers: tuple[str, ...] = ()


class CollectionWriter(Protocol):
    """One run of writing, ended by `commit` or `abort`; nothing is visible before `commit`.

    Holds an exclusive lease, which a killed run loses. What can't be written raises a StoreError, and the collection
    is as it was.
    """

    @property
    def preparer(self) -> Preparer: ...

    def sources(self) -> Mapping[str, SourceRecord]:
        """The files that the collection held when the run began, by path; with `rebuild` too, if they can be read."""

    def add(self, prepared: Prepared, *, goes_on: bool = False) -> None:
        """Add a file with at least one paragraph, in place of what is held under its path.

        A large file comes in parts, one after another, each made of a draft of its own: the next reports, and a record
        of what belongs to them. Only with the last part do they take the place of what is held; what is held of the
        file then is one record, made of all of theirs by `search.file_parts`.

        A report whose id was held when the run began, in a rebuild too, keeps the `added` that it had.

        Args:
            goes_on: this is a part, and others of the file follow.

        Raises:
            ValueError: it has none.
        """

    def withdraw(self, path: str) -> None:
        """Drop the parts of a file whose last one will not come; what is held of it stays."""

    def remove(self, path: str) -> int:
        """Remove a file's reports; gives how many there were, 0 where no such file is held."""

    def keep_averages(self, averages: Mapping[str, float]) -> None:
        """Score by these average lengths, as the collection does that this one becomes a copy of."""

    def commit(self) -> Committed:
        """Publish what was added and removed, in one atomic step."""

    def abort(self) -> None:
        """Drop what was not committed; the collection is as it was."""


class BeginWriting(Protocol):
    """Takes the lease of the collection at an address; leaving the context without `commit` aborts.

    Args:
        analyzer: what segments the texts. A collection is continued only with the analyzer that it was made with.
        rebuild: begin from nothing; what is held stays until `commit`.
        memory_bytes: what the writer may use to gather and merge; None for the store's own choice.

    Raises:
        IndexLocked: another run holds the lease.
        StoreError: what is there can't be continued or written.
    """

    def __call__(
        self, address: str, analyzer: Analyzer, *, rebuild: bool = False, memory_bytes: int | None = None
    ) -> AbstractContextManager[CollectionWriter]: ...
