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
]


@pytest.mark.parametrize(("text", "term", "bases"), GIVEN)
def test_a_number_says_what_it_is_of(text: str, term: str, bases: list[str]) -> None:
    at = text.index(term)
    assert [clause.basis for clause in clauses_of(text, [(at, at + len(term))])] == bases
