"""request.args -> values: the only module that reads the query string.

An invalid parameter raises a `QueryError` that names it; unknown parameters are ignored, empty ones count as absent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from flask import request

from search.answer.concordance import MAX_SAMPLE
from search.answer.context_order import Sample
from search.collection import ReportSort
from search.errors import QueryError
from search.language.query.signs import MAX_CHARS
from search.model import LEVELS, PARTS, YEAR_FIELDS, Axis, Group, Match, Query, Sort
from web import messages as says
from web.asked_views import MEASURES as MEASURES
from web.asked_views import ORDERS as ORDERS
from web.asked_views import PARAGRAPHS as PARAGRAPHS
from web.asked_views import VIEWS as VIEWS
from web.asked_views import ReportFilter as ReportFilter
from web.asked_views import View as View
from web.current_g import current_request
from web.filter_size import refuse_long_filters
from web.time_values import UNKNOWN, distinct, only_known, parse_days, shorten, unreadable, years_of

MAX_VALUE_CHARS = 100
MAX_PER_PAGE = 100
MAX_SUGGESTIONS = 50
MAX_PARAGRAPHS = 1_000_000
MAX_CONTEXT = 100
MAX_SEED = 1_000_000
MAX_HITS = 10_000
"""Hits beyond this rank are counted but can't be paged to."""

SORTS: tuple[Sort, ...] = ("relevance", "-year", "year", "-added", "added")
AXES: tuple[Axis, ...] = ("plan", "delivered")
GROUPS: tuple[Group, ...] = ("", "report")
MATCHES: tuple[Match, ...] = ("phrase", "all")
LANGUAGES = ("zh", "en")
REPORT_SORTS: tuple[ReportSort, ...] = ("-year", "year", "city", "type", "title")

T = TypeVar("T")


def read_view() -> View:
    """The view that the current request asks for.

    Raises:
        QueryError: a parameter is invalid; `field` names it.
    """
    count = read_number("sample", default=0, highest=MAX_SAMPLE)
    seed = read_number("seed", default=1, highest=MAX_SEED)
    sample = Sample(count, seed) if count else None
    order, measure = read_choice("order", ORDERS), read_choice("measure", MEASURES)
    return View(read_choice("view", VIEWS), order, measure, sample)


def read_view_name() -> str:
    """The name of the view that is asked for, unchecked."""
    return read_raw("view").strip()


def read_arguments() -> list[tuple[str, str]]:
    """All parameters, unparsed, in order."""
    return list(request.args.items(multi=True))


def read_language() -> str:
    """The language of the interface; an unknown one falls back to Chinese, since errors are shown in it too."""
    asked = read_raw("lang")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def read_paragraph_number() -> int | None:
    """The number of the cited paragraph; None cites the whole report.

    Raises:
        QueryError: it isn't a number.
    """
    return read_number("n", default=0, highest=MAX_PARAGRAPHS) or None


def read_search() -> Query:
    """The query of the current request.

    Raises:
        QueryError: a parameter is invalid; `field` names it.
    """
    page = read_number("page", default=1, highest=MAX_HITS)
    per_page = read_number("per_page", default=10, highest=MAX_PER_PAGE)
    if page * per_page > MAX_HITS and page > 1:
        raise QueryError(
            says.PAGE_TOO_FAR(page=page, most=MAX_HITS),
            field="page",
            hint=says.NARROW_SEARCH(),
        )
    sort = read_raw("sort") or SORTS[0]
    if sort not in SORTS:
        raise unreadable("sort", sort, says.CHOICES(choices=SORTS))
    return replace(
        read_filters(),
        text=read_text(),
        sort=sort,
        page=page,
        per_page=per_page,
        group=read_choice("group", GROUPS),
        match=read_choice("match", MATCHES),
        **_read_manner(),
        fold=read_choice("fold", ("off", "0", "on", "1")) in ("on", "1"),
    )


def read_asked() -> Query:
    """The query of the current request with its filters, all of it: no page and no order.

    Raises:
        QueryError: a parameter is invalid; `field` names it.
    """
    return replace(read_filters(), text=read_text(), **_read_manner())


def _read_manner() -> dict[str, Any]:
    return {
        "synonyms": read_choice("synonyms", ("on", "1", "off", "0")) in ("on", "1"),
        "axis": read_choice("axis", AXES),
    }


def read_queries() -> list[Query]:
    """The queries of the current request, each with all the filters; empty ones are left out.

    Raises:
        QueryError: a parameter is invalid, or there is no query; `field` names it.
    """
    queries = read_queries_if_any()
    if not queries:
        raise QueryError(says.PARAMETER_MISSING(name="q"), field="q")
    return queries


def read_queries_if_any() -> list[Query]:
    """The same; there may be none.

    Raises:
        QueryError: a parameter is invalid; `field` names it.
    """
    texts = list(dict.fromkeys(text.strip() for text in request.args.getlist("q") if text.strip()))
    if any(len(text) > MAX_CHARS for text in texts):
        raise QueryError(says.VALUE_TOO_LONG(name="q"), field="q")
    asked = replace(read_filters(), **_read_manner())
    return [replace(asked, text=text) for text in texts]


def read_suggest() -> tuple[str, int]:
    """The query typed so far, with trailing spaces, and the number of suggestions.

    Raises:
        QueryError: a parameter is invalid; `field` names it.
    """
    return _read_raw_text().lstrip(), read_number("limit", default=10, highest=MAX_SUGGESTIONS)


