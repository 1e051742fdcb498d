"""What flows between the stages of the indexer.

file -> reader -> Document -> structure -> StructuredFile -> metadata -> described reports -> writer

Conservation: every non-blank character that a reader decodes is in exactly one `Line` or `SetAside` of its
Document; every non-blank character of a Document's lines is in exactly one `Block` or `SetAside` of its
StructuredFile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from search.json_form import reason_to_json
from search.messages import Message


@dataclass(frozen=True, slots=True)
class Problem:
    """Something an operator should know. `line` counts from 1; None is the whole file."""

    path: str
    line: int | None
    reason: Message


def problem_to_json(problem: Problem, lang: str) -> dict[str, Any]:
    """As `xiesou index --json` and `xiesou inspect --json` list it."""
    return {"path": problem.path, "line": problem.line, **reason_to_json(problem.reason, lang)}


@dataclass(frozen=True, slots=True)
class SetAside:
    """Text that is in the file but in no report: kept, with the reason (see `search.messages.aside`)."""

    text: str
    line: int | None
    reason: Message


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source as read: no line end, otherwise untouched.

    Args:
        number: its line in the file, from 1 (a running number for formats without lines).
        page: its page, from 1, where the format has pages.
        hint: what the format itself says it is: "heading1" … "heading6", "list", "table", "header", "footer", or one
            of `NOTE_KINDS`.
        ends_paragraph: the format itself says whether the paragraph ends with this line; None where it doesn't say.
        generated: the spans of `text` that the format generates, automatic numbers: no characters of the file.
        confidence: 0 to 1 where the text was recognised in a picture (OCR); None where the file holds it.
    """

    text: str
    number: int
    page: int | None = None
    hint: str | None = None
    ends_paragraph: bool | None = None
    generated: tuple[tuple[int, int], ...] = ()
    confidence: float | None = None


NOTE_KINDS = ("footnote", "textbox", "comment")
"""Kinds of text that belongs to a report without being part of its running text. A line with such a hint follows
the line that it belongs to."""


@dataclass(frozen=True, slots=True)
class Document:
    """One text to be understood: a file, a row of a table, or a member of an archive.

    Args:
        name: the file's name for people, with "#row 3" or "!/member.txt" where there is more than one.
        format: the reader's name (text, markdown, html, docx, pdf, csv, json, jsonl, xlsx, odt, rtf, epub …).
        encoding: how bytes became characters, and why; "" where the format decides.
        fields: metadata that the file states in named columns or front matter (title, city, year, date, type …).
        notes: what an operator may want to know though nothing is wrong: how a table's columns were told.
    """

    name: str
    format: str
    encoding: str
    lines: tuple[Line, ...]
    fields: Mapping[str, str] = field(default_factory=dict)
    set_aside: tuple[SetAside, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A title, heading, paragraph … of a report.

    Args:
        kind: title, session, date, speaker, salutation, heading, paragraph, list, table, appendix, source, or one of
            `NOTE_KINDS`.
        level: 1 to 6 for headings, else 0.
        text: the lines put together, outer blanks removed.
        lines: first and last line number, inclusive.
        joined: whether halves cut by a page or column break were joined.
        piece: 1, 2 … when a very long paragraph was divided at sentence ends, else 0.
        repeated: whether the same passage stands earlier in the file (kept, not counted twice).
        confidence: the least of its lines, where any was recognised in a picture; else None.
    """

    kind: str
    level: int
    text: str
    lines: tuple[int, int]
    joined: bool = False
    piece: int = 0
    repeated: bool = False
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as structure sees it, before metadata. `kind` is report, 新闻, 社论, 决议, 说明 or 其他."""

    kind: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class StructuredFile:
    """How one Document is divided."""

    drafts: tuple[Draft, ...]
    set_aside: tuple[SetAside, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A metadata value with what it was read from. Unknown is value None without evidence."""

    value: str | int | None
    evidence: Message | None = None


UNKNOWN = Value(None)

Overridden = Mapping[str, str | Message]
"""The operator's values for one report by field, and under "evidence" the message that says where they are stated."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a report; see `search.model.Report` for the meaning of the fields."""

    title: Value = UNKNOWN
    type: Value = UNKNOWN
    city: Value = UNKNOWN
    code: Value = UNKNOWN
    province: Value = UNKNOWN
    level: Value = UNKNOWN
    year: Value = UNKNOWN
    review_year: Value = UNKNOWN
    plan_year: Value = UNKNOWN
    date: Value = UNKNOWN
    session: Value = UNKNOWN
    speaker: Value = UNKNOWN
    problems: tuple[Problem, ...] = ()
