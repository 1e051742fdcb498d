"""What a process that answers tells of itself: that it lives, and whether it is ready. `web.door` reads it."""

from __future__ import annotations

import os
from pathlib import Path

from web.door import SIGN

BEAT_SECONDS = 1.0
HUNG_SECONDS = 30.0
"""A process that shows no sign of life for so long is taken for hung."""


class Heartbeat:
    """The file of this process among `folder`'s."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"{SIGN}{os.getpid()}"
        self._told: tuple[int, bytes] | None = None

    def beat(self) -> None:
        """This process lives."""
        self._path.parent.mkdir(parents=True, exist_ok=True)  # what tidies /tmp may have taken it
        self._path.touch()

    def tell(self, status: int, body: bytes) -> None:
        """So it answers /readyz."""
        if (status, body) == self._told:
            return
        new = self._path.with_name(f"new-{self._path.name}")
        new.write_bytes(b"%d\n%s" % (status, body))
        new.replace(self._path)
        self._told = (status, body)
