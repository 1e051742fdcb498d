"""Talking to a cluster: requests, asked again as a whole while that may help, and what went wrong in words.

A search is never answered in part: a shard that is missing is an error, and the whole search is asked again.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any

from search.errors import BudgetExceeded, CollectionUnavailable, StoreError
from search.limits import UNLIMITED, Budget
from search.messages import Message, stores
from search.opensearch.address import PASSWORD, ClusterAddress

Json = dict[str, Any]

_TOGETHER = 128
"""Searches that are sent in one request."""
_BUSY = frozenset((408, 429, 500, 502, 503, 504))
_REFUSED = frozenset((401, 403))
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0
_PATIENCE_SECONDS = 30.0
"""How long a request is tried again where no budget says otherwise."""
_ANSWER_SECONDS = 120.0
_FIRST_ANSWER_SECONDS = 15.0
"""After so long a search is asked of another node: one that stands still accepts connections and never answers."""
_CONNECT_SECONDS, _LEAST_ANSWER_SECONDS = 5.0, 5.0


class Gone(CollectionUnavailable):
    """An index that was asked is no longer there."""


class Conflict(StoreError):
    """Something else was written in between."""


class ClusterClient:
    """A connection to a cluster. Safe to use from several threads.

    Args:
        patience_s: how long a request is tried again, at most.

    Raises:
        StoreError: the extra is not installed, or the certificates can't be read.
    """

    def __init__(self, address: ClusterAddress, *, patience_s: float = _PATIENCE_SECONDS) -> None:
        self.address = address
        self._patience_s = patience_s
        try:
            from opensearchpy import ConnectionError as Unreachable
            from opensearchpy import OpenSearch, TransportError
            from urllib3 import Timeout
        except ImportError as error:
            raise StoreError(stores.CLUSTER_EXTRA(), hint=stores.INSTALL_EXTRA()) from error
        self._refusal: type[Exception] = TransportError
        self._unreachable: type[Exception] = Unreachable
        self._timeout = Timeout
        try:
            self._client = OpenSearch(
                hosts=[{"host": name.strip("[]"), "port": port} for name, port in address.hosts],
                headers=_login(address),
                use_ssl=address.is_secure,
                verify_certs=address.is_secure,
                ca_certs=address.ca,
                max_retries=0,
                http_compress=False,
                pool_maxsize=16,
                dead_timeout=1,
                timeout_cutoff=2,
            )
        except (OSError, ValueError) as error:
            raise StoreError(
                stores.SERVER_UNREACHABLE(address=address.text, error=str(error) or type(error).__name__)
            ) from error

    def close(self) -> None:
        """Let go of all connections."""
        self._client.close()

    # Requests

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        budget: Budget = UNLIMITED,
        absent: Any = None,
        patience_s: float | None = None,
        answer_s: float | None = None,
        **params: Any,
    ) -> Any:
        """The answer to a request.

        Args:
            absent: what is given back where the cluster has no such thing; None raises `Gone`.
            patience_s: how long it is tried again; None takes the client's.
            answer_s: how long an answer is waited for; None takes `patience_s`.

        Raises:
            CollectionUnavailable: it can't be reached, or is too busy for longer than was waited.
            StoreError: it refuses.
        """
        limit_s = answer_s or (
            _ANSWER_SECONDS if patience_s is None else max(patience_s, _LEAST_ANSWER_SECONDS)
        )
        return self._again(
            lambda: self._once(method, path, body, budget, params, absent, limit_s), budget, patience_s
        )

    def search(self, searches: Sequence[tuple[Json, Json]], *, budget: Budget = UNLIMITED) -> list[Json]:
        """The answers to searches, each (what of: index, routing …, body), in their order."""
        found: list[Json] = []
        for at in range(0, len(searches), _TOGETHER):
            budget.charge()
            some = searches[at : at + _TOGETHER]
            answers: dict[int, Json] = {}
            asked = count()
            self._again(
                lambda some=some, answers=answers, asked=asked: self._search(  # type: ignore[misc]
                    some, answers, budget, is_first=next(asked) == 0
                ),
                budget,
            )
            found += [answers[number] for number in range(len(some))]
        return found

    def _search(
        self,
        searches: Sequence[tuple[Json, Json]],
        answers: dict[int, Json],
        budget: Budget,
        *,
        is_first: bool,
    ) -> None:
        """Ask those that have no answer yet; the second time one by one, of whichever copies the nodes choose."""
        left = [number for number in range(len(searches)) if number not in answers]
        lines = []
        for number in left:
            of, body = searches[number]
            if not is_first:
                of = {name: value for name, value in of.items() if name != "preference"}
            head = {"search_type": "dfs_query_then_fetch", "allow_partial_search_results": False, **of}
            lines += [head, body]
        limit_s = _FIRST_ANSWER_SECONDS if is_first else _ANSWER_SECONDS
        # Where queues are full the searches of one request would refuse one another.
        params = {} if is_first else {"max_concurrent_searches": 1}
        got = self._once("POST", "/_msearch", to_lines(lines), budget, params, None, limit_s)
        failed: Json | None = None
        for number, answer in zip(left, got["responses"], strict=True):
            if "error" in answer or answer["timed_out"] or answer["_shards"]["failed"]:
                failed = answer
            else:
                answers[number] = answer
        if failed is not None:
            self._raise(failed.get("status", 503), failed.get("error", {}))

    def _once(
        self, method: str, path: str, body: Any, budget: Budget, params: Json, absent: Any, limit_s: float
    ) -> Any:
        headers = {"content-type": "application/x-ndjson"} if isinstance(body, bytes) else None
        timeout = max(min(limit_s, _left(budget) or limit_s), 0.1)
        expected = {"ignore": [404, 408]} if absent is not None else {}
        try:
            with budget.resting():
                answer = self._client.transport.perform_request(
                    method,
                    path,
                    params={
                        **params,
                        **expected,
                        "request_timeout": self._timeout(
                            connect=min(timeout, _CONNECT_SECONDS), read=timeout
                        ),
                    },
                    body=body,
                    headers=headers,
                )
        except self._unreachable as error:
            said = stores.SERVER_UNREACHABLE(address=self.address.text, error=_cause(error))
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise StoreError(said) from error
            raise CollectionUnavailable(said) from error
        except self._refusal as error:
            status = error.args[0] if error.args and isinstance(error.args[0], int) else 503
            info = error.args[2] if len(error.args) > 2 and isinstance(error.args[2], dict) else {}
            self._raise(status, info.get("error", {}) if info else {"reason": str(error)}, error)
        is_absent = isinstance(answer, dict) and (answer.get("status") == 404 or answer.get("found") is False)
        return absent if absent is not None and is_absent else answer

    def _raise(self, status: int, said: Any, cause: Exception | None = None) -> None:
        said = said if isinstance(said, dict) else {"reason": str(said)}
        kinds = f"{said.get('type', '')} {json.dumps(said.get('root_cause', ''))} {said.get('reason', '')}"
        reason = str(said.get("reason") or said.get("type") or status)
        busy: Message = stores.CLUSTER_BUSY(address=self.address.text, error=reason)
        if status == 404 and "index_not_found" in kinds:
            raise Gone(busy, retry_after_s=1) from cause
        if "too_many" in kinds and "clauses" in kinds:
            raise BudgetExceeded("memory") from cause
        if status in _BUSY or "No search context found" in kinds:
            raise CollectionUnavailable(busy) from cause
        if status in _REFUSED:
            raise StoreError(
                stores.CLUSTER_REFUSED(address=self.address.text, status=status),
                hint=stores.CLUSTER_PASSWORD(name=PASSWORD),
            ) from cause
        if status == 409:
            raise Conflict(stores.CLUSTER_FAILED(address=self.address.text, error=reason)) from cause
        details = [str(of.get("reason")) for of in said.get("root_cause", ()) if isinstance(of, dict)]
        raise StoreError(
            stores.CLUSTER_FAILED(
                address=self.address.text, error="; ".join(dict.fromkeys([reason, *details]))
            )
        ) from cause

    def _again(self, ask: Callable[[], Any], budget: Budget, patience_s: float | None = None) -> Any:
        """What `ask` gives, asked again while the cluster is busy or can't be reached and there is time."""
        until = time.monotonic() + (self._patience_s if patience_s is None else patience_s)
        pause = _FIRST_PAUSE
        while True:
            budget.charge()
            try:
                return ask()
            except Gone:
                raise
            except CollectionUnavailable:
                left = _left(budget)
                if time.monotonic() + pause > until or (left is not None and left < pause):
                    raise
            with budget.resting():
                time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)


def _login(address: ClusterAddress) -> dict[str, str]:
    """User and password as a header, in UTF-8: the library's own takes Latin-1 alone."""
    if not address.user:
        return {}
    said = f"{address.user}:{address.password or ''}"
    return {"authorization": "Basic " + base64.b64encode(said.encode()).decode()}


def _left(budget: Budget) -> float | None:
    return None if budget.seconds is None else budget.seconds - budget.spent_seconds


def _cause(error: Exception) -> str:
    info = error.args[2] if len(error.args) > 2 else error
    return f"{type(info).__name__}: {info}"[:200]


def to_lines(entries: Iterable[Any]) -> bytes:
    """Values as lines of JSON, as bulks and batches of searches are sent."""
    return "".join(
        json.dumps(of, ensure_ascii=False, separators=(",", ":")) + "\n" for of in entries
    ).encode()
