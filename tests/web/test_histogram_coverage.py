"""What is drawn says what was counted."""

from __future__ import annotations

import re

import pytest
from flask import Flask, render_template

from search.model import FacetValue, Query, Stats
from web.charts.coverage import MAX_CITIES, draw_coverage
from web.charts.histogram import CHART_HEIGHT, CHART_WIDTH, draw_histogram


@pytest.fixture(autouse=True)
def in_request(app: Flask):  # type: ignore[no-untyped-def]
    with app.test_request_context("/"):
        yield


def test_histogram_has_a_bar_a_year_and_heights_by_count() -> None:
    values = [FacetValue(2020, 10, True), FacetValue(2023, 5, False), FacetValue(None, 7, False)]
    chart = draw_histogram(Query("x", year=(2020,)), values)
    assert chart is not None
    assert [(bar.year, bar.count, bar.selected) for bar in chart.bars] == [
        (2020, 10, True),
        (2021, 0, False),
        (2022, 0, False),
        (2023, 5, False),
    ]
    assert chart.bars[0].height == pytest.approx(2 * chart.bars[3].height)
    assert chart.bars[1].height == 0
    assert all(bar.x >= 0 and bar.x + bar.width <= CHART_WIDTH for bar in chart.bars)
    assert all(bar.y + bar.height == pytest.approx(CHART_HEIGHT) for bar in chart.bars)


@pytest.mark.parametrize("values", [[], [FacetValue(2020, 3, False)], [FacetValue(None, 3, False)]])
def test_histogram_needs_two_years(values: list[FacetValue]) -> None:
    assert draw_histogram(Query(), values) is None


def test_coverage_shows_gaps_and_says_what_it_leaves_out() -> None:
    held = {(f"市{i:02d}", 2020 + i % 3): 1 for i in range(MAX_CITIES + 5)}
    matrix = draw_coverage(
        Stats(reports=60, paragraphs=1, cities=45, years=(2020, 2021, 2022), coverage=held)
    )
    assert matrix is not None
    assert matrix.years == (2020, 2021, 2022)
    assert (len(matrix.rows), matrix.left_out, matrix.unplaced) == (MAX_CITIES, 5, 15)
    for row in matrix.rows:
        assert [count for _, count, _ in row.cells] == [
            held.get((row.city, year), 0) for year in matrix.years
        ]


def test_places_of_the_coverage_add_up_and_are_called_what_they_are() -> None:
    cities = {f"市{i:02d}": 1 for i in range(MAX_CITIES)}
    provinces = dict.fromkeys(("吉林省", "西藏自治区", "澳门特别行政区"), 1)
    held = {(place, 2020): n for place, n in (cities | provinces).items()}
    stats = Stats(reports=50, paragraphs=1, cities=len(cities), years=(2020,), coverage=held)
    matrix = draw_coverage(stats)
    assert matrix is not None
    assert (matrix.cities, matrix.provinces) == (len(cities), 3)
    assert matrix.cities + matrix.provinces == len(matrix.rows) + matrix.left_out
    html = re.sub(r"<[^>]+>", "", render_template("home.html", stats=stats, coverage=matrix, query=Query()))
    assert f"收录 {MAX_CITIES} 座城市" in html
    assert (
        f"表里一个地方一行，共 {MAX_CITIES + 3} 个：{MAX_CITIES} 座城市，3 个省或自治区（省级报告）" in html
    )
    assert f"这里列出报告最多的 {MAX_CITIES} 个，另有 3 个见报告目录" in html
    assert "另有 7 份全国的、或地方与年份未知的报告" in html


def test_the_example_of_a_city_is_no_province() -> None:
    stats = Stats(9, 9, 2, (2020,), {("浙江省", 2020): 5, ("绍兴市", 2020): 3, ("嘉兴市", 2020): 1})
    page = render_template("home.html", stats=stats, coverage=draw_coverage(stats), query=Query())
    assert "<dt>城市:绍兴市 年份:2020..2020</dt>" in page


def test_coverage_of_nothing_is_none() -> None:
    assert draw_coverage(Stats(reports=0, paragraphs=0, cities=0, years=())) is None
