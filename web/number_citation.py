"""A line by which a number can be cited: what was asked, what it found, how that was counted, where and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from search.instruments.answers import Counted
from search.language.query import describe
from search.messages import Message
from search.messages import names as named
from search.messages.words import render
from search.model import YEAR_FIELDS, Counts, Query
from web import messages as says
from web import urls
from web.asked_views import PARAGRAPHS, ReportFilter, View
from web.current_searcher import current_searcher
from web.i18n import current_language
from web.labels import NAMES

_FIELDS = {
    "province": named.FIELD_PROVINCE,
    "city": named.FIELD_CITY,
    "year": named.FIELD_YEAR,
    "plan_year": named.FIELD_PLAN_YEAR,
    "level": named.FIELD_LEVEL,
    "type": named.FIELD_TYPE,
    "part": named.FIELD_PART,
    "report": named.FIELD_REPORT,
}
COUNTED = {"phrase": says.COUNTED_AS_WRITTEN, "all": says.COUNTED_IN_ALL}
"""How each `match` counts."""
AXES = {"plan": says.BY_PLAN_YEAR, "delivered": says.BY_YEAR}


def cite_number(query: Query, counts: Counts, view: View = PARAGRAPHS, *, lang: str = "") -> str:
    """The line to copy, with the address of the first page of what it is said of.

    Args:
        counts: those of `query`.
        view: where they are shown.
        lang: the language of the page where it isn't given.
    """
    searcher = current_searcher()
    line = says.NUMBER_CITED(
        query=describe(searcher.interpret(query).tree),
        paragraphs=counts.paragraphs,
        occurrences=counts.occurrences,
        reports=counts.reports,
        conditions=list(_conditions(query)),
        address=urls.absolute_search_url(query, view, page=1),
        **_state(),
    )
    return render(line, lang or current_language())


def cite_instrument(
    name: Message,
    queries: Sequence[Query],
    counted: Sequence[Counted | Counts],
    address: str,
    *,
    shown: Sequence[Message] = (),
    lang: str = "",
) -> str:
    """The line for what an instrument says of searches with the same filters, each with what it was counted from.

    Args:
        shown: what of it is shown, beside the filters.
        lang: the language of the page where it isn't given.
    """
    said = [
        says.QUERY_COUNTED(
            query=describe(current_searcher().interpret(query).tree),
            paragraphs=one.paragraphs,
            occurrences=one.occurrences,
            reports=one.reports,
        )
        for query, one in zip(queries, counted, strict=True)
    ]
    conditions = [*_conditions(replace(queries[0], match="phrase")), *shown]
    line = says.INSTRUMENT_CITED(
        instrument=name, counted=said, conditions=conditions, address=address, **_state()
    )
    return render(line, lang or current_language())


def cite_reports(name: Message, titles: Sequence[str], address: str, *, lang: str = "") -> str:
    """The line for what an instrument says of reports, or of a text."""
    line = says.REPORTS_CITED(instrument=name, titles=list(titles), address=address, **_state())
    return render(line, lang or current_language())


def _state() -> dict[str, str]:
    return {"version": str(current_searcher().version), "day": date.today().isoformat()}


def name_filters(chosen: Query | ReportFilter) -> Iterator[Message]:
    """The filters that are on, each with its values."""
    for field, name in _FIELDS.items():
        values = getattr(chosen, field, ())
        if values:
            yield says.CITED_FILTER(field=name(), values=_named(field, values))
    if isinstance(chosen, ReportFilter):
        return
    if any(chosen.added):
        days = "–".join(dict.fromkeys(day or "" for day in chosen.added))
        yield says.CITED_FILTER(field=named.FIELD_ADDED(), values=[days])
    if not chosen.ocr:
        yield says.NOT_RECOGNISED()


def _conditions(query: Query) -> Iterator[Message]:
    yield COUNTED[query.match]()
    yield AXES[query.axis]()
    yield from name_filters(query)
    if not query.synonyms and query.match == "all":
        yield says.FORMS_NOT_LOOKED_FOR()


def _named(field: str, values: tuple[str | int | None, ...]) -> list[str | Message | None]:
    if field in YEAR_FIELDS:
        years = tuple(value for value in values if isinstance(value, int))
        runs = [str(a) if a == b else f"{a}–{b}" for a, b in urls.year_runs(years)]
        return [*runs, *([None] if None in values else [])]
    return [None if value is None else NAMES.get(str(value), str(value)) for value in values]
