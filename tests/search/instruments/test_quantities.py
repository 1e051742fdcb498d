"""Numbers in Chinese prose are read as a person reads them."""

from __future__ import annotations

import random

import pytest

from search.instruments.clauses import _SENTENCE_ENDS as SENTENCE_ENDS
from search.instruments.quantities import find_quantities, iter_quantities, unify_digits
from search.instruments.units import UNITS
from tests.cases import cases

READ = [
    ("二十万亿元", 20 * 10**12, "元"),
    ("一万五千亿", 15000 * 10**8, ""),
    ("1,100.9亿元", 110_090_000_000, "元"),
    ("1 100.9 亿元", 110_090_000_000, "元"),
    ("20个百分点", 20, "个百分点"),
    ("千分之三", 0.3, "%"),
    ("万分之一", 0.01, "%"),
    ("百分之五点五", 5.5, "%"),
    ("6.5‰", 0.65, "%"),
    ("十五点八万", 158_000, ""),
    ("一点七八万亿元", 1_780_000_000_000, "元"),
    ("5千万元", 50_000_000, "元"),
    ("5千瓦", 5, "千瓦"),
    ("500万千瓦", 5_000_000, "千瓦"),
    ("两万五千户", 25_000, "户"),
    ("一百二十三万六千人", 1_236_000, "人"),
    ("翻一番", 2, "倍"),
    ("翻两番", 4, "倍"),
    ("三成以上", 30, "%"),
    ("12.5 万 人", 125_000, "人"),
    ("１２．５％", 12.5, "%"),
    ("增长-3.5%", -3.5, "%"),
    ("35微克/立方米", 35, "微克/立方米"),
    ("10万吨", 100_000, "吨"),
    ("十二项", 12, "项"),
]


@pytest.mark.parametrize(("text", "value", "unit"), READ)
def test_number_is_read_with_its_scale_and_unit(text: str, value: float, unit: str) -> None:
    (found,) = find_quantities(text)
    assert found.value == pytest.approx(value, rel=1e-12)
    assert found.unit == unit


BOUNDS = [
    ("增长5.5%左右", 5.5, 5.5, "about"),
    ("约3万人", 30_000, 30_000, "about"),
    ("近3万人", 30_000, 30_000, "about"),
    ("5-20%", 5, 20, "between"),
    ("5%—5.5%", 5, 5.5, "between"),
    ("9%─10%", 9, 10, "between"),
    ("6.5％～7％", 6.5, 7, "between"),
    ("3到5个", 3, 5, "between"),
    ("100-120亿元", 10_000_000_000, 12_000_000_000, "between"),
    ("不低于6%", 6, None, "at_least"),
    ("6%以上", 6, None, "at_least"),
    ("3%以内", None, 3, "at_most"),
    ("控制在3%以内", None, 3, "at_most"),
    ("控制在3%左右", 3, 3, "about"),
    ("不超过3%", None, 3, "at_most"),
    ("超过280亿美元", 28_000_000_000, None, "over"),
    ("突破1万亿元大关", 1_000_000_000_000, None, "over"),
    ("30多个", 30, None, "over"),
    ("20多亿元", 2_000_000_000, None, "over"),
    ("1200余家", 1200, None, "over"),
    ("低于3%", None, 3, "under"),
    ("不足100户", None, 100, "under"),
]


@pytest.mark.parametrize(("text", "low", "high", "bound"), BOUNDS)
def test_bounds_are_read_from_what_stands_around(
    text: str, low: float | None, high: float | None, bound: str
) -> None:
    (found,) = find_quantities(text)
    assert (found.low, found.high, found.bound) == (low, high, bound)


@pytest.mark.parametrize("text", ["由0.72%提高到1.52%", "从5%到6%"])
def test_movement_from_one_to_another_is_no_range(text: str) -> None:
    assert [found.bound for found in find_quantities(text)] == ["exactly", "exactly"]


@pytest.mark.parametrize(
    "text",
    [
        "2023年",
        "2020-2025年", "1月10日", "二〇二三年", "第3位", "“十四五”时期", "三个代表", "百强县", "十大工程", "一带一路",
        "5G基站", "PM2.5", "万元GDP能耗", "上千家企业", "1:33:65", "12345热线", "同比负增长", "第十二届",
    ],
)  # fmt: skip
def test_names_dates_and_ordinals_are_no_numbers(text: str) -> None:
    assert find_quantities(text) == []


