"""Sending documents: some bulks on their way at a time, each sent again for what was refused in it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from search.errors import CollectionUnavailable, StoreError
from search.messages import stores
from search.opensearch.client import ClusterClient

_SENDERS = 4
_MOST_DOCUMENTS = 500
_MOST_BYTES = 4 << 20
_PATIENCE_SECONDS = 1_800.0
"""How long documents are sent again. A node that has the only copy of what a run wrote may take minutes to come back:
it has to write again all that it had not flushed."""
_ANSWER_SECONDS = 120.0
_LATER = frozenset((429, 500, 502, 503, 504))


class Bulk:
    """Writes documents into an index. Whoever adds waits while too many bulks are on their way."""

    def __init__(self, client: ClusterClient, index: str) -> None:
        self._client, self._path = client, f"/{index}/_bulk"
        self._lines: list[tuple[bytes, bytes]] = []
        self._size_bytes = 0
        self._sent: list[Future[None]] = []
        self._senders = ThreadPoolExecutor(_SENDERS)

    def add(self, document_id: str, routing: str, document: Mapping[str, Any]) -> None:
        """Write a document, now or with the next bulk."""
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        self._put({"index": {"_id": document_id, "routing": routing}}, body)

    def delete(self, document_id: str, routing: str) -> None:
        """Delete a document, now or with the next bulk."""
        self._put({"delete": {"_id": document_id, "routing": routing}}, b"")

    def _put(self, action: Mapping[str, Any], body: bytes) -> None:
        self._lines.append((json.dumps(action, ensure_ascii=False).encode(), body))
        self._size_bytes += len(body)
        if len(self._lines) >= _MOST_DOCUMENTS or self._size_bytes >= _MOST_BYTES:
            self._send()

    def _send(self) -> None:
        lines, self._lines, self._size_bytes = self._lines, [], 0
        while len(self._sent) >= 2 * _SENDERS:
            self._sent.pop(0).result()
        self._sent.append(self._senders.submit(self._write, lines))

    def _write(self, lines: list[tuple[bytes, bytes]]) -> None:
        pause, until = 0.1, time.monotonic() + _PATIENCE_SECONDS
        while True:
            body = b"".join(action + b"\n" + (body + b"\n" if body else b"") for action, body in lines)
            answer = self._client.ask(
                "POST", self._path, body, patience_s=_PATIENCE_SECONDS, answer_s=_ANSWER_SECONDS
            )
            results = [next(iter(of.values())) for of in answer["items"]]
            again = [line for line, of in zip(lines, results, strict=True) if of["status"] in _LATER]
            refused = [of for of in results if "error" in of and of["status"] not in _LATER]
            if refused:
                reason = refused[0]["error"].get("reason", refused[0]["status"])
                cause = refused[0]["error"].get("caused_by", {}).get("reason", "")
                raise StoreError(
                    stores.CLUSTER_FAILED(address=self._client.address.text, error=f"{reason} {cause}")
                )
            if not again:
                return
            if time.monotonic() > until:
                reason = next(str(of.get("error")) for of in results if of["status"] in _LATER)[:200]
                raise CollectionUnavailable(
                    stores.CLUSTER_BUSY(address=self._client.address.text, error=reason)
                )
            lines = again
            time.sleep(pause)
            pause = min(2 * pause, 5.0)

    def finish(self) -> None:
        """Wait until everything is written.

        Raises:
            StoreError: a document was refused.
            CollectionUnavailable: the cluster could not take them.
        """
        if self._lines:
            self._send()
        try:
            for sent in self._sent:
                sent.result()
        finally:
            self.close()

    def close(self) -> None:
        """Send nothing more."""
        self._senders.shutdown(cancel_futures=True)
