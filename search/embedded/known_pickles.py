"""Whoosh's table of contents without the danger of its pickles: of classes, only those of our segments are admitted.

A pickle may name anything that Python can import and have it called. The list of segments is the one pickle in an index
that is read; it names a segment and its codec, and everything else in it is numbers, strings, sets and dictionaries.
"""

from __future__ import annotations

import pickle
from math import inf
from typing import Any

from whoosh.filedb.filestore import RamStorage
from whoosh.filedb.structfile import BufferFile

from search.embedded.codec import ArrayCodec, ArraySegment
from search.embedded.schema import SCORED_FIELDS

_KNOWN = {(kind.__module__, kind.__qualname__): kind for kind in (ArrayCodec, ArraySegment, set)}


class UnknownClass(pickle.UnpicklingError):
    """A pickle names what no index of ours has."""


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        known = _KNOWN.get((module, name))
        if known is None:
            raise UnknownClass(f"{module}.{name}")
        return known


class _File(BufferFile):  # type: ignore[misc]
    def read_pickle(self) -> Any:
        return _Unpickler(self.file).load()


class TocStorage(RamStorage):  # type: ignore[misc]
    """Files in memory, whose pickles are read so."""

    def open_file(self, name: str, *args: Any, **kwargs: Any) -> _File:
        return _File(self.files[name], name=name)


def are_segments(found: object) -> bool:
    """Whether what a list of segments holds is that: our segments, with files that are named after them."""
    return isinstance(found, list) and all(map(_is_segment, found))


def _is_segment(found: object) -> bool:
    if not isinstance(found, ArraySegment):
        return False
    averages = getattr(found, "averages", None)
    if averages is not None and not _are_lengths(averages):
        return False
    names = getattr(found, "checks", None)
    prefix = f"{found.indexname}_{found.segid}."
    return isinstance(names, dict) and all(
        isinstance(name, str) and name.startswith(prefix) and not {"/", "\\", "\0"} & set(name)
        for name in names
    )


def _are_lengths(found: object) -> bool:
    return (
        isinstance(found, dict)
        and found.keys() == set(SCORED_FIELDS)
        and all(isinstance(length, float) and 0 < length < inf for length in found.values())
    )
