"""Loading what a server keeps until it ends."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from search.model import Query

if TYPE_CHECKING:
    from search.answer.searcher import Searcher


_LOOKED_AT = 10_000
"""So many objects are made and kept before the youngest are looked at for garbage; Python's own number is 700.

A page makes over a thousand objects that go with it. To walk them once or twice a page takes a twentieth of its time.
"""


def keep_loaded() -> None:
    """Have the garbage collector leave what is there alone for ever, and look at what is new less often."""
    gc.freeze()
    gc.set_threshold(_LOOKED_AT)


@contextmanager
def loading() -> Iterator[None]:
    """Load what stays: garbage is not looked for meanwhile, nor ever again among what is there at the end.

    A collection that walks all of it stops everybody for some 40 ms, and loading it sets off several.
    """
    gc.disable()
    try:
        yield
    finally:
        keep_loaded()
        gc.enable()


def load_language(searcher: Searcher) -> None:
    """Load what every question needs, the dictionary above all; not what only one that finds nothing needs."""
    searcher.search(Query("工作", per_page=1))
