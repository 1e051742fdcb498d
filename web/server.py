"""The server: uvicorn's event loop and HTTP, with what it lacks: deadlines for headers, and room for new connections.

sockets -> one process, or several that share them -> BoundedProtocol -> Gateway -> the Flask application

Why uvicorn: docs/operating.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Any, NoReturn

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.supervisors import Multiprocess

from web.gateway import CONNECTION, Gateway
from web.limits import Limits

_SWITCH_SECONDS = 0.0002
"""How long a thread that computes keeps others waiting: the event loop and short questions have little to do.

The event loop gives the interpreter's lock up at each of its system calls, some six for a request.
"""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
"""Of glibc's malloc.h; other libraries have no `mallopt`, or ignore what they don't know."""
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_HUNG_SECONDS = 30
"""A process that does not answer its parent for so long is ended, and another takes its place."""


class BoundedProtocol(H11Protocol):
    """A connection: its headers come within a deadline, or it is broken.

    Idle connections are kept in the order in which they fell idle; where there are too many, the first makes room.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        limits = self._limits
        super().connection_made(transport)
        self.app_state = {**self.app_state, CONNECTION: self}
        self._deadline: asyncio.TimerHandle | None = None
        while len(self.connections) > limits.connections and self._idle:
            next(iter(self._idle)).abort()
        if len(self.connections) > limits.connections:
            self.abort()
            return
        self._fall_idle(limits.header_seconds)

    @property
    def _limits(self) -> Limits:
        limits: Limits = self.config.loaded_app.limits
        return limits

    @property
    def _idle(self) -> dict[Any, None]:
        idle: dict[Any, None] = self.config.loaded_app.idle
        return idle

    def _fall_idle(self, seconds: float) -> None:
        self._idle[self] = None
        self._set_deadline(seconds)

    def _set_deadline(self, seconds: float) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, self.abort)

    def _begin(self) -> None:
        """A request is under way: what follows has deadlines of its own."""
        self._idle.pop(self, None)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def data_received(self, data: bytes) -> None:
        if self.timeout_keep_alive_task is not None and not self._is_answering():
            self._fall_idle(self._limits.header_seconds)  # the next request's headers begin
        super().data_received(data)
        if self._is_answering():
            self._begin()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._is_answering() and not self.transport.is_closing():
            self._fall_idle(self._limits.keep_alive_seconds + self._limits.send_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        self._begin()
        super().connection_lost(exc)

    def timeout_keep_alive_handler(self) -> None:
        if (
            not self.transport.get_write_buffer_size()
        ):  # else the client is reading still, or the deadline comes
            super().timeout_keep_alive_handler()

    def abort(self) -> None:
        """Break the connection: whoever reads sees that the answer is not whole."""
        self._idle.pop(self, None)
        self.connections.discard(self)
        self.transport.abort()


class Server(uvicorn.Server):
    """uvicorn's, which ends by a signal as by any other reason: with what comes behind `run`."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._stop) for number in _STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


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
        timeout_worker_healthcheck=_HUNG_SECONDS,
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
    if processes > 1:
        Multiprocess(make_config(_InProcess(make), limits, processes=processes), list(sockets)).run()
        return True
    gateway = _InProcess(make)()
    Server(make_config(gateway, limits)).run(list(sockets))
    return not gateway.threads.busy


class _InProcess:
    """Makes the application where it is going to run."""

    def __init__(self, make: Callable[[], Gateway]) -> None:
        self._make = make

    def __call__(self) -> Gateway:
        sys.setswitchinterval(_SWITCH_SECONDS)
        _give_memory_back()
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


def serve_in_thread(gateway: Gateway, sockets: Sequence[socket.socket]) -> Any:
    """A running server in a thread of its own; `stop()` ends it. For tests, and programs that have a loop already."""
    server = Server(make_config(gateway, gateway.limits))
    thread = threading.Thread(target=server.run, kwargs={"sockets": list(sockets)}, daemon=True)
    thread.start()

    class Running:
        def stop(self) -> None:
            server.should_exit = True
            thread.join(gateway.limits.stop_seconds + 5)

    return Running()
