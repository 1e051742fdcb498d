"""What is noted of each request: its id, when it began, what became of it; handed to whoever records such notes.

The id is in the answer (`X-Request-ID`) and in every line of the log that the request makes, so that a reader who is
shown an error can name it, and an operator can find it.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from flask import Flask, Response, g, has_request_context, request

from web.site import FROM_PROXY

_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
HEADER = "X-Request-ID"


@dataclass(frozen=True, slots=True)
class RequestNote:
    """One request and what became of it.

    Args:
        began: in seconds since 1970.
        endpoint: the route's name, "" where there is none.
        target: path and parameters as they were sent.
        seconds: until the answer was sent, or its client had gone.
        answer_seconds: until it began to be sent.
        refusal: the code of the error that was answered, "" if there was none.
    """

    id: str
    began: float
    client: str
    method: str
    endpoint: str
    target: str
    protocol: str
    referrer: str
    agent: str
    status: int
    sent_bytes: int
    answer_seconds: float
    seconds: float
    refusal: str


Record = Callable[[RequestNote], None]


def register_request_notes(app: Flask, records: Iterable[Record]) -> None:
    """Note every request, and hand the notes on when the answer was sent. Register it before all else."""
    recorders = tuple(records)

    def begin() -> None:
        given = request.headers.get(HEADER, "") if request.environ.get(FROM_PROXY) else ""
        g.request_id = given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        g.began, g.began_at = time.perf_counter(), time.time()

    def finish(response: Response) -> Response:
        response.headers[HEADER] = current_request_id()
        if recorders:
            _follow(response, recorders)
        return response

    app.before_request(begin)
    app.after_request(finish)


def current_request_id() -> str:
    """The id of the current request; "" outside of one."""
    return str(g.get("request_id", "")) if has_request_context() else ""


def note_refusal(code: str) -> None:
    """Note which error the current request is answered with."""
    g.refusal = code


def _follow(response: Response, recorders: tuple[Record, ...]) -> None:
    """Hand on the note once the answer was sent."""
    began, answered = g.began, time.perf_counter()
    note = RequestNote(
        id=current_request_id(),
        began=g.began_at,
        client=request.remote_addr or "",
        method=request.method,
        endpoint=request.endpoint or "",
        target=_target(),
        protocol=request.environ.get("SERVER_PROTOCOL", ""),
        referrer=request.headers.get("Referer", ""),
        agent=request.headers.get("User-Agent", ""),
        status=response.status_code,
        sent_bytes=response.content_length or response.calculate_content_length() or 0,
        answer_seconds=answered - began,
        seconds=0.0,
        refusal=g.get("refusal", ""),
    )
    counted = (
        _Counted(response.response) if response.is_streamed and not response.direct_passthrough else None
    )
    if counted is not None:
        response.response = counted

    def record() -> None:
        is_bodiless = note.method == "HEAD" or note.status in (204, 304)
        sent = 0 if is_bodiless else note.sent_bytes if counted is None else counted.size_bytes
        whole = replace(note, sent_bytes=sent, seconds=time.perf_counter() - began)
        for recorder in recorders:
            recorder(whole)

    response.call_on_close(record)


def _target() -> str:
    """Path and parameters, percent-encoded."""
    query = request.query_string.decode("ascii", "replace")
    return quote(request.script_root + request.path, safe="/:@!$&'()*+,;=~") + (f"?{query}" if query else "")


class _Counted:
    """The pieces of an answer, and how many bytes of them were sent."""

    def __init__(self, pieces: Iterable[bytes] | Iterable[str]) -> None:
        self._pieces = pieces
        self.size_bytes = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            data = piece.encode("utf-8") if isinstance(piece, str) else piece
            self.size_bytes += len(data)
            yield data

    def close(self) -> None:
        close = getattr(self._pieces, "close", None)
        if close is not None:
            close()
