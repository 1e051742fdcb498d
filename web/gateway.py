"""`Gateway`: an ASGI application that puts a WSGI application behind limits.

request -> /healthz answered here -> sizes and places checked -> body read -> its turn -> answered in a thread, piece by
piece, each sent within a deadline

A client that does not read, or is gone, holds a connection and a little memory, never a thread. What stops in the
middle of an answer breaks the connection, so that nobody takes a part for the whole.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from typing import Any, Protocol, TypeAlias
from urllib.parse import unquote_to_bytes

from search.errors import CollectionUnavailable, XiesouError
from search.messages.words import LANGUAGES, render
from web import messages as says
from web.current_budget import TURN
from web.limits import Limits
from web.threads import Threads
from web.turns import RETRY_AFTER_S, Turn, Turns

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers: TypeAlias = list[tuple[bytes, bytes]]
Wsgi: TypeAlias = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

CONNECTION = "xiesou.connection"
"""Key of a scope's state: its `Connection`, where the server has it."""
HEALTH = "/healthz"
_PIECE_BYTES = 64 * 1024
_log = logging.getLogger(__name__)


class Connection(Protocol):
    """What a request came over, as its server has it."""

    @property
    def has_room(self) -> bool:
        """Whether what is sent goes on at once, since its client has read enough of what was sent before."""

    def tell_when_gone(self, gone: threading.Event) -> None:
        """Set it once the client is gone."""

    def tell_no_more(self, gone: threading.Event) -> None:
        """Leave it as it is."""

    def abort(self) -> None:
        """End it in the middle of whatever is sent."""


