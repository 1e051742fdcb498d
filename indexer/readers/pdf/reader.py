"""A PDF: its lines in the order in which they are read.

bounds -> glyphs; of pages that are pictures alone, by recognition -> frames -> runs -> watermarks, running heads
set aside -> columns -> where paragraphs end.

Conservation counts the characters that the pages draw, blanks apart. A character whose font doesn't name it stands
as U+FFFD, and that is a problem of the file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace

from indexer.model import Document, Line, Problem, SetAside
from indexer.readers import ocr
from indexer.readers.pdf.columns import Layout, PageLine, lay_out, plain_rows
from indexer.readers.pdf.footnotes import notes_after_paragraphs
from indexer.readers.pdf.glyphs import UNNAMED, Page
from indexer.readers.pdf.overlays import drawn_again, find_watermarks
from indexer.readers.pdf.pages import read_pages
from indexer.readers.pdf.paragraphs import paragraph_ends
from indexer.readers.pdf.pictures import MOST_UNNAMED_SHARE, recognise_pages
from indexer.readers.pdf.running import running_lines
from indexer.readers.pdf.runs import Frame, Stretch, body_size, frames_of, join_runs, runs_of
from indexer.readers.prose import Prose
from indexer.readers.source import Source
from search.messages import aside, in_a_row
from search.messages import sources as says

COLUMNS_A_PAGE = 10_000
LARGE_HEADLINE = 1.2
_SYMBOL = re.compile("[\uf000-\uf0ff]+")
"""Where a font of symbols has its signs, which mean nothing without it."""


def iter_documents(source: Source) -> Iterator[Document]:
    """The PDF as one Document.

    Raises:
        SourceError: broken, protected by a password, without text that can be read, or beyond the bounds.
    """
    read = read_pages(source)
    recognised = recognise_pages(source, read.pages, read.pictures)
    pages = [recognised.pages.get(index, page) for index, page in enumerate(read.pages)]
    problems = [*read.problems, *recognised.problems]
    _check_text(source, pages, problems, any_pictures=bool(read.pictures))
    prose = Prose()
    prose.lines = lines_of_pages(pages, prose)
    lines, set_aside = prose.finish()
    yield Document(
        source.name,
        "pdf",
        "",
        lines,
        set_aside=set_aside,
        problems=tuple(problems),
        notes=tuple(recognised.notes),
    )


def lines_of_pages(pages: Sequence[Page], prose: Prose) -> list[Line]:
    """The text of pages line by line; what is no text is set aside in `prose`."""
    kept = _kept_lines([_PageText(index, page) for index, page in enumerate(pages)], prose)
    columns = {line.column: page for page, line in kept}
    on_page = Counter(columns.values())
    widths = {column: pages[page - 1].width for column, page in columns.items() if on_page[page] == 1}
    ends = paragraph_ends([line for _, line in kept], widths)
    return [
        Line(
            line.text,
            number,
            page,
            "table" if line.is_row else None,
            last,
            confidence=line.confidence,
        )
        for number, ((page, line), last) in enumerate(zip(kept, ends, strict=True), 1)
    ]


def decoded_text(source: Source) -> str:
    """What conservation is measured against: every character that the pages draw, recognised text apart."""
    pages = read_pages(source).pages
    return "".join("".join(glyph.text for glyph in page.glyphs) + "".join(page.drawn_twice) for page in pages)


def _check_text(
    source: Source, pages: Sequence[Page], problems: list[Problem], *, any_pictures: bool
) -> None:
    drawn = unnamed = 0
    for page in pages:
        for glyph in page.glyphs:
            drawn += not glyph.text.isspace()
            unnamed += glyph.text == UNNAMED
    can_recognise = ocr.is_installed()
    if not drawn:
        if any_pictures and can_recognise:
            raise source.refuse(says.NOTHING_RECOGNISED(), hint=says.OTHER_COPY())
        hint = says.RECOGNISE_PDF() if can_recognise else in_a_row([says.INSTALL_OCR(), says.RECOGNISE_PDF()])
        raise source.refuse(says.PDF_SCANNED(), hint=hint)
    if unnamed > MOST_UNNAMED_SHARE * drawn:
        hint = says.RECOGNISE_OR_OTHER_COPY()
        raise source.refuse(
            says.PDF_UNNAMED_FONTS(),
            hint=hint if can_recognise else in_a_row([says.INSTALL_OCR(), hint]),
        )
    if unnamed:
        problems.append(Problem(source.path, None, says.CHARACTERS_UNNAMED(n=unnamed)))


@dataclass(slots=True)
class _PageText:
    """A page on its way from glyphs to columns: a layer of runs for each direction."""

    index: int
    page: Page
    frames: list[Frame] = field(default_factory=list)
    layers: list[list[Stretch]] = field(default_factory=list)

    def read(self, prose: Prose) -> None:
        """Divide it into layers; set aside what runs aslant, what is drawn twice, and bullets of a symbol font."""
        glyphs = [glyph for glyph in self.page.glyphs if not _SYMBOL.fullmatch(glyph.text)]
        if len(glyphs) < len(self.page.glyphs):
            symbols = (glyph.text for glyph in self.page.glyphs if _SYMBOL.fullmatch(glyph.text))
            prose.gather(aside.FONT_SYMBOL, "".join(symbols))
        self.frames, aslant = frames_of(glyphs, self.page.width, self.page.height)
        prose.gather(aside.DRAWN_TWICE, "".join(self.page.drawn_twice))
        prose.gather(aside.ILLEGIBLE, self.page.illegible)
        if aslant:
            text = "".join(glyph.text for glyph in aslant)
            prose.gather(aside.WATERMARK, text)
        for frame in self.frames:
            again = drawn_again(frame.boxes)
            if again:
                prose.gather(aside.DRAWN_TWICE, "".join(b.text for b in frame.boxes if b.order in again))
            self.layers.append(runs_of([box for box in frame.boxes if box.order not in again]))

    def leave_out(self, orders: Set[int]) -> None:
        """Take runs out of the upright layer, by their order."""
        if orders:
            self.layers[0] = [run for run in self.layers[0] if run.order not in orders]


def _kept_lines(texts: Sequence[_PageText], prose: Prose) -> list[tuple[int, PageLine]]:
    """The lines of all pages in reading order, with their page's number, without what is no text."""
    for text in texts:
        text.read(prose)
    _set_watermarks_aside(texts, prose)
    _set_running_aside(texts, prose)
    kept: list[tuple[int, PageLine]] = []
    for text, layouts in zip(texts, _layouts(texts), strict=True):
        kept += [(text.index + 1, line) for line in _in_order(text, layouts)]
    return notes_after_paragraphs(kept)


