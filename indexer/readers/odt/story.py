"""What the XML of an OpenDocument text means, in document order: text, breaks, lists, containers -> `assembly`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from indexer.readers.assembly import Assembly, Found, Paragraph
from indexer.readers.odt.numbering import OUTLINE, TEXT, Numbering
from search.messages import Message, aside

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_MATH = "{http://www.w3.org/1998/Math/MathML}"
_LINK = "{http://www.w3.org/1999/xlink}href"

_AUTHOR = aside.COMMENT_AUTHOR
_REASONS = {
    f"{TEXT}tracked-changes": aside.DELETED_TEXT,
    f"{OFFICE}change-info": _AUTHOR,
    f"{_DC}creator": _AUTHOR,
    f"{_DC}date": _AUTHOR,
    f"{_META}creator-initials": _AUTHOR,
    f"{_META}date-string": _AUTHOR,
    f"{TEXT}note-citation": aside.NOTE_MARK,
    f"{TEXT}number": aside.AUTOMATIC_NUMBER,
    f"{TEXT}ruby-text": aside.RUBY,
    f"{TEXT}index-body": aside.TABLE_OF_CONTENTS,
    f"{_SVG}title": aside.PICTURE_DESCRIPTION,
    f"{_SVG}desc": aside.PICTURE_DESCRIPTION,
    f"{_MATH}annotation": aside.FORMULA_SOURCE,
    **{
        f"{TEXT}{kind}-source": aside.TABLE_OF_CONTENTS
        for kind in ("table-of-content", "illustration-index", "table-index", "object-index", "user-index",
                     "alphabetical-index", "bibliography")
    },
}  # fmt: skip
_SHAPES = tuple(
    f"{_DRAW}{name}"
    for name in ("text-box", "custom-shape", "rect", "circle", "ellipse", "line", "polyline", "polygon", "path",
                 "regular-polygon", "connector", "caption", "measure")
)  # fmt: skip
_STYLED = frozenset((f"{TEXT}span", f"{TEXT}p", f"{TEXT}h", f"{TEXT}hidden-text", f"{TEXT}hidden-paragraph"))
_LISTED = f"{TEXT}list"
_BLANKS = re.compile(r"[ \t\r\n]+")


class Surroundings(Protocol):
    """What a story asks of the document that it belongs to."""

    numbering: Numbering
    hidden: frozenset[str]
    """Styles whose text is hidden."""

    def emit(self, found: Found) -> None:
        """Take a line."""

    def set_aside(self, text: str, reason: Message) -> None:
        """Keep a text that is in no line."""

    def embedded(self, address: str) -> Any:
        """The content of an object in the document, or None."""

    def picture(self, address: str) -> bytes | None:
        """A picture in the document, or None."""


class Story:
    """Reads one story; `emit` takes its lines where they go elsewhere than into the document."""

    def __init__(
        self,
        document: Surroundings,
        *,
        emit: Callable[[Found], None] | None = None,
        kind: str | None = None,
    ) -> None:
        self._document = document
        self._lines = lines = Assembly(emit or document.emit, document.set_aside, kind=kind)
        self._reasons: list[tuple[Any, Message]] = []
        self._lists: list[tuple[str, bool]] = []
        self._item = ""
        self._item_counts = False
        self._starts: dict[str, Callable[[Any], None]] = {
            f"{TEXT}p": self._start_paragraph,
            f"{TEXT}h": self._start_paragraph,
            f"{TEXT}list": self._start_list,
            f"{TEXT}list-item": self._start_item,
            f"{TEXT}list-header": self._start_item,
            f"{TEXT}s": lambda s: self._say(" " * min(int(s.get(f"{TEXT}c") or 1), 1000)),
            f"{TEXT}tab": lambda _: self._say("\t"),
            f"{TEXT}line-break": lambda _: self._break(),
            f"{TEXT}note": lambda _: lines.start_box("footnote"),
            f"{OFFICE}annotation": lambda _: lines.start_box("comment"),
            f"{_TABLE}table": lambda table: lines.start_table(frames=_columns(table) < 2),
            f"{_TABLE}table-cell": lambda _: lines.start_cell(),
            f"{_TABLE}covered-table-cell": lambda _: lines.start_cell(),
            f"{_DRAW}object": self._start_object,
            f"{_DRAW}image": self._picture,
            **{tag: (lambda _: lines.start_box()) for tag in _SHAPES},
        }
        self._ends: dict[str, Callable[[], None]] = {
            f"{TEXT}p": lines.end_paragraph,
            f"{TEXT}h": lines.end_paragraph,
            f"{TEXT}list": self._end_list,
            f"{TEXT}note": self._end_box,
            f"{OFFICE}annotation": self._end_box,
            f"{_TABLE}table": lines.end_table,
            f"{_TABLE}table-row": lines.end_row,
            f"{_TABLE}table-cell": lines.end_cell,
            f"{_TABLE}covered-table-cell": lines.end_cell,
            **dict.fromkeys(_SHAPES, self._end_box),
        }

    def read(self, root: Any) -> None:
        """Give the document what an element holds."""
        self._walk(root)
        self._lines.finish()

    def _walk(self, root: Any) -> None:
        from lxml import etree

        for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            tag = element.tag
            if event == "start":
                if tag in _REASONS:
                    self._reasons.append((element, _REASONS[tag]))
                elif tag in _STYLED and self._is_hidden(element):
                    self._reasons.append((element, aside.HIDDEN_TEXT))
                start = self._starts.get(tag)
                if start:
                    start(element)
                if tag != f"{OFFICE}binary-data":
                    self._say(element.text)
                continue
            if event == "end":
                end = self._ends.get(tag)
                if end:
                    end()
                while self._reasons and self._reasons[-1][0] is element:
                    self._reasons.pop()
            if element is not root:
                self._say(element.tail)

    def _say(self, text: str | None) -> None:
        """Text of the paragraph; blanks between elements that hold none are layout."""
        if not text:
            return
        text = _BLANKS.sub(" ", text) if "\n" in text or "  " in text else text
        if self._reasons:
            self._lines.keep_aside(text, self._reasons[-1][1])
        elif self._lines.in_paragraph or text.strip():
            self._lines.say(text)

    def _is_hidden(self, element: Any) -> bool:
        hidden = element.get(f"{TEXT}is-hidden") == "true"
        return hidden or element.get(f"{TEXT}style-name") in self._document.hidden

    def _break(self) -> None:
        if not self._reasons:
            self._lines.break_line(page=False)

    def _start_paragraph(self, element: Any) -> None:
        outline = element.get(f"{TEXT}outline-level") or ""
        heading = int(outline) if element.tag == f"{TEXT}h" and outline.isdecimal() else 0
        numbered = None
        if not self._reasons:
            if self._lists and self._item_counts:
                style, _ = self._lists[-1]
                numbered = partial(self._document.numbering.next_number, style, len(self._lists), self._item)
            elif heading and not self._lists and element.get(f"{TEXT}is-list-header") != "true":
                numbered = partial(self._document.numbering.next_number, OUTLINE, heading)
        self._item, self._item_counts = "", False
        hint = f"heading{min(heading, 6)}" if heading else None
        self._lines.start_paragraph(Paragraph(hint, numbered=numbered, silent=bool(self._reasons)))

    def _start_list(self, element: Any) -> None:
        outer = self._lists[-1][0] if self._lists else ""
        style = element.get(f"{TEXT}style-name") or outer
        goes_on = element.get(f"{TEXT}continue-numbering") == "true" or element.get(f"{TEXT}continue-list")
        if not self._lists and not goes_on and not self._reasons:
            self._document.numbering.restart(style)
        self._lists.append((style, True))

    def _end_list(self) -> None:
        self._lists.pop()

    def _start_item(self, element: Any) -> None:
        self._item = element.get(f"{TEXT}start-value") or ""
        self._item_counts = element.tag == f"{TEXT}list-item"

    def _end_box(self) -> None:
        self._lines.end_box()
        self._lines.flush()

    def _picture(self, element: Any) -> None:
        data = self._document.picture(element.get(_LINK) or "")
        if data and not self._reasons:
            self._lines.add_picture(data)

    def _start_object(self, element: Any) -> None:
        """A formula is text of its paragraph, a chart lines behind it."""
        root = self._document.embedded(element.get(_LINK) or "")
        if root is None:
            return
        if root.tag == f"{_MATH}math":
            self._walk(root)
            return
        found: list[Found] = []
        body = root.find(f"{OFFICE}body")
        Story(self._document, emit=found.append).read(root if body is None else body)
        self._lines.add_notes(replace(line, hint="textbox", page=None) for line in found)


def _columns(table: Any) -> int:
    """The most cells that a row of the table itself has."""
    most = 0
    for row in table.iter(f"{_TABLE}table-row"):
        if next(row.iterancestors(f"{_TABLE}table"), None) is table:
            most = max(most, sum(1 for cell in row if cell.tag == f"{_TABLE}table-cell"))
    return most
