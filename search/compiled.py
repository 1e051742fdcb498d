"""Compiled modules, which are optional: without a C compiler the same is done in Python and NumPy, only slower.

What may not live here: anything that is only compiled. Tests compare each compiled loop with its plain form.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from types import ModuleType

MODULES = (
    "search.answer.rerank._judge",
    "search.embedded.kernel._faults",
    "search.embedded.kernel._occurrences",
    "search.embedded.kernel._page",
    "search.embedded.kernel._postings",
    "search.embedded.kernel._runs",
    "search.instruments._strings",
    "search.instruments._windows",
    "search.language.text._cut",
    "search.language.text._forms",
)
NOT_BUILT = (
    "The inner loops could not be compiled, so searches take half as long again as they could. They want a C "
    "compiler and Python's headers (on Debian or Ubuntu: apt install gcc libc6-dev python3-dev); then: "
    "touch setup.py && make run"
)


def load_compiled(name: str) -> ModuleType | None:
    """A compiled module; None if it was not built, or `XIESOU_COMPILED=0` asks to do without."""
    # The files of an index are little-endian, and compiled loops read them as they lie.
    if sys.byteorder != "little" or os.environ.get("XIESOU_COMPILED") == "0":
        return None
    try:
        return import_module(name)
    except ImportError:
        return None


def is_complete() -> bool:
    """Whether every compiled module is there."""
    return all(load_compiled(name) is not None for name in MODULES)
