"""A number belongs to the term in whose clause it stands, and to no other."""

from __future__ import annotations

import pytest

from search.instruments.clauses import clauses_of
from search.instruments.promises import judge

GIVEN = [
    ("地区生产总值增长6%，财政收入增长8%", "地区生产总值", [6]),
    ("地区生产总值增长6%，财政收入增长8%", "财政收入", [8]),
    ("地区生产总值达到1200亿元、增长5.3%，固定资产投资增长7%", "地区生产总值", [120_000_000_000, 5.3]),
    (
        "地区生产总值7440亿元，按可比价格计算比上年增长13.5%，连续13年",
        "地区生产总值",
        [744_000_000_000, 13.5],
    ),
    ("地区生产总值、财政收入、居民收入分别增长6%、7%和8%", "财政收入", [7]),
    ("地区生产总值、财政收入、居民收入分别增长6%、7%和8%", "居民收入", [8]),
    ("城乡居民人均可支配收入分别增长8.5%和9.1%，低收入农户收入增长10%以上", "人均可支配收入", [8.5, 9.1]),
    ("城镇、农村居民人均可支配收入分别增长7.5%、10%，居民消费价格涨幅3%", "人均可支配收入", [7.5, 10]),
    ("预计，地区生产总值增长0.5%，规模以上工业增加值增长3%", "地区生产总值", [0.5]),
    ("万元地区生产总值能耗下降3.5%", "地区生产总值", []),
    ("研发投入占全市生产总值的比重达到2.5%", "生产总值", []),
    ("环保投入相当于全市生产总值的3%左右", "生产总值", []),
    ("建成3000套保障房", "保障房", [3000]),
    ("地区生产总值（GDP）增长6%", "地区生产总值", [6]),
    ("地区生产总值。财政收入增长8%", "地区生产总值", []),
    ("财政收入与经济同步增长，工业增长8%", "财政收入", []),
]


@pytest.mark.parametrize(("text", "term", "values"), GIVEN)
def test_numbers_are_those_of_the_term_s_own_clause(text: str, term: str, values: list[float]) -> None:
    at = text.index(term)
    assert [clause.quantity.value for clause in clauses_of(text, [(at, at + len(term))])] == values


JUDGED = [
    ("今年预期目标：地区生产总值增长6%左右。", "地区生产总值", (), "target"),
    ("预期目标是：一般公共预算收入增长5%；地区生产总值同比增长6%以上。", "地区生产总值", (), "target"),
    ("地区生产总值增长了6%。", "地区生产总值", (), "done"),
    ("预计全年地区生产总值增长6%。", "地区生产总值", (), "done"),
    ("力争地区生产总值增长6%。", "地区生产总值", ("一、2023年工作回顾",), "target"),
    ("地区生产总值增长6%。", "地区生产总值", ("一、2023年工作回顾",), "done"),
    ("地区生产总值增长6%。", "地区生产总值", ("二、2024年工作安排",), "target"),
    ("地区生产总值增长6%。", "地区生产总值", (), "unknown"),
    ("地区生产总值由100亿元增加到200亿元。", "地区生产总值", ("三、今后五年目标",), "done"),
]


@pytest.mark.parametrize(("text", "term", "headings", "kind"), JUDGED)
def test_promised_and_done_are_told_by_the_nearest_words(
    text: str, term: str, headings: tuple[str, ...], kind: str
) -> None:
    at = text.index(term)
    clause = clauses_of(text, [(at, at + len(term))])[-1]
    said = judge(text, clause.span, headings)
    assert said.kind == kind
    assert said.kind == "unknown" or said.words in text or said.words in headings


def test_numbers_counted_off_behind_two_amounts_are_of_the_nearest_alone() -> None:
    text = "接待游客1775万人次，旅游收入70.7亿元，分别增长15.5%和18.1%"
    at = text.index("旅游收入")
    found = clauses_of(text, [(at, at + 4)])
    assert [clause.quantity.value for clause in found] == [7_070_000_000, 18.1]


def test_number_from_which_a_movement_begins_is_left_out() -> None:
    text = "城镇化率由44.8%提高到59.4%"
    assert [clause.quantity.value for clause in clauses_of(text, [(0, 4)])] == [59.4]


def test_years_of_headings_are_compared_with_the_year_looked_back_on() -> None:
    text = "城镇新增就业4.1万人。"
    for heading, kind in (("二、2023年主要工作", "target"), ("一、2022年主要工作", "done")):
        assert judge(text, (2, 10), (heading,), 2022).kind == kind


def test_earlier_headings_tell_where_none_above_does() -> None:
    text = "建成高标准农田10万亩。"
    said = judge(text, (2, 11), ("三、推动产业转型升级",), 2013, iter(["一、2014年工作安排"]))
    assert said == ("target", "一、2014年工作安排")
