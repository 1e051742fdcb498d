"""No hits: what is missing is named, and every way out finds as many as it says."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from indexer.pipeline import index_sources
from search import open_searcher
from search.answer import interpret
from search.answer.failed_query import Totals, Wanted
from search.answer.searcher import Searcher
from search.embedded import matching
from search.embedded.evaluation import Evaluator, make_match_cache
from search.embedded.matching import Matcher
from search.embedded.snapshot import Snapshot
from search.embedded.store import open_generation
from search.embedded.words import least_matches, without_bonus
from search.language import plan
from search.language.plan import Term, build, chunks
from search.language.query import to_text
from search.language.text import Analyzer
from search.limits import UNLIMITED
from search.model import Explanation, Query


def explained(searcher: Searcher, query: Query) -> Explanation:
    result = searcher.search(query)
    assert result.total == 0
    assert result.explanation is not None
    return result.explanation


@pytest.mark.parametrize(
    ("query", "code", "missing", "ways"),
    [
        (Query("提案 龘龘龘"), "missing_word", ("龘龘龘",), ["drop_part"]),
        (Query("提案 龘龘 鱻鱻"), "missing_word", ("龘龘", "鱻鱻"), ["drop_part"]),
        (Query("梅花鹿", city=("洛阳市",)), "filters", (), ["drop_filter"]),
        (Query("梅花鹿 city:洛阳"), "filters", (), ["drop_filter"]),
        (Query("梅花鹿", city=("洛阳市",), year=(1990,)), "filters", (), ["drop_filters"]),
        (Query("龘龘龘"), "missing_word", ("龘龘龘",), []),
        (Query('"提案 工作龘"'), "missing_word", ("提案 工作龘",), []),
        (Query('"提案，营商环境"'), "missing_word", ("提案，营商环境",), ["drop_quotes"]),
        (Query('"提案。　营商"'), "missing_word", ("提案。　营商",), ["drop_quotes"]),
        (Query("提案龘"), "missing_word", ("龘",), ["drop_part"]),
        (Query("梅花鹿检察院营商环境"), "combination", (), ["drop_part"] * 3),
        (Query("(龘 OR 鱻) 提案"), "missing_word", ("龘", "鱻"), ["drop_part"]),
        (Query("heading:龘龘 提案"), "missing_word", ("龘龘",), ["drop_part"]),
        (Query("heading:梅花鹿检 提案"), "combination", (), ["drop_part"]),
        (Query("ZZ* 提案"), "missing_word", ("ZZ*",), ["drop_part"]),
        (Query('"提案 龘"~5'), "missing_word", ("龘",), []),
        (Query('"梅花鹿 提案"~0'), "combination", (), ["drop_quotes"]),
        (Query("year:1900 提案"), "filters", (), ["drop_filter"]),
        (Query("city:不存在"), "combination", (), []),
    ],
)
def test_the_reason_and_the_ways_out(
    sample_searcher: Searcher, query: Query, code: str, missing: tuple[str, ...], ways: list[str]
) -> None:
    found = explained(sample_searcher, query)
    assert (found.code, found.missing, [way.code for way in found.ways_out]) == (code, missing, ways)
    sentences = list(map(str, found.sentences))
    assert sentences[0].startswith("查询读作：")
    assert all(any(word in sentence for sentence in sentences) for word in missing)


@pytest.mark.parametrize(
    "query",
    [
        Query("提案 梅花鹿 法院 龘龘"),
        Query("梅花鹿 法院 营商环境", city=("洛阳市",), year=(2020,)),
        Query("梅花鹿 -通化 检察院 year:2021..2022"),
        Query('"梅花鹿产业龘" 提案', type=("法院工作报告",)),
    ],
)
def test_every_way_out_finds_what_it_says(sample_searcher: Searcher, query: Query) -> None:
    ways = explained(sample_searcher, query).ways_out
    assert ways
    for way in ways:
        assert way.total == sample_searcher.search(way.query).total > 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("city:不存在", "馆藏中没有符合“城市为 不存在”的报告。"),
        ("year:1900 提案", "馆藏中没有符合“年份 1900”的报告。"),
        ("title:梅花鹿 提案", "没有一段符合“报告标题含 梅花鹿”。"),
        ('"梅花鹿 提案"~0', "没有一段符合““梅花鹿”“提案”相距不超过 0 字”。"),
        ("梅花鹿检察院营商环境", "“梅花鹿检察院营商环境”的各个词都查得到，但没有一段同时都有。"),
        ("梅花鹿 营商环境 检察院", "各部分单独都查得到，但没有一段同时符合。"),
    ],
)
def test_what_is_in_the_way_is_said_and_only_that(
    sample_searcher: Searcher, text: str, sentence: str
) -> None:
    sentences = list(map(str, explained(sample_searcher, Query(text)).sentences))
    assert sentence in sentences
    others = "各部分单独都查得到，但没有一段同时符合。"
    assert others not in sentences or sentence == others


def test_a_long_word_is_not_repeated_whole(sample_searcher: Searcher) -> None:
    sentences = explained(sample_searcher, Query("龘" * 300)).sentences
    assert all(len(str(sentence)) < 80 for sentence in sentences[1:])


def test_ways_out_that_lead_furthest_come_first(sample_searcher: Searcher) -> None:
    for parts in permutations(("提案", "营商环境", "产业")):
        totals = [way.total for way in explained(sample_searcher, Query(" ".join(parts))).ways_out]
        assert len(set(totals)) > 1
        assert totals == sorted(totals, reverse=True)


def test_nothing_is_given_up_while_another_part_finds_nothing(
    sample_searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It could not help, so it isn't counted."""
    asked: list[str] = []
    prefetch = Totals.prefetch

    def recorded(totals: Totals, wanted: Iterable[Wanted]) -> None:
        wanted = list(wanted)
        asked.extend(to_text(tree) for tree, _, _ in wanted)
        prefetch(totals, wanted)

    monkeypatch.setattr(Totals, "prefetch", recorded)
    explained(sample_searcher, Query("提案 龘龘 营商环境"))
    assert "提案 营商环境" in asked
    assert not {"提案 龘龘", "龘龘 营商环境"} & set(asked)