class Refused(Exception):
    """A request that is not passed on."""

    def __init__(self, status: int, code: str, message: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


class Gateway:
    """The application behind its limits.

    Args:
        app: asked once for each request, in a thread.
        turns: shared with whatever else works in this process.
        readiness: status and body of /readyz, for the door to answer with; None: it asks the application.
    """

    def __init__(
        self,
        app: Wsgi,
        limits: Limits,
        turns: Turns | None = None,
        readiness: Callable[[], tuple[int, bytes]] | None = None,
    ) -> None:
        self.app, self.limits = app, limits
        self.turns = Turns(limits) if turns is None else turns
        self.readiness = readiness
        self.threads = Threads(limits.requests_at_once + limits.exports_at_once)
        self.idle: dict[Any, None] = {}
        """Connections without a request under way, as the server keeps them."""
        self.under_way = 0
        """Requests that are not answered yet."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        if scope["path"].endswith(HEALTH) and scope["method"] in ("GET", "HEAD"):
            await _send_json(send, 200, {"status": "ok"}, [])
            return
        try:
            self._check_head(scope)
            body = await self._read_body(scope, receive)
            if self.under_way >= self.limits.requests_at_once:
                raise Refused(503, "server_full", says.SERVER_FULL())
        except Refused as refused:
            await asyncio.sleep(self.limits.refused_seconds)  # who asks again at once gets no faster
            await _refuse(scope, send, refused)
            return
        self.under_way += 1
        try:
            size_bytes = _address_bytes(scope) + len(body)
            await _Exchange(self, scope, receive, send, size_bytes).run(body)
        finally:
            self.under_way -= 1

    def _check_head(self, scope: Scope) -> None:
        size = _address_bytes(scope)
        if size > self.limits.header_kb * 1024:
            raise Refused(414, "too_large", says.ADDRESS_TOO_LONG())
        size += sum(len(name) + len(value) for name, value in scope["headers"])
        if size > self.limits.header_kb * 1024:
            raise Refused(431, "too_large", says.HEADERS_TOO_LARGE())

    async def _read_body(self, scope: Scope, receive: Receive) -> bytes:
        most = self.limits.body_kb * 1024
        headers = dict(scope["headers"])
        said = headers.get(b"content-length", b"0")
        if said.isdigit() and int(said) > most:
            raise Refused(413, "too_large", says.REQUEST_TOO_LARGE())

        async def read() -> bytes:
            body, more = b"", True
            while more:
                message = await receive()
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > most:
                    raise Refused(413, "too_large", says.REQUEST_TOO_LARGE())
            return body

        if said == b"0" and b"transfer-encoding" not in headers:
            return await read()  # there is none, and so no time to wait for it
        try:
            return await asyncio.wait_for(read(), self.limits.body_seconds)
        except (asyncio.TimeoutError, TimeoutError):
            raise Refused(408, "too_slow", says.REQUEST_TOO_SLOW()) from None


class _Exchange:
    """One request and its answer."""

    def __init__(self, gateway: Gateway, scope: Scope, receive: Receive, send: Send, size_bytes: int) -> None:
        self._gateway, self._scope, self._receive, self._send = gateway, scope, receive, send
        self._connection: Connection | None = scope.get("state", {}).get(CONNECTION)
        self._gone = threading.Event()
        self._turn: Turn = gateway.turns.turn(is_cancelled=self._gone.is_set, size_bytes=size_bytes)
        self._at_work = threading.Lock()
        self._answer: Iterable[bytes] = ()
        self._pieces: Iterator[bytes] = iter(())
        self._status = 500
        self._headers: Headers = []
        self._left_bytes: int | None = None
        """What the answer has still to give, if it says how long it is."""

    async def run(self, body: bytes) -> None:
        stop_watching = self._watch()
        try:
            try:
                piece, more = await self._work(lambda: self._begin(body))
            except CollectionUnavailable as full:  # before its turn: the application doesn't know of it
                await _refuse(self._scope, self._send, Refused(503, "server_full", full.message))
                return
            await self._deliver(piece, more)
        except asyncio.CancelledError:  # the server stops, and this had its time
            await self._break("the server stops")
        finally:
            stop_watching()
            self._gone.set()
            self._gateway.threads.run_soon(self._close)

    async def _deliver(self, piece: bytes, more: bool) -> None:
        try:
            await self._send(
                {"type": "http.response.start", "status": self._status, "headers": self._headers}
            )
            while True:
                last = len(piece) <= _PIECE_BYTES and not more
                await self._send_piece(piece[:_PIECE_BYTES], more_body=not last)
                if last:
                    return
                piece = piece[_PIECE_BYTES:]
                if self._gone.is_set():
                    return
                if not piece:
                    piece, more = await self._work(self._next)
        except (asyncio.TimeoutError, TimeoutError):
            await self._break("it was not read in time")
        except XiesouError as error:
            await self._break(str(error))
        except Exception:
            _log.exception("an answer failed in the middle")
            await self._break("it failed")

    async def _send_piece(self, piece: bytes, *, more_body: bool) -> None:
        sending = self._send({"type": "http.response.body", "body": piece, "more_body": more_body})
        if self._connection is not None and self._connection.has_room:
            await sending  # doesn't wait, so it needs no deadline
        else:
            await asyncio.wait_for(sending, self._gateway.limits.send_seconds)

    async def _break(self, why: str) -> None:
        """End the connection in the middle of the answer."""
        if not self._gone.is_set():
            path = self._scope["path"].encode("unicode_escape").decode()
            _log.warning("%s: the answer was broken off: %s", path, why)
        if self._connection is not None:
            self._connection.abort()
            await asyncio.sleep(0)  # the server hears of it

    def _watch(self) -> Callable[[], object]:
        """Have it noted if the client leaves; what ends that."""
        connection, gone = self._connection, self._gone
        if connection is None:
            return asyncio.ensure_future(self._wait_until_gone()).cancel
        connection.tell_when_gone(gone)
        return lambda: connection.tell_no_more(gone)

    async def _wait_until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone.set()

    async def _work(self, step: Callable[[], tuple[bytes, bool]]) -> tuple[bytes, bool]:
        def work() -> tuple[bytes, bool]:
            with self._at_work, self._turn.working():
                return step()

        return await self._gateway.threads.run(work)

    def _begin(self, body: bytes) -> tuple[bytes, bool]:
        environ = make_environ(self._scope, body)
        environ[TURN] = self._turn

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            self._status = int(status.split(" ", 1)[0])
            self._headers = [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in headers]
            said = dict(self._headers).get(b"content-length", b"")
            self._left_bytes = int(said) if said.isdigit() else None

        self._answer = self._gateway.app(environ, start_response)
        self._pieces = iter(self._answer)
        return self._next()

    def _next(self) -> tuple[bytes, bool]:
        """The next piece of the answer, and whether there may be more."""
        found: list[bytes] = []
        size = 0
        for block in self._pieces:
            found.append(block)
            size += len(block)
            if size >= _PIECE_BYTES:
                if self._left_bytes is not None:
                    self._left_bytes -= size
                return b"".join(found), self._left_bytes != 0
        return b"".join(found), False

    def _close(self) -> None:
        with self._at_work:  # a piece that nobody waits for any more may still be worked on
            close = getattr(self._answer, "close", None)
            try:
                if close is not None:
                    close()
            finally:
                self._turn.end()


def _address_bytes(scope: Scope) -> int:
    return len(scope["raw_path"]) + len(scope["query_string"])


def make_environ(scope: Scope, body: bytes) -> dict[str, Any]:
    """The environment of PEP 3333 for a request."""
    root = scope.get("root_path", "")
    path = unquote_to_bytes(scope["raw_path"]).decode("latin-1")
    host, port = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": root.encode("utf-8").decode("latin-1"),
        "PATH_INFO": path.removeprefix(root),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.get("client"):
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = scope["client"][0], str(scope["client"][1])
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        if b"_" in name:  # would be taken for the header with a hyphen, which proxies set
            continue
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    if "HTTP_TRANSFER_ENCODING" in environ:  # read already
        del environ["HTTP_TRANSFER_ENCODING"]
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ


async def _refuse(scope: Scope, send: Send, refused: Refused) -> None:
    """An answer in the shape of the API's errors: the application that would make a page of it is not asked."""
    lang = LANGUAGES[1] if b"lang=en" in scope["query_string"] else LANGUAGES[0]
    headers = [(b"connection", b"close")] if refused.status != 503 else []
    if refused.status == 503:
        headers.append((b"retry-after", str(RETRY_AFTER_S).encode()))
    await _send_json(send, refused.status, describe_refusal(refused, lang), headers)


def describe_refusal(refused: Refused, lang: str = LANGUAGES[0]) -> dict[str, Any]:
    """The body of such an answer."""
    error = {
        "code": refused.code,
        "message": render(refused.message, lang),
        "message_code": refused.message.code,
        "args": {},
        "field": None,
        "position": None,
    }
    return {"error": error}


async def _send_json(send: Send, status: int, value: Any, headers: Headers) -> None:
    body = json.dumps(value, ensure_ascii=False).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
