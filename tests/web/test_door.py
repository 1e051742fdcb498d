"""The door: health is answered whatever the processes work on, everything else is handed on whole."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.test_architecture import imports_of
from web import door
from web.door_process import CAN_HAND_OVER, take_connections
from web.heartbeat import Heartbeat
from web.processes import Processes

pytestmark = pytest.mark.skipif(not CAN_HAND_OVER, reason="connections can't be handed to another process")

ROOT = Path(__file__).resolve().parents[2]
Address = tuple[str, int]
HEALTHY = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


def get(address: Address, path: str, *, timeout: float = 20) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection(*address, timeout=timeout)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()


def read_all(connection: socket.socket) -> bytes:
    """What comes until the other side ends it."""
    connection.settimeout(20)
    found = b""
    with contextlib.suppress(ConnectionError):
        while piece := connection.recv(65536):
            found += piece
    return found


# The door alone


class Opened:
    """A door before a free port, what takes its connections, and the folder of signs."""

    def __init__(self, signs: Path, *, connections: int, header_seconds: float, hung_seconds: float) -> None:
        self.signs = signs
        listening = socket.create_server(("127.0.0.1", 0))
        self.address: Address = listening.getsockname()[:2]
        given, self.handover = socket.socketpair()
        given.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self.handover.setblocking(False)
        rules = door.Rules(str(signs), connections, header_seconds, hung_seconds, '{"error": "full"}', 5)
        self._sockets = [listening, given, self.handover]
        self._lifeline, self._cut = os.pipe()
        self._running = threading.Thread(
            target=door.Door([listening], given, rules).run, args=(self._lifeline,)
        )
        self._running.start()

    def take(self) -> socket.socket:
        """The next connection that is handed on."""
        for _ in range(2000):
            taken, _ = take_connections(self.handover, 1)
            if taken:
                return taken[0]
            threading.Event().wait(0.01)
        raise AssertionError("nothing was handed on")

    def close(self) -> None:
        os.close(self._cut)
        self._running.join(10)
        os.close(self._lifeline)
        for each in self._sockets:
            each.close()
        assert not self._running.is_alive()


@pytest.fixture
def open_door(tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    with ExitStack() as opened:

        def open_one(
            *, connections: int = 100, header_seconds: float = 20, hung_seconds: float = 20
        ) -> Opened:
            one = Opened(
                tmp_path, connections=connections, header_seconds=header_seconds, hung_seconds=hung_seconds
            )
            opened.callback(one.close)
            return one

        yield open_one


def test_health_is_answered_though_nobody_takes_a_connection(open_door: Callable[..., Opened]) -> None:
    opened = open_door()
    assert get(opened.address, "/healthz") == (200, b'{"status": "ok"}')
    assert get(opened.address, "/search/healthz?x=1")[0] == 200
    with socket.create_connection(opened.address) as connection:
        connection.sendall(b"HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        head = read_all(connection)
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert head.endswith(b"connection: close\r\n\r\n")


def test_readiness_is_what_a_process_told_last(open_door: Callable[..., Opened], tmp_path: Path) -> None:
    opened = open_door()
    heartbeat = Heartbeat(tmp_path)
    heartbeat.beat()
    with socket.create_connection(opened.address) as connection:
        connection.sendall(HEALTHY.replace(b"healthz", b"readyz"))
        opened.take().close()  # nothing was told yet: a process has to
    heartbeat.tell(503, "没有索引".encode())
    assert get(opened.address, "/readyz") == (503, "没有索引".encode())
    heartbeat.tell(200, b"{}")
    assert get(opened.address, "/readyz") == (200, b"{}")


def test_nobody_is_healthy_where_no_process_shows_a_sign(
    open_door: Callable[..., Opened], tmp_path: Path
) -> None:
    opened = open_door(hung_seconds=0.3)
    heartbeat = Heartbeat(tmp_path)
    heartbeat.tell(200, b"{}")
    assert get(opened.address, "/readyz")[0] == 200
    deadline = time.monotonic() + 20
    while get(opened.address, "/healthz")[0] == 200 and time.monotonic() < deadline:
        threading.Event().wait(0.05)
    for path in ("/healthz", "/readyz"):
        status, body = get(opened.address, path)
        assert (status, json.loads(body)["code"]) == (503, "no_process_answers")
    heartbeat.beat()
    assert get(opened.address, "/healthz")[0] == 200


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /healthz",
        b"\x16\x03\x01\x02\x00\x01\x00",
        HEALTHY * 2,
        b"POST /healthz HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nContent-Length: 4\r\n\r\n",
        b"GET /search?q=/healthz HTTP/1.1\r\n\r\n",
        b"GET " + b"x" * 100_000 + b"/healthz HTTP/1.1\r\n\r\n",
    ],
)
def test_anything_else_is_handed_on_whole(open_door: Callable[..., Opened], request_bytes: bytes) -> None:
    opened = open_door()
    with socket.create_connection(opened.address) as connection:
        connection.sendall(request_bytes)
        with opened.take() as taken:
            assert taken.getpeername() == connection.getsockname()
            taken.setblocking(True)
            taken.settimeout(20)
            found = b""
            while len(found) < len(request_bytes):
                found += taken.recv(65536)
            assert found == request_bytes
            taken.sendall(b"answer")
            taken.shutdown(socket.SHUT_RDWR)
        assert read_all(connection) == b"answer"


def test_silent_connections_hold_up_nobody_and_are_ended(open_door: Callable[..., Opened]) -> None:
    opened = open_door(connections=10, header_seconds=0.5)
    with ExitStack() as silent:
        connections = [silent.enter_context(socket.create_connection(opened.address)) for _ in range(60)]
        assert get(opened.address, "/healthz")[0] == 200
        for connection in connections:
            assert read_all(connection) == b""


def test_the_oldest_silent_connection_makes_room(open_door: Callable[..., Opened]) -> None:
    opened = open_door(connections=2)
    with ExitStack() as silent:
        first, second, third = (
            silent.enter_context(socket.create_connection(opened.address)) for _ in range(3)
        )
        assert read_all(first) == b""
        for later in (second, third):
            later.sendall(HEALTHY)
            assert read_all(later).startswith(b"HTTP/1.1 200")


def test_where_too_many_wait_to_be_taken_the_next_is_told(open_door: Callable[..., Opened]) -> None:
    opened = open_door(connections=3)
    held, told = 0, b""
    with ExitStack() as waiting:
        while not told:  # what the system keeps between two processes, and three more
            assert held < 400
            connection = waiting.enter_context(socket.create_connection(opened.address))
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
            connection.settimeout(0.02)
            try:
                told = connection.recv(65536)
            except TimeoutError:
                held += 1
        assert told.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
        assert b"\r\nretry-after: 5\r\n" in told
        assert told.endswith(b'{"error": "full"}')
        assert get(opened.address, "/healthz")[0] == 200
        for _ in range(held):
            opened.take().close()
        with socket.create_connection(opened.address) as connection:  # there is room again
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
            with opened.take() as taken:
                assert taken.getpeername() == connection.getsockname()


def test_a_client_that_goes_before_it_asks_leaves_nothing(open_door: Callable[..., Opened]) -> None:
    opened = open_door(connections=2)
    for _ in range(50):
        socket.create_connection(opened.address).close()
    assert get(opened.address, "/healthz")[0] == 200


def test_the_door_needs_nothing_but_the_standard_library() -> None:
    assert {name.partition(".")[0] for name in imports_of(ROOT / "web" / "door.py")} <= set(
        sys.stdlib_module_names
    )


# The whole server

SERVE = """
import itertools, os, sys, time
sys.path[:0] = {paths!r}
from web.cli import bind
from web.gateway import Gateway
from web.limits import Limits
from web.server import leave, run

