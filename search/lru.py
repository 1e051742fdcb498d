"""A cache of what was used last, bounded by entries or bytes. Safe to use from several threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakSet

_CACHES: WeakSet[LruCache[Any, Any]] = WeakSet()

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class LruCache(Generic[K, V]):
    """Keeps values by key and drops those unused for longest.

    Looking up takes no lock: each step on the dict is atomic, and a value that another thread drops in between is
    merely made again. Until a cache is half full, the order of use is not kept: nothing will be dropped soon.

    Args:
        most: entries at most.
        size_bytes: what all entries may take together; one that takes over a quarter of it is not kept.
        size_of, size_of_key: what a value and its key take.
    """

    def __init__(
        self,
        *,
        most: int,
        size_bytes: int | None = None,
        size_of: Callable[[V], int] | None = None,
        size_of_key: Callable[[K], int] | None = None,
    ) -> None:
        self._most, self._size_bytes = most, size_bytes
        self._size_of, self._size_of_key = size_of, size_of_key
        self._held: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._held_bytes = 0
        self._is_crowded = False
        self._lock = Lock()
        _CACHES.add(self)

    def get(self, key: K) -> V | None:
        """The value kept under `key`, or None."""
        held = self._held.get(key)
        if held is None:
            return None
        if self._is_crowded:
            with suppress(KeyError):  # dropped by another thread since
                self._held.move_to_end(key)
        return held[0]

    def get_all(self, keys: Sequence[K]) -> list[V | None]:
        """The values kept under some keys, each None where there is none."""
        held = list(map(self._held.get, keys))
        if self._is_crowded:
            for key, found in zip(keys, held, strict=True):
                if found is not None:
                    with suppress(KeyError):
                        self._held.move_to_end(key)
        return [None if found is None else found[0] for found in held]

    def put(self, key: K, value: V) -> V:
        """Keep a value and give it back."""
        most = self._size_bytes
        size = 0
        if most is not None:
            if self._size_of is not None:
                size = self._size_of(value)
            if self._size_of_key is not None:
                size += self._size_of_key(key)
            if size * 4 > most:
                return value
        held = self._held
        with self._lock:
            before = held.pop(key, None)  # A key is hashed as seldom as may be: some walk whole plans.
            held[key] = value, size
            total = self._held_bytes + (size if before is None else size - before[1])
            while len(held) > self._most or (most is not None and total > most):
                total -= held.popitem(last=False)[1][1]
            self._held_bytes = total
            self._is_crowded = 2 * len(held) > self._most or (most is not None and 2 * total > most)
        return value

    def get_or_make(self, key: K, make: Callable[[], V]) -> V:
        """The value kept under `key`; made, and kept, if there is none."""
        value = self.get(key)
        return self.put(key, make()) if value is None else value

    def clear(self) -> None:
        """Drop everything."""
        if not self._held:
            return
        with self._lock:
            self._held.clear()
            self._held_bytes = 0

    @property
    def held_bytes(self) -> int:
        """What all entries take together."""
        return self._held_bytes

    def __len__(self) -> int:
        return len(self._held)


def measure_caches() -> tuple[int, int]:
    """Entries of all `LruCache`s of this process, and bytes of those that are bounded by bytes."""
    caches = list(_CACHES)
    return sum(map(len, caches)), sum(cache.held_bytes for cache in caches)
