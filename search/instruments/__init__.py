"""The researcher's instruments: what a search says beyond its hits.

A `Searcher` and a query (or a report) go in, a value of `search.instruments.answers` comes out; `rows` makes plain
dictionaries of it. Instruments stand above the seam: they ask the Searcher and its views, never a store.
"""

from __future__ import annotations

from search.instruments.numbers import find_numbers

__all__ = ["find_numbers"]
