"""A picture of a page (PNG, JPEG, TIFF …): its text by recognition, where the extra is installed.

bytes -> recognition in a process of its own -> pages of glyphs -> laid out as a PDF's pages are -> Document
"""

from __future__ import annotations

from collections.abc import Iterator

from indexer.model import Document, Problem
from indexer.readers import ocr
from indexer.readers.pdf.glyphs import Page
from indexer.readers.pdf.reader import lines_of_pages
from indexer.readers.pdf.recognised import page_of
from indexer.readers.prose import Prose
from indexer.readers.source import Source
from search.messages import in_a_row
from search.messages import sources as says

MAX_PAGES = 1000
_KINDS = {
    b"\x89PNG": ".png",
    b"\xff\xd8\xff": ".jpg",
    b"GIF8": ".gif",
    b"II*\0": ".tif",
    b"MM\0*": ".tif",
    b"RIFF": ".webp",
}
_SHORT_SIDE_POINTS = 595.0
"""A picture doesn't say how large its paper is: it is taken for A4."""


def iter_documents(source: Source) -> Iterator[Document]:
    """The picture's pages as one Document.

    Raises:
        SourceError: recognition is not installed, the picture is damaged or too small, or nothing is recognised in it.
    """
    if not ocr.is_installed():
        suffix = next(
            (kind for magic, kind in _KINDS.items() if source.data.startswith(magic)), source.suffix
        )
        raise source.refuse(
            says.KIND_UNREADABLE(kind=says.KIND_IMAGE(suffix=suffix)),
            hint=in_a_row([says.INSTALL_OCR(), says.RECOGNISE_TEXT()]),
        )
    pages, problems = _read_pages(source)
    prose = Prose()
    prose.lines = lines_of_pages(pages, prose)
    lines, set_aside = prose.finish()
    if not lines:
        raise source.refuse(says.NOTHING_RECOGNISED_IN_IMAGE(), hint=says.LEAVE_OUT_IF_NO_PAGE())
    note = Problem(source.path, None, says.IMAGE_RECOGNISED())
    yield Document(
        source.name, "image", "", lines, set_aside=set_aside, problems=tuple(problems), notes=(note,)
    )


def _read_pages(source: Source) -> tuple[list[Page], list[Problem]]:
    """The pages that can be read, and what is wrong with the others."""
    pages: list[Page] = []
    problems: list[Problem] = []
    count, index = 1, 0
    with ocr.Recogniser("image", source.data) as recogniser:
        while index < min(count, MAX_PAGES):
            try:
                found = recogniser.read(index)
            except ocr.RecognitionFailed as error:
                if not index:
                    hint = says.LEAVE_OUT_IF_NO_PAGE()
                    raise source.refuse(says.IMAGE_BROKEN(error=str(error)), hint=hint) from error
                said = says.PAGE_NOT_RECOGNISED(page=index + 1, error=str(error))
                problems.append(Problem(source.path, None, said))
            else:
                count = found.pages
                scale = _SHORT_SIDE_POINTS / max(min(found.width, found.height), 1)
                pages.append(page_of(found, found.width * scale, found.height * scale))
            index += 1
    if count > MAX_PAGES:
        problems.append(Problem(source.path, None, says.FIRST_PAGES_ONLY(most=MAX_PAGES)))
    return pages, problems


def decoded_text(source: Source) -> str:
    """Nothing: a picture holds no characters; what is recognised in it is a source of its own."""
    return ""
