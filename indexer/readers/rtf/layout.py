"""Paragraphs, rows and boxes of RTF, which are told only where they end, as `assembly` wants them begun and ended."""

from __future__ import annotations

from indexer.readers.assembly import Assembly, Paragraph


class Layout:
    """Begins paragraphs, rows and cells when text comes, and ends them at their marks."""

    def __init__(self, lines: Assembly) -> None:
        self.lines = lines
        self._open = [False]
        self._columns = 0
        self._in_row = self._in_cell = False

    @property
    def in_paragraph(self) -> bool:
        """Whether the paragraph has begun."""
        return self._open[-1]

    def say(self, text: str, *, in_table: bool, outline: int) -> None:
        """Text of the paragraph that is, or begins."""
        if not self._open[-1]:
            self._start_paragraph(in_table=in_table, outline=outline)
        self.lines.say(text)

    def start_box(self, kind: str) -> None:
        """Begin a note or a text box."""
        self.lines.start_box(kind)
        self._open.append(False)

    def end_box(self) -> None:
        """End it."""
        self._close_paragraph()
        self._open.pop()
        self.lines.end_box()
        self.lines.flush()

    def end_paragraph(self, *, in_table: bool) -> None:
        """End the paragraph; one outside of tables ends the row, too."""
        self._close_paragraph()
        if not in_table:
            self.end_row()

    def start_row(self) -> None:
        """Begin to count a row's columns."""
        self._columns = 0

    def add_column(self) -> None:
        """Count a column."""
        self._columns += 1

    def end_cell(self) -> None:
        """End a cell, an empty one as well."""
        if not self._open[-1]:
            self._start_paragraph(in_table=True, outline=0)
        self._close_paragraph()
        self.lines.end_cell()
        self._in_cell = False

    def end_row(self) -> None:
        """End a row."""
        if self._in_row and len(self._open) == 1:
            self._close_paragraph()
            self.lines.end_table()
            self._in_row = self._in_cell = False

    def finish(self) -> None:
        """End all."""
        self._close_paragraph()
        self.end_row()
        self.lines.finish()

    def _start_paragraph(self, *, in_table: bool, outline: int) -> None:
        if len(self._open) == 1:
            if in_table and not self._in_row:
                self.lines.start_table(frames=self._columns == 1)
                self._in_row = True
            if self._in_row and not self._in_cell:
                self.lines.start_cell()
                self._in_cell = True
        hint = f"heading{min(outline, 6)}" if 0 < outline < 10 else None
        self.lines.start_paragraph(Paragraph(hint))
        self._open[-1] = True

    def _close_paragraph(self) -> None:
        if self._open[-1]:
            self.lines.end_paragraph()
            self._open[-1] = False
