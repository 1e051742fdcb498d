"""How much of the mapped files is in this process's memory, and giving it back.

What is mapped stays in the system's file cache either way; giving it back costs a page fault where it is read again.
"""

from __future__ import annotations

import os
from pathlib import Path

_STATM = Path("/proc/self/statm")
_SHARED = 2


def resident_mapped_bytes() -> int:
    """Bytes of mapped files that this process holds in memory; 0 where the system doesn't tell."""
    try:
        fields = _STATM.read_bytes().split()
    except OSError:
        return 0
    return int(fields[_SHARED]) * os.sysconf("SC_PAGE_SIZE")