def read_filters() -> Query:
    """The filters of the current request alone, of any text.

    Raises:
        QueryError: a parameter can't be read; `field` names it.
    """
    filters = Query(
        city=_read_values("city"),
        province=_read_values("province"),
        year=_read_years("year"),
        type=_read_values("type"),
        plan_year=_read_years("plan_year"),
        level=_read_known("level", LEVELS),
        part=tuple(part for part in _read_known("part", PARTS) if part is not None),
        added=_read_days("added"),
        ocr=read_choice("ocr", ("on", "1", "off", "0")) in ("on", "1"),
        report=tuple(value for value in _read_values("report") if value is not None),
    )
    refuse_long_filters(filters)
    return filters


def read_repeated(name: str) -> list[str]:
    """The values of a parameter, of a posted form or the address, each once, in order."""
    raw = [*request.form.getlist(name), *request.args.getlist(name)]
    return list(dict.fromkeys(value.strip() for value in raw if value.strip()))


def read_pasted() -> str:
    """The text whose source is looked for, from the address or a posted form.

    Raises:
        QueryError: there is none.
    """
    text = read_pasted_if_any()
    if not text.strip():
        raise QueryError(says.PARAMETER_MISSING(name="text"), field="text")
    return text


def read_pasted_if_any() -> str:
    """The same; "" where there is none."""
    text = request.form.get("text", "") or read_raw("text")
    return text.replace("\r\n", "\n")


def read_text() -> str:
    """The query text without surrounding spaces.

    Raises:
        QueryError: it is too long.
    """
    return _read_raw_text().strip()


def read_value(name: str) -> str:
    """A parameter as it was typed, without surrounding spaces; "" where it is absent.

    Raises:
        QueryError: it is longer than a query may be.
    """
    value = read_raw(name).strip()
    if len(value) > MAX_CHARS:
        raise QueryError(says.VALUE_TOO_LONG(name=name), field=name)
    return value


def read_typed() -> str:
    """The text to show in the search box, even if it is no valid query; cut at the longest query."""
    return read_raw("q")[:MAX_CHARS]


def _read_raw_text() -> str:
    text = read_raw("q")
    if len(text) > MAX_CHARS:
        raise QueryError(
            says.TEXT_TOO_LONG(length=len(text), most=MAX_CHARS),
            field="q",
            hint=says.TAKE_SENTENCE(),
        )
    return text


def read_report_filter() -> ReportFilter:
    """The list of reports that the current request asks for.

    Raises:
        QueryError: a parameter is invalid; `field` names it.
    """
    asked = read_raw("sort") or REPORT_SORTS[0]
    sort = next((sort for sort in REPORT_SORTS if sort == asked), None)
    if sort is None:
        raise unreadable("sort", asked, says.CHOICES(choices=REPORT_SORTS))
    return ReportFilter(
        city=_read_values("city"),
        province=_read_values("province"),
        year=_read_years("year"),
        type=_read_values("type"),
        plan_year=_read_years("plan_year"),
        level=_read_known("level", LEVELS),
        sort=sort,
        page=read_number("page", default=1, highest=MAX_HITS),
    )


def read_context() -> int:
    """Characters of context on each side of an occurrence.

    Raises:
        QueryError: it isn't a number within the limits.
    """
    return read_number("context", default=20, highest=MAX_CONTEXT)


def asks_by_year_ends() -> bool:
    """Whether years come from the two fields of a form, whose canonical URL has one parameter."""
    names = (f"{field}_{end}" for field in YEAR_FIELDS for end in ("from", "to"))
    return any(name in request.args for name in names)


def read_choice(name: str, choices: Sequence[T]) -> T:
    """One of the choices; the first if the parameter is absent.

    Raises:
        QueryError: it is none of them.
    """
    raw = read_raw(name).strip()
    if not raw:
        return choices[0]
    found = next((choice for choice in choices if choice == raw), None)
    if found is None:
        raise unreadable(name, raw, says.CHOICES(choices=[str(choice) for choice in choices]))
    return found


def read_number(name: str, *, default: int, highest: int) -> int:
    """A whole number from 1.

    Raises:
        QueryError: it isn't one, or too large.
    """
    raw = read_raw(name).strip()
    if not raw:
        return default
    if not (raw.isascii() and raw.isdigit()):
        raise unreadable(name, raw, says.WHOLE_NUMBER(most=highest))
    if len(raw) > 12 or not 1 <= int(raw) <= highest:
        raise QueryError(says.OUT_OF_RANGE(name=name, value=shorten(raw), most=highest), field=name)
    return int(raw)


def read_raw(name: str) -> str:
    """A parameter as it was sent, of several the first; "" where it is absent.

    Werkzeug's own `get` raises and catches an error for each that is absent, and most are.
    """
    values = current_request().args.getlist(name)
    return values[0] if values else ""


def _read_values(name: str) -> tuple[str | None, ...]:
    raw = [value.strip() for value in request.args.getlist(name)]
    if not raw:
        return ()
    values = distinct([None if value == UNKNOWN else value for value in raw if value], name)
    if any(len(value) > MAX_VALUE_CHARS for value in values if value is not None):
        raise QueryError(says.VALUE_TOO_LONG(name=name), field=name)
    return values


def _read_known(name: str, among: Sequence[str]) -> tuple[str | None, ...]:
    return only_known(_read_values(name), among, name)


def _read_days(name: str) -> tuple[str | None, str | None]:
    return parse_days(read_raw(name).strip(), name)


def _read_years(name: str) -> tuple[int | None, ...]:
    """The years of a parameter, and the range from `<name>_from` to `<name>_to`."""
    first, last = read_raw(f"{name}_from").strip(), read_raw(f"{name}_to").strip()
    values = request.args.getlist(name)
    return years_of(values, first, last, name) if values or first or last else ()
