"""A connection with deadlines: what uvicorn's lacks, and room for new ones where there are too many."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from web.gateway import CONNECTION
from web.limits import Limits


class BoundedProtocol(H11Protocol):
    """A connection: its headers come within a deadline, or it is broken.

    Idle connections are kept in the order in which they fell idle; where there are too many, the first makes room.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        limits = self._limits
        super().connection_made(transport)
        self.app_state = {**self.app_state, CONNECTION: self}
        self._deadline: asyncio.TimerHandle | None = None
        self._told_when_gone: set[threading.Event] = set()
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

    @property
    def has_room(self) -> bool:
        """Whether what is sent goes on at once."""
        return not self.flow.write_paused

    def tell_when_gone(self, gone: threading.Event) -> None:
        """Set `gone` once the client is gone."""
        if self.transport.is_closing():
            gone.set()
        self._told_when_gone.add(gone)

    def tell_no_more(self, gone: threading.Event) -> None:
        """Leave `gone` as it is from now on."""
        self._told_when_gone.discard(gone)

    def connection_lost(self, exc: Exception | None) -> None:
        self._begin()
        for gone in self._told_when_gone:
            gone.set()
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
