"""Which other sites may use this search: the allow-list, what it does to CORS and framing, and its rate limit.

Origin header -> same host, on the list, or refused -> 403, 429 or the answer with the headers that let it be read.
"""

from __future__ import annotations

import math
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request

from web.problems import answer

EXTENSION = "xiesou-origins"
EVERYONE = "*"
FRAME = "embed.frame"
MAX_ORIGINS_COUNTED = 10_000
DEFAULT_RATE = 1200
DEFAULT_CACHE_SECONDS = 60

_ORIGIN = re.compile(r"(https?)://(\*\.)?([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class OriginPolicy:
    """Who may embed this search and how much they may ask.

    Args:
        allowed: origins such as https://example.org, https://*.example.org for all below it, or * for everyone;
            empty: no other site.
        rate_per_minute: searches, suggestions and reports that the readers of one site may ask for together.
        cache_seconds: how long browsers and a CDN may keep an answer given to another site.
    """

    allowed: tuple[str, ...] = ()
    rate_per_minute: int = DEFAULT_RATE
    cache_seconds: int = DEFAULT_CACHE_SECONDS

    @property
    def is_open(self) -> bool:
        return EVERYONE in self.allowed

    def allows(self, origin: str) -> bool:
        """Whether pages of this origin may read answers and frame the search.

        Example:
            >>> OriginPolicy(("https://*.example.org",)).allows("https://zx.example.org")
            True
        """
        return self.is_open or any(_covers(allowed, origin) for allowed in self.allowed)

    @property
    def frame_ancestors(self) -> str:
        """The same list as CSP spells it; the search's own pages may always frame it."""
        return EVERYONE if self.is_open else " ".join(("'self'", *self.allowed))


def read_origins(values: Iterable[str]) -> tuple[str, ...]:
    """Origins as an operator writes them, one or several in a value, apart by commas or blanks.

    Raises:
        ValueError: one is no origin; says which and how it should look.

    Example:
        >>> read_origins(["https://Example.org/, http://127.0.0.1:8080"])
        ('https://example.org', 'http://127.0.0.1:8080')
    """
    written = [part for value in values for part in re.split(r"[\s,]+", value) if part]
    return tuple(dict.fromkeys(part if part == EVERYONE else _read_origin(part) for part in written))


def _read_origin(written: str) -> str:
    origin = written.lower().removesuffix("/")
    read = _ORIGIN.fullmatch(origin)
    if read is None:
        raise ValueError(
            f"{written} is no origin. Write scheme and host without a path, such as https://example.org, "
            "https://*.example.org or http://127.0.0.1:8080; * allows every site."
        )
    return origin.removesuffix(_DEFAULT_PORTS[read[1]])


def _covers(allowed: str, origin: str) -> bool:
    scheme, _, host = allowed.partition("://")
    if not host.startswith("*."):
        return origin == allowed
    return origin.startswith(f"{scheme}://") and origin.endswith(host[1:])


class Allowance:
    """A bucket for each origin: full at first, refilled evenly, empty when an origin asks too fast."""

    def __init__(self, rate_per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._full = float(rate_per_minute)
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, origin: str) -> int:
        """Take one; 0 where there was one, else the whole seconds until there is."""
        with self._lock:
            now = self._clock()
            left, then = self._left.pop(origin, (self._full, now))
            left = min(self._full, left + (now - then) * self._full / 60)
            granted = left >= 1
            self._left[origin] = (left - 1 if granted else left, now)
            while len(self._left) > MAX_ORIGINS_COUNTED:
                self._left.popitem(last=False)
        return 0 if granted else max(1, math.ceil((1 - left) * 60 / self._full))


def register_origins(app: Flask, policy: OriginPolicy) -> None:
    """Guard /api by the policy. Register before all else: its check comes first, its headers last."""
    allowance = Allowance(policy.rate_per_minute)
    app.extensions[EXTENSION] = policy

    def check() -> Response | None:
        origin = asking_origin()
        if origin is None or not _is_api():
            return None
        if not policy.allows(origin):
            return answer(
                403,
                "origin_not_allowed",
                f"检索服务没有允许 {origin} 使用。请这项服务的管理员把它加入名单："
                f"xiesou serve --allow-origin {origin}（或环境变量 XIESOU_ALLOWED_ORIGINS）。",
            )
        if request.method == "OPTIONS":
            return Response(status=204)
        wait_seconds = allowance.take(origin)
        if not wait_seconds:
            return None
        response = answer(
            429, "too_many_requests", f"{origin} 的请求太多，每分钟最多 {policy.rate_per_minute:,} 次。"
        )
        response.headers["Retry-After"] = str(wait_seconds)
        return response

    def finish(response: Response) -> Response:
        if _is_api():
            _permit(response, policy)
        elif request.endpoint == FRAME:
            _let_frame(response, policy)
        return response

    app.before_request(check)
    app.after_request(finish)


def _let_frame(response: Response, policy: OriginPolicy) -> None:
    """The frame's page, its errors too, may stand in frames of the list; the older header can't say which."""
    said = response.headers.get("Content-Security-Policy", "")
    response.headers["Content-Security-Policy"] = said.replace(
        "frame-ancestors 'none'", f"frame-ancestors {policy.frame_ancestors}"
    )
    del response.headers["X-Frame-Options"]


def current_policy() -> OriginPolicy:
    """The policy of the application that handles this request."""
    policy = current_app.extensions[EXTENSION]
    assert isinstance(policy, OriginPolicy)
    return policy


def asking_origin() -> str | None:
    """The other site whose page asks, as the browser says; None for this site's own pages and for programs."""
    return _other(request.headers.get("Origin", ""))


def framing_origin() -> str | None:
    """The other site in whose frame this page is being opened, as far as the browser tells."""
    if request.headers.get("Sec-Fetch-Dest") not in ("iframe", "frame", "embed", "object"):
        return None
    parts = urlsplit(request.headers.get("Referer", ""))
    return _other(f"{parts.scheme}://{parts.netloc}") if parts.scheme and parts.netloc else None


def _other(origin: str) -> str | None:
    origin = origin.strip().lower()
    if not origin or urlsplit(origin).netloc == request.host.lower():
        return None
    return origin if origin == "null" or _ORIGIN.fullmatch(origin) else "null"


def _is_api() -> bool:
    return request.path.startswith("/api/")


def _permit(response: Response, policy: OriginPolicy) -> None:
    """Let a page of another site read the answer; a refusal too, so that its owner learns why."""
    origin = asking_origin()
    if policy.is_open:
        response.headers["Access-Control-Allow-Origin"] = EVERYONE
    else:
        response.vary.add("Origin")
        if origin is not None:
            response.headers["Access-Control-Allow-Origin"] = origin
    if origin is None:
        return
    response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    if response.status_code in (200, 304):
        response.headers["Cache-Control"] = f"public, max-age={policy.cache_seconds}"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
