"""What a worker may take before it is ended: far more than any bound of work lets a file ask for.

Processor time counts from the last progress (a page, a row, a member, a document was read), so a long file has all the
time that it needs, and load makes no difference. The system ends a worker that takes more, also within a library that
never comes back; where it can't do that, nothing is limited.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from typing import Any

resource: Any = import_module("resource") if os.name == "posix" else None

OUT_OF_TIME = -int(getattr(signal, "SIGXCPU", 0)) or None
"""The exit code of a worker that took too long."""
_STACK_BYTES = 64 << 20

_idle_cpu_s = 0


def limit_process(*, idle_cpu_s: int, memory_mb: int) -> None:
    """Limit this process, a worker, from now on. It can't be undone."""
    global _idle_cpu_s
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform.startswith("linux"):  # elsewhere the limit means something else, or nothing
        _lower(resource.RLIMIT_DATA, _data_bytes() + (memory_mb << 20))
    _idle_cpu_s = idle_cpu_s
    made_progress()


def made_progress() -> None:
    """Say that one more piece was read: the time that may pass without progress begins anew."""
    if not _idle_cpu_s:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + _idle_cpu_s + 1)


def _lower(kind: Any, limit: int) -> None:
    """Set a soft limit, at most the hard one."""
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _data_bytes() -> int:
    """What the process has of writable memory, with room for the stacks of its threads."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[5]) * os.sysconf("SC_PAGE_SIZE") + _STACK_BYTES
