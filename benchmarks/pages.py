"""The whole page under load: `xiesou serve` over a built index, asked by 1 and by 8 clients that stay connected.

    python benchmarks/pages.py INDEX CORPUS [--processes 2]

The clients run on the same machine, in one process, and take their share of its cores, which is told, as is the
processor time that the server takes for each answer: what it would answer alone.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.corpus import iter_paragraphs
from benchmarks.measure import ROOT, tree_bytes, tree_seconds
from benchmarks.peers import Question
from benchmarks.peers.ours import to_query
from benchmarks.queries import SAMPLE_PARAGRAPHS, make_questions
from benchmarks.timings import percentile

PATHS = ("/search", "/api/v1/search")
CLIENTS = (1, 8)
REQUESTS = 400
ROUND_SECONDS = 30.0
_START_SECONDS = 60.0
_STOP_SECONDS = 10.0
_WAIT_SECONDS = 30.0
_READ_BYTES = 256 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)


class ServerFailed(Exception):
    """It didn't start, or answered something else than 200."""


@dataclass(frozen=True, slots=True)
class Load:
    """One round: a path asked by so many clients at once.

    Args:
        client_ms: the clients' processor time of each answer.
        server_ms: that of the server, all its processes together; None where it can't be told.
    """

    path: str
    clients: int
    requests: int
    p50_ms: float
    p95_ms: float
    worst_ms: float
    per_second: float
    client_ms: float
    server_ms: float | None


@dataclass(frozen=True, slots=True)
class Serving:
    """All rounds over one index; memory is the server's after the last, None where it can't be told."""

    rounds: tuple[Load, ...]
    first_answer_seconds: float
    memory_bytes: int | None


def measure_pages(
    index: Path, questions: Sequence[Question], *, requests: int = REQUESTS, processes: int = 1
) -> Serving:
    """Serve the index on a free port of this machine and put the questions to it, again and again.

    Args:
        processes: that answer.

    Raises:
        ServerFailed: it didn't start, or answered something else than 200.
    """
    queries = [_to_parameters(question) for question in questions]
    more = ("--processes", str(processes))
    with serving(index, *more) as (port, _), closing(_Client(port)) as client:
        client.ask(f"/search?{queries[0]}")  # from then on modules and templates are compiled, as in service
    begun = time.perf_counter()
    with serving(index, *more) as (port, process):
        with closing(_Client(port)) as client:
            client.ask(f"/search?{queries[0]}")
            first_answer_seconds = time.perf_counter() - begun
        # Each process is asked what it is going to be asked: one that isn't loads meanwhile.
        for path in PATHS:
            _load((port, process.pid), path, queries, max(CLIENTS), processes * len(queries))
        rounds = [
            _load((port, process.pid), path, queries, clients, requests)
            for path in PATHS
            for clients in CLIENTS
        ]
        return Serving(tuple(rounds), first_answer_seconds, tree_bytes(process.pid))


