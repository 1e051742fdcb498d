"""A server of the tests ends while it is being asked, and leaves nothing behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.serving import serving

ROUNDS, CLIENTS = 20, 2


def test_it_ends_under_requests_without_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    failures: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda failed: failures.append(failed.exc_value))
    before = threading.active_count()
    for _ in range(ROUNDS):
        over = threading.Event()
        with serving(answer) as address:
            asked = threading.Semaphore(0)
            given = (urlsplit(address).netloc, over, asked)
            clients = [threading.Thread(target=ask, args=given, daemon=True) for _ in range(CLIENTS)]
            for client in clients:
                client.start()
            for _ in range(10):
                assert asked.acquire(timeout=5)
        over.set()
        for client in clients:
            client.join()
    assert failures == []
    assert threading.active_count() == before


def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]


def ask(server: str, over: threading.Event, asked: threading.Semaphore) -> None:
    """Ask on one connection after the other until it is over."""
    while not over.is_set():
        connection = HTTPConnection(server, timeout=2)
        with suppress(OSError, HTTPException):
            for _ in range(7):
                connection.request("GET", "/")
                connection.getresponse().read()
                asked.release()
        connection.close()
