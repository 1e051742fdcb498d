"""What was found once and may be asked again, kept in a plain dict that several threads use."""

from __future__ import annotations

from typing import TypeVar

_K = TypeVar("_K")
_V = TypeVar("_V")


def keep(kept: dict[_K, _V], key: _K, value: _V, *, most: int) -> _V:
    """Keep a value and give it back; all others are let go where there are `most` already.

    Whoever looks for a key asks `kept.get`: another thread may let go of it at any time.
    """
    if len(kept) >= most:
        kept.clear()
    kept[key] = value
    return value
