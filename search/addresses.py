"""Addresses of collections: which store an address names, and opening it. The one place that knows all stores."""

from __future__ import annotations

from pathlib import Path

from search.answer.searcher import Searcher
from search.collection import Collection
from search.language.text import Analyzer, load_analyzer
from search.settings import Settings


def open_collection(
    address: str | Path | None = None, *, analyzer: Analyzer | None = None, settings: Settings | None = None
) -> Collection:
    """The collection at an address.

    Args:
        address: a folder; None takes the setting's: `XIESOU_INDEX`, else `index_data/index`.
        analyzer: what queries are read with; the collection must have been built with the same. None loads it.

    Raises:
        StoreError: the collection is missing, damaged or from another version.
    """
    from search.embedded.collection import EmbeddedCollection

    chosen = Settings.from_environment() if settings is None else settings
    if analyzer is None:
        analyzer = load_analyzer(chosen.user_dictionary)
    return EmbeddedCollection(Path(address or chosen.index), analyzer.fingerprint)


def open_searcher(
    address: str | Path | None = None, *, analyzer: Analyzer | None = None, settings: Settings | None = None
) -> Searcher:
    """A searcher over the collection at an address; arguments and errors as `open_collection`'s."""
    chosen = Settings.from_environment() if settings is None else settings
    if analyzer is None:
        analyzer = load_analyzer(chosen.user_dictionary)
    return Searcher(open_collection(address, analyzer=analyzer, settings=chosen), analyzer)
