"""Results -> what a page shows: tiers, folded facets, chips, the way through the pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from search.messages import as_message
from search.model import FacetValue, Hit, Query, Report, SearchResult, Sort, TierCounts
from web.chips import view_chips
from web.labels import name_day, name_place
from web.params import MAX_HITS
from web.present import (
    FIRST_VALUES,
    view_facet,
    view_hits,
    view_paging,
)

REPORT = Report("r", "s.txt", None, None, None, "吉林省", None, None, None, None, None, None, 9)

READING = as_message("")


@pytest.fixture(autouse=True)
def in_request(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def make_result(
    query: Query, *, tiers: tuple[int, ...] = (), city: tuple[FacetValue, ...] = ()
) -> SearchResult:
    hits = tuple(
        Hit(f"r-p{n}", n, REPORT, "paragraph", (), "文字", (), 1.0, tier) for n, tier in enumerate(tiers, 1)
    )
    counts = (TierCounts(1, tiers.count(1)), TierCounts(2, tiers.count(2)))
    return SearchResult(
        query, READING, len(hits), hits, {"city": city}, (), 1.0, tiers=counts, paged=len(hits)
    )


@pytest.mark.parametrize(
    ("tiers", "labels"),
    [
        ((1, 1), ["", ""]),
        ((1, 2, 2, 3), ["原样写明", "换了说法或分开写", "", "只有一部分"]),
        ((2, 2), ["换了说法或分开写", ""]),
    ],
)
def test_a_tier_is_named_once_where_it_begins(tiers: tuple[int, ...], labels: list[str]) -> None:
    assert [hit.tier_label for hit in view_hits(make_result(Query("x"), tiers=tiers))] == labels


def test_unknown_is_said_and_a_province_stands_for_its_city() -> None:
    (hit,) = view_hits(make_result(Query("x"), tiers=(1,)))
    assert (hit.place, hit.year, hit.type, hit.title) == ("吉林省", "未知", "未知", "s.txt")


def test_long_facets_fold_but_what_is_chosen_stays_in_sight() -> None:
    values = tuple(FacetValue(f"市{i}", 100 - i, i >= 28) for i in range(30))
    facet = view_facet(make_result(Query("x", city=("市28", "市29")), city=values), "city")
    assert [link.label for link in facet.first[:3]] == ["市28", "市29", "市0"]
    assert (len(facet.first), len(facet.first) + len(facet.rest)) == (FIRST_VALUES, 30)


def test_values_that_would_find_nothing_are_left_out_unless_chosen() -> None:
    values = (FacetValue("甲", 0, False), FacetValue("乙", 0, True), FacetValue(None, 2, False))
    facet = view_facet(make_result(Query("x", city=("乙",)), city=values), "city")
    assert [(link.label, link.count) for link in facet.first] == [("乙", 0), ("未知或非市级", 2)]


def test_chips_join_neighbouring_years() -> None:
    chips = view_chips(Query("x", year=(2019, 2021, 2022, None)))
    assert [chip.label for chip in chips] == ["2019", "2021–2022", "未知"]


@pytest.mark.parametrize(
    ("total", "per_page", "pages", "limited"),
    [
        (0, 10, 1, False),
        (10, 10, 1, False),
        (11, 10, 2, False),
        (MAX_HITS, 10, 1000, False),
        (MAX_HITS + 1, 10, 1000, True),
        (MAX_HITS + 1, 30, 333, True),
        (MAX_HITS, 30, 333, True),
    ],
)
def test_pages_reach_to_the_stated_limit(total: int, per_page: int, pages: int, limited: bool) -> None:
    paging = view_paging(Query("x", per_page=per_page), total)
    assert (paging.pages, paging.limited) == (pages, limited)
    assert paging.pages * per_page <= max(MAX_HITS, per_page)


def test_lists_by_time_say_the_day_and_others_the_year() -> None:
    dated = replace(REPORT, year=2024, plan_year=2025, date="2024-12-16")
    sorts: tuple[Sort, ...] = ("relevance", "year", "-year")
    assert [name_day(dated, Query(sort=sort)) for sort in sorts] == ["2025", "2024-12-16", "2024-12-16"]
    assert name_day(dated, Query(axis="delivered")) == "2024"
    assert name_day(replace(REPORT, year=2024), Query(sort="year")) == "2024"
    assert name_day(REPORT, Query(sort="year")) == "未知"


def test_a_report_of_the_nation_has_its_place_said() -> None:
    assert name_place(replace(REPORT, province=None, level="国家")) == "全国"
    assert name_place(REPORT) == "吉林省"


def test_a_range_of_years_is_folded_and_single_years_are_not() -> None:
    years = tuple(FacetValue(year, 1, 2015 <= year <= 2022) for year in range(2014, 2024))
    result = SearchResult(Query("x"), READING, 0, (), {"year": years}, (), 1.0)
    facet = view_facet(result, "year")
    assert (len(facet.first), len(facet.rest)) == (0, 10)
    few = tuple(FacetValue(year, 1, year >= 2021) for year in range(2012, 2024))
    facet = view_facet(replace(result, facets={"year": few}), "year")
    assert [link.label for link in facet.first] == ["2023", "2022", "2021"]
