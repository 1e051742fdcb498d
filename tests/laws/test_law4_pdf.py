"""Law 4 for PDF, counted by another route: every character that pdfminer draws is read or set aside.

The reader has its characters from PDFium; pdfminer interprets the same pages on its own. They are compared as
multisets after NFKC and with radicals as ideographs, for PDFium names those already.
"""

from __future__ import annotations

import io
import random
import unicodedata
from collections import Counter

import pytest
from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.layout import LTChar, LTContainer, LTItem
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage

from benchmarks.pdf.drawing import Placed, draw_pdf, set_story, turned
from benchmarks.pdf.kinds import KINDS, Kind
from benchmarks.pdf.known_text import make_story, read_sentences
from indexer.readers.pdf import iter_documents
from indexer.readers.source import Source
from tests.cases import cases

DRAWN = [kind for kind in KINDS if kind.producer == "by hand"]
MARKED = [
    pytest.param(kind, marks=[pytest.mark.thorough] * (n % 2), id=kind.name) for n, kind in enumerate(DRAWN)
]


class Counting(PDFLayoutAnalyzer):
    """Counts the characters of each page as pdfminer draws it."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources, laparams=None)
        self.found: Counter[str] = Counter()

    def receive_layout(self, page: LTItem) -> None:
        waiting: list[LTItem] = [page]
        while waiting:
            item = waiting.pop()
            if isinstance(item, LTChar):
                self.found.update(plain(item.get_text()))
            elif isinstance(item, LTContainer):
                waiting += item


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def drawn_by_pdfminer(data: bytes) -> Counter[str]:
    resources = PDFResourceManager()
    device = Counting(resources)
    interpreter = PDFPageInterpreter(resources, device)
    for page in PDFPage.get_pages(io.BytesIO(data)):
        interpreter.process_page(page)
    return device.found


def read_or_set_aside(data: bytes) -> Counter[str]:
    (document,) = iter_documents(Source(data, "报告.pdf", "报告.pdf"))
    texts = [line.text for line in document.lines] + [entry.text for entry in document.set_aside]
    return Counter(plain("".join(texts)))


@pytest.mark.parametrize("kind", MARKED)
def test_every_glyph_of_a_page_is_read_or_set_aside(kind: Kind) -> None:
    story = make_story(read_sentences(), seed=f"law 4 {kind.name}", paragraphs=kind.paragraphs)
    pages = set_story(story, kind)
    data = draw_pdf(turned(pages), wide=True) if kind.sideways else draw_pdf(pages)
    expected = drawn_by_pdfminer(data)
    assert sum(expected.values()) > 1000
    assert read_or_set_aside(data) == expected


def test_every_glyph_of_a_page_at_random_is_read_or_set_aside() -> None:
    """Strings anywhere, of any size and direction, also twice, over one another and outside the page."""
    chance = random.Random("law 4")
    sentences = read_sentences()
    for _ in range(cases(30)):
        page = []
        for _ in range(chance.randint(1, 60)):
            text = chance.choice(sentences)[: chance.randint(1, 40)]
            size = chance.choice((6.0, 9.0, 10.5, 10.5, 10.5, 18.0, 50.0))
            angle = chance.choice((0.0, 0.0, 0.0, 90.0, 180.0, 270.0, 45.0, 1.5))
            placed = Placed(chance.uniform(-50, 600), chance.uniform(-50, 860), text, size, 0.0, angle)
            page += [placed] * chance.choice((1, 1, 1, 1, 1, 1, 2))
        data = draw_pdf(
            [page, page[: len(page) // 2]], page_entries=f"/Rotate {chance.choice((0, 90, 180, 270))}"
        )
        assert read_or_set_aside(data) == drawn_by_pdfminer(data)
