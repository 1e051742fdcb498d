"""One state, one URL; and what a URL says is read back as the same state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask, request, url_for
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.model import Query
from web import urls
from web.asked_views import ReportFilter, View
from web.hit_urls import make_hit_urls
from web.params import read_search
from web.paths import page_path

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(
    lambda text: text == text.strip() and text != "未知"
)
GROUPS = st.lists(st.none() | WORDS, max_size=3, unique=True).map(tuple)
QUERIES = st.builds(
    Query,
    text=WORDS,
    city=GROUPS,
    type=GROUPS,
    province=GROUPS,
    year=st.lists(st.integers(1990, 2030), max_size=5, unique=True).map(lambda years: tuple(sorted(years))),
    sort=st.sampled_from(["relevance", "year", "-year"]),
    page=st.integers(1, 9),
    per_page=st.integers(1, 100),
)


@given(QUERIES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_state_survives_its_url(app: Flask, query: Query) -> None:
    with app.test_request_context("/"):
        url = urls.search_url(query)
    with app.test_request_context(url):
        assert read_search() == query


@pytest.mark.parametrize(
    ("query", "url"),
    [
        (Query(), "/search"),
        (
            Query("营商环境", city=("四平市",), year=(2021, 2022, 2024, None)),
            "/search?q=营商环境&city=四平市&year=2021..2022&year=2024&year=未知",
        ),
        (Query("a&b=c#d", page=2, sort="year"), "/search?q=a&b=c#d&sort=year&page=2"),
    ],
)
def test_urls_are_readable_and_leave_defaults_out(app: Flask, query: Query, url: str) -> None:
    with app.test_request_context("/"):
        assert unquote(urls.search_url(query)) == url


def test_toggle_adds_takes_away_and_goes_to_page_one() -> None:
    query = Query("x", year=(2023,), page=4)
    more = urls.toggle(query, "year", 2021)
    assert (more.year, more.page) == ((2021, 2023), 1)
    assert urls.toggle(more, "year", 2021).year == (2023,)
    assert urls.toggle(query, "city", None).city == (None,)


def test_report_url_has_anchor_and_query(app: Flask) -> None:
    with app.test_request_context("/"):
        assert urls.report_url("a/b c", n=3) == "/reports/a/b%20c#p3"
        assert unquote(urls.report_url("r", n=1, text="营商")) == "/reports/r?q=营商#p1"
        assert urls.reports_url(ReportFilter()) == "/reports"


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8), st.none() | st.integers(1, 99)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_addresses_are_spelled_as_flask_spells_them(app: Flask, word: str, n: int | None) -> None:
    for language in ("/", "/?lang=en"):
        with app.test_request_context(language):
            anchor = None if n is None else f"p{n}"
            assert urls.report_url(word, n=n, text=word) == url_for(
                "pages.report", report_id=word, q=word, _anchor=anchor
            )
            assert urls.cite_url(word, n=n) == url_for("citations.cite_page", report_id=word, n=n)
            query = Query(word, city=(word, None), page=2)
            assert urls.search_url(query) == url_for("pages.search", **urls.query_args(query))


def test_toggle_urls_are_those_of_their_states(app: Flask) -> None:
    query = Query(
        "营商 环境&", city=("四平市", None), year=(2021, 2022, 2023), page=3, sort="-year", group="report"
    )
    view = View("distribution", measure="rate")
    for language in ("/", "/?lang=en"):
        with app.test_request_context(language):
            for field, values in {
                "city": ("四平市", "长春市", None),
                "year": (2022, 2030),
                "type": ("新闻", None),
                "province": ("吉林省",),
            }.items():
                toggled = urls.make_toggle_urls(query, field, view)
                for value in values:
                    assert toggled(value) == urls.search_url(urls.toggle(query, field, value), view)


@given(QUERIES, st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_urls_with_changes_are_those_of_the_changed_query(app: Flask, query: Query, is_english: bool) -> None:
    changes: list[dict[str, Any]] = [
        {"page": 1, "sort": "year"},
        {"page": query.page + 1},
        {"match": "all", "axis": "delivered"},
        {"ocr": False, "synonyms": False, "fold": True, "group": "report"},
    ]
    view = View("distribution", measure="rate")
    with app.test_request_context("/?lang=en" if is_english else "/"):
        for changed in changes:
            assert urls.search_url(query, view, **changed) == urls.search_url(replace(query, **changed), view)
        assert urls.unfiltered_url(query, view) == urls.search_url(urls.without_filters(query), view)
        for field, values in (("city", [*query.city, "长春市", None]), ("year", [2021, *query.year, 1999])):
            toggled = [urls.search_url(urls.toggle(query, field, value)) for value in values]
            (before, behind), own = urls.spell_toggles(query, field, values)
            assert toggled == [
                url if value in getattr(query, field) else f"{before}{url}{behind}"
                for value, url in zip(values, own, strict=True)
            ]


@given(WORDS, st.sampled_from([1, 2, 3]), st.sampled_from(["", "营商 环境", "长" * 100, "a&b"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_urls_of_a_hit_are_those_of_its_paragraph(app: Flask, report_id: str, tier: int, text: str) -> None:
    for language in ("/", "/?lang=en"):
        with app.test_request_context(language):
            assert make_hit_urls(text)(report_id, 7, tier) == (
                urls.report_url(report_id, n=7, text=text, tier=tier),
                urls.report_url(report_id, n=7),
                urls.cite_url(report_id, n=7),
            )


def test_value_urls_are_those_of_one_value(app: Flask) -> None:
    query = Query("营商", city=("四平市",), year=(2021, 2022), page=3, group="report")
    with app.test_request_context("/?lang=en"):
        for field, value in (("city", "长春市"), ("city", "四平市"), ("year", 2021), ("year", None)):
            chosen = urls.with_values(query, field, (value,))
            assert urls.make_value_urls(query, field)(value) == urls.search_url(chosen)


def test_absolute_urls_are_spelled_as_flask_spells_them(app: Flask) -> None:
    query = Query("营商 环境&", city=("四平市", None), year=(2021, 2022), page=3)
    for root, host, asked in [("", "a.example", "?lang=en"), ("/ab", "b.example:81", "")] * 2:
        with app.test_request_context(
            f"/search{asked}", base_url=f"https://{host}", environ_overrides={"SCRIPT_NAME": root}
        ):
            flask = url_for("pages.search", lang=None, _external=True, **urls.query_args(query))
            assert urls.absolute_search_url(query) == flask
            assert urls.absolute_search_url(query, page=1) == flask.replace("&page=3", "")
            assert urls.oembed_url() == url_for(
                "oembed.oembed", _external=True, url=request.url, format="json"
            )


def test_paths_are_kept_apart_by_prefix_and_language(app: Flask) -> None:
    for root, asked in [(root, asked) for root in ("", "/ab") for asked in ("", "?lang=en")] * 2:
        with app.test_request_context(f"/{asked}", environ_overrides={"SCRIPT_NAME": root}):
            assert page_path("pages.reports") == url_for("pages.reports")
            assert page_path("pages.reports").startswith(f"{root}/reports")
            assert page_path("pages.reports").endswith(asked)
            assert urls.report_url("甲") == url_for("pages.report", report_id="甲")
            assert urls.suggest_url() == url_for("api.suggest")
