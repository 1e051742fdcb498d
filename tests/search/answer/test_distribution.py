"""Each city and year: what matches there and what is held there, against a scan."""

from __future__ import annotations

from collections import defaultdict

import pytest

from search.model import Axis, Cell, Query
from tests.laws.bruteforce import Row
from tests.search.counted import Counted, build_counted, places


@pytest.fixture(scope="session")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Counted:
    return build_counted(tmp_path_factory.mktemp("counted"))


def scan(counted: Counted, string: str, query: Query) -> dict[tuple[str | None, int | None], Cell]:
    allowed = counted.collection.allowed(query)
    held: dict[tuple[str | None, int | None], list[Row]] = defaultdict(list)
    for row in counted.collection.rows:
        if row.id in allowed:
            held[row.report.city, row.value(query.year_field)].append(row)
    cells = {}
    for (city, year), rows in held.items():
        found = {row: spans for row in rows if (spans := places(row.text, [string]))}
        cells[city, year] = Cell(
            city=city,
            year=year,
            paragraphs=len(found),
            occurrences=sum(len(spans) for spans in found.values()),
            reports=counted.collection.count_reports(found),
            held_paragraphs=len(rows),
            held_characters=sum(len(row.text) for row in rows),
            held_reports=counted.collection.count_reports(rows),
        )
    return cells


@pytest.mark.parametrize("string", ["营商环境", "委员", "gdp", "绝无此词"])
@pytest.mark.parametrize(
    "filters", [{}, {"city": ("四平市", "绍兴市")}, {"year": (2021, None)}, {"type": ("政府工作报告",)}]
)
@pytest.mark.parametrize("axis", ["plan", "delivered"])
def test_cells_are_those_of_a_scan(counted: Counted, string: str, filters: dict, axis: Axis) -> None:  # type: ignore[type-arg]
    query = Query(f'"{string}"', axis=axis, **filters)
    found = counted.searcher.distribution(query)
    assert {(cell.city, cell.year): cell for cell in found.cells} == scan(counted, string, query)
    assert len(found.cells) == len({(cell.city, cell.year) for cell in found.cells})


def test_held_without_a_match_is_zero_and_not_held_is_no_cell(counted: Counted) -> None:
    cells = {
        (cell.city, cell.year): cell for cell in counted.searcher.distribution(Query('"深空探测"')).cells
    }
    assert cells["四平市", 2021].per_10k_chars == 0
    assert cells["四平市", 2021].report_share == 0
    assert ("四平市", 1999) not in cells
    assert ("四平市", 2019) not in cells, "the only report of that year is deleted"


def test_conditions_in_the_query_limit_what_is_held(counted: Counted) -> None:
    typed = counted.searcher.distribution(Query('city:四平 year:2021 "营商环境"')).cells
    chosen = counted.searcher.distribution(Query('"营商环境"', city=("四平市",), year=(2021,))).cells
    assert typed == chosen != ()


@pytest.mark.parametrize(("typed", "years"), [("..2021", (None, 2021)), ("2020..2021", (2020, 2021))])
def test_a_typed_range_ends_with_its_last_year(
    counted: Counted, typed: str, years: tuple[int | None, int]
) -> None:
    held = {cell.year for cell in counted.searcher.distribution(Query('"营商环境"')).cells} - {None}
    cells = counted.searcher.distribution(Query(f'year:{typed} "营商环境"')).cells
    first = years[0] or 0
    wanted = {year for year in held if year is not None and first <= year <= 2021}
    assert max(year for year in held if year is not None) > 2021
    assert {cell.year for cell in cells} == wanted != set()


def test_one_report_alone(counted: Counted) -> None:
    report = next(row.report for row in counted.collection.rows if row.report.city == "四平市")
    query = Query('"营商环境"', report=(report.id,))
    assert {(c.city, c.year): c for c in counted.searcher.distribution(query).cells} == scan(
        counted, "营商环境", query
    )


def test_sums_by_year_by_city_and_of_all(counted: Counted) -> None:
    found = counted.searcher.distribution(Query('"营商环境"'))
    counts = counted.searcher.count(Query('"营商环境"'))
    total = found.total
    assert (total.paragraphs, total.occurrences, total.reports) == (
        counts.paragraphs,
        counts.occurrences,
        counts.reports,
    )
    assert total.held_paragraphs == counted.searcher.stats().paragraphs
    for cells in (found.years, found.cities):
        assert sum(cell.occurrences for cell in cells) == total.occurrences
        assert sum(cell.held_characters for cell in cells) == total.held_characters
    assert [cell.year for cell in found.years if cell.year] == list(counted.searcher.stats().years)
    assert all(cell.city is None for cell in found.years)
    assert found.years[-1].year is None


def test_rates_are_shares_of_what_is_held() -> None:
    cell = Cell("四平市", 2021, 3, 5, 1, 100, 20_000, 4)
    assert (cell.per_10k_chars, cell.report_share) == (2.5, 0.25)
    assert Cell("四平市", 2021, 0, 0, 0, 0, 0, 0).per_10k_chars is None
