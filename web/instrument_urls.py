"""Addresses of the instruments: their pages, their files, their answers as JSON.

An instrument has one name and one set of parameters: /compare, /compare.csv, /api/v1/compare.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from search.model import Query
from web import urls

INSTRUMENTS = ("spread.", "compare", "collocates", "keywords", "numbers", "reuse", "diff", "match-text")
"""What the paths of pages and files begin with; first mentions are a view of a search."""

_OF_REPORTS = ("reuse", "diff")

Arguments = Mapping[str, Any]


def page_url(name: str, args: Arguments, *, is_external: bool = False) -> str:
    """The page of an instrument."""
    blueprint = "report_instruments" if name in _OF_REPORTS else "instrument_pages"
    if not is_external:
        return urls.page_url(f"{blueprint}.{name}", dict(args))
    return urls.endpoint_url(f"{blueprint}.{name}", is_external=True, **_spelled(args, True))


def search_page_url(name: str, query: Query) -> str:
    """The page of an instrument that takes a search as it is."""
    return urls.instrument_url(f"instrument_pages.{name}", query)


def file_url(name: str, file_type: str, args: Arguments) -> str:
    """Its file, csv or xlsx."""
    return urls.endpoint_url(f"instrument_files.{name}", file_type=file_type, **_spelled(args, True))


def json_url(name: str, args: Arguments) -> str:
    """Its answer as JSON."""
    return urls.endpoint_url(f"instruments.{name}", **_spelled(args, True))


def asked_args(query: Query, **others: Any) -> dict[str, Any]:
    """The parameters of a search that an instrument takes: without order, pages and groups."""
    args = {name: value for name, value in urls.query_args(query).items() if name in _TAKEN}
    return {**args, **{name: value for name, value in others.items() if value}}


def form_fields(args: Arguments) -> list[tuple[str, str]]:
    """Parameters as the hidden fields of a form."""
    fields = []
    for name, value in args.items():
        fields += [(name, str(one)) for one in (value if isinstance(value, list) else [value])]
    return fields


def compare_args(queries: Sequence[Query], **others: Any) -> dict[str, Any]:
    """The parameters of several searches with the same filters."""
    return {**asked_args(queries[0], **others), "q": [query.text for query in queries]}


def paragraph_url(report: str, paragraph: str, text: str = "") -> str:
    """A paragraph in its report, by its id."""
    number = paragraph.rpartition("-p")[2]
    return urls.report_url(report, n=int(number) if number.isdigit() else None, text=text)


_TAKEN = (
    "q",
    "city",
    "province",
    "year",
    "type",
    "plan_year",
    "level",
    "part",
    "report",
    "added",
    "ocr",
    "synonyms",
    "axis",
)


def _spelled(args: Arguments, without_language: bool) -> dict[str, Any]:
    return {**args, "lang": None} if without_language else dict(args)
