"""How much of an index's mapped files is in this process's memory.

What is mapped stays in the system's file cache either way; giving it back costs a page fault where it is read again.
"""

from __future__ import annotations

import os
from pathlib import Path

_STATM = Path("/proc/self/statm")
_SMAPS = Path("/proc/self/smaps")
_SHARED = 2


class Residence:
    """Watches the files of one folder.

    The process's total is known in microseconds, each mapping's part in some milliseconds: so that is asked only where
    the total has grown beyond what other files were last seen to take.
    """

    def __init__(self, folder: Path) -> None:
        self._within = f" {folder.resolve()}/"
        self._others_bytes = 0

    def exceeds(self, limit_bytes: int) -> bool:
        """Whether more than so many bytes of the folder's files are in memory; no, where the system doesn't tell."""
        total = _mapped_bytes()
        if total - self._others_bytes <= limit_bytes:
            return False
        own = self._own_bytes()
        self._others_bytes = total - own
        return own > limit_bytes

    def _own_bytes(self) -> int:
        own, is_own = 0, False
        try:
            with _SMAPS.open(encoding="utf-8", errors="surrogateescape") as lines:
                for line in lines:
                    if line.startswith("Rss:"):
                        own += int(line.split()[1]) * 1024 if is_own else 0
                    elif "-" in line.split(" ", 1)[0]:  # A mapping's own line begins with its addresses.
                        is_own = self._within in line
        except OSError:
            return 0
        return own


def _mapped_bytes() -> int:
    """Bytes of all mapped files that this process holds in memory; 0 where the system doesn't tell."""
    try:
        fields = _STATM.read_bytes().split()
    except OSError:
        return 0
    return int(fields[_SHARED]) * os.sysconf("SC_PAGE_SIZE")
