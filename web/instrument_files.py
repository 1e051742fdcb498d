"""Files of the instruments: /spread.csv has the first table, /spread.xlsx all of them and what was asked."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response

from search.instruments.answers import Counted
from search.instruments.spread import find_spread
from search.messages import Message
from search.model import Query
from web import instrument_tables as tables
from web import messages as says
from web import urls
from web.asked_views import View
from web.current_searcher import current_engine
from web.number_citation import cite_instrument
from web.params import LANGUAGES, read_asked
from web.table_files import Table, send_csv, send_workbook

instrument_files = Blueprint("instrument_files", __name__)

_KINDS = "<any(csv, xlsx):kind>"


@instrument_files.get(f"/spread.{_KINDS}")
def spread(kind: str) -> Response:
    """First mentions: a row each place, said or not."""
    query = read_asked()

    def make() -> list[Table]:
        answer = find_spread(current_engine(), query)
        where = urls.absolute_search_url(query, View("spread"))
        asked = _asked(says.SPREAD_NAME(), query, answer.counted, where)
        return tables.spread_tables(answer, asked, urls.make_paragraph_urls())

    return _send(kind, make, "spread")


def _asked(name: Message, query: Query, counted: Counted, where: str) -> tables.Asked:
    return query.text, where, cite_instrument(name, [query], [counted], where, lang=LANGUAGES[0])


def _send(kind: str, make: Callable[[], list[Table]], name: str) -> Response:
    """The tables as a workbook, or the first as CSV."""
    if kind == "xlsx":
        return send_workbook(make, f"xiesou-{name}.xlsx")
    table = make()[0]
    return send_csv(table.columns, lambda: table.rows, f"xiesou-{name}.csv")