@pytest.mark.parametrize("text", ["１$1.$2％", "增长1..5%", "完成3.4.5亿元", "增长.5%"])
def test_garbled_digits_are_flagged_and_have_no_value(text: str) -> None:
    (found,) = find_quantities(text)
    assert found.doubtful
    assert (found.value, found.low, found.high) == (None, None, None)


def test_fall_is_told_apart_from_growth() -> None:
    assert [found.change for found in find_quantities("能耗下降3.5%，产值增长6%，占比达到40%")] == [
        "down",
        "up",
        None,
    ]


def test_numbers_counted_off_together_grow_or_fall_together() -> None:
    text = "分别增长5%、6%以上和7%，占比40%，成本下降5%和6%，降低3%、12项指标"
    assert [found.change for found in find_quantities(text)] == [
        "up", "up", "up", None, "down", "down", "down", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        ("进口突破100万单", 1_000_000, "单", "over"),
        ("建设36万片芯片", 360_000, "片", "exactly"),
        ("享受800元内包干支付", 800, "元", "at_most"),
    ],
)
def test_parcels_are_counted_and_inside_is_a_bound(text: str, value: float, unit: str, bound: str) -> None:
    (found,) = find_quantities(text)
    assert (found.value, found.unit, found.bound) == (value, unit, bound)


def test_a_unit_that_is_a_part_of_another_word_is_none() -> None:
    assert [
        (found.value, found.unit) for found in find_quantities("覆盖3万单位，引进10家内资企业，5万片区")
    ] == [
        (30_000, ""),
        (10, "家"),
        (50_000, ""),
    ]


def test_number_of_an_entry_is_no_part_of_its_first_number() -> None:
    assert [found.value for found in find_quantities("17.13个地铁项目：3号线")] == [13]
    assert [found.value for found in find_quantities("1.5亿元用于")] == [150_000_000]


def test_hours_of_a_day_are_a_name_but_a_span_of_time_is_a_number() -> None:
    assert find_quantities("24小时自助图书馆") == []
    assert [found.value for found in find_quantities("24小时内办结，缩短到24小时")] == [24, 24]


def test_spans_are_of_the_text_itself() -> None:
    text = "增长　５．５％左右，新增１２万人"
    assert [text[slice(*found.span)] for found in find_quantities(text)] == ["５．５％左右", "１２万人"]


def test_any_text_is_read_without_failing() -> None:
    signs = "0123456789.,%一二三十百千万亿点分之翻番成元个百分点-—至到约多余以上左右，。（）增长年月第$ "
    chance = random.Random(17)
    for _ in range(3000):
        text = "".join(chance.choice(signs) for _ in range(chance.randint(0, 30)))
        for found in find_quantities(text):
            start, end = found.span
            assert 0 <= start < end <= len(text)
            assert found.low is None or found.high is None or found.low <= found.high


def test_sentence_has_the_numbers_that_its_text_has_there() -> None:
    """What stands in other sentences changes nothing, so that it need not be read; and no unit has a sentence's end."""
    chance = random.Random(11)
    pieces = [
        *"0123456789一二十百万亿点.,%％ -~、和或$?？！；。;\n“第分之了左右多近超约以上下降增长",
        "亿元",
        "分之",
        "个",
        "12",
        "3.5%",
    ]
    found = 0
    for _ in range(cases(6_000)):
        text = "".join(chance.choices(pieces, k=chance.randrange(2, 40)))
        plain = unify_digits(text)
        borders = [0, *(at + 1 for at, char in enumerate(plain) if char in SENTENCE_ENDS), len(text) + 1]
        first = chance.randrange(len(borders) - 1)
        last = chance.randrange(first + 1, len(borders))
        start, end = borders[first], borders[last] - 1
        inside = [q for q in find_quantities(text) if start <= q.span[0] and q.span[1] <= end]
        assert list(iter_quantities(plain, (start, end))) == inside, (text, start, end)
        found += bool(inside)
    assert found > cases(6_000) / 4
    assert not any(set(unit) & set(SENTENCE_ENDS) for unit in UNITS)
