"""About how much memory a value takes: for caches that are bounded by bytes."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any

from msgspec import Struct

_OBJECT_BYTES = 64
_REFERENCE_BYTES = 8
_PATTERN_BYTES = 32
"""What a character of a pattern takes once it is compiled."""


def deep_bytes(value: Any) -> int:
    """About how many bytes a value takes with all that it refers to, each counted once.

    It looks into strings, collections, patterns and data classes; anything else counts as one small object.

    Example:
        >>> deep_bytes("文" * 1000) > 2000
        True
    """
    seen: set[int] = set()
    total, waiting = 0, [value]
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        total += _OBJECT_BYTES
        if isinstance(each, (str, bytes)):
            total += 2 * len(each)
        elif isinstance(each, (tuple, list, set, frozenset)):
            total += _REFERENCE_BYTES * len(each)
            waiting += each
        elif isinstance(each, dict):
            total += 3 * _REFERENCE_BYTES * len(each)
            waiting += each
            waiting += each.values()
        elif isinstance(each, re.Pattern):
            total += _PATTERN_BYTES * len(each.pattern)
        elif isinstance(each, Struct) or (is_dataclass(each) and not isinstance(each, type)):
            names = _names(type(each))
            total += _REFERENCE_BYTES * len(names)
            waiting += [getattr(each, name) for name in names]
    return total


@lru_cache(maxsize=256)
def _names(kind: type[Any]) -> tuple[str, ...]:
    if issubclass(kind, Struct):
        return kind.__struct_fields__
    return tuple(each.name for each in fields(kind))
