"""No hits: what is missing is named, and every way out finds as many as it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.pipeline import index_sources
from search.engine.whoosh_engine import WhooshEngine
from search.model import Explanation, Query


def explained(engine: WhooshEngine, query: Query) -> Explanation:
    result = engine.search(query)
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
    ],
)
def test_the_reason_and_the_ways_out(
    sample_engine: WhooshEngine, query: Query, code: str, missing: tuple[str, ...], ways: list[str]
) -> None:
    found = explained(sample_engine, query)
    assert (found.code, found.missing, [way.code for way in found.ways_out]) == (code, missing, ways)
    assert found.sentences[0].startswith("查询读作：")
    assert all(any(word in sentence for sentence in found.sentences) for word in missing)


@pytest.mark.parametrize(
    "query",
    [
        Query("提案 梅花鹿 法院 龘龘"),
        Query("梅花鹿 法院 营商环境", city=("洛阳市",), year=(2020,)),
        Query("梅花鹿 -通化 检察院 year:2021..2022"),
        Query('"梅花鹿产业龘" 提案', type=("法院工作报告",)),
    ],
)
def test_every_way_out_finds_what_it_says(sample_engine: WhooshEngine, query: Query) -> None:
    ways = explained(sample_engine, query).ways_out
    assert ways
    for way in ways:
        assert way.total == sample_engine.search(way.query).total > 0


def test_hits_need_no_explanation(sample_engine: WhooshEngine) -> None:
    assert sample_engine.search(Query("提案")).explanation is None


def test_an_empty_collection_says_so(tmp_path: Path, sample_engine: WhooshEngine) -> None:
    report = tmp_path / "one.txt"
    report.write_text("政协四平市委员会工作报告\n\n各位委员：\n\n只有一段。\n", encoding="utf-8")
    index_sources([tmp_path], tmp_path / "index", jobs=1)
    report.unlink()
    index_sources([tmp_path], tmp_path / "index", jobs=1)
    engine = WhooshEngine(tmp_path / "index", sample_engine._analyzer)
    assert engine.stats().paragraphs == 0
    assert explained(engine, Query("提案")).code == "empty_collection"
    engine.close()
