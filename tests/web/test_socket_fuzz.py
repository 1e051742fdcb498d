"""Requests made at random through a socket, as bytes that no client would write: each is answered, refused or cut off.

XIESOU_FUZZ_EXAMPLES sets how much is tried, as in `test_request_fuzz`: two requests for each (240 where it is not set).
"""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import socket
from collections import Counter

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

from search import Searcher
from tests.web.test_request_fuzz import Fuzz, check
from tests.web.test_served import Address, get, served
from web.app import WebConfig, create_app
from web.limits import Limits

REQUESTS = 2 * int(os.environ.get("XIESOU_FUZZ_EXAMPLES", "120"))
LIMITS = Limits(header_seconds=0.3, body_seconds=0.3, refused_seconds=0.001)
NO_ANSWER = "cut off"


def spoil(data: bytes, chance: random.Random) -> bytes:
    """The request, or one that breaks HTTP somewhere."""
    kind = chance.random()
    if kind < 0.7:
        return data
    at = chance.randrange(len(data))
    if kind < 0.8:
        return data[:at] + chance.randbytes(chance.randint(1, 4)) + data[at:]
    if kind < 0.9:
        return data[:at]
    return data.replace(b"\r\n", chance.choice([b"\n", b"\r", b"\r\n ", b"\r\n\r\n"]), chance.randint(1, 3))


def to_bytes(request: tuple[str, str, list[tuple[str, str]], bytes], chance: random.Random) -> bytes:
    method, address, headers, body = request
    lines = [f"{method} {address} HTTP/1.{chance.choice('1110')}", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in headers if name != "Host" or chance.random() < 0.3]
    if body and chance.random() < 0.9:
        lines.append(f"Content-Length: {len(body)}")
    return spoil("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body, chance)


def ask(address: Address, data: bytes, method: str) -> Response | None:
    """The answer; None where the connection was closed without one. A server that does neither fails the test."""
    with socket.create_connection(address, timeout=30) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(data)
        try:
            answer = http.client.HTTPResponse(connection, method=method)
            answer.begin()
            found = answer.read()
        except (http.client.BadStatusLine, ConnectionError):
            return None
        return Response(found, answer.status, Headers(answer.getheaders()))


def test_whatever_comes_through_a_socket_the_server_answers_the_next(searcher: Searcher) -> None:
    app = create_app(WebConfig(searcher=searcher, limits=LIMITS))
    fuzz, chance = Fuzz(app, 17), random.Random(17)
    seen: Counter[str] = Counter()
    with served(app, LIMITS) as address:
        for number in range(REQUESTS):
            request = fuzz.request()
            data = to_bytes(request, chance)
            method = data.partition(b" ")[0].decode("latin-1")
            try:
                answer = ask(address, data, method)
                seen[NO_ANSWER if answer is None else str(answer.status_code)[0]] += 1
                if answer is not None and answer.status_code != 503:
                    check(answer, method, request[1])
                elif answer is not None:
                    assert int(answer.headers["Retry-After"]) > 0
            except Exception as error:
                raise AssertionError(f"request {number}: {data!r}") from error
            if number % 40 == 0:
                assert get(address, "/healthz")[0] == 200
        assert get(address, "/search?q=%E6%8F%90%E6%A1%88")[0] == 200
    assert seen["2"] > REQUESTS / 20
    assert seen["4"] > REQUESTS / 10
    assert seen[NO_ANSWER] < REQUESTS / 4
