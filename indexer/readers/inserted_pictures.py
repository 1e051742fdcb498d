"""Pictures inside a document (DOCX, ODT, RTF, EPUB): those that look like scanned pages are read by recognition.

pictures in reading order, each with its place among the lines -> those as large as a page -> recognition, where the
extra is installed -> glyphs -> laid out as a PDF's pages are -> lines at their places, each with its confidence

Whether a picture is a page is told by its size in pixels, and by how much text it turns out to hold: what is recognised
in a photograph is set aside. Where nothing can be recognised, it is told that there are such pictures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.model import Line, Problem, SetAside
from indexer.readers import ocr
from indexer.readers.pdf.glyphs import Page
from indexer.readers.pdf.reader import lines_of_pages
from indexer.readers.pdf.recognised import page_of
from indexer.readers.picture_size import size_of
from indexer.readers.prose import Prose
from indexer.readers.source import Source
from search.messages import Message, aside, in_a_row
from search.messages import sources as says

MOST_PICTURES = 1000
LEAST_SIDE = 600
"""In pixels: a sheet of A4 at 72 dpi, below which nothing is recognised."""
LONGEST_SHAPE = 2.0
UPRIGHT = 1.2
"""A page is so much higher than wide; one that lies is told from a photograph where there is hardly any other text."""
CHARS_A_PAGE = 200
"""A document with less text of its own for each such picture is a scan."""
LEAST_CHARS = 60
"""A picture among text that holds less is a photograph."""
_SHORT_SIDE_POINTS = 595.0


@dataclass(frozen=True, slots=True)
class _Placed:
    """A picture behind the first `at` lines of the document."""

    at: int
    number: int
    data: bytes
    width: int
    height: int

    @property
    def is_upright(self) -> bool:
        return self.height >= UPRIGHT * self.width


class InsertedPictures:
    """The pictures of one document, in the order in which they are met; `read` puts their text among the lines."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._placed: list[_Placed] = []
        self._seen: set[bytes] = set()
        self._met = 0
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []

    def place(self, data: bytes, at: int) -> None:
        """Take a picture that stands behind the first `at` lines, if it is as large as a page and new."""
        self._met += 1
        size = size_of(data)
        if size is None or min(size) < LEAST_SIDE or max(size) > LONGEST_SHAPE * min(size):
            return
        digest = hashlib.blake2b(data, digest_size=16).digest()
        if digest not in self._seen:
            self._seen.add(digest)
            self._placed.append(_Placed(at, self._met, data, *size))

    def hint_if_no_text(self) -> Message:
        """What to do with a document without text of its own."""
        if self._placed and not ocr.is_installed():
            return in_a_row([says.INSTALL_OCR(), says.RECOGNISE_IF_SCAN()])
        return says.RECOGNISE_IF_SCAN()

    def read(self, prose: Prose) -> None:
        """Put what is recognised among the lines of `prose`, which are numbered from 1."""
        own = sum(len("".join(line.text.split())) for line in prose.lines)
        is_scan = own < CHARS_A_PAGE * len(self._placed)
        wanted = [picture for picture in self._placed if is_scan or picture.is_upright]
        if not wanted:
            return
        if not ocr.is_installed():
            self.problems.append(Problem(self._source.path, None, says.PICTURES_NOT_READ(n=len(wanted))))
            return
        if len(wanted) > MOST_PICTURES:
            self.problems.append(Problem(self._source.path, None, says.FIRST_PAGES_ONLY(most=MOST_PICTURES)))
        self._put(prose, self._recognise(wanted[:MOST_PICTURES], is_scan=is_scan, prose=prose))

    def _recognise(
        self, pictures: Sequence[_Placed], *, is_scan: bool, prose: Prose
    ) -> list[tuple[_Placed, Page]]:
        """The pages among the pictures; the text of the others is set aside."""
        pages: list[tuple[_Placed, Page]] = []
        with ocr.Recogniser("pictures", ocr.packed([picture.data for picture in pictures])) as recogniser:
            for index, picture in enumerate(pictures):
                try:
                    found = recogniser.read(index)
                except ocr.RecognitionFailed as error:
                    said = says.PICTURE_NOT_RECOGNISED(picture=picture.number, error=str(error))
                    self.problems.append(Problem(self._source.path, None, said))
                    continue
                text = "".join("".join(line.text.split()) for line in found.lines)
                if text and (is_scan or len(text) >= LEAST_CHARS):
                    scale = _SHORT_SIDE_POINTS / max(min(found.width, found.height), 1)
                    pages.append((picture, page_of(found, found.width * scale, found.height * scale)))
                else:
                    joined = "\n".join(line.text for line in found.lines)
                    prose.leave_out(joined, picture.at or None, aside.IN_PICTURE)
        return pages

    def _put(self, prose: Prose, pages: Sequence[tuple[_Placed, Page]]) -> None:
        """Put the pages' lines where the pictures stand, and number all lines anew."""
        if not pages:
            return
        said = says.PICTURES_RECOGNISED(n=len(pages))
        self.notes.append(Problem(self._source.path, None, said))
        kept = len(prose.set_aside)
        recognised = lines_of_pages([page for _, page in pages], prose)
        before: dict[int, list[Line]] = {}
        for line in recognised:
            assert line.page is not None
            before.setdefault(pages[line.page - 1][0].at, []).append(line)
        lines: list[Line] = []
        moved = {0: 0}
        for at in range(len(prose.lines) + 1):
            if at:
                own = prose.lines[at - 1]
                if before.get(at - 1) and own.text.strip():
                    lines[-1] = replace(lines[-1], ends_paragraph=True)
                lines.append(own)
                moved[at] = len(lines)
            lines += before.get(at, ())
        aside_before = [_moved(entry, moved) for entry in prose.set_aside[:kept]]
        prose.set_aside[:] = [*aside_before, *prose.set_aside[kept:]]
        prose.lines[:] = [replace(line, number=number) for number, line in enumerate(lines, 1)]


def _moved(entry: SetAside, moved: dict[int, int]) -> SetAside:
    return entry if entry.line is None else replace(entry, line=moved.get(entry.line, entry.line))
