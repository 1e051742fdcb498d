"""How much of an index's mapped files is in this process's memory.

What is mapped stays in the system's file cache either way; giving it back costs a page fault where it is read again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from threading import Thread

_STATM = Path("/proc/self/statm")
_SMAPS = Path("/proc/self/smaps")
_SHARED = 2


class Residence:
    """Watches the files of one folder.

    The process's total is known in microseconds. Each mapping's part takes some milliseconds, so that is asked only
    where the total has grown beyond what other files were last seen to take, and by a thread beside what people wait
    for.
    """

    def __init__(self, folder: Path) -> None:
        within = re.escape(os.fsencode(folder.resolve()))
        self._own = re.compile(rb" " + within + rb"/[^\n]*\n(?:[^\n]*\n){0,4}?Rss: +([0-9]+) kB")
        self._others_bytes = 0
        self._thread: Thread | None = None

    def keep_below(self, limit_bytes: int, forget: Callable[[], None]) -> None:
        """Call `forget` beside the caller where the folder's files take more; one call at a time, from one thread."""
        if self._thread is not None and self._thread.is_alive():
            return
        if self.may_exceed(limit_bytes):
            self._thread = Thread(target=self._look, args=(limit_bytes, forget), name="memory", daemon=True)
            self._thread.start()

    def _look(self, limit_bytes: int, forget: Callable[[], None]) -> None:
        if self.exceeds(limit_bytes):
            forget()

    def wait(self) -> None:
        """Wait until what was begun has ended."""
        if self._thread is not None:
            self._thread.join()

    def may_exceed(self, limit_bytes: int) -> bool:
        """Whether `exceeds` is worth asking."""
        return _mapped_bytes() - self._others_bytes > limit_bytes

    def exceeds(self, limit_bytes: int) -> bool:
        """Whether more than so many bytes of the folder's files are in memory; no, where the system doesn't tell."""
        try:
            mappings = _SMAPS.read_bytes()
        except OSError:
            return False
        own = 1024 * sum(int(found[1]) for found in self._own.finditer(mappings))
        self._others_bytes = _mapped_bytes() - own
        return own > limit_bytes


def _mapped_bytes() -> int:
    """Bytes of all mapped files that this process holds in memory; 0 where the system doesn't tell."""
    try:
        fields = _STATM.read_bytes().split()
    except OSError:
        return 0
    return int(fields[_SHARED]) * os.sysconf("SC_PAGE_SIZE")
