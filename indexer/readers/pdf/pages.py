"""A PDF's pages, opened by PDFium within bounds; what is wrong with single pages is told."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

from indexer.allowance import made_progress
from indexer.model import Problem
from indexer.readers.pdf.bounds import TooMuchWork, check_pages, check_streams
from indexer.readers.pdf.glyphs import Page, TooManyGlyphs, read_page
from indexer.readers.pdf.pictures import is_picture
from indexer.readers.source import Source
from search.messages import sources as says

_AGAIN = says.GET_OR_PRINT_AGAIN()
_NO_PAGE = Page((), (), 0.0, 0.0)


@dataclass(slots=True)
class Pages:
    """Each page's glyphs, which pages are pictures alone (by index), and what is wrong with single pages."""

    pages: list[Page] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_pages(source: Source) -> Pages:
    """The pages of a PDF.

    Raises:
        SourceError: broken, protected by a password, or beyond the bounds.
    """
    import pypdfium2

    try:
        check_streams(source.data, source.bounds)
        document = _open(source)
        try:
            check_pages(_plain_copy(document), source.bounds)
            return _read(source, document, pypdfium2.PdfiumError)
        finally:
            document.close()
    except (TooMuchWork, TooManyGlyphs) as error:
        raise source.refuse(says.PDF_SWELLS(), hint=_AGAIN) from error


def _open(source: Source) -> Any:
    import pypdfium2
    import pypdfium2.raw

    try:
        return pypdfium2.PdfDocument(source.data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in (
            pypdfium2.raw.FPDF_ERR_PASSWORD,
            pypdfium2.raw.FPDF_ERR_SECURITY,
        ):
            raise source.refuse(
                says.PDF_PASSWORD(),
                hint=says.SAVE_WITHOUT_PASSWORD(),
            ) from error
        raise source.refuse(says.PDF_BROKEN(error=str(error)), hint=_AGAIN) from error


def _plain_copy(document: Any) -> bytes:
    """The file as PDFium writes it: without encryption, every object by itself. Nothing is unpacked for it."""
    import pypdfium2.raw

    buffer = io.BytesIO()
    document.save(buffer, flags=pypdfium2.raw.FPDF_NO_INCREMENTAL | pypdfium2.raw.FPDF_REMOVE_SECURITY)
    return buffer.getvalue()


def _read(source: Source, document: Any, broken: type[Exception]) -> Pages:
    read = Pages()
    glyphs = 0
    count = len(document)
    if not count:
        raise source.refuse(says.PDF_NO_PAGES(), hint=_AGAIN)
    for index in range(min(count, source.bounds.pages)):
        made_progress()
        try:
            page = read_page(document, index, most_glyphs=source.bounds.page_glyphs)
            if is_picture(document, index, page):
                read.pictures.append(index)
        except broken as error:
            said = says.PAGE_BROKEN(page=index + 1, error=str(error))
            read.problems.append(Problem(source.path, None, said))
            page = _NO_PAGE
        glyphs += len(page.glyphs)
        if glyphs > source.bounds.glyphs:
            raise TooMuchWork
        read.pages.append(page)
    if count > source.bounds.pages:
        read.problems.append(Problem(source.path, None, says.FIRST_PAGES_ONLY(most=source.bounds.pages)))
    return read
