"""One file as the index keeps it: its catalogue record, those of its reports, and their paragraphs.

path -> understand -> records and pieces -> analyse -> AnalysedFile
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from indexer.duplicates import paragraph_digest
from indexer.model import Block, Problem, Value
from indexer.sources import Source
from indexer.understand import UnderstoodDocument, UnderstoodReport, understand
from search.embedded.segment import JOINED, REPEATED
from search.embedded.writing.analysis import AnalysedFile, Piece, ReportInput, Vocabulary, analyse
from search.language.text import Analyzer, normalize_text
from search.messages import aside

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

Aside = list[tuple[int | None, str, dict[str, Any]]]
"""(line, text, reason as JSON) of each text that is set aside."""


def analyse_file(
    source: Source, content_digest: str, analyzer: Analyzer, vocabulary: Vocabulary
) -> AnalysedFile:
    """Read a file, understand it and segment its paragraphs.

    Raises:
        SourceError: it can't be read at all.
    """
    documents = understand(source.given)
    reports: list[ReportInput] = []
    set_aside: Aside = []
    problems: list[Problem] = []
    for document in documents:
        set_aside.extend((entry.line, entry.text, entry.reason.to_json()) for entry in document.set_aside)
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
    problems = [problem.reason.to_json() for problem in metadata.problems]
    return {
        "id": report_id(source.name, ordinal),
        "source": source.name + document.document_name.removeprefix(source.path.name),
        "ordinal": ordinal,
        "kind": report.draft.kind,
        "paragraphs": paragraphs,
        **{name: value.value for name, value in values.items()},
        "evidence": {name: value.evidence.to_json() for name, value in values.items() if value.evidence},
        **({"problems": problems} if problems else {}),
    }


def report_id(source_name: str, ordinal: int) -> str:
    """A report's id: the same whenever the same file is indexed under the same name."""
    return hashlib.blake2b(
        f"{source_name}#{ordinal}".encode("utf-8", "surrogatepass"), digest_size=_ID_BYTES
    ).hexdigest()


def to_pieces(blocks: Iterable[Block]) -> tuple[list[Piece], Aside]:
    """A report's blocks as paragraphs to index; passages that this report already has are set aside.

    A repeated passage stays a paragraph where the first one stands in another report of the file.
    """
    pieces: list[Piece] = []
    repeated: Aside = []
    said: set[str] = set()
    for block in blocks:
        normal = normalize_text(block.text)
        if block.repeated and normal in said:
            repeated.append((block.lines[0], block.text, aside.REPEATED_PARAGRAPH.to_json()))
            continue
        said.add(normal)
        if not normal:
            repeated.append((block.lines[0], block.text, aside.NOTHING_TO_SEARCH.to_json()))
            continue
        flags = (JOINED if block.joined else 0) | (REPEATED if block.repeated else 0)
        level = block.level if block.kind == "heading" else 0
        pieces.append(Piece(block.kind, level, block.text, block.lines, flags, paragraph_digest(normal)))
    return pieces, repeated
