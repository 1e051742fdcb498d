"""The query string -> values: readable ones become a Query, others name their field."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

import web
from search.errors import QueryError
from search.language.query.signs import MAX_CHARS
from search.model import Query
from web.asked_views import ReportFilter
from web.params import read_report_filter, read_search

Reader = Callable[[str], Query]


@pytest.fixture
def read(app: Flask) -> Reader:
    def read_it(query_string: str) -> Query:
        with app.test_request_context(f"/search?{query_string}"):
            return read_search()

    return read_it


@pytest.mark.parametrize(
    ("query_string", "query"),
    [
        ("", Query()),
        ("q=+营商环境+&unheard=of", Query("营商环境")),
        ("city=四平市&city=辽源市&city=四平市&city=", Query(city=("四平市", "辽源市"))),
        ("city=未知&year=未知", Query(city=(None,), year=(None,))),
        ("year=2023&year=2021..2022&year=未知", Query(year=(2021, 2022, 2023, None))),
        ("year=2024..2023", Query(year=(2023, 2024))),
        ("year_from=2020&year_to=2021", Query(year=(2020, 2021))),
        ("year_from=2020&year_to=", Query(year=(2020,))),
        ("sort=-year&page=3&per_page=100", Query(sort="-year", page=3, per_page=100)),
        ("sort=&page=&per_page=", Query()),
    ],
)
def test_readable_parameters_make_a_query(read: Reader, query_string: str, query: Query) -> None:
    assert read(query_string) == query


@pytest.mark.parametrize(
    ("query_string", "field"),
    [
        ("page=x", "page"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=%C2%B2", "page"),
        ("page=٣", "page"),
        ("page=1000000000", "page"),
        ("page=" + "9" * 5000, "page"),
        ("page=1001", "page"),
        ("per_page=1000", "per_page"),
        ("per_page=0", "per_page"),
        ("sort=foo", "sort"),
        ("year=abc", "year"),
        ("year=٢٠٢٣", "year"),
        ("year=23", "year"),
        ("year=0001..9999", "year"),
        ("year_from=x", "year_from"),
        ("year_to=12", "year_to"),
        ("q=" + "长" * (MAX_CHARS + 1), "q"),
        ("city=" + "长" * (MAX_CHARS + 1), "city"),
        ("&".join(f"city=c{i}" for i in range(201)), "city"),
    ],
)
def test_unreadable_parameters_name_their_field(read: Reader, query_string: str, field: str) -> None:
    with pytest.raises(QueryError) as caught:
        read(query_string)
    assert caught.value.field == field


def test_last_reachable_page_is_read(read: Reader) -> None:
    assert read("page=1000").page == 1000


def test_report_filter_reads_groups_and_order(app: Flask) -> None:
    with app.test_request_context("/reports?city=四平市&year=2023&sort=city&page=2"):
        assert read_report_filter() == ReportFilter(city=("四平市",), year=(2023,), sort="city", page=2)


def test_report_filter_refuses_an_unknown_order(app: Flask) -> None:
    with app.test_request_context("/reports?sort=speaker"), pytest.raises(QueryError, match="sort"):
        read_report_filter()


@pytest.mark.parametrize(
    ("sign", "home"),
    [("request.args", "params.py"), ("Markup(", "markup.py"), ("url_for(", "paths.py urls.py app.py")],
)
def test_each_of_these_is_done_in_one_place(sign: str, home: str) -> None:
    folder = Path(web.__file__).parent
    places = {path.name for path in folder.rglob("*.py") if _uses(path.read_text("utf-8"), sign)}
    assert places <= set(home.split())


def _uses(source: str, sign: str) -> bool:
    """In code, or where a name is called: doctests and docstrings don't count."""
    lines = source.splitlines()
    return any(sign in line and not line.lstrip().startswith((">>>", "Markup('", '"""')) for line in lines)
