"""The loops that most of a search's time goes into, compiled: by module, each None where it was not built.

They are built when Xiesou is installed where a C compiler is found. Without them NumPy or plain Python does the same,
with the same results to the bit; the tests hold the one against the other.

What may not live here: anything that nothing else can do instead.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

NOT_BUILT = (
    "The kernels could not be compiled, so searches take half as long again as they could. They want a C compiler and "
    "Python's headers (on Debian or Ubuntu: apt install gcc libc6-dev python3-dev); then: touch setup.py && make run"
)


def _load(name: str) -> ModuleType | None:
    # What is in the index's files is little-endian, and is read here as it lies.
    if sys.byteorder != "little":
        return None
    try:
        return import_module(f"search.embedded.kernel._{name}")
    except ImportError:
        return None


postings = _load("postings")
page = _load("page")
judging = _load("judging")
text = _load("text")
