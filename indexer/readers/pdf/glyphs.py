"""The glyphs of a PDF's pages, by PDFium: each character with its place, its size and its direction.

Coordinates are those of the page as it is shown: x to the right, y upwards, in points, from its lower left
corner. What PDFium makes up (blanks, line ends) is left out; what it leaves out because the page draws it twice,
as for bold type, is given as such. Radicals and upright marks come as the characters that they look like.
Nothing here knows lines.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

UNNAMED = "\ufffd"
"""Stands for a character that its font doesn't name."""
_SOFT_HYPHEN = "\x02"
_LOWEST, _HIGHEST = 0.12, 0.88
"""How far a character reaches below and above its baseline, in ems."""


class TooManyGlyphs(Exception):
    """A page draws more characters than any real one."""


class Glyph(NamedTuple):
    """A character with its box as seen in its own direction.

    Args:
        angle: the direction in which its line runs, in degrees counter-clockwise, 0 to 360.
        x, y: its origin on the page.
        advance: its width along the line.
        size: its em.
        order: its place in the order of drawing.
        upright: whether its font writes downwards.
        confidence: 0 to 1 where it was recognised in a picture, else None.
    """

    text: str
    x: float
    y: float
    advance: float
    size: float
    angle: float
    order: int
    upright: bool = False
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Args:
        drawn_twice: texts that it draws a second time at the same place.
        illegible: what it draws in fonts that don't name their characters, where `glyphs` were recognised instead.
    """

    glyphs: tuple[Glyph, ...]
    drawn_twice: tuple[str, ...]
    width: float
    height: float
    illegible: str = ""


def read_page(document: Any, index: int, *, most_glyphs: int) -> Page:
    """The glyphs of one page of a `pypdfium2.PdfDocument`.

    Raises:
        pypdfium2.PdfiumError: the page is broken.
        TooManyGlyphs: it draws more than `most_glyphs`.
    """
    import pypdfium2.raw as pdfium

    page = document[index]
    try:
        text_page = page.get_textpage()
        try:
            if text_page.count_chars() > most_glyphs:
                raise TooManyGlyphs
            left, bottom, right, top = page.get_bbox()
            turns = page.get_rotation() // 90 % 4
            show = _Shown(left, bottom, right, top, turns)
            found: list[Glyph] = []
            by_object: dict[int, list[str]] = {}
            for glyph, drawn_by in _iter_glyphs(pdfium, text_page, show):
                by_object.setdefault(drawn_by, []).append(glyph.text)
                found.append(glyph)
            twice = _drawn_twice(pdfium, page, by_object)
        finally:
            text_page.close()
    finally:
        page.close()
    return Page(tuple(found), tuple(twice), show.width, show.height)


class _Shown:
    """From the page's own coordinates to those of the page as it is shown."""

    def __init__(self, left: float, bottom: float, right: float, top: float, turns: int) -> None:
        self._box = (left, bottom, right, top)
        self.turns = turns
        wide, high = right - left, top - bottom
        self.width, self.height = (high, wide) if turns % 2 else (wide, high)

    def point(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self._box
        if self.turns == 0:
            return x - left, y - bottom
        if self.turns == 1:
            return y - bottom, right - x
        if self.turns == 2:
            return right - x, top - y
        return top - y, x - left


def _iter_glyphs(pdfium: Any, text_page: Any, show: _Shown) -> Iterator[tuple[Glyph, int]]:
    """Each glyph with the address of the object that draws it."""
    raw = text_page.raw
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    box_at, matrix_at, x_at, y_at = (ctypes.byref(value) for value in (box, matrix, x, y))
    object_of, unicode_of = pdfium.FPDFText_GetTextObject, pdfium.FPDFText_GetUnicode
    origin_of, box_of = pdfium.FPDFText_GetCharOrigin, pdfium.FPDFText_GetLooseCharBox
    is_unnamed = pdfium.FPDFText_HasUnicodeMapError
    last = None
    size = scale = angle = 0.0
    for index in range(pdfium.FPDFText_CountChars(raw)):
        drawn_by = ctypes.cast(object_of(raw, index), ctypes.c_void_p).value
        if drawn_by is None:
            continue  # a blank or line end that PDFium made up
        if drawn_by != last:
            pdfium.FPDFText_GetMatrix(raw, index, matrix_at)
            scale = math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))
            size = max(pdfium.FPDFText_GetFontSize(raw, index) * scale, 0.1)
            angle = (math.degrees(math.atan2(matrix.b, matrix.a)) - 90 * show.turns) % 360
            last = drawn_by
        origin_of(raw, index, x_at, y_at)
        box_of(raw, index, box_at)
        text = _named(unicode_of(raw, index), unnamed=is_unnamed(raw, index) == 1)
        place = show.point(x.value, y.value)
        corners = (show.point(box.left, box.bottom), show.point(box.right, box.top))
        yield _glyph(text, place, corners, size, angle, index), drawn_by


def _named(code: int, *, unnamed: bool) -> str:
    if unnamed or code == 0 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return UNNAMED
    text = chr(code)
    if text == _SOFT_HYPHEN:
        return "-"
    return text if text.isspace() or (code >= 0x20 and code != 0x7F) else UNNAMED


def _glyph(
    text: str,
    place: tuple[float, float],
    corners: Sequence[tuple[float, float]],
    size: float,
    angle: float,
    order: int,
) -> Glyph:
    (x0, y0), (x1, y1) = corners
    straight = round(angle / 90) % 4
    lying = straight % 2 == 0
    if abs(angle - 90 * round(angle / 90)) > 1:
        advance = size if _is_wide(text) else size / 2
        return Glyph(text, *place, advance, size, angle, order)
    along = (x0, x1) if lying else (y0, y1)
    start, end = min(along), max(along)
    origin = place[0] if lying else place[1]
    middle = (start + end) / 2
    if end - start > 0.7 * size and abs(middle - origin) < 0.15 * size:
        # The origin of a character that is written downwards is above its middle.
        return Glyph(text, place[0], max(y0, y1), size, size, angle, order, True)
    advance = end - origin if straight in (0, 1) else origin - start
    if _is_wide(text) and advance < 0.98 * size:
        is_ink = min(origin - start, end - origin) > 0.01 * size
        if is_ink or advance > 0.55 * size:
            advance = size  # PDFium gives the ink alone
    return Glyph(text, *place, max(advance, 0.0), size, angle, order)


def _is_wide(text: str) -> bool:
    return unicodedata.east_asian_width(text) in "WF"


def _drawn_twice(pdfium: Any, page: Any, by_object: dict[int, list[str]]) -> list[str]:
    """The texts of objects that PDFium leaves out, for another one draws the same at the same place."""
    drawn: list[tuple[tuple[float, ...], str]] = []
    left_out: list[tuple[float, ...]] = []
    for entry in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=15):
        address = ctypes.cast(entry.raw, ctypes.c_void_p).value
        text = "".join(by_object.get(address or 0, ()))
        if text.strip():
            drawn.append((entry.get_bounds(), text))
        elif address not in by_object:
            left_out.append(entry.get_bounds())
    found = []
    for bounds in left_out:
        slack = max(1.0, 0.2 * (bounds[3] - bounds[1]))
        for other, text in drawn:
            if all(abs(mine - its) <= slack for mine, its in zip(bounds, other, strict=True)):
                found.append(text)
                break
    return found
