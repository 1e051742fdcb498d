"""Addresses of collections: which store an address names, and opening it. The one place that knows all stores."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from pathlib import Path

from search.answer.searcher import Searcher
from search.collection import Collection, CollectionWriter
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


def begin_writing(
    address: str, analyzer: Analyzer, *, rebuild: bool = False, memory_bytes: int | None = None
) -> AbstractContextManager[CollectionWriter]:
    """A run of writing on the collection at `address`; see `search.collection.BeginWriting`."""
    from search.embedded.writing import writer

    return writer.begin_writing(Path(address), analyzer, rebuild=rebuild, memory_bytes=memory_bytes)


def is_file_of(address: str, path: Path) -> bool:
    """Whether a file is one of the collection's own, and so no source of it."""
    from search.embedded.store import is_index_file

    return str(path.parent) == os.path.abspath(address) and is_index_file(path.name)
