"""Regular expressions that are compiled when they are first used: most of an instrument's are needed by it alone."""

from __future__ import annotations

import re
from typing import Any, cast


class _LazyPattern:
    """Stands for a pattern. What it is asked for is kept here, so that it is asked through Python once."""

    def __init__(self, text: str, flags: int) -> None:
        self._given = text, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._given), name)  # `re` keeps what it compiled
        setattr(self, name, found)
        return found


def lazy_pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`, done at the first use.

    Example:
        >>> lazy_pattern("一+").sub("1", "一一二")
        '1二'
    """
    return cast("re.Pattern[str]", _LazyPattern(text, flags))
