"""Suggestions: from the collection, by characters and by pinyin, the most used first."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from threading import Event

import pytest

from indexer.pipeline import index_sources
from search import open_searcher
from search.answer.completion import _mix
from search.answer.completion_entries import Entry, iter_headings, plain_heading
from search.answer.searcher import Searcher
from search.collection import DraftParagraph
from search.embedded import collection as embedded_collection
from search.language.place_names import short_name
from search.language.text import Analyzer
from search.language.text.pinyin import fold, load_pinyin
from search.model import Query
from tests.search.answer.made import in_memory

SAMPLE = Path(__file__).resolve().parents[3] / "index_data" / "sample"


@pytest.fixture(scope="module")
def searcher(sample_searcher: Searcher) -> Searcher:
    """The sample's searcher with headings and reports read."""
    sample_searcher.suggest("协")
    sample_searcher.wait()
    return sample_searcher


def texts(searcher: Searcher, typed: str, limit: int = 10) -> list[str]:
    return [suggestion.text for suggestion in searcher.suggest(typed, limit=limit)]


@pytest.mark.parametrize(
    "typed", ["营商", "营商环", "yingshanghuanjing", "yingshangh", "yshj", "YSHJ", "ying'shang"]
)
def test_a_term_is_found_by_characters_pinyin_and_initials(searcher: Searcher, typed: str) -> None:
    assert "营商环境" in texts(searcher, typed)


def test_a_terms_count_is_what_the_text_holds(searcher: Searcher) -> None:
    (term,) = (
        found for found in searcher.suggest("营商环境") if found.kind == "term" and found.text == "营商环境"
    )
    assert term.count == searcher.search(Query('"营商环境"')).total


def test_terms_come_by_use(searcher: Searcher) -> None:
    terms = [found for found in searcher.suggest("x", limit=40) if found.kind == "term"]
    assert len(terms) > 10
    assert terms[0].count > terms[-1].count


@pytest.mark.parametrize("typed", ["城市:", "city:", "-city:", "发展 省份：", "province:"])
def test_a_place_behind_a_field_is_one_that_the_field_has(searcher: Searcher, typed: str) -> None:
    found = [s for letter in "abcdefghijklmnopqrstuvwxyz" for s in searcher.suggest(typed + letter, limit=50)]
    assert found
    for suggestion in found:
        notices = searcher.search(Query(suggestion.text)).notices
        assert "unknown_value" not in {notice.code for notice in notices}, suggestion


@pytest.mark.parametrize("typed", ["通化", "tonghua", "th"])
def test_a_place_is_found_by_its_short_name_and_sound(searcher: Searcher, typed: str) -> None:
    (place,) = (found for found in searcher.suggest(typed) if found.text == "通化市")
    assert place.kind == "place"
    assert place.count == len([r for r in searcher.reports(others=True) if r.city == "通化市"])


def test_a_place_with_two_readings_is_found_by_both(searcher: Searcher) -> None:
    assert "长治市" in texts(searcher, "changzhi")
    assert "长治市" in texts(searcher, "zhangzhi")


def test_a_report_leads_to_itself(searcher: Searcher) -> None:
    reports = [found for found in searcher.suggest("通化2023") if found.kind == "report"]
    assert reports
    for found in reports:
        report = searcher.report(str(found.report)).report
        assert (report.city, report.year) == ("通化市", 2023)


def test_headings_of_a_length_are_counted_once_a_report(analyzer: Analyzer) -> None:
    headings = [
        DraftParagraph("heading", 1, text) for text in ("一、乡村振兴", "二、乡村振兴", "三、民生", "振" * 31)
    ]
    made = in_memory({"a": ({}, headings), "b": ({}, headings)}, analyzer)
    entries = [entry for entry, _ in iter_headings(made.collection.at(), analyzer, Event())]
    assert [(entry.text, entry.count) for entry in entries] == [("乡村振兴", 2)]


