"""A pasted paragraph finds its source, whatever was changed in it."""

from __future__ import annotations

import random

import pytest

from search import Query, Searcher
from search.errors import QueryError
from search.instruments import match_text
from search.instruments.alignment import shared_blocks
from search.instruments.match_text import MOST_CHARS
from search.instruments.matched import time_of
from search.language.text import normalize_text
from tests.search.instruments.conftest import Row

WORDS = ("推进", "加强", "全面", "发展", "重点", "持续", "工作", "建设")


def spoil(text: str, chance: random.Random, *, times: int = 4) -> str:
    """The text with some pairs of characters replaced."""
    for _ in range(times):
        at = chance.randrange(len(text) - 2)
        text = text[:at] + chance.choice(WORDS) + text[at + 2 :]
    return text


def test_text_with_four_changed_words_finds_its_source_first(searcher: Searcher, rows: list[Row]) -> None:
    chance = random.Random(11)
    long = [row for row in rows if 100 <= len(row.text) <= 600]
    chosen = chance.sample(long, min(40, len(long)))
    missed = [
        row.id
        for row in chosen
        if (found := match_text(searcher, spoil(row.text[:300], chance)).paragraphs) == []
        or (row.text[:40] not in found[0].text and row.id != found[0].paragraph)
    ]
    assert len(missed) <= len(chosen) // 100


def test_spans_mark_the_same_words_in_both_and_share_is_their_part(
    searcher: Searcher, rows: list[Row]
) -> None:
    chance = random.Random(12)
    for row in chance.sample([row for row in rows if len(row.form) == len(row.text) > 80], 10):
        text = spoil(row.text, chance)
        (found, *_) = match_text(searcher, text).paragraphs
        theirs = "".join(found.text[a:b] for a, b in found.spans)
        ours = "".join(text[a:b] for a, b in found.text_spans)
        assert sorted(theirs) == sorted(ours)
        assert 0 < found.share <= 1
        assert found.share == pytest.approx(
            sum(map(str.isalnum, ours)) / sum(map(str.isalnum, text)), rel=0.02
        )


def test_paragraphs_are_in_order_of_their_shares_and_a_copy_has_all(
    searcher: Searcher, rows: list[Row]
) -> None:
    chance = random.Random(13)
    for row in chance.sample([row for row in rows if 80 < len(row.text) < 600], 5):
        found = match_text(searcher, row.text).paragraphs
        shares = [one.share for one in found]
        assert shares == sorted(shares, reverse=True)
        copies = {other.id for other in rows if row.text in other.text}
        assert {one.paragraph for one in found if one.share == 1} >= copies
        reports = {one.id: one for one in searcher.reports()}
        times = [time_of(reports[one.report]) for one in found if one.share == 1]
        assert times == sorted(times)


def test_the_largest_shares_are_those_that_aligning_every_paragraph_finds(
    searcher: Searcher, rows: list[Row]
) -> None:
    chance = random.Random(14)
    for row in chance.sample([row for row in rows if 120 < len(row.text) < 400], 3):
        text = spoil(row.text, chance)
        form = normalize_text(text)
        letters = sum(map(str.isalnum, form))
        shares = {}
        for other in rows:
            blocks = shared_blocks(form, other.form)
            shared = sum(sum(map(str.isalnum, form[b.a : b.a + b.length])) for b in blocks)
            shares[other.id] = shared / letters
        largest = sorted((share for share in shares.values() if share >= 0.4), reverse=True)
        found = [one for one in match_text(searcher, text, most=50).paragraphs if one.paragraph in shares]
        assert [one.share for one in found if one.share >= 0.4] == pytest.approx(largest[:50])
        assert all(one.share == pytest.approx(shares[one.paragraph]) for one in found)


def test_moved_halves_are_still_found(sample_searcher: Searcher) -> None:
    report = sample_searcher.reports()[3]
    source = max(sample_searcher.report(report.id).paragraphs, key=lambda p: len(p.text))
    half = len(source.text) // 2
    found = match_text(sample_searcher, source.text[half:] + source.text[:half]).paragraphs[0]
    assert found.paragraph == source.id
    assert found.share > 0.9


def test_filters_hold(sample_searcher: Searcher) -> None:
    report = sample_searcher.reports()[3]
    text = max((p.text for p in sample_searcher.report(report.id).paragraphs), key=len)
    found = match_text(sample_searcher, text, Query(year=(2021,)))
    years = {
        one.report: next(r.year for r in sample_searcher.reports() if r.id == one.report)
        for one in found.paragraphs
    }
    assert set(years.values()) <= {2021}


def test_nothing_in_common_is_no_match_and_too_long_is_refused(sample_searcher: Searcher) -> None:
    assert match_text(sample_searcher, "火星移民计划取得重大突破性胜利").paragraphs == []
    assert match_text(sample_searcher, "，。！").paragraphs == []
    with pytest.raises(QueryError):
        match_text(sample_searcher, "发" * (MOST_CHARS + 1))
