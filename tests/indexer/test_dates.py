"""Dates as reports write them, in compact text."""

import pytest

from indexer.metadata.dates import find_dates, find_years, parse_date, to_number, to_year
from indexer.metadata.lines import compact


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024年1月8日", "2024-01-08"),
        ("２０２４年１月８日", "2024-01-08"),
        ("2024 年 1 月 8 日", "2024-01-08"),
        ("一九九三年六月十九日", "1993-06-19"),
        ("二0一六年一月二十日", "2016-01-20"),
        ("二〇二四年十二月三十一日", "2024-12-31"),
        ("二○○九年元月十日", "2009-01-10"),
        ("20261月5日", "2026-01-05"),
        ("2024-01-08", "2024-01-08"),
        ("2024/1/8", "2024-01-08"),
        ("2024.1.8", "2024-01-08"),
        ("（2003年2月廿一日）", "2003-02-21"),
    ],
)
def test_date_is_read_in_every_spelling(text: str, iso: str) -> None:
    (found,) = find_dates(compact(text))
    assert found.iso == iso


@pytest.mark.parametrize("text", ["2024年13月8日", "2023年2月30日", "3202年1月1日", "12024年", "1月8日"])
def test_what_is_no_date_is_not_read(text: str) -> None:
    assert find_dates(text) == ()


def test_month_without_day_has_no_iso() -> None:
    (found,) = find_dates("2024年1月召开")
    assert (found.year, found.month, found.iso) == (2024, 1, None)


def test_span_covers_the_words() -> None:
    text = "——2024年1月8日在松湖市"
    (found,) = find_dates(text)
    assert text[slice(*found.span)] == "2024年1月8日"


def test_years_need_their_unit() -> None:
    assert [found.year for found in find_years("2023年完成2024个项目，二〇二五年继续")] == [2023, 2025]


@pytest.mark.parametrize(
    ("text", "number"), [("十", 10), ("十九", 19), ("二十", 20), ("三十一", 31), ("7", 7), ("百", None)]
)
def test_number_below_hundred(text: str, number: int | None) -> None:
    assert to_number(text) == number


@pytest.mark.parametrize(
    ("text", "year"), [("二0一六", 2016), ("一九四八", None), ("201六", 2016), ("二一", None)]
)
def test_year_in_mixed_digits(text: str, year: int | None) -> None:
    assert to_year(text) == year


def test_field_with_two_dates_is_no_date() -> None:
    assert parse_date("2024-01-08至2024-01-10") is None
