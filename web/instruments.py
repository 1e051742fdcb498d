"""The instruments in the API: what a search says beyond its hits. docs/instruments.md has the definitions."""

from __future__ import annotations

from flask import Blueprint

from search.instruments.answers import NumbersAnswer
from search.instruments.numbers import find_numbers
from web import api_parameters as takes
from web.current_searcher import current_engine
from web.i18n import phrase
from web.operations import json_operation
from web.params import read_asked

instruments = Blueprint("instruments", __name__, url_prefix="/api/v1")

_OF_SEARCH = (takes.Q, *takes.FILTERS, takes.REPORT, takes.SYNONYMS)


@instruments.get("/numbers")
@json_operation(phrase("The numbers with a unit in the clauses of a search, promised or done"), _OF_SEARCH)
def numbers() -> NumbersAnswer:
    """The numbers of a search."""
    return find_numbers(current_engine(), read_asked())
