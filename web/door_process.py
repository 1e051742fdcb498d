"""The door as the process that started it sees it: started, looked after, stopped. `web.door` is what runs there."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from web import door
from web import messages as says
from web.gateway import Refused, describe_refusal
from web.heartbeat import HUNG_SECONDS
from web.limits import Limits
from web.turns import RETRY_AFTER_S

CAN_HAND_OVER = hasattr(socket, "send_fds")
"""Whether this system lets one process hand a connection to another."""
_STOP_SECONDS = 2
_RESTART_SECONDS = 1
_log = logging.getLogger(__name__)


class DoorProcess:
    """A door before `listening`.

    Args:
        signs: a folder in which the processes that answer tell of themselves.
    """

    def __init__(self, listening: Sequence[socket.socket], limits: Limits, signs: Path) -> None:
        self._listening = list(listening)
        self._given, self.handover = socket.socketpair()
        """`handover` is what processes take connections from, as many as share it."""
        self.handover.setblocking(False)
        refused = Refused(503, "server_full", says.SERVER_FULL())
        self._rules = door.Rules(
            signs=str(signs),
            connections=limits.connections,
            header_seconds=limits.header_seconds,
            hung_seconds=HUNG_SECONDS,
            full=json.dumps(describe_refusal(refused), ensure_ascii=False),
            retry_after_s=RETRY_AFTER_S,
        )
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0

    def start(self) -> None:
        """Open the door."""
        listening = [each.fileno() for each in self._listening]
        told = {"listening": listening, "handover": self._given.fileno(), "rules": asdict(self._rules)}
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", door.__file__, json.dumps(told)],
            stdin=subprocess.PIPE,  # closed with this process, whatever ends it
            pass_fds=[*listening, self._given.fileno()],
            start_new_session=True,  # a terminal's Ctrl-C is for this process
        )

    def look_after(self) -> None:
        """Open it again if it ended."""
        assert self._process is not None
        if self._process.poll() is None or time.monotonic() - self._started_at < _RESTART_SECONDS:
            return
        _log.error("the door ended with status %s; another is started", self._process.returncode)
        self._end()
        self.start()

    def leave(self) -> None:
        """Give up what a forked process has of it, but for `handover`: the door is open while another has it."""
        for listening in self._listening:
            listening.close()
        self._given.close()
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def stop(self) -> None:
        """Take no connection any more."""
        self._end()
        self._given.close()
        self.handover.close()

    def _end(self) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def take_connections(handover: socket.socket, most: int) -> tuple[list[socket.socket], bool]:
    """Connections that were handed on, and whether there may be others later; without waiting."""
    taken: list[socket.socket] = []
    while len(taken) < most:
        try:
            told, numbers, _, _ = socket.recv_fds(handover, 1, 1)
        except BlockingIOError:
            break
        if not told:  # nobody is left at the other end
            return taken, False
        for number in numbers:
            taken.append(socket.socket(fileno=number))
            taken[-1].setblocking(False)
    return taken, True
