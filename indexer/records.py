"""One file as a collection keeps it: its own record, those of its reports, and their paragraphs.

path -> understand -> blocks and metadata -> DraftFile, for the collection's `Preparer`
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from indexer.metadata.parts import place_blocks
from indexer.model import Block, Problem, Value
from indexer.overrides import overrides_for
from indexer.readers import bytes_of
from indexer.readers.file_names import is_text, readable_name
from indexer.sources import Source, digest_of
from indexer.understand import UnderstoodDocument, UnderstoodReport, understand
from search.collection import DraftParagraph, DraftReport, DraftSource, SourceRecord
from search.language.text import normalize_text
from search.messages import sources as says
from search.messages.aside import NOTHING_TO_SEARCH, REPEATED_PARAGRAPH
from search.rules import RULES_VERSION

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
    "plan_year",
    "date",
    "session",
    "speaker",
)

Aside = list[tuple[int | None, str, dict[str, Any]]]
"""(line, text, reason as JSON) of each text that is set aside."""


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file as drafts, with what an operator should know of it."""

    draft: DraftSource
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()


def draft_file(source: Source) -> DraftFile:
    """Read a file and understand it.

    Its digest is of the bytes and the rows of `metadata.csv` that were read here: a file that is rewritten meanwhile
    is read again by the next run.

    Raises:
        SourceError: it can't be read at all.
    """
    data = bytes_of(source.given)
    word = overrides_for(source.given)
    documents = understand(source.given, data=data, overrides=word.values)
    reports: list[DraftReport] = []
    set_aside: Aside = []
    problems: list[Problem] = []
    notes: list[Problem] = []
    if not is_text(str(source.path)):
        notes.append(Problem(str(source.given), None, says.NAME_NOT_UTF8(name=source.name)))
    for document in documents:
        set_aside.extend((entry.line, entry.text, entry.reason.to_json()) for entry in document.set_aside)
        problems.extend(document.problems)
        notes.extend(document.notes)
        for report in document.reports:
            paragraphs, repeated = to_paragraphs(report.draft.blocks)
            set_aside.extend(repeated)
            if paragraphs:
                record = to_record(report, document, source, len(reports) + 1, len(paragraphs))
                reports.append(DraftReport(record, paragraphs))
    kept = SourceRecord(
        path=str(source.path),
        name=source.name,
        digest=digest_of(data, overrides=word.key),
        rules=RULES_VERSION,
        reports=len(reports),
        problems=tuple(problem.reason.to_json() for problem in problems),
        record={
            "bytes": len(data),
            "encoding": documents[0].encoding if documents else "",
            "format": documents[0].format if documents else "",
            "set_aside": set_aside,
        },
    )
    return DraftFile(DraftSource(kept, reports), tuple(problems), tuple(notes))


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


def report_id(source_name: str, ordinal: int) -> str:
    """A report's id: the same whenever the same file is indexed under the same name."""
    name = f"{source_name}#{ordinal}".encode("utf-8", "surrogatepass")
    report = hashlib.blake2b(name, digest_size=_ID_BYTES).hexdigest()
    # To a spreadsheet 4741999217 and 47419992e6 are numbers: what isn't a letter by then begins with one.
    return report if re.search("[a-df]", report) else chr(ord("g") + int(report[0], 16)) + report[1:]


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


def paragraph_digest(normal: str) -> int:
    """What tells whether two paragraphs are the same, from the normal form: 64 bits."""
    data = hashlib.blake2b(normal.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(data, "little")
