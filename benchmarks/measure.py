"""What indexing costs, watched from outside: seconds, bytes on disk, memory of the whole tree of processes.

Memory is the peak of the proportional set size over what the paragraphs took before. Linux says it; elsewhere it is
left out.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SHOWN = ("Whoosh-Reloaded", "numpy", "rjieba", "tantivy")
_LOOK_SECONDS = 0.1
_SHARE_OF_TIME = 20
"""Looking takes at most one part in so many of the time."""


@dataclass(frozen=True, slots=True)
class Indexing:
    """One peer's indexing of one size. Memory is that beyond the corpus itself; None where it can't be told."""

    peer: str
    paragraphs: int
    text_bytes: int
    seconds: float
    words_seconds: float
    disk_bytes: int
    memory_bytes: int | None


class IndexingFailed(Exception):
    """A peer's process ended with an error; its own words are on the terminal."""


def index_alone(peer: str, folder: Path, corpus: Path, size: int | None) -> Indexing:
    """Index in a process of its own, and watch it.

    Raises:
        IndexingFailed: the process ended with an error.
    """
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "benchmarks.peers", peer, str(folder), str(corpus), str(size or "")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None, "it is a pipe"
        ready = json.loads(process.stdout.readline() or "null")
        watch = MemoryWatch(process.pid)
        before = watch.peak_bytes
        built = json.loads(process.stdout.readline() or "null")
        watch.stop()
    if process.returncode or ready is None or built is None:
        raise IndexingFailed(f"{peer} could not index (exit status {process.returncode})")
    return Indexing(
        peer=peer,
        paragraphs=ready["paragraphs"],
        text_bytes=ready["text_bytes"],
        seconds=built["seconds"],
        words_seconds=built["words_seconds"],
        disk_bytes=sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()),
        memory_bytes=None if before is None or watch.peak_bytes is None else watch.peak_bytes - before,
    )


class MemoryWatch:
    """Looks at the memory of a process and its children from time to time, from a thread."""

    def __init__(self, pid: int) -> None:
        self.peak_bytes = tree_bytes(pid)
        self._pid = pid
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        pause = _LOOK_SECONDS
        while not self._stopped.wait(pause):
            begun = time.perf_counter()
            now = tree_bytes(self._pid)
            if now is not None and self.peak_bytes is not None:
                self.peak_bytes = max(self.peak_bytes, now)
            pause = max(_LOOK_SECONDS, (time.perf_counter() - begun) * _SHARE_OF_TIME)

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()


def tree_bytes(pid: int) -> int | None:
    """The memory of a process and all below it, shared pages counted once; None where that can't be told."""
    own = _proportional_bytes(pid)
    if own is None:
        return None
    return own + sum(tree_bytes(child) or 0 for child in _children(pid))


def tree_seconds(pid: int) -> float | None:
    """The processor time that a process and all below it have taken so far; None where that can't be told."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:  # It has ended, or this is no Linux.
        return None
    ticks = sum(map(int, told.rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK") + sum(tree_seconds(child) or 0.0 for child in _children(pid))


def _proportional_bytes(pid: int) -> int | None:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:  # It has ended, or this is no Linux.
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), None)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found.extend(map(int, task.read_text(encoding="ascii").split()))
        except OSError:  # The thread has ended.
            continue
    return found


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it was measured: no names, only what bears on the figures."""

    cores: int
    processor: str
    memory_gb: float | None
    system: str
    python: str
    load: float | None
    packages: dict[str, str] = field(default_factory=dict)

    def describe(self) -> str:
        memory = "" if self.memory_gb is None else f", {self.memory_gb:.0f} GB of memory"
        load = "" if self.load is None else f", load {self.load:.1f} at the start"
        packages = ", ".join(f"{name} {number}" for name, number in self.packages.items())
        cores = f"{self.cores} core" + "s" * (self.cores != 1)
        return f"{cores} ({self.processor}){memory}{load}; {self.system}, Python {self.python}; {packages}"


def describe_machine() -> Machine:
    import sqlite3

    packages = {}
    for name in _SHOWN:
        try:
            packages[name] = version(name)
        except PackageNotFoundError:
            continue
    packages["SQLite"] = sqlite3.sqlite_version
    return Machine(
        cores=os.cpu_count() or 1,
        processor=_processor(),
        memory_gb=_memory_gb(),
        system=f"{platform.system()} {platform.release().partition('-')[0]}",
        python=platform.python_version(),
        load=os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        packages=packages,
    )


def _processor() -> str:
    table = Path("/proc/cpuinfo")
    lines = table.read_text(encoding="utf-8", errors="replace").splitlines() if table.is_file() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _memory_gb() -> float | None:
    if "SC_PHYS_PAGES" not in getattr(os, "sysconf_names", {}):
        return None
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
