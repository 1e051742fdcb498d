"""One story of a document (its body, a footnote, a comment): what its XML means, in document order.

XML events -> text, breaks, containers -> `assembly`. Each text element is met once, so none can be lost.

Set aside with its reason: what is deleted or hidden, instructions of fields, readings of ruby, placeholders,
tables of contents, and the copy that Word keeps of a shape for older programs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Protocol

from indexer.readers.assembly import Assembly, Found, Paragraph
from indexer.readers.docx.package import A, M, W
from indexer.readers.docx.styles import PLAIN, Style, is_on, outline_level, value_of
from search.messages import Message, aside

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TEXT_PATH = "{urn:schemas-microsoft-com:vml}textpath"
_INSTRUCTIONS = (f"{W}instrText", f"{W}delInstrText")
TEXTS = frozenset((f"{W}t", f"{A}t", f"{M}t", f"{W}delText", f"{W}noBreakHyphen", *_INSTRUCTIONS))
"""The elements that hold text."""
_REASONS = {
    f"{W}del": aside.DELETED_TEXT,
    f"{W}moveFrom": aside.DELETED_TEXT,
    f"{W}delText": aside.DELETED_TEXT,
    f"{W}rt": aside.RUBY,
}
_NOTES = {
    f"{W}footnoteReference": "footnotes",
    f"{W}endnoteReference": "endnotes",
    f"{W}commentReference": "comments",
}
_CODE = re.compile("[0-9a-fA-F]{1,4}")
_CHUNKS = (f"{W}altChunk", f"{W}subDoc")


class Surroundings(Protocol):
    """What a story asks of the document that it belongs to."""

    @property
    def styles(self) -> Mapping[str, Style]:
        """The styles by id."""

    def emit(self, found: Found) -> None:
        """Take a line."""

    def set_aside(self, text: str, reason: Message) -> None:
        """Keep a text that is in no line."""

    def number(self, number: str, level: str, style_id: str) -> tuple[str, bool]:
        """The automatic number of a paragraph, and whether it is a bullet."""

    def note(self, kind: str, note_id: str) -> Iterable[Found]:
        """The lines of a footnote, endnote or comment."""

    def referred(self, element: Any) -> Iterable[Found]:
        """The lines of what an element brings in from another part: a chart, a diagram, a chunk."""


class Story:
    """Reads one story; `kind` is the hint of all its lines, None for the body."""

    def __init__(self, document: Surroundings, *, kind: str | None = None) -> None:
        self._document = document
        self._lines = Assembly(document.emit, document.set_aside, kind=kind)
        self._reasons: list[tuple[Any, Message]] = []
        self._fields = _Fields()
        lines = self._lines
        self._starts: dict[str, Callable[[Any], None]] = {
            f"{W}p": self._start_paragraph,
            f"{A}p": self._start_shape_paragraph,
            f"{W}tbl": lambda table: lines.start_table(frames=_columns(table) < 2),
            f"{W}tc": lambda _: lines.start_cell(),
            f"{W}txbxContent": lambda _: lines.start_box(),
            f"{W}r": self._start_run,
            f"{W}sdt": self._start_control,
            f"{W}br": self._break,
            f"{W}cr": self._break,
            f"{A}br": self._break,
            f"{W}tab": self._tab,
            f"{W}sym": self._symbol,
            f"{W}fldChar": lambda mark: self._fields.mark(mark.get(f"{W}fldCharType")),
            _TEXT_PATH: self._word_art,
            _FALLBACK: self._start_fallback,
            **dict.fromkeys(TEXTS, self._text),
            **dict.fromkeys(_NOTES, self._note),
        }
        self._ends: dict[str, Callable[[], None]] = {
            f"{W}p": self._end_paragraph,
            f"{A}p": self._end_shape_paragraph,
            f"{W}tbl": lines.end_table,
            f"{W}tr": lines.end_row,
            f"{W}tc": lines.end_cell,
            f"{W}txbxContent": lines.end_box,
        }

    def read(self, root: Any) -> None:
        """Give the document what an element holds."""
        from lxml import etree

        self._fields.look_ahead(root)
        for event, element in etree.iterwalk(root, events=("start", "end")):
            tag = element.tag
            if event == "start":
                if tag in _REASONS:
                    self._reasons.append((element, _REASONS[tag]))
                start = self._starts.get(tag)
                if start:
                    start(element)
                elif tag in _CHUNKS:
                    self._lines.add_lines(self._document.referred(element))
                elif not tag.startswith(W):
                    self._lines.add_notes(self._document.referred(element))
            else:
                end = self._ends.get(tag)
                if end:
                    end()
                while self._reasons and self._reasons[-1][0] is element:
                    self._reasons.pop()
        self._lines.finish()

    def _reason(self) -> Message | None:
        """Why text that comes now is set aside, or None."""
        return self._reasons[0][1] if self._reasons else self._fields.reason()

    def _say(self, text: str) -> None:
        reason = self._reason()
        if reason:
            self._lines.keep_aside(text, reason)
        else:
            self._lines.say(text)

    def _text(self, element: Any) -> None:
        text = (element.text or "") + "".join(child.tail or "" for child in element)
        if element.tag in _INSTRUCTIONS:
            self._fields.instruct(text)
            self._lines.keep_aside(text, aside.FIELD_INSTRUCTION)
        else:
            self._say(f"-{text}" if element.tag == f"{W}noBreakHyphen" else text)

    def _tab(self, element: Any) -> None:
        if element.getparent() is not None and element.getparent().tag == f"{W}r":
            self._say("\t")

    def _symbol(self, element: Any) -> None:
        """A character that is given with its font; one of a font of symbols has no meaning without it."""
        code = _CODE.fullmatch(element.get(f"{W}char") or "")
        symbol = chr(int(code.group(), 16)) if code else ""
        if "\ue000" <= symbol <= "\uf8ff":
            self._lines.keep_aside(symbol, aside.FONT_SYMBOL)
        elif symbol.isprintable():
            self._say(symbol)

    def _word_art(self, element: Any) -> None:
        text = element.get("string") or ""
        if self._reason():
            self._say(text)
        else:
            self._lines.add_notes([Found(text)])

    def _break(self, element: Any) -> None:
        if not self._reason():
            self._lines.break_line(page=element.get(f"{W}type") == "page")

    def _note(self, element: Any) -> None:
        self._lines.add_notes(self._document.note(_NOTES[element.tag], element.get(f"{W}id") or ""))

    def _start_run(self, element: Any) -> None:
        properties = element.find(f"{W}rPr")
        if properties is None:
            return
        vanish = properties.find(f"{W}vanish")
        style = self._document.styles.get(value_of(properties, f"{W}rStyle"), PLAIN)
        if is_on(vanish) or (vanish is None and style.hidden):
            self._reasons.append((element, aside.HIDDEN_TEXT))

    def _start_control(self, element: Any) -> None:
        properties = element.find(f"{W}sdtPr")
        if properties is None:
            return
        if is_on(properties.find(f"{W}showingPlcHdr")):
            self._reasons.append((element, aside.PLACEHOLDER))
        elif value_of(properties, f"{W}docPartObj/{W}docPartGallery") == "Table of Contents":
            self._reasons.append((element, aside.TABLE_OF_CONTENTS))

    def _start_fallback(self, element: Any) -> None:
        """A fallback is a copy, unless the newer forms before it hold no text."""
        if any(_holds_text(choice) for choice in element.itersiblings(preceding=True)):
            self._reasons.append((element, aside.OLDER_COPY))

    def _start_paragraph(self, element: Any) -> None:
        properties = element.find(f"{W}pPr")
        style_id = value_of(properties, f"{W}pStyle")
        style = self._document.styles.get(style_id, PLAIN)
        if style.contents and _ends_with_number(element):
            self._reasons.append((element, aside.TABLE_OF_CONTENTS))
        elif style.hidden:
            self._reasons.append((element, aside.HIDDEN_TEXT))
        number = value_of(properties, f"{W}numPr/{W}numId")
        level = value_of(properties, f"{W}numPr/{W}ilvl")
        numbered = None
        if number != "0" and not self._reason():
            numbered = partial(self._document.number, number, level, style_id)
        heading = outline_level(properties) or style.heading
        merged = properties is not None and properties.find(f"{W}rPr/{W}del") is not None
        hint = f"heading{min(heading, 6)}" if heading else None
        self._lines.start_paragraph(Paragraph(hint, merged, numbered, silent=bool(self._reason())))

    def _end_paragraph(self) -> None:
        self._lines.end_paragraph()
        if not self._lines.in_paragraph:
            self._fields.end_instructions()

    def _start_shape_paragraph(self, _: Any) -> None:
        self._lines.start_box()
        self._lines.start_paragraph(Paragraph())

    def _end_shape_paragraph(self) -> None:
        self._lines.end_paragraph()
        self._lines.end_box()
        self._lines.flush()


class _Fields:
    """The fields that are open: their instructions are no text, and the result of TOC is a table of contents.

    An instruction ends with its paragraph at the latest, and where the marks of a story don't pair, no result is
    taken for a table of contents: a damaged field must not swallow the text.
    """

    def __init__(self) -> None:
        self._open: list[str] = []
        self._in_instruction: list[bool] = []
        self._pair = True

    def look_ahead(self, root: Any) -> None:
        """See whether the marks of a story pair."""
        kinds = [mark.get(f"{W}fldCharType") for mark in root.iter(f"{W}fldChar")]
        self._pair = kinds.count("begin") == kinds.count("end")

    def mark(self, kind: str | None) -> None:
        """Go on to the part that a mark begins."""
        if kind == "begin":
            self._open.append("")
            self._in_instruction.append(True)
        elif kind == "separate" and self._open:
            self._in_instruction[-1] = False
        elif kind == "end" and self._open:
            self._open.pop()
            self._in_instruction.pop()

    def instruct(self, text: str) -> None:
        """Add to the instruction of the innermost field."""
        if self._open and self._in_instruction[-1]:
            self._open[-1] += text

    def end_instructions(self) -> None:
        """See to it that no instruction runs on into the next paragraph."""
        self._in_instruction = [False] * len(self._open)

    def reason(self) -> Message | None:
        """Why text at this place is no running text, or None."""
        if any(self._in_instruction):
            return aside.FIELD_INSTRUCTION
        contents = self._pair and any(text.split()[:1] == ["TOC"] for text in self._open)
        return aside.TABLE_OF_CONTENTS if contents else None


def _columns(table: Any) -> int:
    """The most cells that a row of the table itself has."""
    most = 0
    for row in table.iter(f"{W}tr"):
        if next(row.iterancestors(f"{W}tbl"), None) is table:
            cells = (cell for cell in row.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr"), None) is row)
            most = max(most, sum(1 for _ in cells))
    return most


def _holds_text(element: Any) -> bool:
    return any((text.text or "").strip() for text in element.iter(*TEXTS)) or any(
        art.get("string") for art in element.iter(_TEXT_PATH)
    )


def _ends_with_number(paragraph: Any) -> bool:
    return "".join(text.text or "" for text in paragraph.iter(f"{W}t")).rstrip()[-1:].isdecimal()
