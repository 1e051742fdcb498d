"""What a process of a server is made of: the collection, the application over it, and the gateway before it.

It is made in each process: what it is made from can be pickled.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from web.app import WebConfig, create_app, open_index
from web.current_searcher import EXTENSION, CurrentSearcher
from web.gateway import Gateway
from web.health import tell_readiness
from web.loading import load_language
from web.rate_table import RateTable
from web.turns import Turns


@dataclass(frozen=True, slots=True)
class Composition:
    """Makes a gateway over the application that `config` describes."""

    config: WebConfig

    def __call__(self) -> Gateway:
        config, turns = self.config, Turns(self.config.limits)
        if config.searcher is None:
            searcher = open_index(config.index)
            load_language(searcher)
            config = replace(config, searcher=searcher)
        if config.shared is not None:
            table = RateTable(config.shared / "rates")
            config = replace(config, rates=replace(config.rates, table=table))
        app = create_app(replace(config, turns=turns))
        current: CurrentSearcher = app.extensions[EXTENSION]

        def readiness() -> tuple[int, bytes]:
            status, told = tell_readiness(current.open)
            return status, json.dumps(told, ensure_ascii=False).encode()

        return Gateway(app, config.limits, turns, readiness)


@contextmanager
def shared_folder() -> Iterator[Path]:
    """A folder of the server's own, which all its processes use, and which ends with it."""
    folder = Path(tempfile.mkdtemp(prefix="xiesou-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