def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"] == "/hold":
        print("held", flush=True)
        sum(itertools.repeat(1, int(environ["QUERY_STRING"])))  # holds the interpreter's lock all the while
    if environ["PATH_INFO"] == "/wait":
        print("asked", flush=True)
        time.sleep(float(environ["QUERY_STRING"]))
    return [f"{{os.getpid()}} {{environ['REMOTE_ADDR']}}".encode()]

limits = Limits(stop_seconds=3)

def make():
    return Gateway(app, limits, readiness=lambda: (200, b"ready"))

if __name__ == "__main__":
    sockets = bind("127.0.0.1", 0)
    print(sockets[0].getsockname()[1], flush=True)
    done = run(make, limits, sockets, {processes})
    print("ended", flush=True)
    if not done:
        leave()
"""


@contextmanager
def served(tmp_path: Path, processes: int) -> Iterator[tuple[subprocess.Popen[str], Address]]:
    """A server process and its address."""
    script = tmp_path / "serve.py"
    script.write_text(SERVE.format(paths=[str(ROOT)], processes=processes))
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, ("127.0.0.1", int(process.stdout.readline()))
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def children(pid: int) -> set[int]:
    """The processes that one has started."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    return {each for each, parent in pairs if parent == pid}


def door_of(pid: int) -> int:
    (found,) = [
        each
        for each in children(pid)
        if "door.py"
        in subprocess.run(["ps", "-o", "args=", "-p", str(each)], capture_output=True, text=True).stdout
    ]
    return found


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        threading.Event().wait(0.05)


def is_running(pid: int) -> bool:
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    return bool(found.strip()) and not found.startswith("Z")