def _set_watermarks_aside(texts: Sequence[_PageText], prose: Prose) -> None:
    """Set aside what is drawn across the text of several pages, and join what is left to runs."""
    marks = find_watermarks([text.layers[0] if text.layers else [] for text in texts])
    for text in texts:
        if text.layers:
            gone = [run for run in text.layers[0] if (text.index, run.order) in marks]
            for run in gone:
                prose.gather(aside.WATERMARK_ACROSS, run.text)
            text.leave_out({run.order for run in gone})
            text.layers = [join_runs(layer) for layer in text.layers]


def _layouts(texts: Sequence[_PageText]) -> Iterator[list[Layout]]:
    """The columns of each page's layers; upright text goes by the gutters of all pages."""
    first = [[lay_out(layer) for layer in text.layers] for text in texts]
    known = Counter(round(x) for layouts in first for layout in layouts[:1] for x in layout.gutters)
    for text, layouts in zip(texts, first, strict=True):
        if known and layouts:
            layouts[0] = lay_out(text.layers[0], sorted(known))
        yield layouts


def _set_running_aside(texts: Sequence[_PageText], prose: Prose) -> None:
    rows = [plain_rows(text.layers[0]) if text.layers else [] for text in texts]
    heights = [text.frames[0].height if text.frames else text.page.height for text in texts]
    running = running_lines([[line for line, _ in page] for page in rows], heights)
    for index, (text, page) in enumerate(zip(texts, rows, strict=True)):
        gone: set[int] = set()
        for line, members in page:
            reason = running.get((index, line))
            if reason:
                prose.set_aside.append(SetAside(line.text.strip(), None, reason))
                gone.update(member.order for member in members)
        text.leave_out(gone)


def _in_order(text: _PageText, layouts: Sequence[Layout]) -> Iterator[PageLine]:
    """The page's columns: large headlines that stand upright or sideways before the text, the others after it."""
    body = body_size(text.layers[0]) if text.layers else 0.0
    before = [n for n in range(1, len(layouts)) if body_size(text.layers[n]) >= LARGE_HEADLINE * body]
    after = [n for n in range(1, len(layouts)) if n not in before]
    column = COLUMNS_A_PAGE * (text.index + 1)
    for number in (*before, *range(min(1, len(layouts))), *after):
        for lines in layouts[number].columns:
            column += 1
            yield from (replace(line, column=column) for line in lines)