@pytest.mark.parametrize(
    ("text", "is_foreign"),
    [
        ("business environment", True),
        ("“rural revitalization”", True),
        ('"rural revitalization"', True),
        ("développement économique", True),
        ("XYZ", False),
        ("PM9.75", False),
        ("environment 不存在的词", False),
    ],
)
def test_who_searches_in_latin_letters_is_told_to_search_in_chinese(
    sample_searcher: Searcher, text: str, is_foreign: bool
) -> None:
    explanation = sample_searcher.search(Query(text)).explanation
    assert explanation is not None
    assert ("search_in_chinese" in [said.code for said in explanation.sentences]) is is_foreign


def test_hits_need_no_explanation(sample_searcher: Searcher) -> None:
    assert sample_searcher.search(Query("提案")).explanation is None


def test_an_empty_collection_says_so(tmp_path: Path, analyzer: Analyzer) -> None:
    report = tmp_path / "one.txt"
    report.write_text("政协四平市委员会工作报告\n\n各位委员：\n\n只有一段。\n", encoding="utf-8")
    index_sources([tmp_path], tmp_path / "index", jobs=1)
    report.unlink()
    index_sources([tmp_path], tmp_path / "index", jobs=1)
    searcher = open_searcher(tmp_path / "index", analyzer=analyzer)
    assert searcher.stats().paragraphs == 0
    assert explained(searcher, Query("提案")).code == "empty_collection"
    searcher.close()


def matchers(searcher: Searcher, analyzer: Analyzer) -> list[Matcher]:
    """A matcher for each segment of what is searched."""
    snapshot = Snapshot(open_generation(Path(searcher.collection.address), analyzer.fingerprint))
    return list(Evaluator(snapshot, make_match_cache()).matchers(UNLIMITED))


@pytest.mark.parametrize(
    "text",
    [
        "提案办理",
        "提案 龘龘",
        "侯川",
        "市政协提案委员会工作",
        '"有事好商量"',
        "委员 -提案",
        "梅花鹿检察院营商环境",
        "提*",
        "龘",
    ],
)
def test_whether_anything_matches_is_known_without_the_score(
    sample_searcher: Searcher, analyzer: Analyzer, text: str
) -> None:
    plan = sample_searcher.interpret(Query(text)).tiers[0]
    plain = without_bonus(plan)
    for matcher in matchers(sample_searcher, analyzer):
        docs = matcher.match(plan).docs.tolist()
        assert matcher.match(plain).docs.tolist() == docs
        assert matcher.has_any(plan) == matcher.has_any(plain) == bool(docs)


def test_a_string_is_looked_for_until_it_is_found(
    sample_searcher: Searcher, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "_FIRST_LOOKED_AT", 1)
    for text in ('"提案办理"', '"案提"', '"政协"', '"员委议会"'):
        plan = sample_searcher.interpret(Query(text)).tiers[0]
        for matcher in matchers(sample_searcher, analyzer):
            assert matcher.has_any(plan) == bool(len(matcher.match(plan).docs))


def test_deleted_paragraphs_are_no_matches_known_in_advance(folder: Path, analyzer: Analyzer) -> None:
    snapshot = Snapshot(open_generation(folder, analyzer.fingerprint))
    assert any(part.data.live is not None for part in snapshot.parts)
    for word in ("删去", "营商环境"):
        assert snapshot.document_frequency("text", word.encode()) > 0
        assert least_matches(snapshot, Term("text", word)) == 0


def test_a_way_out_is_planned_for_the_tier_that_counts_alone(
    sample_searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long query costs most by its plans, and there is one for each way out."""
    planned: list[str] = []

    def make_plan(*args: Any, **options: Any) -> Any:
        planned.append(options["tier"])
        return plan.make_plan(*args, **options)

    monkeypatch.setattr(interpret, "make_plan", make_plan)
    explained(sample_searcher, Query("title:提案 龘龘龘 鱻鱻鱻"))
    assert planned.count("all") == 1
    assert planned.count("phrase") > 2


def test_ways_out_of_mere_chunks_are_planned_for_one_tier_too(
    sample_searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned: list[str] = []

    def plan_plain(text: str, analyzer: Analyzer) -> Any:
        planned.append(text)
        return chunks.plan_plain(text, analyzer)

    monkeypatch.setattr(interpret, "plan_plain", plan_plain)
    monkeypatch.setattr(build, "plan_plain", plan_plain)
    explained(sample_searcher, Query("提案 龘龘龘 鱻鱻鱻"))
    assert planned[:3] == ["提案", "龘龘龘", "鱻鱻鱻"]
    assert set(planned[3:]) <= {"提案"}
