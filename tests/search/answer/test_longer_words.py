"""Occurrences within longer words are counted as before, and a page says which words they are."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from search.answer.longer_words import longer_word
from search.answer.searcher import Searcher
from search.collection import Ask
from search.language.text import Analyzer, normalize_text
from search.limits import Budget
from search.model import Query
from tests.search.answer.made import body, in_memory, on_disk

REPORTS = {
    "r1": (
        {"year": 2020, "city": "南昌市", "province": "江西省"},
        [
            *body(
                "推进百千万工程，学习千万工程。", "千万工程和百千万工程。", "深化“百千万”工程，再看千万工程。"
            ),
            *body(
                "建设珠江西岸产业带。",
                "江西省的、江西的经验。",
                "加快江西发展。",
                "繁荣夜经济，昼夜经济活跃。",
            ),
            *body("落实双减政策，“双减”政策见效。", "深夜经济复苏，夜经济。"),
            *body("全面建成小康社会和“十三五规划”见效。"),
        ],
    ),
    "r2": ({"year": 2021, "city": "珠海市"}, [*body("珠江西岸，珠江西岸。", "百千万工程。")]),
}


@pytest.fixture(params=["memory", "disk"], scope="module")
def searcher(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer
) -> Searcher:
    if request.param == "memory":
        return in_memory(REPORTS, analyzer)
    folder: Path = tmp_path_factory.mktemp("longer")
    return on_disk(REPORTS, folder, analyzer)


def _longer(searcher: Searcher, text: str) -> list[tuple[str, int]]:
    return [(of.word, of.occurrences) for of in searcher.longer_words(Query(text))]


def test_longer_words_are_named_and_the_number_stays(searcher: Searcher) -> None:
    counts = searcher.count(Query("千万工程"))
    assert (counts.paragraphs, counts.occurrences) == (4, 6)
    (only,) = searcher.longer_words(Query("千万工程"))
    assert (only.word, only.occurrences, only.query.text) == ("百千万工程", 3, "千万工程 -百千万工程")
    assert searcher.search(only.query).tiers[0].total == 0  # “百千万”工程 says it too, marks aside


def test_what_would_take_too_long_is_left_out_and_told(searcher: Searcher, analyzer: Analyzer) -> None:
    enough, short = Budget(seconds=60), Budget(seconds=0)
    assert searcher.longer_words(Query("千万工程"), budget=enough)
    assert enough.left_out == []
    fresh = Searcher(searcher.collection, analyzer)
    fresh.interpret(Query("千万工程"))  # what can't be left out
    assert fresh.longer_words(Query("千万工程"), budget=short) == ()
    assert [message.code for message in short.left_out] == ["longer_words_left_out"]
    assert _longer(fresh, "千万工程") == [("百千万工程", 3)]


def test_a_word_cut_on_its_left_is_named(searcher: Searcher) -> None:
    assert _longer(searcher, "夜经济") == [("昼夜经济", 1), ("深夜经济", 1)]


def test_another_name_of_the_same_place_is_no_longer_word(searcher: Searcher) -> None:
    assert _longer(searcher, "江西") == [("珠江西岸", 3)]


def test_quoted_strings_have_longer_words_too(searcher: Searcher) -> None:
    assert _longer(searcher, '"千万工程"') == [("百千万工程", 3)]


@pytest.mark.parametrize(
    "text",
    ["双减政策", "发展", "夜", "千*", '"百千万 工程"~3', "", "没有的词", "千万工程 OR 新词", "江西 经验"],
)
def test_nothing_is_named_where_nothing_lies_within_a_word(searcher: Searcher, text: str) -> None:
    assert _longer(searcher, text) == []


def test_longer_words_are_those_of_the_filters(searcher: Searcher) -> None:
    (only,) = searcher.longer_words(Query("千万工程", city=("珠海市",)))
    assert (only.word, only.occurrences, only.query.city) == ("百千万工程", 1, ("珠海市",))


@pytest.mark.parametrize(
    "text", ["千万工程", "江西", "夜经济", "双减政策", "经济", "工程 OR 千万", "珠江西岸 OR 江西"]
)
def test_a_store_names_every_occurrence_that_straddles_words(
    searcher: Searcher, analyzer: Analyzer, text: str
) -> None:
    question = searcher.question(Query(text))
    ask = Ask(question.tiers[0], question.chosen)
    named = question.view.straddling(ask, most=100)
    assert named is not None
    for occurrence in question.view.occurrences(ask):
        (written,) = question.view.texts([occurrence.ref])
        form = normalize_text(written)
        said = form[occurrence.start : occurrence.end]
        if longer_word(form, (occurrence.start, occurrence.end), analyzer) != said:
            assert occurrence in named
    assert question.view.straddling(ask, most=0) is None


def test_the_longer_word_is_the_precise_cut_of_the_whole_text(analyzer: Analyzer) -> None:
    rng = random.Random(7)
    pieces = [
        "珠江西岸",
        "百千万工程",
        "夜经济",
        "，",
        "“双减”",
        "2023年",
        "昼夜",
        "经济社会发展",
        "A股",
        "十四五",
    ]
    for _ in range(200):
        form = normalize_text("".join(rng.choices(pieces, k=6)))
        start = rng.randrange(len(form) - 1)
        end = rng.randrange(start + 1, len(form))
        borders, at = {0}, 0
        for token in analyzer.query_tokens(form):
            at += token.length
            borders.add(at)
        begin = max(border for border in borders if border <= start)
        last = min(border for border in borders if border >= end)
        inside_atoms = not all("一" <= char <= "鿿" for char in form[begin:start] + form[end:last])
        if not inside_atoms:
            assert longer_word(form, (start, end), analyzer) == form[begin:last]


def test_what_lies_across_marks_is_no_word(searcher: Searcher) -> None:
    assert searcher.count(Query("社会和十三五")).paragraphs == 1
    assert _longer(searcher, "社会和十三五") == []
    assert _longer(searcher, "康社会") == [("小康社会", 1)]


def test_no_string_of_the_texts_is_too_much(searcher: Searcher) -> None:
    rng = random.Random(3)
    for _, paragraphs in REPORTS.values():
        for paragraph in paragraphs:
            for _ in range(20):
                start = rng.randrange(len(paragraph.text))
                said = paragraph.text[start : start + rng.randint(2, 9)]
                for longer in searcher.longer_words(Query(f'"{said}"')):
                    searcher.count(longer.query)
