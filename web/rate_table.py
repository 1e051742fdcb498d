"""How much each client has asked of late: a table in memory that all processes of a server share.

A key's debt grows by what a request costs and shrinks with time (the generic cell rate algorithm: one number a key).
The table is a mapped file of fixed size, so that no number of clients makes it grow; where it is crowded, the smallest
debt is forgotten, which lets somebody ask too much and nobody too little. The library limits shares its counts between
processes only by Redis, Memcached, MongoDB or etcd: a second server to run, for 2 MB that a file holds.

Source: ITU-T I.371, annex A (GCRA as a virtual scheduling algorithm).
"""

from __future__ import annotations

import mmap
import os
import secrets
import struct
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where a server is one process
    fcntl = None  # type: ignore[assignment]

WINDOW_S = 60.0
"""What a client has not asked for is kept for this long, and may then be asked for at once."""
_SECRET_BYTES = 32
_WAYS = 8
_SLOT = struct.Struct("<Qd")
"""The key's hash, and when its debt is paid."""


class RateTable:
    """Debts by key.

    Args:
        path: the file, by which processes that don't inherit the table share it; None for one without a name.
        slots: how many keys are told apart, a multiple of 8.
        clock: in seconds, the same in all processes.
    """

    def __init__(
        self, path: Path | None = None, *, slots: int = 1 << 17, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._descriptor = _open(path)
        self._sets = slots // _WAYS
        self._clock = clock
        self._lock = threading.Lock()
        size = _SECRET_BYTES + slots * _SLOT.size
        with self._locked():
            if os.fstat(self._descriptor).st_size < size:
                os.ftruncate(self._descriptor, size)
                os.write(self._descriptor, secrets.token_bytes(_SECRET_BYTES))
            self._held = mmap.mmap(self._descriptor, size)
        self._secret = self._held[:_SECRET_BYTES]
        weakref.finalize(self, os.close, self._descriptor)

    def take(self, key: str, cost: float, *, per_minute: float) -> float:
        """Take `cost` of what `key` may ask for; 0 where that much was left, else the seconds until it is.

        A request that costs more than a minute has takes the whole minute.
        """
        needed = min(cost * 60 / per_minute, WINDOW_S)
        name = self._hash(key)
        with self._locked():
            now = self._clock()
            at, paid = self._find(name, now)
            debt = min(max(paid - now, 0.0), WINDOW_S)
            wait = debt + needed - WINDOW_S
            if wait > 1e-6:
                return wait
            _SLOT.pack_into(self._held, at, name, now + debt + needed)
        return 0.0

    def _find(self, name: int, now: float) -> tuple[int, float]:
        """The place of a name and when its debt is paid; if it has none, the place of the smallest debt near it."""
        first = _SECRET_BYTES + name % self._sets * _WAYS * _SLOT.size
        places = range(first, first + _WAYS * _SLOT.size, _SLOT.size)
        debts = [(_SLOT.unpack_from(self._held, at), at) for at in places]
        for (held, paid), at in debts:
            if held == name:
                return at, paid
        return min(debts, key=lambda debt: debt[0][1])[1], now

    def _hash(self, key: str) -> int:
        """Keyed, so that nobody can choose addresses that share places with another's."""
        digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8, key=self._secret).digest()
        return int.from_bytes(digest, "little") or 1

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One thread of one process at a time."""
        with self._lock:
            if fcntl is not None:
                fcntl.lockf(self._descriptor, fcntl.LOCK_EX)
            try:
                yield
            finally:
                if fcntl is not None:
                    fcntl.lockf(self._descriptor, fcntl.LOCK_UN)


def _open(path: Path | None) -> int:
    if path is not None:
        return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    descriptor, name = tempfile.mkstemp(prefix="xiesou-rates-")
    if fcntl is not None:  # elsewhere an open file can't be removed
        os.unlink(name)
    return descriptor
