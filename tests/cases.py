"""How many random cases a test tries: a part in `make test`, all with `XIESOU_THOROUGH=1`, as in CI."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

Value = TypeVar("Value")
IS_THOROUGH = bool(os.environ.get("XIESOU_THOROUGH"))


def cases(count: int, *, least: int = 10) -> int:
    """A sixth of `count`, but not below `least`, unless all are wanted."""
    return count if IS_THOROUGH else max(min(count, least), count // 6)


def some(values: Sequence[Value]) -> Sequence[Value]:
    """Every fifth of many combinations, unless all are wanted."""
    return values if IS_THOROUGH else values[::5]
