"""One file as a collection keeps it: its own record, those of its reports, and their paragraphs.

path -> understand -> blocks and metadata -> DraftFile, for the collection's `Preparer`
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from indexer.allowance import made_progress
from indexer.bounds import DEFAULT, Bounds
from indexer.metadata.parts import place_blocks
from indexer.model import Block, Problem, Value
from indexer.overrides import overrides_for
from indexer.readers import bytes_of
from indexer.readers.file_names import is_text, readable_name
from indexer.sources import Source, digest_of
from indexer.understand import UnderstoodDocument, UnderstoodReport, iter_understood
from search.collection import DraftParagraph, DraftReport, DraftSource, SourceRecord
from search.language.text import normalize_text
from search.messages import sources as says
from search.messages.aside import NOTHING_TO_SEARCH, REPEATED_PARAGRAPH
from search.report_ids import report_id
from search.rules import RULES_VERSION

_PART_CHARS = 600_000
"""From so many characters on, what follows in a file is a part of its own: some 20 MB when it is prepared."""
_FIELDS = (
    "title",
    "type",
    "city",
    "code",
    "province",
    "level",
    "year",
    "review_year",
    "plan_year",
    "date",
    "session",
    "speaker",
)

Aside = list[tuple[int | None, str, dict[str, Any]]]
"""(line, text, reason as JSON) of each text that is set aside."""


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file, or a part of one, as drafts, with what an operator should know of it.

    Args:
        goes_on: whether more of the file follows; then it has a report.
    """

    draft: DraftSource
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()
    goes_on: bool = False


def iter_drafts(source: Source, bounds: Bounds | None = None) -> Iterator[DraftFile]:
    """Read a file and understand it, some documents at a time: a table of thousands of reports comes in parts.

    Its digest is of the bytes and the rows of `metadata.csv` that were read here: a file that is rewritten meanwhile
    is read again by the next run. Texts without a report are with the reports before them.

    Raises:
        SourceError: it can't be read.
    """
    bounds = bounds or DEFAULT
    data = bytes_of(source.given, bounds)
    word = overrides_for(source.given)
    part = _Part(source, digest_of(data, overrides=word.key), len(data))
    if not is_text(str(source.path)):
        part.notes.append(Problem(str(source.given), None, says.NAME_NOT_UTF8(name=source.name)))
    documents = iter_understood(source.given, data=data, overrides=word.values, bounds=bounds)
    del data  # as long as it is wanted, its reader holds it
    for document in documents:
        made_progress()
        reports = part.to_reports(document)
        is_full = bool(part.reports) and part.characters >= _PART_CHARS
        if is_full and any(report is not None for report, _ in reports):
            yield part.finish(goes_on=True)
        part.add(document, reports)
    yield part.finish()


class _Part:
    """What was read of a file since its last part."""

    def __init__(self, source: Source, digest: str, size_bytes: int) -> None:
        self._source, self._digest, self._size_bytes = source, digest, size_bytes
        self._seen = 0
        self.notes: list[Problem] = []
        self._begin()

    def _begin(self) -> None:
        self.reports: list[DraftReport] = []
        self.characters = 0
        self._set_aside: Aside = []
        self._problems: list[Problem] = []
        self._encoding = self._format = ""

    def to_reports(self, document: UnderstoodDocument) -> list[tuple[DraftReport | None, Aside]]:
        """The document's reports, None for one without a paragraph, each with what is repeated in it."""
        found: list[tuple[DraftReport | None, Aside]] = []
        for report in document.reports:
            paragraphs, repeated = to_paragraphs(report.draft.blocks)
            drafted = None
            if paragraphs:
                self._seen += 1
                record = to_record(report, document, self._source, self._seen, len(paragraphs))
                drafted = DraftReport(record, paragraphs)
            found.append((drafted, repeated))
        return found

    def add(self, document: UnderstoodDocument, reports: Iterable[tuple[DraftReport | None, Aside]]) -> None:
        """Take a document in."""
        self._encoding = self._encoding or document.encoding
        self._format = self._format or document.format
        self._set_aside += ((entry.line, entry.text, entry.reason.to_json()) for entry in document.set_aside)
        self._problems += document.problems
        self.notes += document.notes
        for report, repeated in reports:
            self._set_aside += repeated
            if report is not None:
                self.reports.append(report)
                self.characters += sum(len(paragraph.text) for paragraph in report.paragraphs)

    def finish(self, *, goes_on: bool = False) -> DraftFile:
        """The part as drafts; the next one begins."""
        kept = SourceRecord(
            path=str(self._source.path),
            name=self._source.name,
            digest=self._digest,
            rules=RULES_VERSION,
            reports=len(self.reports),
            problems=tuple(problem.reason.to_json() for problem in self._problems),
            record={
                "bytes": self._size_bytes,
                "encoding": self._encoding,
                "format": self._format,
                "set_aside": self._set_aside,
            },
        )
        drafted = DraftSource(kept, self.reports)
        file = DraftFile(drafted, tuple(self._problems), tuple(self.notes), goes_on=goes_on)
        self.notes = []
        self._begin()
        return file


def to_record(
    report: UnderstoodReport, document: UnderstoodDocument, source: Source, ordinal: int, paragraphs: int
) -> dict[str, Any]:
    """A report's catalogue record."""
    metadata = report.metadata
    values: dict[str, Value] = {name: getattr(metadata, name) for name in _FIELDS}
    problems = [problem.reason.to_json() for problem in metadata.problems]
    return {
        "id": report_id(source.name, ordinal),
        "source": source.name + document.document_name.removeprefix(readable_name(source.path.name)),
        "ordinal": ordinal,
        "kind": report.draft.kind,
        "paragraphs": paragraphs,
        **{name: value.value for name, value in values.items()},
        "evidence": {name: value.evidence.to_json() for name, value in values.items() if value.evidence},
        **({"problems": problems} if problems else {}),
    }


def to_paragraphs(blocks: Iterable[Block]) -> tuple[list[DraftParagraph], Aside]:
    """A report's blocks as paragraphs to store; passages that this report already has are set aside.

    A repeated passage stays a paragraph where the first one stands in another report of the file.
    """
    paragraphs: list[DraftParagraph] = []
    aside: Aside = []
    said: set[str] = set()
    for placed in place_blocks(blocks):
        block = placed.block
        normal = normalize_text(block.text)
        if block.repeated and normal in said:
            aside.append((block.lines[0], block.text, REPEATED_PARAGRAPH.to_json()))
            continue
        said.add(normal)
        if not normal:
            aside.append((block.lines[0], block.text, NOTHING_TO_SEARCH.to_json()))
            continue
        paragraphs.append(
            DraftParagraph(
                kind=block.kind,
                level=block.level if block.kind == "heading" else 0,
                text=block.text,
                lines=block.lines,
                joined=block.joined,
                repeated=block.repeated,
                digest=paragraph_digest(normal),
                part=placed.part,
                ocr=block.confidence,
                context_years=placed.years,
            )
        )
    return paragraphs, aside


def is_searched(blocks: Iterable[Block]) -> bool:
    """Whether a text has a paragraph that is stored, and so a number in its file."""
    return any(normalize_text(block.text) for block in blocks)


def paragraph_digest(normal: str) -> int:
    """What tells whether two paragraphs are the same, from the normal form: 64 bits."""
    data = hashlib.blake2b(normal.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(data, "little")
