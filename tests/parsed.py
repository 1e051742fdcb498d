"""Python sources as trees, for the tests that read the code: each is parsed once."""

from __future__ import annotations

import ast
from functools import cache


@cache
def parsed(source: str) -> ast.Module:
    """The tree of a module's source; nobody may change it."""
    return ast.parse(source)
