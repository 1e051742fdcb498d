"""A number says what it is of: a share, an average over years and a part of a year are no year's figure."""

from __future__ import annotations

import pytest

from search.instruments.clauses import clauses_of

GIVEN = [
    ("地区生产总值占全省的30%左右", "地区生产总值", ["share"]),
    ("地区生产总值和公共财政预算收入占全市比重分别达到25%、30%", "地区生产总值", ["share"]),
    ("地区生产总值6016.3亿元、增长4.3%，占全省36.5%", "地区生产总值", ["plain", "plain", "share"]),
    ("地区生产总值完成4863.6亿元，占全省的比重由16.9%提高到17.3%", "地区生产总值", ["plain", "share"]),
    ("研发投入占地区生产总值比重达到2.5%", "研发投入占地区生产总值比重", ["plain"]),
    ("旅游业抢占先机增长8%", "旅游业", ["plain"]),
    ("高新技术产业占地500亩", "高新技术产业", ["plain"]),
    ("地区生产总值达到3763.2亿元，年均增长10.4%", "地区生产总值", ["plain", "average"]),
    ("过去五年，财政收入五年年均增长9%", "财政收入", ["average"]),
    ("粮食产量两年平均增长5.1%", "粮食产量", ["average"]),
    ("年均新增就业5万人", "新增就业", ["average"]),
    ("地区生产总值达到500亿元、年均增长8%", "地区生产总值", ["plain", "average"]),
    ("地区生产总值、财政收入、居民收入年均分别增长6%、7%和8%", "居民收入", ["average"]),
    ("地区生产总值增长6%，财政收入年均增长7%", "地区生产总值", ["plain"]),
    ("PM2.5年均浓度下降8%", "PM2.5", ["plain"]),
    ("地区生产总值一季度下降8.5%", "地区生产总值", ["part_year"]),
    ("上半年，地区生产总值增长5%", "地区生产总值", ["part_year"]),
    ("1—11月，全市工业增长7.7%，预算收入增长2.4%", "预算收入", ["part_year"]),
    ("前三季度地区生产总值增长5%，全年地区生产总值增长6%", "全年地区生产总值", ["plain"]),
    ("地区生产总值增长1%，增速比前三季度加快0.7个百分点", "地区生产总值", ["plain", "plain"]),
    ("地区生产总值增长3.1%，增速比去年的最低谷（1-3月）高出11个百分点", "地区生产总值", ["plain", "plain"]),
    ("地区生产总值从一季度下滑40.8%", "地区生产总值", ["part_year"]),
    ("地区生产总值由一季度的下降8%转为增长5%", "地区生产总值", ["part_year", "plain"]),
    ("地区生产总值增长13.2%，连续19个季度保持13%以上", "地区生产总值", ["plain", "plain", "plain"]),
    ("地区生产总值一季度下降8%。地区生产总值增长3%", "地区生产总值增长", ["plain"]),
    ("3000套保障房", "保障房", ["plain"]),
    ("地区生产总值比“十三五”末增长38%", "地区生产总值", ["several_years"]),
    ("地区生产总值达到900亿元，较十二五末增加310亿元", "地区生产总值", ["plain", "several_years"]),
    ("财政收入是“十三五”期末的1.6倍", "财政收入", ["several_years"]),
    ("财政收入比五年前增长45%", "财政收入", ["several_years"]),
    ("地区生产总值五年累计增长45%", "地区生产总值", ["several_years"]),
    ("五年累计新增就业62万人", "新增就业", ["several_years"]),
    ("过去五年，固定资产投资累计完成2300亿元", "固定资产投资", ["several_years"]),
    ("“十三五”时期，固定资产投资累计完成2300亿元", "固定资产投资", ["several_years"]),
    ("五年来，地区生产总值年均增长7%", "地区生产总值", ["average"]),
    ("过去五年，财政收入累计完成800亿元，去年财政收入累计完成190亿元", "去年财政收入", ["plain"]),
    ("全年固定资产投资累计完成500亿元", "固定资产投资", ["plain"]),
    ("1—11月，固定资产投资累计完成500亿元", "固定资产投资", ["part_year"]),
    ("地区生产总值连续五年增长8%以上", "地区生产总值", ["plain"]),
    ("地区生产总值增长8%，是“十三五”开局之年的首个目标", "地区生产总值", ["plain"]),
    ("2015年地区生产总值增长8%", "地区生产总值", ["plain"]),
    ("地区生产总值一九九五年增长8%", "地区生产总值", ["plain"]),
    ("去年是“十三五”开局之年，固定资产投资累计完成500亿元", "固定资产投资", ["plain"]),
    ("近五年累计新增就业62万人", "新增就业", ["several_years"]),
]


@pytest.mark.parametrize(
    ("text", "review_year", "basis"),
    [
        ("地区生产总值比2015年增长45%", 2020, "several_years"),
        ("地区生产总值较2015年末增加300亿元", 2020, "several_years"),
        ("地区生产总值比2015年增长8%", 2016, "plain"),
        ("地区生产总值比2015年增长8%", 2015, "plain"),
        ("地区生产总值比2015年增长8%", None, "plain"),
    ],
)
def test_growth_since_a_year_is_of_several_where_that_is_long_ago(
    text: str, review_year: int | None, basis: str
) -> None:
    (clause,) = clauses_of(text, [(0, 6)], review_year=review_year)
    assert clause.basis == basis


@pytest.mark.parametrize(("text", "term", "bases"), GIVEN)
def test_a_number_says_what_it_is_of(text: str, term: str, bases: list[str]) -> None:
    at = text.index(term)
    assert [clause.basis for clause in clauses_of(text, [(at, at + len(term))])] == bases
