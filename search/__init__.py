"""Xiesou's search: `open_searcher` gives a `Searcher`; a `Query` goes in, a `SearchResult` comes out.

Each name is imported when it is first asked for: a command, or a module of this package, loads what it uses.

Example:
    from search import Query, open_searcher
    result = open_searcher().search(Query("营商环境", city=("四平市",)))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_MODULES = {
    "Collection": "search.collection",
    "Query": "search.model",
    "SearchResult": "search.model",
    "Searcher": "search.answer.searcher",
    "Settings": "search.settings",
    "XiesouError": "search.errors",
    "open_collection": "search.addresses",
    "open_searcher": "search.addresses",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_MODULES[name]), name)
    return found
