"""Loading what a server keeps until it ends."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from search.model import Query

if TYPE_CHECKING:
    from search.answer.searcher import Searcher


@contextmanager
def loading() -> Iterator[None]:
    """Load what stays: garbage is not looked for meanwhile, nor ever again among what is there at the end.

    A collection that walks all of it stops everybody for some 40 ms, and loading it sets off several.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def load_language(searcher: Searcher) -> None:
    """Load what every question needs, the dictionary above all; not what only one that finds nothing needs."""
    searcher.search(Query("工作", per_page=1))
