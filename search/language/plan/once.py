"""Remembers what was worked out of a plan: a question's plan is walked by many, for its needles, its size and more."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

_MOST = 64
"""So many objects are remembered with what they gave, then all are forgotten."""

T = TypeVar("T")
V = TypeVar("V")


def once(make: Callable[[T], V]) -> Callable[[T], V]:
    """What a function gives, worked out once for each object, by its identity: to compare plans would walk them too.

    The function must depend on nothing but its argument, which never changes.

    Example:
        >>> size_of = once(len)
        >>> words = ("乡村", "振兴")
        >>> size_of(words), size_of(words)
        (2, 2)
    """
    known: dict[int, tuple[T, V]] = {}

    @wraps(make)
    def made(given: T) -> V:
        found = known.get(id(given))
        if found is None:
            if len(known) >= _MOST:
                known.clear()
            found = known[id(given)] = (
                given,
                make(given),
            )  # The object is held, so its identity stays its own.
        return found[1]

    return made
