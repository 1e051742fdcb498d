"""The server: uvicorn's event loop and HTTP, in one process or several, behind a door that answers for their health.

sockets -> the door -> one process, or several -> BoundedProtocol -> Gateway -> the Flask application

Why uvicorn: docs/operating.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import functools
import logging
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import uvicorn
from uvicorn.supervisors import Multiprocess

from web.bounded_protocol import BoundedProtocol
from web.door_process import CAN_HAND_OVER, DoorProcess, take_connections
from web.gateway import Gateway
from web.heartbeat import BEAT_SECONDS, HUNG_SECONDS, Heartbeat
from web.limits import Limits
from web.loading import loading
from web.processes import Processes, ignore_interrupts

_SWITCH_SECONDS = 0.0002
"""How long a thread that computes keeps others waiting: the event loop and short questions have little to do.

The event loop gives the interpreter's lock up at each of its system calls, some six for a request.
"""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
"""Of glibc's malloc.h; other libraries have no `mallopt`, or ignore what they don't know."""
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_TAKEN_AT_ONCE = 4
"""Connections that a process takes in one go where no other shares them."""
_PASS_SECONDS, _MOST_PASSED = 0.001, 4
"""A process lets the others take a connection first: so long for each request it has under way, up to so many.

Clients stay connected, so whoever takes most of them has most to do from then on, while others have nothing.
"""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Behind:
    """What a process that answers has of the door before it.

    Args:
        handover: where connections come from.
        signs: the folder in which it tells of itself.
        door: the door, where this process looks after it.
    """

    handover: socket.socket
    signs: Path
    door: DoorProcess | None = None


class Server(uvicorn.Server):
    """uvicorn's, which ends by a signal as by any other reason, and takes its connections from a door, if any."""

    def __init__(self, config: uvicorn.Config, behind: Behind | None = None) -> None:
        super().__init__(config)
        self._behind = behind
        self._beginning: set[asyncio.Task[Any]] = set()
        self._telling: asyncio.Task[None] | None = None
        self._pausing: asyncio.TimerHandle | None = None

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        numbers: tuple[signal.Signals, ...] = _STOP_SIGNALS
        if self._behind is not None and self._behind.door is None:
            numbers = (signal.SIGTERM,)  # Ctrl-C is for the process that started this one
        before = {number: signal.signal(number, self._stop) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.force_exit = self.should_exit and number == signal.SIGINT
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        behind = self._behind
        await super().startup(sockets if behind is None else [])
        if behind is None:
            return
        loop = asyncio.get_running_loop()
        behind.handover.setblocking(False)
        self._await_connections()
        self._telling = loop.create_task(self._tell(Heartbeat(behind.signs)))
        if behind.door is not None:
            behind.door.start()

    def _look(self) -> None:
        """Connections wait at the door: take them; where others may, one, and after those that have less to do."""
        assert self._behind is not None
        if self._behind.door is not None:
            self._take(_TAKEN_AT_ONCE)
            return
        self._leave_door()
        gateway: Gateway = self.config.loaded_app
        if gateway.under_way:
            self._pause(min(gateway.under_way, _MOST_PASSED), self._take_one)
        else:
            self._take_one()

    def _take_one(self) -> None:
        if self._take(1):
            self._pause(1, self._await_connections)  # until its request has begun, and is counted

    def _pause(self, times: int, then: Callable[[], None]) -> None:
        self._pausing = asyncio.get_running_loop().call_later(times * _PASS_SECONDS, then)

    def _await_connections(self) -> None:
        assert self._behind is not None
        asyncio.get_running_loop().add_reader(self._behind.handover, self._look)

    def _take(self, most: int) -> bool:
        """Take connections that wait; whether others may come."""
        assert self._behind is not None
        taken, may_come = take_connections(self._behind.handover, most)
        for connection in taken:
            beginning = asyncio.ensure_future(self._begin(connection))
            self._beginning.add(beginning)
            beginning.add_done_callback(self._beginning.discard)
        if not may_come:
            self._leave_door()
            self.should_exit = True
        return may_come

    async def _begin(self, connection: socket.socket) -> None:
        config = self.config

        def make_protocol() -> BoundedProtocol:
            return BoundedProtocol(
                config=config, server_state=self.server_state, app_state=self.lifespan.state
            )

        try:
            await asyncio.get_running_loop().connect_accepted_socket(make_protocol, connection)
        except OSError:  # the client has gone
            connection.close()

    async def _tell(self, heartbeat: Heartbeat) -> None:
        """Show signs of life, and what there is to tell of readiness."""
        gateway: Gateway = self.config.loaded_app
        asked: asyncio.Future[tuple[int, bytes]] | None = None
        while True:
            if asked is not None and asked.done():
                try:
                    heartbeat.tell(*asked.result())
                except Exception:
                    _log.exception("readiness could not be told")
                asked = None
            try:
                heartbeat.beat()
            except OSError as error:  # a full disk, perhaps
                _log.error("no sign of life can be written: %s", error)
            if asked is None and gateway.readiness is not None:
                asked = asyncio.ensure_future(gateway.threads.run(gateway.readiness))
                await asyncio.wait([asked], timeout=BEAT_SECONDS)
            await asyncio.sleep(BEAT_SECONDS)

    async def on_tick(self, counter: int) -> bool:
        is_over = await super().on_tick(counter)
        if not is_over and self._behind is not None and self._behind.door is not None:
            self._behind.door.look_after()
        return is_over

    def _leave_door(self) -> None:
        assert self._behind is not None
        if self._pausing is not None:
            self._pausing.cancel()
        asyncio.get_running_loop().remove_reader(self._behind.handover)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._behind is not None:
            self._leave_door()
            if self._behind.door is not None:
                self._behind.door.stop()
            if self._beginning:
                await asyncio.wait(self._beginning)
        if self._telling is not None:
            self._telling.cancel()
        await super().shutdown(sockets)


def make_config(
    app: Gateway | Callable[[], Gateway], limits: Limits, *, processes: int = 1
) -> uvicorn.Config:
    """uvicorn's settings: all that it bounds is bounded by `limits`; it tells nothing but errors."""
    return uvicorn.Config(
        app,
        factory=not isinstance(app, Gateway),
        workers=processes,
        http=BoundedProtocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level=logging.ERROR,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        headers=[("server", "xiesou")],
        h11_max_incomplete_event_size=limits.header_kb * 1024,
        timeout_keep_alive=limits.keep_alive_seconds,
        timeout_graceful_shutdown=limits.stop_seconds,
        timeout_worker_healthcheck=int(HUNG_SECONDS),
    )


def run(
    make: Callable[[], Gateway], limits: Limits, sockets: Sequence[socket.socket], processes: int = 1
) -> bool:
    """Serve until told to stop; then finish what is under way, within `stop_seconds`.

    Args:
        make: makes the application, in each process; with several it is pickled.
        sockets: bound to the addresses to listen at.

    Returns:
        Whether all is done; otherwise threads still work on what nobody waits for, and the process should `leave`.
    """
    made = _InProcess(make)
    if not CAN_HAND_OVER:
        return _run_without_door(made, limits, sockets, processes)
    with tempfile.TemporaryDirectory(prefix="xiesou-door-") as folder:
        door = DoorProcess(sockets, limits, Path(folder))
        behind = Behind(door.handover, Path(folder))
        if processes > 1:
            work = functools.partial(_work, made, limits, behind)
            Processes(work, processes, behind.signs, limits.stop_seconds).run(door)
            return True
        gateway = made()
        Server(make_config(gateway, limits), replace(behind, door=door)).run(list(sockets))
        return not gateway.threads.busy


def _work(make: _InProcess, limits: Limits, behind: Behind) -> None:
    """Be one of several processes that answer."""
    ignore_interrupts()
    gateway = make()
    Server(make_config(gateway, limits), behind).run([])
    if gateway.threads.busy:
        leave()


def _run_without_door(
    make: _InProcess, limits: Limits, sockets: Sequence[socket.socket], processes: int
) -> bool:
    """Where processes can't hand connections to each other, they share what listens."""
    if processes > 1:
        Multiprocess(make_config(make, limits, processes=processes), list(sockets)).run()
        return True
    gateway = make()
    Server(make_config(gateway, limits)).run(list(sockets))
    return not gateway.threads.busy


class _InProcess:
    """Makes the application where it is going to run."""

    def __init__(self, make: Callable[[], Gateway]) -> None:
        self._make = make

    def __call__(self) -> Gateway:
        sys.setswitchinterval(_SWITCH_SECONDS)
        _give_memory_back()
        with loading():
            return self._make()


def _give_memory_back() -> None:
    """Have the C library return what large arrays took: glibc keeps freed memory in an arena for each thread."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_MMAP_THRESHOLD, 256 * 1024)
        libc.mallopt(_M_TRIM_THRESHOLD, 1024 * 1024)
        libc.mallopt(_M_ARENA_MAX, 2)


def leave() -> NoReturn:
    """End at once, though threads still work: what is under way had its time."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
