"""Laws 3 and 4 where text is recognised in pictures: a source of its own, beside what the file itself holds.

What recognition reads is in exactly one line or set aside, marked with its confidence, and nothing else is; what the
file holds is counted as ever. Below, what is recognised is known, so nothing has to be recognised.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.pdf.drawing import HEIGHT, WIDTH, Placed, draw_pdf, set_story
from benchmarks.pdf.kinds import KINDS
from benchmarks.pdf.known_text import make_story, read_sentences
from indexer.model import Document
from indexer.readers.ocr import RecognisedPage
from indexer.readers.registry import read_source
from indexer.readers.source import Source
from indexer.structure import structure
from tests.cases import cases
from tests.indexer.scans import pretend, recognised
from tests.laws.counters import signs

KIND = next(kind for kind in KINDS if (kind.producer, kind.name) == ("by hand", "3 columns, 1 em"))


def read_document(data: bytes, name: str = "扫描.pdf") -> Document:
    (document,) = read_source(Source(data, name, name))
    return document


def texts_of(document: Document) -> list[str]:
    """What was read, and what was set aside."""
    return [*(line.text for line in document.lines), *(entry.text for entry in document.set_aside)]


def recognised_and_own(document: Document) -> tuple[Counter[str], Counter[str]]:
    marked = signs(line.text for line in document.lines if line.confidence is not None)
    own = signs(line.text for line in document.lines if line.confidence is None)
    return marked, own


def said(pages: list[RecognisedPage]) -> Counter[str]:
    return signs(line.text for page in pages for line in page.lines)


def test_what_is_recognised_and_what_the_file_holds_are_kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = read_sentences()
    kind = replace(KIND, heads=False)
    printed = set_story(make_story(sentences, seed="printed", paragraphs=20), kind)
    scanned = set_story(make_story(sentences, seed="scanned", paragraphs=20), kind)
    scans = [recognised(page, tilt=0.4) for page in scanned]
    pretend(monkeypatch, dict(enumerate(scans)))
    blank: list[list[Placed]] = [[] for _ in scanned]
    document = read_document(draw_pdf([*blank, *printed], pictures=range(len(scanned))))
    marked, own = recognised_and_own(document)
    assert not document.set_aside
    assert marked == said(scans)
    assert own == signs(string.text for page in printed for string in page)


def test_confidence_of_a_block_is_the_least_of_what_it_is_made_of(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = set_story(make_story(read_sentences(), seed="least", paragraphs=15), KIND)
    scans = [recognised(page) for page in pages]
    pretend(monkeypatch, scans)
    document = read_document(draw_pdf([[] for _ in pages], pictures=range(len(pages))))
    by_number = {line.number: line.confidence for line in document.lines}
    blocks = [block for draft in structure(document).drafts for block in draft.blocks]
    assert blocks
    for block in blocks:
        first, last = block.lines
        within = [by_number[number] for number in range(first, last + 1) if number in by_number]
        assert block.confidence is not None
        assert block.confidence in within
        assert block.joined or block.confidence == min(c for c in within if c is not None)


def test_anything_recognised_anywhere_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines of any size at any place, over one another, beyond the page, upright, of blanks alone."""
    chance = random.Random("recognised")
    sentences = read_sentences()
    for _ in range(40):
        page = [
            Placed(
                chance.uniform(-50, WIDTH),
                chance.uniform(-50, HEIGHT),
                chance.choice(sentences)[: chance.randint(1, 40)] * chance.choice((1, 1, 1, 2)),
                chance.choice((6.0, 9.0, 10.5, 10.5, 10.5, 18.0, 50.0)),
            )
            for _ in range(chance.randint(1, 60))
        ]
        scan = recognised(page, tilt=chance.uniform(-3, 3))
        pretend(monkeypatch, [scan])
        document = read_document(draw_pdf([[]], pictures=[0]))
        assert signs(texts_of(document)) == said([scan])
        assert all(line.confidence is not None for line in document.lines)


@given(st.lists(st.text(max_size=12), max_size=12))
@settings(deadline=None, max_examples=cases(80))
def test_any_characters_that_are_recognised_are_kept(texts: list[str]) -> None:
    texts = [*(text for text in texts if text.strip()), "各位委员，现在我向大会报告工作。"]
    page = [Placed(50.0, 800.0 - 20 * at, text) for at, text in enumerate(texts)]
    with pytest.MonkeyPatch.context() as patch:
        scan = recognised(page)
        pretend(patch, [scan])
        document = read_document(b"\x89PNG\r\n\x1a\n", "扫描.png")
    assert signs(texts_of(document)) == said([scan])
