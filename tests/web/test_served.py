"""The server as it stands in the network: half requests, readers that don't read, answers that stop, the end of it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from search import Searcher
from search.errors import BudgetExceeded
from web.app import WebConfig, create_app
from web.cli import bind
from web.gateway import Gateway, make_environ
from web.limits import Limits
from web.server import Server, make_config

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Address = tuple[str, int]
QUICK = Limits(header_seconds=0.5, body_seconds=0.5, send_seconds=0.5, keep_alive_seconds=1, stop_seconds=2)


@contextmanager
def served(app: Wsgi, limits: Limits = QUICK) -> Iterator[Address]:
    """Where `app` is served while this lasts."""
    sockets = bind("127.0.0.1", 0)
    address: Address = sockets[0].getsockname()[:2]
    server = Server(make_config(Gateway(app, limits), limits))
    thread = threading.Thread(target=server.run, kwargs={"sockets": list(sockets)}, daemon=True)
    thread.start()
    try:
        for _ in range(500):
            try:
                socket.create_connection(address, timeout=5).close()
                break
            except OSError:
                time.sleep(0.01)
        yield address
    finally:
        server.should_exit = True
        thread.join(limits.stop_seconds + 5)


def hello(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]


def get(address: Address, path: str = "/", **options: Any) -> tuple[int, dict[str, str], bytes]:
    with closing(http.client.HTTPConnection(*address, timeout=60)) as connection:
        connection.request(options.pop("method", "GET"), path, **options)
        with connection.getresponse() as answer:
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def is_closed(connection: socket.socket, within: float) -> bool:
    """Whether the other side ends the connection in time."""
    connection.settimeout(within)
    try:
        while connection.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


# Point 1: who does not read, or goes, stops nobody else


class Endless:
    """An application that answers without end, and tells what became of its answers."""

    def __init__(self) -> None:
        self.made = 0
        self.closed = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/csv")])
        if environ["PATH_INFO"] != "/endless":
            return [b"page"]
        return self._blocks()

    def _blocks(self) -> Iterator[bytes]:
        try:
            while True:
                self.made += 1
                yield b"x" * 70_000
        finally:
            self.closed.set()


def test_clients_that_do_not_read_hold_no_thread_and_are_sent_away() -> None:
    app = Endless()
    with served(app, replace(QUICK, quick_at_once=1)) as address, ExitStack() as opened:
        for _ in range(8):
            connection = opened.enter_context(socket.create_connection(address))
            connection.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        for _ in range(20):
            assert get(address)[2] == b"page"
        assert app.closed.wait(5)
        made = app.made
        assert get(address, "/healthz")[0] == 200
    assert made < 8 * 200  # what fits between the two, and no more


def test_a_client_that_hangs_up_ends_the_work() -> None:
    app = Endless()
    with served(app, replace(QUICK, send_seconds=30)) as address:
        with socket.create_connection(address) as connection:
            connection.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
            connection.recv(1000)
        assert app.closed.wait(5)


def test_health_is_answered_while_all_threads_work() -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    def slow(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        begun.release()
        go_on.wait(10)
        return hello(environ, start_response)

    with served(slow, replace(QUICK, requests_at_once=3, quick_at_once=3)) as address:
        waiting = [threading.Thread(target=get, args=(address,)) for _ in range(3)]
        for each in waiting:
            each.start()
        for _ in waiting:
            assert begun.acquire(timeout=5)
        assert json.loads(get(address, "/healthz")[2]) == {"status": "ok"}
        status, headers, body = get(address)
        assert (status, headers["retry-after"]) == (503, "5")
        assert json.loads(body)["error"]["code"] == "server_full"
        go_on.set()
        for each in waiting:
            each.join(5)
        assert get(address)[0] == 200


def test_an_answer_that_must_stop_breaks_the_connection() -> None:
    def stops(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/csv")])

        def blocks() -> Iterator[bytes]:
            yield b"x" * 70_000
            raise BudgetExceeded("time")

        return blocks()

    with served(stops) as address, pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
        get(address)


def test_a_client_that_waits_for_its_turn_too_long_is_told() -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    def slow(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        begun.release()
        go_on.wait(10)
        return hello(environ, start_response)

    with served(slow, replace(QUICK, quick_at_once=4, wait_seconds=0.3)) as address:
        working = [threading.Thread(target=get, args=(address,)) for _ in range(4)]
        for each in working:
            each.start()
        for _ in working:
            assert begun.acquire(timeout=5)
        assert get(address)[0] == 503
        go_on.set()
        for each in working:
            each.join(5)


# Point 5: long values


@pytest.mark.parametrize("is_posted", [False, True])
def test_long_questions_wait_for_each_other_and_nobody_waits_for_them(is_posted: bool) -> None:
    """Whatever route they ask for: its address or body is what is long."""
    working, at_once, most = threading.Lock(), 0, 0
    both, go_on = threading.Event(), threading.Event()

    def work(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        nonlocal at_once, most
        if environ["PATH_INFO"] == "/short":
            return hello(environ, start_response)
        with working:
            at_once += 1
            most = max(most, at_once)
        go_on.wait(10)
        with working:
            at_once -= 1
        return hello(environ, start_response)

    def ask_long(number: int) -> None:
        values = "&".join(f"city={n}" for n in range(400))
        if is_posted:
            get(address, f"/long{number}", method="POST", body=values.encode())
        else:
            get(address, f"/long{number}?{values}")
        if number:
            both.set()

    with served(work, replace(QUICK, quick_at_once=4, long_at_once=1)) as address:
        threads = [threading.Thread(target=ask_long, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        assert [get(address, "/short")[0] for _ in range(20)] == [200] * 20
        assert not both.is_set()
        go_on.set()
        for thread in threads:
            thread.join(20)
    assert most == 1


# Point 6: half requests, large bodies, the end


def test_headers_that_do_not_come_in_time_end_the_connection() -> None:
    with served(hello) as address, socket.create_connection(address) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        dripping = threading.Thread(target=_drip, args=(slow,), daemon=True)
        dripping.start()
        assert is_closed(slow, 5)
        assert get(address)[0] == 200


def _drip(connection: socket.socket) -> None:
    try:
        for _ in range(200):
            connection.sendall(b"a: b\r\n")
            time.sleep(0.05)
    except OSError:
        pass


def test_an_idle_connection_makes_room_for_a_new_one() -> None:
    limits = replace(QUICK, connections=10, header_seconds=60)
    with served(hello, limits) as address, ExitStack() as opened:
        for _ in range(120):
            half = opened.enter_context(socket.create_connection(address))
            half.sendall(b"GET / HTTP/1.1\r\n")
        for _ in range(5):
            assert get(address)[0] == 200


def test_a_body_that_is_too_large_is_refused_before_it_is_read() -> None:
    with served(hello) as address:
        assert get(address, method="POST", body=b"x" * 1000)[0] == 200
        with socket.create_connection(address) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n")
            connection.settimeout(5)
            assert connection.recv(1000).startswith(b"HTTP/1.1 413")
        with socket.create_connection(address) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            connection.settimeout(5)
            try:
                for _ in range(1000):
                    connection.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")
            except OSError:
                pass
            else:
                assert connection.recv(1000).startswith(b"HTTP/1.1 413")


def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    with served(hello) as address, socket.create_connection(address) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx")
        connection.settimeout(5)
        assert connection.recv(1000).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [("/?q=" + "x" * 40_000, {}, 414), ("/", {"X-Long": "x" * 40_000}, 431), ("/", {"X": "y"}, 200)],
)
def test_addresses_and_headers_have_a_size(path: str, headers: dict[str, str], status: int) -> None:
    with served(hello) as address:
        assert get(address, path, headers=headers)[0] == status


def test_the_application_is_asked_as_any_wsgi_server_asks() -> None:
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/reports/ä",
        "raw_path": b"/reports/%C3%A4%2F%FF",
        "query_string": b"q=%E5%8F%91",
        "root_path": "",
        "http_version": "1.1",
        "headers": [(b"host", b"h"), (b"accept", b"a"), (b"accept", b"b"), (b"x_forwarded_for", b"1.2.3.4")],
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 9),
    }
    environ = make_environ(scope, b"body")
    assert environ["PATH_INFO"].encode("latin-1") == b"/reports/\xc3\xa4/\xff"
    assert environ["QUERY_STRING"] == "q=%E5%8F%91"
    assert environ["HTTP_ACCEPT"] == "a,b"
    assert "HTTP_X_FORWARDED_FOR" not in environ
    assert environ["wsgi.input"].read() == b"body"


def test_pages_and_files_come_as_without_the_gateway(searcher: Searcher) -> None:
    app = create_app(WebConfig(searcher=searcher))
    client = app.test_client()
    with served(app.wsgi_app, Limits()) as address:
        for path in ("/", "/search?q=委员", "/export.csv?q=委员", "/api/v1/count?q=委员", "/nothing"):
            expected = client.get(path, base_url=f"http://{address[0]}:{address[1]}")
            status, headers, body = get(address, _quoted(path))
            assert status == expected.status_code
            assert path.startswith(("/search", "/api")) or body == expected.data
            assert headers["content-type"] == expected.headers["Content-Type"]
            head = get(address, _quoted(path), method="HEAD")
            assert (head[0], head[2]) == (status, b"")


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path, safe="/?=&")


# SIGTERM

SERVE = """
import sys, time
sys.path[:0] = {paths!r}
from web.cli import bind
from web.gateway import Gateway
from web.limits import Limits
from web.server import leave, run

