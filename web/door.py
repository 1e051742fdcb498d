"""The door of a server: a process of its own that takes connections and answers /healthz and /readyz.

connection -> its first bytes looked at, not taken -> health answered here | the socket handed to a process that answers

It computes nothing and waits for nobody, so it answers whatever the others are working on. What they tell of
themselves it reads from a folder (`web.heartbeat`). It runs as a script in an interpreter of its own, with nothing but
the standard library, and ends with the process that started it (`web.door_process`).
"""

from __future__ import annotations

import errno
import json
import selectors
import socket
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SIGN = "process-"
"""A process that answers keeps a file of this name and its number: touched once a second, in it its readiness."""
HEALTH, READY = b"/healthz", b"/readyz"
_LOOKED_AT_BYTES = 4096
_AT_ONCE = 64
"""Connections taken before others get their turn."""
_LOOK_SECONDS = 1.0
_RETRY_SECONDS = 0.01
_NO_ROOM = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_TRY_AGAIN = (errno.EAGAIN, errno.ETOOMANYREFS, errno.ENOBUFS, errno.ENOMEM)
_WORDS = {200: "OK", 503: "Service Unavailable"}


@dataclass(frozen=True, slots=True)
class Rules:
    """What a door goes by.

    Args:
        signs: the folder in which processes tell of themselves.
        connections: silent ones, and such that wait to be taken, at a time.
        header_seconds: so long a connection may be silent.
        hung_seconds: after so long without a sign, no process answers.
        full: the body of the answer when too many wait, and when to ask again.
    """

    signs: str
    connections: int
    header_seconds: float
    hung_seconds: float
    full: str
    retry_after_s: int


class Signs:
    """What the processes last told of themselves; that they were started counts as the first sign."""

    def __init__(self, folder: Path, hung_seconds: float) -> None:
        self._folder, self._hung_seconds = folder, hung_seconds
        self._newest = (0, "")
        self._seen_at = time.monotonic()
        self._readiness: tuple[int, bytes] | None = None

    def look(self) -> None:
        """Read what is new. The processes' clock is only compared with itself."""
        found = []
        for path in self._folder.glob(f"{SIGN}*"):
            try:
                found.append((path.stat().st_mtime_ns, path.name))
            except FileNotFoundError:
                continue
        newest = max(found, default=self._newest)
        if newest == self._newest:
            return
        try:
            status, _, body = (self._folder / newest[1]).read_bytes().partition(b"\n")
        except FileNotFoundError:
            return
        self._newest, self._seen_at = newest, time.monotonic()
        self._readiness = (int(status), body) if status else None

    @property
    def is_alive(self) -> bool:
        """Whether a process showed a sign of late."""
        return time.monotonic() - self._seen_at < self._hung_seconds

    def answer(self, path: bytes) -> tuple[int, bytes] | None:
        """Status and body for a question about health; None where only a process can tell."""
        self.look()
        if not self.is_alive:
            return 503, b'{"status": "unavailable", "code": "no_process_answers"}'
        return (200, b'{"status": "ok"}') if path.endswith(HEALTH) else self._readiness


