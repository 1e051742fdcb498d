"""The researcher's instruments: what a search says beyond its hits.

A `Searcher` and a query (or a report) go in, a value of `search.instruments.answers` comes out; `rows` makes plain
dictionaries of it. Instruments stand above the seam: they ask the Searcher and its views, never a store.
"""

from __future__ import annotations

from search.instruments.collocates import find_collocates
from search.instruments.compare import compare_queries
from search.instruments.diff import diff_reports
from search.instruments.keywords import choose_sides, find_keywords
from search.instruments.match_text import match_text
from search.instruments.numbers import find_numbers
from search.instruments.reuse import find_reuse
from search.instruments.rows import rows
from search.instruments.spread import find_spread

__all__ = [
    "choose_sides",
    "compare_queries",
    "diff_reports",
    "find_collocates",
    "find_keywords",
    "find_numbers",
    "find_reuse",
    "find_spread",
    "match_text",
    "rows",
]
