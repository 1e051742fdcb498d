"""The lease of a run of writing: a document that says whose it is, renewed while the run lives.

A killed run renews it no more: the next one takes it over at once where it can see that the process is gone, else when
it was not renewed for a while. Clocks are not compared; what counts is whether the beat changes while one looks.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from contextlib import suppress
from typing import Any

from search.errors import IndexLocked, XiesouError
from search.messages import stores
from search.opensearch.client import ClusterClient, Conflict

_BEAT_SECONDS = 2.0
_STALE_SECONDS = 15.0
_ALIVE: set[str] = set()
"""Leases that this process holds."""


class Lease:
    """Holds the lease of a collection until `release`.

    Raises:
        IndexLocked: another run holds it.
    """

    def __init__(self, client: ClusterClient) -> None:
        self._client = client
        self._path = f"/{client.address.prefix}-lease/_doc/lease"
        self._owner, self._beat, self._is_lost = secrets.token_hex(8), 0, False
        self._ended = threading.Event()
        self._make_index()
        self._take()
        _ALIVE.add(self._owner)
        self._thread = threading.Thread(target=self._renew, daemon=True)
        self._thread.start()

    def _make_index(self) -> None:
        name = self._path.split("/")[1]
        if self._client.ask("GET", f"/{name}/_settings", absent={}):
            return
        settings = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
        body = {"settings": settings, "mappings": {"dynamic": False}}
        with suppress(Conflict):
            try:
                self._client.ask("PUT", f"/{name}", body)
            except XiesouError:
                if not self._client.ask("GET", f"/{name}/_settings", absent={}):
                    raise

    def _take(self) -> None:
        until = time.monotonic() + _STALE_SECONDS
        first: Any = None
        while True:
            held = self._client.ask("GET", self._path, absent={"found": False})
            if not held.get("found"):
                return self._write({"op_type": "create"})
            said = held["_source"]
            place = {"if_seq_no": held["_seq_no"], "if_primary_term": held["_primary_term"]}
            if _is_gone(said) or (first == (said["owner"], said["beat"]) and time.monotonic() > until):
                return self._write(place)
            if said["owner"] in _ALIVE or (first is not None and first != (said["owner"], said["beat"])):
                raise IndexLocked(
                    stores.COLLECTION_LOCKED(address=self._client.address.text), hint=stores.WAIT_FOR_RUN()
                )
            first = (said["owner"], said["beat"])
            time.sleep(_BEAT_SECONDS / 4)

    def _write(self, place: dict[str, Any]) -> None:
        self._beat += 1
        said = {"owner": self._owner, "beat": self._beat, "host": socket.gethostname(), "pid": os.getpid()}
        try:
            answer = self._client.ask("PUT", self._path, said, **place)
        except Conflict as error:
            raise IndexLocked(
                stores.COLLECTION_LOCKED(address=self._client.address.text), hint=stores.WAIT_FOR_RUN()
            ) from error
        self._place = {"if_seq_no": answer["_seq_no"], "if_primary_term": answer["_primary_term"]}

    def _renew(self) -> None:
        while not self._ended.wait(_BEAT_SECONDS):
            try:
                self._write(self._place)
            except IndexLocked:
                self._is_lost = True
                return
            except XiesouError:
                continue  # the cluster can't be reached; `check` finds out

    def check(self) -> None:
        """Make sure that the lease is still held.

        Raises:
            IndexLocked: another run took it over.
        """
        held = self._client.ask("GET", self._path, absent={"found": False})
        if self._is_lost or not held.get("found") or held["_source"]["owner"] != self._owner:
            raise IndexLocked(stores.CLUSTER_LEASE_LOST(address=self._client.address.text))

    def release(self) -> None:
        """Give it back."""
        self._ended.set()
        self._thread.join()
        _ALIVE.discard(self._owner)
        with suppress(XiesouError):
            self._client.ask("DELETE", self._path, absent={}, patience_s=5.0, **self._place)


def _is_gone(said: dict[str, Any]) -> bool:
    """Whether the process that holds a lease certainly lives no more."""
    if said["host"] != socket.gethostname():
        return False
    if said["pid"] == os.getpid():
        return said["owner"] not in _ALIVE
    try:
        os.kill(int(said["pid"]), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False