def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    print("asked", flush=True)
    time.sleep(float(environ["QUERY_STRING"]))
    return [b"whole"]

limits = Limits(stop_seconds=2)
sockets = bind("127.0.0.1", 0)
print(sockets[0].getsockname()[1], flush=True)
done = run(lambda: Gateway(app, limits), limits, sockets)
print("ended", flush=True)
if not done:
    leave()
"""


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize(("seconds", "is_whole"), [("0.7", True), ("30", False)])
def test_a_running_answer_is_finished_within_the_time_to_stop(seconds: str, is_whole: bool) -> None:
    code = SERVE.format(paths=[str(Path(__file__).resolve().parents[2])])
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        _stop_while_asked(process, seconds, is_whole)


def _stop_while_asked(process: subprocess.Popen[str], seconds: str, is_whole: bool) -> None:
    assert process.stdout is not None
    port = int(process.stdout.readline())
    found: list[bytes] = []

    def ask() -> None:
        for _ in range(100):
            try:
                found.append(get(("127.0.0.1", port), f"/?{seconds}")[2])
            except ConnectionRefusedError:
                time.sleep(0.05)
            except (OSError, http.client.HTTPException):
                found.append(b"broken")
            if found:
                return

    asking = threading.Thread(target=ask)
    asking.start()
    assert process.stdout.readline() == "asked\n"
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert time.monotonic() - begun < 6
    asking.join(5)
    assert (found == [b"whole"]) is is_whole
    assert process.stdout.read() == "ended\n"


@pytest.mark.thorough
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_processes_share_an_address_and_what_one_client_may_ask(searcher: Searcher) -> None:
    """Whichever process answers, a client's requests are counted together; one that is killed is replaced."""
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, str(root / "xiesou.py"), "serve", "--port", "0", "--processes", "2", "--client-rate",
               "30", "--index", searcher.collection.address, "--lang", "en"]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline().split(":")[-1].split("/")[0])
            address = ("127.0.0.1", port)
            found = [get(address, "/api/v1/count?q=x") for _ in range(60)]
            statuses = [status for status, _, _ in found]
            assert 30 <= statuses.count(200) <= 40
            assert set(statuses) == {200, 429}
            assert len({headers["etag"] for status, headers, _ in found if status == 200}) == 1
        finally:
            begun = time.monotonic()
            process.terminate()
            process.wait(30)
    assert time.monotonic() - begun < 15
