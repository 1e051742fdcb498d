"""The one place where reading, structure and metadata are put together: file -> reports that are understood.

path -> read -> structure -> describe -> UnderstoodDocument. The pipeline indexes what this gives, `xiesou
inspect` shows it; neither composes the stages itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.bounds import DEFAULT, Bounds
from indexer.metadata import describe
from indexer.model import Document, Draft, Metadata, Overridden, Problem, SetAside
from indexer.overrides import overrides_for
from indexer.readers import bytes_of, read_source
from indexer.readers.file_names import readable_name
from indexer.readers.source import Source as ReaderSource
from indexer.structure import structure


@dataclass(frozen=True, slots=True)
class UnderstoodReport:
    """A report (or another text of the file) with what is known of it."""

    draft: Draft
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class UnderstoodDocument:
    """All that one document holds.

    Args:
        document_name: the file's name for people, with "#row 3" or "!/member.txt" where there is more than one.
        set_aside: what is in the document but in no report, in the order of the lines.
        problems: the reader's, the structure's and the metadata's.
        notes: what the reader had to guess.
    """

    document_name: str
    format: str
    encoding: str
    reports: tuple[UnderstoodReport, ...]
    set_aside: tuple[SetAside, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()


OverridesOf = Callable[[int], Overridden]
"""The operator's metadata for a report by its number in the file, from 1."""


def understand(
    path: Path,
    *,
    name: str | None = None,
    overrides: OverridesOf | None = None,
    data: bytes | None = None,
    bounds: Bounds | None = None,
) -> tuple[UnderstoodDocument, ...]:
    """What a file holds: one entry a document (a table has one a row, an archive one a member).

    Args:
        path: the file.
        name: the file's name as the metadata may read it, where it isn't the path's own; "" hides it.
        overrides: the operator's word on the reports of this file; where None, `metadata.csv` beside and above it.
        data: the file's bytes where they were read already.
        bounds: how much work it may ask for.

    Raises:
        SourceError: the file can't be read at all.
    """
    return tuple(iter_understood(path, name=name, overrides=overrides, data=data, bounds=bounds))


def iter_understood(
    path: Path,
    *,
    name: str | None = None,
    overrides: OverridesOf | None = None,
    data: bytes | None = None,
    bounds: Bounds | None = None,
) -> Iterator[UnderstoodDocument]:
    """As `understand`, one document at a time."""
    given_name = readable_name(path.name)
    file_name = given_name if name is None else name
    word = overrides or overrides_for(path).values
    seen = 0
    bounds = bounds or DEFAULT
    documents = read_source(
        ReaderSource(bytes_of(path, bounds) if data is None else data, given_name, str(path), bounds)
    )
    del data  # as long as it is wanted, its reader holds it
    for document in documents:
        own_name = file_name and _own_name(document, file_name)
        understood = understand_document(document, file_name=own_name, overrides=word, first=seen + 1)
        seen += len(understood.reports)
        yield replace(
            understood,
            problems=tuple(_as_given(entry, path) for entry in understood.problems),
            notes=tuple(_as_given(entry, path) for entry in understood.notes),
        )


def _own_name(document: Document, file_name: str) -> str:
    """The name that speaks of the document: a row's own, an archive member's, else the file's."""
    member = document.name.partition("!/")[2].partition("#")[0]
    return document.fields.get("file") or member or file_name


def _as_given(problem: Problem, path: Path) -> Problem:
    """The problem with the file's path as it was given before the row or member that it speaks of."""
    name = readable_name(path.name)
    if problem.path.startswith(name):
        return replace(problem, path=f"{path}{problem.path.removeprefix(name)}")
    return problem


def understand_document(
    document: Document, *, file_name: str, overrides: OverridesOf, first: int = 1
) -> UnderstoodDocument:
    """A document's reports, each described with what its siblings before it in the file state.

    Args:
        first: the number of the document's first report in the file.
    """
    structured = structure(document)
    reports: list[UnderstoodReport] = []
    for number, draft in enumerate(structured.drafts, start=first):
        siblings = tuple(report.metadata for report in reports)
        stated = overrides(number)
        metadata = describe(draft, document, file_name=file_name, overrides=stated, siblings=siblings)
        reports.append(UnderstoodReport(draft, metadata))
    aside = sorted([*document.set_aside, *structured.set_aside], key=lambda entry: entry.line or 0)
    problems = [*document.problems, *structured.problems]
    problems += [problem for report in reports for problem in report.metadata.problems]
    return UnderstoodDocument(
        document.name,
        document.format,
        document.encoding,
        tuple(reports),
        tuple(aside),
        tuple(problems),
        document.notes,
    )