def test_health_does_not_wait_for_the_interpreter_of_a_process(tmp_path: Path) -> None:
    with served(tmp_path, 1) as (process, address):
        begun = time.perf_counter()
        sum(x for x in [0] * 10_000_000)
        length = int(
            10_000_000 / (time.perf_counter() - begun) * 20
        )  # a second or two, the machine's speed allowed for
        wait_until(lambda: get(address, "/readyz") == (200, b"ready"))
        held: list[float] = []

        def hold() -> None:
            get(address, f"/hold?{length}", timeout=60)
            held.append(time.monotonic())

        holding = threading.Thread(target=hold)
        holding.start()
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        answered = 0
        while not held:
            for path, body in (("/healthz", b'{"status": "ok"}'), ("/readyz", b"ready")):
                assert get(address, path) == (200, body)
                answered += not held
            threading.Event().wait(0.01)
        holding.join(60)
    assert answered >= 10  # behind the lock it would be two


def test_another_door_is_opened_and_the_client_stays_known(tmp_path: Path) -> None:
    with served(tmp_path, 1) as (process, address):
        assert get(address, "/")[1].endswith(b" 127.0.0.1")
        wait_until(lambda: bool(children(process.pid)))
        threading.Event().wait(1.1)  # a door that ends at once isn't opened again and again
        before = door_of(process.pid)
        os.kill(before, signal.SIGKILL)
        wait_until(lambda: not is_running(before))
        assert get(address, "/healthz")[0] == 200
        assert get(address, "/")[0] == 200
        assert door_of(process.pid) != before


def test_a_process_that_is_killed_is_replaced(tmp_path: Path) -> None:
    with served(tmp_path, 2) as (_, address):
        first = int(get(address, "/")[1].split()[0])
        os.kill(first, signal.SIGKILL)
        found: set[int] = set()

        def are_two() -> bool:
            found.add(int(get(address, "/")[1].split()[0]))
            return len(found - {first}) == 2

        wait_until(are_two)


def test_connections_are_shared_out(tmp_path: Path) -> None:
    """Clients stay connected: a process that took all of them would go on answering them all alone."""
    with served(tmp_path, 2) as (_, address):
        wait_until(lambda: len({get(address, "/")[1] for _ in range(4)}) == 2)  # both have begun

        def ask(_: int) -> bytes:
            return get(address, "/wait?0.3")[1]

        most = []
        for _ in range(4):
            with ThreadPoolExecutor(8) as clients:
                most.append(max(Counter(clients.map(ask, range(8))).values()))
        assert sum(most) <= 24, most  # of 32, whichever process has the most each time


@pytest.mark.parametrize("processes", [pytest.param(1, marks=pytest.mark.thorough), 2])
def test_what_is_under_way_is_finished_and_nothing_new_begun(tmp_path: Path, processes: int) -> None:
    with served(tmp_path, processes) as (process, address):
        found: list[bytes] = []
        asking = threading.Thread(target=lambda: found.append(get(address, "/wait?0.8")[1]))
        asking.start()
        assert process.stdout is not None
        assert process.stdout.readline() == "asked\n"
        others = children(process.pid)
        process.terminate()
        assert process.wait(15) == 0
        asking.join(10)
        assert found
        assert found[0].endswith(b" 127.0.0.1")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address)
        wait_until(lambda: not any(is_running(each) for each in others))


def test_processes_that_cannot_begin_end_the_server(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class NoDoor:
        """A door that need not be there."""

        def start(self) -> None: ...
        def look_after(self) -> None: ...
        def stop(self) -> None: ...
        def leave(self) -> None: ...

    with pytest.raises(SystemExit) as ended:
        Processes(partial(os._exit, 1), 1, tmp_path, 1).run(NoDoor())  # type: ignore[arg-type]
    assert ended.value.code == 2
    assert "the server stops" in caplog.text


def test_all_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    with served(tmp_path, 2) as (process, address):
        assert get(address, "/")[0] == 200
        others = children(process.pid)
        process.kill()
        wait_until(lambda: not any(is_running(each) for each in others))


def test_a_process_that_took_the_place_of_another_ends_with_them_too(tmp_path: Path) -> None:
    with served(tmp_path, 2) as (process, address):
        replaced = int(get(address, "/")[1].split()[0])
        os.kill(replaced, signal.SIGKILL)
        answering: set[int] = set()

        def answer_again() -> bool:
            answering.add(int(get(address, "/")[1].split()[0]))
            return len(answering - {replaced}) == 2

        wait_until(answer_again)
        others = children(process.pid)
        process.kill()
        wait_until(lambda: not any(is_running(each) for each in others))
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are spawned there")
def test_processes_share_what_was_loaded_and_stop_at_once(tmp_path: Path) -> None:
    with served(tmp_path, 2) as (process, address):
        assert get(address, "/")[0] == 200
        others = children(process.pid)
        others.discard(door_of(process.pid))
        images = {Path(f"/proc/{each}/cmdline").read_bytes() for each in (process.pid, *others)}
        assert len(images) == 1  # forked, not started anew
        for each in others:
            os.kill(each, signal.SIGTERM)
        wait_until(lambda: not any(is_running(each) for each in others))
