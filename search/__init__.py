"""Xiesou's search: `open_searcher` gives a `Searcher`; a `Query` goes in, a `SearchResult` comes out.

Example:
    from search import Query, open_searcher
    result = open_searcher().search(Query("营商环境", city=("四平市",)))
"""

from __future__ import annotations

from search.addresses import open_collection, open_searcher
from search.answer.searcher import Searcher
from search.collection import Collection
from search.errors import XiesouError
from search.model import Query, SearchResult
from search.settings import Settings

__version__ = "0.1.0"
__all__ = [
    "Collection",
    "Query",
    "SearchResult",
    "Searcher",
    "Settings",
    "XiesouError",
    "open_collection",
    "open_searcher",
]
