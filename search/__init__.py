"""Xiesou's search: language, index format, queries and engines.

`open_engine` gives an `Engine`; a `Query` goes in, a `SearchResult` comes out.

Example:
    from search import Query, open_engine
    result = open_engine().search(Query("营商环境", city=("四平市",)))
"""

from __future__ import annotations

from pathlib import Path

from search.answer.base import Engine
from search.errors import XiesouError
from search.model import Query, SearchResult
from search.settings import Settings

__version__ = "0.1.0"
__all__ = ["Engine", "Query", "SearchResult", "Settings", "XiesouError", "open_engine"]


def open_engine(index: Path | None = None, *, settings: Settings | None = None) -> Engine:
    """The engine over an index directory.

    Args:
        index: the directory; where None, the setting's: `XIESOU_INDEX`, else `index_data/index`.

    Raises:
        StoreError: the index is missing, damaged or from another version.
    """
    from search.answer.whoosh_engine import WhooshEngine
    from search.language.text import load_analyzer

    chosen = Settings.from_environment() if settings is None else settings
    return WhooshEngine(index or chosen.index, load_analyzer(chosen.user_dictionary))
