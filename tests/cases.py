"""How many random cases a test tries: a part in `make test`, all with `XIESOU_THOROUGH=1`, as in CI."""

from __future__ import annotations

import os

IS_THOROUGH = bool(os.environ.get("XIESOU_THOROUGH"))


def cases(count: int) -> int:
    """A quarter of `count`, but not below 10, unless all are wanted."""
    return count if IS_THOROUGH else max(min(count, 10), count // 4)
