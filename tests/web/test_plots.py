"""Plots say what was counted, and tell not held from not mentioned."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from search.model import Cell, Distribution, Query
from web.params import View
from web.plots import (
    LABEL_SIZE,
    LEVELS,
    MAX_ROWS,
    PARAGRAPH_COUNT,
    draw_matrix,
    draw_years,
    format_value,
    level_of,
    list_cells,
    list_years,
    measure_of,
    name_levels,
)

CELLS = (
    Cell("甲市", 2020, 3, 4, 1, 30, 10_000, 2),
    Cell("甲市", 2022, 0, 0, 0, 20, 8_000, 1),
    Cell("乙市", 2020, 1, 1, 1, 10, 1_000, 1),
    Cell(None, 2020, 5, 5, 1, 10, 1_000, 1),
    Cell("甲市", None, 2, 2, 1, 10, 1_000, 1),
)
FOUND = Distribution(Query("x"), CELLS)


@pytest.fixture(autouse=True)
def in_request(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def test_year_plot_tells_not_held_from_nothing() -> None:
    plot = draw_years(FOUND, "count")
    assert plot is not None
    assert [(c.year, c.held, c.height > 0, c.label) for c in plot.columns] == [
        (2020, True, True, "10"),
        (2021, False, False, ""),
        (2022, True, False, ""),
    ]
    assert all(c.x >= 0 and c.x + c.width <= plot.width for c in plot.columns)


def test_matrix_tells_not_held_from_nothing_and_orders_cities() -> None:
    plot = draw_matrix(FOUND, "count")
    assert plot is not None
    assert [(row.city, [cell.kind for cell in row.cells]) for row in plot.rows] == [
        ("甲市", ["value", "missing", "zero"]),
        ("乙市", ["value", "missing", "missing"]),
    ]
    assert plot.rows[0].cells[0].level == LEVELS
    assert plot.rows[1].cells[0].level == 2  # 1 of 4, in steps of 0.8


def test_measures_change_what_is_most() -> None:
    by_rate = draw_matrix(FOUND, "rate")
    assert by_rate is not None
    assert by_rate.rows[0].city == "乙市"
    assert by_rate.rows[0].cells[0].label == "10.0"
    by_share = draw_matrix(FOUND, "share")
    assert by_share is not None
    assert {row.city: row.cells[0].label for row in by_share.rows} == {"甲市": "50%", "乙市": "100%"}


def test_tables_have_every_year_and_the_total() -> None:
    rows = list_years(FOUND)
    assert [(row.name, row.paragraphs, row.held) for row in rows] == [
        ("2020", "9", "4"), ("2022", "0", "1"), ("未知", "2", "1"), ("合计", "11", "6"),
    ]  # fmt: skip
    years, cities = list_cells(FOUND, "count")
    assert years == (2020, 2022)
    assert cities == [("甲市", ("4", "0"), "6"), ("乙市", ("1", None), "1")]


def test_many_cities_are_cut_in_the_plot_and_told() -> None:
    cells = tuple(Cell(f"市{i:03d}", 2020, i, i, 1, 1, 1, 1) for i in range(MAX_ROWS + 7))
    plot = draw_matrix(Distribution(Query("x"), cells), "count")
    assert plot is not None
    assert (len(plot.rows), plot.left_out) == (MAX_ROWS, 7)


def test_cells_that_only_a_heading_matches_are_zero_occurrences_not_counts_of_paragraphs() -> None:
    cells = (Cell("甲市", 2020, 3, 0, 1, 9, 900, 1), Cell("乙市", 2020, 1, 2, 1, 9, 900, 1))
    view = View("distribution")
    found = Distribution(Query("x"), cells)
    plot = draw_matrix(found, measure_of(found, view))
    assert plot is not None
    assert [(row.city, row.cells[0].kind, row.cells[0].label) for row in plot.rows] == [
        ("乙市", "value", "2"),
        ("甲市", "zero", ""),
    ]
    only = Distribution(Query(""), cells[:1])
    assert measure_of(only, view) == PARAGRAPH_COUNT
    plot = draw_matrix(only, PARAGRAPH_COUNT)
    assert plot is not None
    assert plot.rows[0].cells[0].label == "3"


@pytest.mark.parametrize("most", [1, 2, 3, 4, 5, 6, 7, 19, 1234])
def test_the_legend_of_counts_names_every_number_once_and_truly(most: int) -> None:
    named = {}
    for level, meaning in name_levels(most, "count"):
        first, _, last = meaning.replace(",", "").partition("–")
        for number in range(int(first), int(last or first) + 1):
            assert number not in named
            named[number] = level
    assert named == {number: level_of(number, most) for number in range(1, most + 1)}


@pytest.mark.parametrize(
    ("most", "measure"), [(0.02, "rate"), (0.004, "rate"), (0.01, "share"), (12.5, "rate")]
)
def test_the_legend_says_no_bound_twice(most: float, measure: str) -> None:
    meanings = [meaning for _, meaning in name_levels(most, measure)]
    assert len(set(meanings)) == len(meanings)
    assert name_levels(most, measure)[-1][0] == LEVELS
    assert name_levels(0.0, measure) == ()


def test_names_have_room_beside_the_cells_and_years_under_their_bars() -> None:
    long = Distribution(Query("x"), (Cell("延边朝鲜族自治州", 1983, 1, 1, 1, 1, 1, 1), *CELLS))
    plot = draw_matrix(long, "count")
    assert plot is not None
    assert plot.label_width >= 8 * LABEL_SIZE
    assert plot.rows[0].cells[0].x == 0
    years = draw_years(long, "count")
    assert years is not None
    halves = [column.x + column.width / 2 for column in years.columns if column.show_year]
    assert min(halves) >= 14
    assert max(halves) <= years.width - 14


def test_nothing_known_draws_nothing() -> None:
    empty = Distribution(Query("x"), (Cell(None, None, 1, 1, 1, 1, 1, 1),))
    assert draw_years(empty, "count") is None
    assert draw_matrix(empty, "count") is None


@pytest.mark.parametrize(
    ("value", "measure", "said"),
    [(12345, "count", "12,345"), (0.126, "rate", "0.13"), (56.24, "rate", "56.2"), (0.333, "share", "33%")],
)
def test_values_are_said_shortly(value: float, measure: str, said: str) -> None:
    assert format_value(value, measure) == said
