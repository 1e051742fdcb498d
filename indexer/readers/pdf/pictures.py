"""Pages that are pictures alone, and what recognition reads on them.

A page is such a picture where it draws images or shapes and hardly any character, or characters that their fonts
don't name. What little text it has stays; what recognition reads of the same is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from indexer.model import Problem
from indexer.readers import ocr
from indexer.readers.pdf.glyphs import UNNAMED, Page
from indexer.readers.pdf.recognised import page_of
from indexer.readers.source import Source
from search.language.text import normalize_text
from search.messages import sources as says

MOST_UNNAMED_SHARE = 0.3
FEW_GLYPHS = 40
"""A stamp, a page number and the name of a scanner's program have no more."""
LEAST_COVERED = 0.4
LEAST_COVERED_ALONE = 0.05
LEAST_SHAPES = 40
_DEEPEST = 15


@dataclass(slots=True)
class Recognised:
    """What recognition made of a file's pages: those that it read, by index, and what could not be."""

    pages: dict[int, Page] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


def is_picture(document: Any, index: int, page: Page) -> bool:
    """Whether a page of a `pypdfium2.PdfDocument` is a picture alone, given its glyphs."""
    if is_illegible(page):
        return True
    glyphs = sum(not glyph.text.isspace() for glyph in page.glyphs)
    if glyphs > FEW_GLYPHS:
        return False
    covered, shapes = _drawn(document, index, page)
    if glyphs:
        return covered >= LEAST_COVERED
    return covered >= LEAST_COVERED_ALONE or shapes >= LEAST_SHAPES


def is_illegible(page: Page) -> bool:
    """Whether the fonts of a page don't name what it draws."""
    drawn = sum(not glyph.text.isspace() for glyph in page.glyphs)
    unnamed = sum(glyph.text == UNNAMED for glyph in page.glyphs)
    return unnamed > MOST_UNNAMED_SHARE * drawn


def _drawn(document: Any, index: int, page: Page) -> tuple[float, int]:
    """The share of the page that images cover, and how many shapes it draws."""
    import pypdfium2.raw as pdfium

    kinds = [pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_SHADING]
    covered, shapes = 0.0, 0
    opened = document[index]
    try:
        for entry in opened.get_objects(filter=kinds, max_depth=_DEEPEST):
            if entry.type != pdfium.FPDF_PAGEOBJ_IMAGE:
                shapes += 1
                continue
            left, bottom, right, top = entry.get_bounds()
            covered += max(0.0, right - left) * max(0.0, top - bottom)
    finally:
        opened.close()
    return covered / max(page.width * page.height, 1.0), shapes


def recognise_pages(source: Source, pages: Sequence[Page], pictures: Sequence[int]) -> Recognised:
    """Those pages that are pictures, with the text that recognition reads; where it isn't installed, none."""
    done = Recognised()
    if not pictures:
        return done
    if not ocr.is_installed():
        said = says.PAGES_ARE_PICTURES(pages=page_numbers(pictures))
        done.problems.append(Problem(source.path, None, said))
        return done
    with ocr.Recogniser("pdf", source.data) as recogniser:
        for index in pictures:
            try:
                found = recogniser.read(index)
            except ocr.RecognitionFailed as error:
                said = says.PAGE_NOT_RECOGNISED(page=index + 1, error=str(error))
                done.problems.append(Problem(source.path, None, said))
            else:
                done.pages[index] = _together(pages[index], found)
    read = [index for index, page in done.pages.items() if any(g.confidence is not None for g in page.glyphs)]
    if read:
        done.notes.append(Problem(source.path, None, says.PAGES_RECOGNISED(pages=page_numbers(read))))
    return done


def _together(page: Page, found: ocr.RecognisedPage) -> Page:
    """A page with its own text and what was recognised besides."""
    own = "".join(glyph.text for glyph in page.glyphs)
    if is_illegible(page):
        read = page_of(found, page.width, page.height)
        return replace(read, drawn_twice=page.drawn_twice, illegible=own)
    own = normalize_text(own)
    besides = tuple(line for line in found.lines if normalize_text(line.text) not in own)
    read = page_of(replace(found, lines=besides), page.width, page.height)
    first = max((glyph.order for glyph in page.glyphs), default=-1) + 10
    return replace(page, glyphs=(*page.glyphs, *(g._replace(order=first + g.order) for g in read.glyphs)))


def page_numbers(indexes: Sequence[int]) -> str:
    """Page indexes as people count them.

    Example:
        >>> page_numbers([0, 1, 2, 6, 8, 9])
        '1–3, 7, 9–10'
    """
    runs: list[tuple[int, int]] = []
    for number in (index + 1 for index in sorted(indexes)):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)