class Door:
    """Takes connections at `listening`, and hands on through `handover` those that ask for more than health."""

    def __init__(self, listening: list[socket.socket], handover: socket.socket, rules: Rules) -> None:
        self._listening, self._handover, self._rules = listening, handover, rules
        self._signs = Signs(Path(rules.signs), rules.hung_seconds)
        self._selector = selectors.DefaultSelector()
        self._silent: dict[socket.socket, float] = {}
        """Connections of which nothing came yet, each with its deadline, the oldest first."""
        self._waiting: deque[socket.socket] = deque()
        """Connections that nobody has taken yet."""
        self._awaits_taker = False
        handover.setblocking(False)
        for each in listening:
            each.setblocking(False)
            self._selector.register(each, selectors.EVENT_READ, self._take)

    def run(self, lifeline: int) -> None:
        """Work until the other end of `lifeline` is closed."""
        is_over: list[bool] = []
        self._selector.register(lifeline, selectors.EVENT_READ, lambda _: is_over.append(True))
        while not is_over:
            for key, _ in self._selector.select(self._rest()):
                act: Callable[[object], None] = key.data
                act(key.fileobj)
            self._end_silent()
            if self._waiting and not self._awaits_taker:
                self._hand_on()

    def _rest(self) -> float:
        if self._waiting and not self._awaits_taker:
            return _RETRY_SECONDS
        deadline = next(iter(self._silent.values()), None)
        return (
            _LOOK_SECONDS if deadline is None else max(0.0, min(_LOOK_SECONDS, deadline - time.monotonic()))
        )

    def _end_silent(self) -> None:
        now = time.monotonic()
        while self._silent and next(iter(self._silent.values())) <= now:
            self._end_oldest()

    def _end_oldest(self) -> None:
        connection = next(iter(self._silent))
        self._hear(connection)
        connection.close()

    def _hear(self, connection: socket.socket) -> None:
        """It is silent no longer."""
        if self._silent.pop(connection, None) is not None:
            self._selector.unregister(connection)

    def _take(self, listening: socket.socket) -> None:
        for _ in range(_AT_ONCE):
            try:
                connection = listening.accept()[0]
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno not in _NO_ROOM:
                    raise
                if self._silent:
                    self._end_oldest()
                else:
                    time.sleep(_RETRY_SECONDS)
                return
            connection.setblocking(False)
            self._look_at(connection)

    def _look_at(self, connection: socket.socket) -> None:
        try:
            seen = connection.recv(_LOOKED_AT_BYTES, socket.MSG_PEEK)
        except BlockingIOError:
            self._await_first(connection)
            return
        except OSError:
            seen = b""
        self._hear(connection)
        if not seen:
            connection.close()
            return
        question = health_question(seen)
        answer = None if question is None else self._signs.answer(question[1])
        if question is not None and answer is not None:
            _answer(connection, seen, make_answer(*answer, is_head=question[0] == b"HEAD"))
        elif len(self._waiting) >= self._rules.connections:
            full = self._rules.full.encode()
            _answer(connection, seen, make_answer(503, full, retry_after_s=self._rules.retry_after_s))
        else:
            self._waiting.append(connection)
            if not self._awaits_taker:
                self._hand_on()

    def _await_first(self, connection: socket.socket) -> None:
        if connection in self._silent:
            return
        while len(self._silent) >= self._rules.connections:
            self._end_oldest()
        self._silent[connection] = time.monotonic() + self._rules.header_seconds
        self._selector.register(connection, selectors.EVENT_READ, self._look_at)

    def _hand_on(self, _: object = None) -> None:
        """Hand on what waits, as far as there is room; else when there is."""
        blocked = False
        while self._waiting:
            try:
                socket.send_fds(self._handover, [b"c"], [self._waiting[0].fileno()])
            except OSError as error:
                if error.errno not in _TRY_AGAIN:
                    raise
                blocked = error.errno == errno.EAGAIN
                break
            self._waiting.popleft().close()
        if blocked != self._awaits_taker:
            self._awaits_taker = blocked
            if blocked:
                self._selector.register(self._handover, selectors.EVENT_WRITE, self._hand_on)
            else:
                self._selector.unregister(self._handover)


def health_question(seen: bytes) -> tuple[bytes, bytes] | None:
    """Method and path of a whole request for /healthz or /readyz; None for anything else, or more, or less."""
    if not seen.endswith(b"\r\n\r\n") or seen.count(b"\r\n\r\n") != 1:
        return None
    line, _, headers = seen.partition(b"\r\n")
    parts = line.split(b" ")
    if len(parts) != 3 or parts[0] not in (b"GET", b"HEAD") or parts[2] not in (b"HTTP/1.1", b"HTTP/1.0"):
        return None
    path = parts[1].partition(b"?")[0]
    lower = headers.lower()
    if not path.endswith((HEALTH, READY)) or b"content-length" in lower or b"transfer-encoding" in lower:
        return None
    return parts[0], path


def make_answer(
    status: int, body: bytes, *, is_head: bool = False, retry_after_s: int | None = None
) -> bytes:
    """A whole answer, after which the connection is closed."""
    lines = [
        f"HTTP/1.1 {status} {_WORDS[status]}",
        time.strftime("date: %a, %d %b %Y %H:%M:%S GMT", time.gmtime()),
        "server: xiesou",
        "content-type: application/json",
        f"content-length: {len(body)}",
        "cache-control: no-store",
        "x-content-type-options: nosniff",
        *([] if retry_after_s is None else [f"retry-after: {retry_after_s}"]),
        "connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + (b"" if is_head else body)


def _answer(connection: socket.socket, seen: bytes, answer: bytes) -> None:
    """Answer and close; so little fits between the two without waiting."""
    with connection:
        try:
            connection.recv(len(seen))
            connection.send(answer)
        except OSError:  # gone
            return


def main(given: str) -> None:
    """Be the door, as `given` says in JSON: the numbers of the open sockets, and the rules."""
    told = json.loads(given)
    listening = [socket.socket(fileno=number) for number in told["listening"]]
    Door(listening, socket.socket(fileno=told["handover"]), Rules(**told["rules"])).run(sys.stdin.fileno())


if __name__ == "__main__":
    main(sys.argv[1])