@contextmanager
def serving(index: Path | str, *more: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """`xiesou serve` over an index on a free port of this machine: the port and the process; ended at the end.

    Args:
        index: a folder, or the address of a collection on a cluster.
        more: options of the command.
    """
    where = ["--host", "127.0.0.1", "--port", "0", "--index", str(index), *more]
    command = [sys.executable, "-m", "xiesou", "serve", *where]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as words:
        kept = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
        process = subprocess.Popen(
            command, cwd=ROOT, env=kept, stdout=subprocess.PIPE, stderr=words, text=True
        )
        yield from _served(process, words)


def _served(process: subprocess.Popen[str], words: IO[str]) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    late = threading.Timer(_START_SECONDS, process.kill)
    late.start()
    assert process.stdout is not None, "it is a pipe"
    try:
        said = process.stdout.readline()
        late.cancel()
        address = next((word for word in said.split() if word.startswith("http://")), "")
        port = urlsplit(address).port
        if port is None:
            process.wait(_STOP_SECONDS)
            words.seek(0)
            raise ServerFailed(f"xiesou serve didn't start: {said.strip()} {words.read().strip()}")
        yield port, process
    finally:
        late.cancel()
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def _to_parameters(question: Question) -> str:
    query = to_query(question)
    return urlencode(
        [("q", query.text), *(("city", c) for c in query.city), *(("year", y) for y in query.year)]
    )


class _Client:
    """Stays connected, and reads no more of an answer than its status and its length: that costs the machine less."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_WAIT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._headers = f"Host: 127.0.0.1:{port}\r\nAccept-Encoding: identity\r\n\r\n"
        self._read = memoryview(bytearray(_READ_BYTES))

    def ask(self, target: str) -> None:
        """Ask for a page, and read it.

        Raises:
            ServerFailed: it was answered with something else.
        """
        self._socket.sendall(f"GET {target} HTTP/1.1\r\n{self._headers}".encode("ascii"))
        begun = b""
        while b"\r\n\r\n" not in begun:
            begun += self._receive()
        head, _, body = begun.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if length is None or not head.startswith(b"HTTP/1.1 200 "):
            raise ServerFailed(f"{target} was answered with {head[:12].decode('latin-1')}")
        left = int(length[1]) - len(body)
        while left > 0:
            left -= len(self._receive())

    def _receive(self) -> memoryview:
        size = self._socket.recv_into(self._read)
        if not size:
            raise ServerFailed("the server closed the connection")
        return self._read[:size]

    def close(self) -> None:
        """Disconnect."""
        self._socket.close()


def _load(server: tuple[int, int], path: str, queries: Sequence[str], clients: int, requests: int) -> Load:
    """A round; the server is told by its port and its process."""
    port, pid = server
    taken_ms: list[float] = []
    failures: list[Exception] = []
    end = time.perf_counter() + ROUND_SECONDS

    def run(client: int) -> None:
        connection = _Client(port)
        try:
            for number in range(client, requests, clients):
                begun = time.perf_counter()
                if begun > end or failures:
                    break
                connection.ask(f"{path}?{queries[number % len(queries)]}")
                taken_ms.append((time.perf_counter() - begun) * 1000)
        except (ServerFailed, OSError) as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(client,)) for client in range(clients)]
    served = tree_seconds(pid)
    begun, worked = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, worked = time.perf_counter() - begun, time.process_time() - worked
    served_by_now = tree_seconds(pid)
    if failures:
        raise ServerFailed(f"{path} with {clients} clients: {failures[0]}") from failures[0]
    return Load(
        path=path,
        clients=clients,
        requests=len(taken_ms),
        p50_ms=statistics.median(taken_ms),
        p95_ms=percentile(taken_ms, 95),
        worst_ms=max(taken_ms),
        per_second=len(taken_ms) / seconds,
        client_ms=1_000 * worked / len(taken_ms),
        server_ms=None
        if served is None or served_by_now is None
        else 1_000 * (served_by_now - served) / len(taken_ms),
    )


def mixed(classes: dict[str, list[Question]]) -> list[Question]:
    """One question of each class after the other."""
    longest = max(map(len, classes.values()), default=0)
    return [questions[at] for at in range(longest) for questions in classes.values() if at < len(questions)]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path, help="an index made by xiesou index")
    parser.add_argument("corpus", type=Path, help="the folder that questions are taken from")
    parser.add_argument("--requests", type=int, default=REQUESTS, help="of each round (default %(default)s)")
    parser.add_argument("--processes", type=int, default=1, help="that answer (default %(default)s)")
    options = parser.parse_args()
    from benchmarks.tables import pages_table, to_text
    from search import open_searcher

    classes = make_questions(list(iter_paragraphs(options.corpus, SAMPLE_PARAGRAPHS)))
    served = measure_pages(
        options.index.resolve(), mixed(classes), requests=options.requests, processes=options.processes
    )
    print(to_text(pages_table([(open_searcher(options.index).stats().paragraphs, served)])))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
