"""How far the work on each answer is, and when it was asked for last: files that all processes of a server share.

They lie beside the answers that are kept. Where none can be written, a page tells of nothing.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work on an answer is.

    Args:
        seconds: of processor time that it took so far.
        done: the part that is done, 0 to 1; None where it can't be told.
    """

    seconds: float = 0.0
    done: float | None = None


class Progresses:
    """What is told of the work on each answer, and when it was asked for last: for all processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def tell(self, key: str, progress: Progress) -> None:
        new = self._path(key, f"telling-{threading.get_ident()}")
        with suppress(OSError):  # a full disk: the page tells of nothing
            new.write_text(json.dumps(asdict(progress)), "utf-8")
            new.replace(self._path(key, "progress"))

    def look_up(self, key: str) -> Progress:
        try:
            return Progress(**json.loads(self._path(key, "progress").read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return Progress()

    def want(self, key: str) -> None:
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._path(key, "wanted").touch()

    def last_wanted(self, key: str) -> float:
        """When it was asked for last; 0 where that isn't known."""
        try:
            return self._path(key, "wanted").stat().st_mtime
        except OSError:
            return 0.0

    def drop_left(self, seconds: float) -> None:
        """Drop what is older than so many seconds: of a process that died, or of a page that was refused."""
        before = time.time() - seconds
        for name in ("progress", "wanted", "telling-*"):
            for path in self._folder.glob(f"*.{name}"):
                with suppress(OSError):
                    if path.stat().st_mtime < before:
                        path.unlink()

    def forget(self, key: str) -> None:
        for name in ("progress", "wanted"):
            with suppress(OSError):
                self._path(key, name).unlink(missing_ok=True)

    def _path(self, key: str, name: str) -> Path:
        return self._folder / f"{key}.{name}"
