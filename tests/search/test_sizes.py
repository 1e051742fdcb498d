"""Sizes are about right, and caches keep to them, keys included."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from search.language.plan import Term, either
from search.lru import LruCache
from search.model import Query
from search.sizes import deep_bytes

MAKERS: list[Callable[[], Any]] = [
    lambda: "".join(chr(0x4E00 + number) for number in range(5_000)),
    lambda: either([Term("text", f"词{number}") for number in range(2_000)]),
    lambda: [Query(text=f"营商环境{number}") for number in range(300)],
    lambda: {f"a{number}": (f"b{number}",) for number in range(1_000)},
]


@pytest.mark.parametrize("make", MAKERS)
def test_a_size_is_about_what_is_allocated(make: Callable[[], Any]) -> None:
    tracemalloc.start()
    try:
        value = make()
        allocated, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert allocated / 3 < deep_bytes(value) < allocated * 3


def test_what_is_shared_counts_once_and_patterns_count() -> None:
    text = "文" * 1_000
    assert deep_bytes([text] * 50) < 2 * deep_bytes([text])
    assert deep_bytes(re.compile("a|" * 1_000 + "b")) > 10_000


def test_a_cache_is_bounded_by_its_keys_too() -> None:
    cache: LruCache[str, int] = LruCache(most=1_000, size_bytes=100_000, size_of_key=deep_bytes)
    for number in range(500):
        cache.put(f"{number}" + "文" * 2_000, number)
        cache.put(f"{number}" + "文" * 2_000, number)
    assert 0 < len(cache) < 30
    assert cache.held_bytes <= 100_000
    cache.clear()
    assert (len(cache), cache.held_bytes) == (0, 0)
