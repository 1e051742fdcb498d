"""PDF with a text layer: its lines in the order in which they are read.

characters -> lines (one baseline, one column) -> columns and bands -> running heads set aside -> where
paragraphs end. The geometry of columns and paragraphs is in `layout`; here is the file.

Conservation counts the characters that the pages draw, blanks apart. Characters whose font doesn't say which
they are stand as the (cid:…) that they are, and that is a problem of the file.
"""

from __future__ import annotations

import io
import re
import time
import zlib
from collections.abc import Iterator
from typing import Any

from indexer.model import Document, Line, Problem, SetAside
from indexer.readers.layout import Glyph, PageLine, lines_of_page, order_pages, paragraph_ends, running_lines
from indexer.readers.prose import Prose
from indexer.readers.source import Source
from search.messages import sources as says

MAX_PAGES = 3000
MAX_SECONDS = 120.0
MOST_UNKNOWN_SHARE = 0.3
MAX_STREAM_BYTES = 256 << 20
MOST_SWELL = 1040
CHUNK_BYTES = 1 << 20

_STREAM = re.compile(rb"(?<!end)stream\r?\n(?=\x78)")
_UNKNOWN = re.compile(r"\(cid:\d+\)")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_AGAIN = "Get the file again, or open it in a PDF viewer and print it to a new PDF."


def iter_documents(source: Source) -> Iterator[Document]:
    """The PDF as one Document.

    Raises:
        SourceError: broken, protected by a password, without a text layer (scanned), or beyond the bounds.
    """
    pages, problems = _read_pages(source)
    text = "".join(glyph.text for glyphs, _ in pages for glyph in glyphs)
    if not text.strip():
        raise source.refuse(
            says.PDF_SCANNED(),
            hint=says.RECOGNISE_PDF(),
        )
    unknown = len(_UNKNOWN.findall(text))
    if unknown:
        if unknown > MOST_UNKNOWN_SHARE * len(_UNKNOWN.sub("?", text)):
            raise source.refuse(
                says.PDF_UNNAMED_FONTS(),
                hint=says.RECOGNISE_OR_OTHER_COPY(),
            )
        problems.append(Problem(source.path, None, says.CHARACTERS_UNNAMED(n=unknown)))
    ordered = order_pages([lines_of_page(glyphs) for glyphs, _ in pages])
    running = running_lines(ordered, [height for _, height in pages])
    prose = Prose()
    kept: list[tuple[int, PageLine]] = []
    for page, lines in enumerate(ordered, 1):
        for line in lines:
            reason = running.get((page - 1, line))
            if reason:
                prose.set_aside.append(SetAside(line.text.strip(), len(kept) + 1, reason))
            else:
                kept.append((page, line))
    ends = paragraph_ends([line for _, line in kept])
    for number, ((page, line), last) in enumerate(zip(kept, ends, strict=True), 1):
        prose.lines.append(Line(line.text, number, page, None, last))
    lines_read, set_aside = prose.finish()
    yield Document(source.name, "pdf", "", lines_read, set_aside=set_aside, problems=tuple(problems))


def decoded_text(source: Source) -> str:
    """What conservation is measured against: every character that the pages draw."""
    return "".join(glyph.text for glyphs, _ in _read_pages(source)[0] for glyph in glyphs)


