"""How much of what a reader has mapped is in this process's memory.

What is mapped stays in the system's file cache either way; giving it back costs a page fault where it is read again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import Path
from threading import Thread
from typing import Protocol

_STATM = Path("/proc/self/statm")
_SMAPS = Path("/proc/self/smaps")
_MAPPING = re.compile(rb"^([0-9a-f]+)-[0-9a-f]+ [^\n]*\n(?:[^\n]*\n){0,4}?Rss: +([0-9]+) kB", re.MULTILINE)
"""A mapping's address and how many kilobytes of it are in memory."""
_SHARED = 2


class Mapped(Protocol):
    """Something that reads mapped files."""

    def mapped_at(self) -> Collection[int]:
        """The addresses at which its files are mapped."""

    def forget_pages(self) -> None:
        """Let the system take back the memory of what was read of them."""


class Residence:
    """Watches what one reader has mapped, whatever else the process maps, of the same files too.

    The process's total is known in microseconds. Each mapping's part takes some milliseconds, so that is asked only
    where the total has grown beyond what others were last seen to take, and by a thread beside what people wait for.
    """

    def __init__(self) -> None:
        self._others_bytes = 0
        self._thread: Thread | None = None

    def keep_below(self, limit_bytes: int, held: Mapped) -> None:
        """Have `held` give its memory back, beside the caller, where it takes more; one at a time, from one thread."""
        if self._thread is not None and self._thread.is_alive():
            return
        if self.may_exceed(limit_bytes):
            self._thread = Thread(target=self._look, args=(limit_bytes, held), name="memory", daemon=True)
            self._thread.start()

    def _look(self, limit_bytes: int, held: Mapped) -> None:
        if self.exceeds(limit_bytes, held):
            held.forget_pages()

    def wait(self) -> None:
        """Wait until what was begun has ended."""
        if self._thread is not None:
            self._thread.join()

    def may_exceed(self, limit_bytes: int) -> bool:
        """Whether `exceeds` is worth asking."""
        return _mapped_bytes() - self._others_bytes > limit_bytes

    def exceeds(self, limit_bytes: int, held: Mapped) -> bool:
        """Whether more than so many bytes of what `held` maps are in memory; no, where the system doesn't tell."""
        try:
            mappings = _SMAPS.read_bytes()
        except OSError:
            return False
        own = frozenset(held.mapped_at())
        sizes = (int(found[2]) for found in _MAPPING.finditer(mappings) if int(found[1], 16) in own)
        own_bytes = 1024 * sum(sizes)
        self._others_bytes = _mapped_bytes() - own_bytes
        return own_bytes > limit_bytes


def _mapped_bytes() -> int:
    """Bytes of all mapped files that this process holds in memory; 0 where the system doesn't tell."""
    try:
        fields = _STATM.read_bytes().split()
    except OSError:
        return 0
    return int(fields[_SHARED]) * os.sysconf("SC_PAGE_SIZE")
