"""Addresses of collections: which store an address names, and opening it. The one place that knows all stores."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from pathlib import Path

from search.answer.searcher import Searcher
from search.collection import Collection, CollectionWriter
from search.errors import StoreError
from search.language.text import Analyzer, load_analyzer
from search.messages import stores
from search.opensearch.address import is_url, read_address
from search.settings import Address, Settings


def open_collection(
    address: Address | None = None, *, analyzer: Analyzer | None = None, settings: Settings | None = None
) -> Collection:
    """The collection at an address.

    Args:
        address: a folder, or `opensearch+https://user@host:9200/prefix`; None takes the setting's: `XIESOU_INDEX`, else
            `index_data/index`.
        analyzer: what queries are read with; the collection must have been built with the same. None loads it.

    Raises:
        StoreError: the collection is missing, damaged or from another version.
        CollectionUnavailable: its cluster can't be reached.
    """
    chosen = Settings.from_environment() if settings is None else settings
    if analyzer is None:
        analyzer = load_analyzer(chosen.user_dictionary)
    where = address or chosen.index
    if is_url(where):
        from search.opensearch.collection import ClusterCollection

        return ClusterCollection(read_address(str(where)), analyzer)
    from search.embedded.collection import EmbeddedCollection

    return EmbeddedCollection(Path(where), analyzer.fingerprint)


def open_searcher(
    address: Address | None = None, *, analyzer: Analyzer | None = None, settings: Settings | None = None
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
    if is_url(address):
        from search.opensearch import writer as cluster_writer

        return cluster_writer.begin_writing(read_address(address), analyzer, rebuild=rebuild)
    from search.embedded.writing import writer

    return writer.begin_writing(Path(address), analyzer, rebuild=rebuild, memory_bytes=memory_bytes)


def is_file_of(address: str, path: Path) -> bool:
    """Whether a file is one of the collection's own, and so no source of it."""
    if is_url(address):
        return False
    from search.embedded.store import is_index_file

    return str(path.parent) == os.path.abspath(address) and is_index_file(path.name)


def folder_of(address: Address) -> Path:
    """The folder that an address names, for what is done to the files of an index.

    Raises:
        StoreError: it names a cluster.
    """
    if is_url(address):
        raise StoreError(stores.CLUSTER_NO_FOLDER(address=read_address(str(address)).text))
    return Path(address)