def _read_pages(source: Source) -> tuple[list[tuple[list[Glyph], float]], list[Problem]]:
    """Each page's characters with its height, and what is wrong with single pages."""
    import logging

    from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdfparser import PDFParser

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    _refuse_bomb(source)
    pages: list[tuple[list[Glyph], float]] = []
    problems: list[Problem] = []
    resources = PDFResourceManager(caching=True)
    device = _glyph_device(resources, time.monotonic() + MAX_SECONDS)
    interpreter = PDFPageInterpreter(resources, device)
    try:
        document = PDFDocument(PDFParser(io.BytesIO(source.data)), caching=True)
        for page in PDFPage.create_pages(document):
            if len(pages) >= MAX_PAGES:
                problems.append(Problem(source.path, None, says.FIRST_PAGES_ONLY(most=MAX_PAGES)))
                break
            try:
                interpreter.process_page(page)
            except _TooLong as error:
                raise source.refuse(says.PDF_TOO_SLOW(), hint=_AGAIN) from error
            except (PDFPasswordIncorrect, PDFEncryptionError):
                raise
            except Exception as error:  # pdfminer raises whatever a broken page makes it stumble over
                reason = f"page {len(pages) + 1} is broken ({type(error).__name__}: {error})"
                problems.append(Problem(source.path, None, reason))
            _, bottom, _, top = page.mediabox
            pages.append((device.take(), abs(float(top) - float(bottom))))
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise source.refuse(says.PDF_PASSWORD(), hint=says.SAVE_WITHOUT_PASSWORD()) from error
    except Exception as error:
        if hasattr(error, "hint"):
            raise
        raise source.refuse(says.PDF_BROKEN(error=f"{type(error).__name__}: {error}"), hint=_AGAIN) from error
    if not pages:
        raise source.refuse(says.PDF_NO_PAGES(), hint=_AGAIN)
    return pages, problems


def _refuse_bomb(source: Source) -> None:
    """Refuse a PDF with a stream that swells beyond all measure: pdfminer itself sets no bound.

    Deflate swells at most about a thousandfold, so that only long streams need the look.
    """
    data = source.data
    if len(data) * MOST_SWELL < MAX_STREAM_BYTES:
        return
    for match in _STREAM.finditer(data):
        end = data.find(b"endstream", match.end())
        packed = memoryview(data)[match.end() : len(data) if end < 0 else end]
        if len(packed) * MOST_SWELL < MAX_STREAM_BYTES:
            continue
        unpacker = zlib.decompressobj()
        size = 0
        try:
            rest: bytes | memoryview = packed
            while rest and not unpacker.eof:
                size += len(unpacker.decompress(rest, CHUNK_BYTES))
                rest = unpacker.unconsumed_tail
                if size > MAX_STREAM_BYTES:
                    raise source.refuse(says.PDF_SWELLS(), hint=_AGAIN)
        except zlib.error:
            continue  # no deflated stream, or a damaged one: the reader meets it later


class _TooLong(Exception):
    """The time for one file is over."""


def _glyph_device(resources: Any, until: float) -> Any:
    """A device for pdfminer that keeps each character with its box, and nothing else."""
    from pdfminer.pdfdevice import PDFTextDevice
    from pdfminer.utils import apply_matrix_pt, mult_matrix

    class GlyphDevice(PDFTextDevice):  # built here, for pdfminer is only imported when a PDF is read
        def __init__(self) -> None:
            super().__init__(resources)
            self._glyphs: list[Glyph] = []

        def take(self) -> list[Glyph]:
            glyphs, self._glyphs = self._glyphs, []
            return glyphs

        def render_char(
            self,
            matrix: Any,
            font: Any,
            fontsize: Any,
            scaling: Any,
            rise: Any,
            cid: Any,
            ncs: Any,
            graphicstate: Any,
        ) -> float:
            if time.monotonic() > until:
                raise _TooLong
            try:
                text = font.to_unichr(cid)
            except Exception:  # pdfminer's own PDFUnicodeNotDefined, or a damaged table
                text = f"(cid:{cid})"
            advance: float = font.char_width(cid) * fontsize * scaling
            descent = font.get_descent() * fontsize
            _, b, _, d, _, _ = mult_matrix((1, 0, 0, 1, 0, 0), matrix)
            if font.is_vertical():
                corners = ((-fontsize / 2, 0.0), (fontsize / 2, advance))
            else:
                corners = ((0.0, descent + rise), (advance, descent + rise + fontsize))
            (x0, y0), (x1, y1) = (apply_matrix_pt(matrix, corner) for corner in corners)
            size = abs(fontsize) * max(abs(d), abs(b), 0.01)
            clean = _CONTROL.sub("\ufffd", str(text))
            self._glyphs.append(
                Glyph(clean, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), size, len(self._glyphs))
            )
            return advance

    return GlyphDevice()