def test_a_heading_is_found_from_its_inner_words_and_without_its_number(searcher: Searcher) -> None:
    headings = {
        found.text
        for typed in ("工作", "协商", "加强", "提案")
        for found in searcher.suggest(typed, limit=50)
        if found.kind == "heading"
    }
    assert headings
    assert not any(text.startswith(("一、", "（一）", "二、")) for text in headings)
    assert any(not text.startswith(("工作", "协商", "加强", "提案")) for text in headings)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("提案 营商", "提案 营商环境"),
        ("提案　营商", "提案　营商环境"),
        ("-营商", "-营商环境"),
        ("“营商", "“营商环境”"),
        ('提案 "营商', '提案 "营商环境"'),
        ("(提案 OR 营商", "(提案 OR 营商环境"),
        ("title:营商", "title:营商环境"),
        ("city:通", "city:通化市"),
        ("城市：通", "城市：通化市"),
    ],
)
def test_only_the_last_chunk_is_completed(searcher: Searcher, typed: str, wanted: str) -> None:
    assert wanted in texts(searcher, typed)


@pytest.mark.parametrize(
    "typed", ["", " ", "营商 ", "year:2", "不存在的词", "qqqq", "《》", "\ud800", "a" * 500]
)
def test_nothing_to_complete_is_no_suggestion(searcher: Searcher, typed: str) -> None:
    assert texts(searcher, typed) == []


def test_each_kind_has_its_share_and_what_is_left_goes_on() -> None:
    found = {
        kind: [Entry(f"{kind}{number}", kind, 1, 1.0) for number in range(20)]
        for kind in ("place", "term", "heading", "report")
    }
    kinds = Counter(entry.kind for entry in _mix(found, 10))
    assert kinds == {"place": 3, "report": 2, "heading": 3, "term": 2}
    found["place"], found["report"] = found["place"][:1], []
    assert Counter(entry.kind for entry in _mix(found, 10)) == {"place": 1, "heading": 3, "term": 6}
    found["term"] = []
    assert Counter(entry.kind for entry in _mix(found, 10)) == {"place": 1, "heading": 9}


@pytest.mark.parametrize("limit", [1, 3, 10, 50])
def test_no_more_than_asked_for_and_nothing_twice(searcher: Searcher, limit: int) -> None:
    for typed in ("f", "工", "通化", "协商", "yi"):
        found = [(suggestion.text, suggestion.report) for suggestion in searcher.suggest(typed, limit=limit)]
        assert 0 < len(found) <= limit
        assert len(set(found)) == len(found)


def test_a_new_version_brings_its_words(
    tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_collection, "_CHECK_SECONDS", 0.0)
    sources, folder = tmp_path / "reports", tmp_path / "index"
    sources.mkdir()
    shutil.copy(SAMPLE / "tonghua-2022-cppcc.txt", sources)
    index_sources([sources], folder, jobs=1)
    searcher = open_searcher(folder, analyzer=analyzer)
    assert texts(searcher, "洛阳") == []
    for name in ("luoyang-2020-cppcc.txt", "luoyang-2022-cppcc.txt"):
        shutil.copy(SAMPLE / name, sources)
    index_sources([sources], folder, jobs=1)
    searcher.suggest("洛阳")
    searcher.wait()
    assert "洛阳市" in texts(searcher, "洛阳")
    searcher.close()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("一、过去一年的工作", "过去一年的工作"),
        ("（三）着力优化营商环境。", "着力优化营商环境"),
        ("12.协商议政", "协商议政"),
        ("第二部分 工作安排", "工作安排"),
        ("2023年工作安排", "2023年工作安排"),
        ("十四五规划", "十四五规划"),
    ],
)
def test_a_headings_number_falls_away(text: str, wanted: str) -> None:
    assert plain_heading(text) == wanted


def test_short_names() -> None:
    assert [short_name(place) for place in ("四平市", "吉林省", "西藏自治区", "沙市")] == [
        "四平",
        "吉林",
        "西藏",
        "沙市",
    ]


def test_pinyin_knows_words_that_read_otherwise() -> None:
    pinyin = load_pinyin()
    assert pinyin.read("重庆银行") == ("chong", "qing", "yin", "hang")
    assert pinyin.read("a重庆") is None
    assert ("chang", "zhi") in set(pinyin.readings("长治"))
    assert fold("zheng") == fold("zen") == "zen"
