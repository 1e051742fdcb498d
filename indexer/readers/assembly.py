"""Where the text of a word processor's document goes: paragraphs, rows of tables and notes put together as lines.

A paragraph is a line, a row of a table is a line with tabs between its cells, and the paragraphs of a text box or a
note are lines behind the paragraph or row that it is anchored in. Everything said ends up in a line or is set aside.
Used by the readers of DOCX, ODT and RTF.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from indexer.model import Line
from indexer.readers.inserted_pictures import InsertedPictures
from indexer.readers.prose import Prose
from search.messages import Message, aside

Span = tuple[int, int]
_BOX = "textbox"
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_SENTENCE_ENDS = tuple("。！？；：”）.!?;:)")
OUTSIDE = aside.OUTSIDE_PARAGRAPHS


@dataclass(frozen=True, slots=True)
class Found:
    """A line before it has a number in the document; see `indexer.model.Line`.

    Args:
        picture: the bytes of a picture that stands here; then there is no text.
        broken: a page break follows within the paragraph.
    """

    text: str
    hint: str | None = None
    page: int | None = None
    generated: tuple[Span, ...] = ()
    picture: bytes | None = None
    broken: bool = False

    @property
    def ends_paragraph(self) -> bool:
        """As a line says it: a page break behind a whole sentence is meant to begin another paragraph."""
        return not self.broken or self.text.rstrip()[-1:] in _SENTENCE_ENDS

    @property
    def own_text(self) -> str:
        """The text without what the format generates."""
        text = self.text
        for start, end in reversed(self.generated):
            text = text[:start] + text[end:]
        return text


def take_line(found: Found, prose: Prose, pictures: InsertedPictures) -> None:
    """Put a line, or the picture that stands there, behind what was read so far."""
    if found.picture is not None:
        pictures.place(found.picture, len(prose.lines))
        return
    text = _CONTROL.sub(" ", found.text) if _CONTROL.search(found.text) else found.text
    number = len(prose.lines) + 1
    prose.lines.append(Line(text, number, found.page, found.hint, found.ends_paragraph, found.generated))


def leave_out_here(text: str, prose: Prose, reason: Message) -> None:
    """Keep a text that is in no line, with the number of the last one."""
    prose.leave_out(text, len(prose.lines) or None, reason)


@dataclass(slots=True)
class Paragraph:
    """A paragraph while it is read.

    Args:
        merged: whether its mark is deleted, so that the next paragraph goes on with its text.
        numbered: gives its automatic number and whether that is a bullet; asked once, where it ends.
        silent: whether it is set aside, so that it leaves no blank line.
    """

    hint: str | None = None
    merged: bool = False
    numbered: Callable[[], tuple[str, bool]] | None = None
    silent: bool = False
    text: str = ""
    pieces: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    """A table while it is read; one of a single column only frames its paragraphs."""

    frames: bool
    cells: list[Found] = field(default_factory=list)
    cell: list[Found] | None = None


class Assembly:
    """Puts one story together.

    Args:
        emit: takes each line, in order.
        set_aside: takes each text that is in no line, with the reason.
        kind: the hint of all its lines; None for the body, whose pages are counted.
    """

    def __init__(
        self, emit: Callable[[Found], None], set_aside: Callable[[str, Message], None], *, kind: str | None
    ) -> None:
        self._emit, self._set_aside = emit, set_aside
        self.kind = kind
        self._page: int | None = 1 if kind is None else None
        self._paragraphs: list[Paragraph] = []
        self._containers: list[_Table | str] = []
        self._carried: dict[int, str] = {}
        self._aside: dict[Message, list[str]] = {}
        self._notes: list[Found] = []

    @property
    def in_paragraph(self) -> bool:
        """Whether text has a paragraph to go to."""
        return bool(self._paragraphs)

    def say(self, text: str) -> None:
        """Text of the innermost paragraph."""
        if self._paragraphs:
            self._paragraphs[-1].text += text
        else:
            self.keep_aside(text, OUTSIDE)

    def keep_aside(self, text: str, reason: Message) -> None:
        """Text that stays out of the lines."""
        self._aside.setdefault(reason, []).append(text)

    def add_notes(self, notes: Iterable[Found]) -> None:
        """Lines that belong behind the paragraph that is being read."""
        self._notes.extend(replace(found, hint=self.kind or found.hint or _BOX) for found in notes)

    def add_picture(self, data: bytes) -> None:
        """A picture that stands in the paragraph that is being read, or between two."""
        self._notes.append(Found("", picture=data))
        if not self._paragraphs:
            self.flush()

    def add_lines(self, lines: Iterable[Found]) -> None:
        """Lines that come from elsewhere and stand here; inside a paragraph or a cell they are notes."""
        if self._paragraphs or self._containers:
            self.add_notes(lines)
            return
        for found in lines:
            self._emit(replace(found, hint=self.kind or found.hint, page=self._page))

    def break_line(self, *, page: bool) -> None:
        """End the line within the paragraph."""
        if not self._paragraphs:
            return
        paragraph = self._paragraphs[-1]
        if paragraph.text.strip():
            paragraph.pieces.append(paragraph.text)
            paragraph.text = ""
        if page:
            paragraph.pieces.append("\f")

    def start_paragraph(self, paragraph: Paragraph) -> None:
        """Begin a paragraph; it may stand within another, in a text box."""
        paragraph.text = self._carried.pop(len(self._containers), "")
        self._paragraphs.append(paragraph)

    def end_paragraph(self) -> None:
        """Give the innermost paragraph's lines to its cell, its text box or the story."""
        paragraph = self._paragraphs.pop()
        if paragraph.merged and not paragraph.pieces:
            self._carried[len(self._containers)] = paragraph.text
            return
        self._take(paragraph)
        self.flush()

    def start_box(self, kind: str = _BOX) -> None:
        """Begin a text box, or a note of another kind, within a paragraph or between two."""
        self._containers.append(kind)

    def end_box(self) -> None:
        """End it."""
        self._end_container()

    def start_table(self, *, frames: bool) -> None:
        """Begin a table; `frames`: of one column, so that it only frames its paragraphs."""
        self._containers.append(_Table(frames))

    def start_cell(self) -> None:
        """Begin a cell."""
        table = self._table()
        if table and not table.frames:
            self.end_cell()
            table.cell = []

    def end_cell(self) -> None:
        """End a cell."""
        table = self._table()
        if table and table.cell is not None:
            carried = self._carried.pop(len(self._containers), "")
            parts = [part for part in (*table.cell, Found(carried)) if part.text.strip()]
            table.cells.append(_joined(parts, " "))
            table.cell = None

    def end_row(self) -> None:
        """Give the row's line."""
        table = self._table()
        if table and table.cells:
            row, table.cells = _joined(table.cells, "\t"), []
            if row.text.strip():
                self._put(replace(row, hint="table"))
            self.flush()

    def end_table(self) -> None:
        """End a table."""
        self.end_cell()
        self.end_row()
        self._end_container()

    def finish(self) -> None:
        """Give what is still held."""
        for text in self._carried.values():
            self._take(Paragraph(text=text))
        self._carried.clear()
        self.flush()

    def flush(self) -> None:
        """Behind a line of the story itself: its notes, and what is set aside of it."""
        if self._paragraphs or any(self._is_open(container) for container in self._containers):
            return
        notes, self._notes = self._notes, []
        aside, self._aside = self._aside, {}
        for found in notes:
            self._emit(found)
        for reason, texts in aside.items():
            self._set_aside("".join(texts), reason)

    def _is_open(self, container: _Table | str) -> bool:
        return not isinstance(container, _Table) or bool(container.cells or container.cell)

    def _table(self) -> _Table | None:
        last = self._containers[-1] if self._containers else None
        return last if isinstance(last, _Table) else None

    def _end_container(self) -> None:
        carried = self._carried.pop(len(self._containers), "")
        if carried:
            self._take(Paragraph(text=carried))
        self._containers.pop()

    def _take(self, paragraph: Paragraph) -> None:
        number, bullet = paragraph.numbered() if paragraph.numbered else ("", False)
        hint = paragraph.hint or ("list" if bullet else None)
        pieces = [*paragraph.pieces, paragraph.text]
        blank = not (paragraph.silent or any(piece.strip() for piece in pieces))
        for at, piece in enumerate(pieces):
            if piece == "\f":
                self._page = None if self._page is None else self._page + 1
            elif piece.strip() or (blank and not self._containers):
                own = number if piece.strip() else ""
                number = "" if own else number
                broken = pieces[at + 1 : at + 2] == ["\f"] and any(map(str.strip, pieces[at + 2 :]))
                generated = ((0, len(own)),) if own else ()
                self._put(Found(own + piece, hint, None, generated, broken=broken))

    def _put(self, found: Found) -> None:
        for container in reversed(self._containers):
            if isinstance(container, str):
                self._notes.append(replace(found, hint=self.kind or container, page=self._page))
                return
            if container.cell is not None:
                container.cell.append(found)
                return
        self._emit(replace(found, hint=self.kind or found.hint, page=self._page))


def _joined(parts: Sequence[Found], separator: str) -> Found:
    text = ""
    generated: list[Span] = []
    for number, part in enumerate(parts):
        text += separator if number else ""
        generated += ((start + len(text), end + len(text)) for start, end in part.generated)
        text += part.text
    return Found(text, generated=tuple(generated))
