"""Several processes of one server: they count a client's requests together, and tell of all of them in /metrics."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web import sample

ROOT = Path(__file__).resolve().parents[2]
RATE = 40
TOKEN = "opensesame"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server of two processes over the sample reports."""
    folder = tmp_path_factory.mktemp("served")
    sample.build(folder).close()
    command = [sys.executable, "-u", "-m", "xiesou", "serve", "--port", "0", "--processes", "2"]
    command += [
        "--client-rate",
        str(RATE),
        "--trusted-proxies",
        "127.0.0.1",
        "--index",
        str(folder / "index"),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XIESOU_OPERATOR_TOKEN": TOKEN, "PYTHONUTF8": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True, encoding="utf-8")
    try:
        assert process.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:(\d+)/", process.stdout.readline())
        assert address is not None
        yield int(address[1])
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def ask(port: int, path: str, **headers: str) -> tuple[int, str]:
    """One question over a connection of its own, so that any process may answer it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(
            "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8")
    finally:
        connection.close()


@pytest.mark.thorough
def test_processes_limit_and_count_together(port: int) -> None:
    statuses = [ask(port, f"/nowhere/{n}", X_Forwarded_For="203.0.113.1")[0] for n in range(2 * RATE)]
    served, refused = statuses.count(404), statuses.count(429)
    assert served + refused == 2 * RATE
    assert RATE <= served < RATE * 1.7  # some are given back meanwhile; two that count alone would serve all
    wanted = {"404": float(served), "429": float(refused)}
    for _ in range(20):  # a request is counted once its answer was sent, which its client may see before
        if counted(port) == wanted:
            break
    assert [counted(port) for _ in range(4)] == [wanted] * 4


def counted(port: int) -> dict[str, float]:
    """Requests that lead nowhere by status, as whichever process answers tells them."""
    text = ask(port, "/metrics", Authorization=f"Bearer {TOKEN}", X_Forwarded_For="203.0.113.2")[1]
    pattern = r'^xiesou_requests_total\{method="GET",route="none",status="(\d+)"\} (\S+)'
    return {status: float(value) for status, value in re.findall(pattern, text, re.M)}
