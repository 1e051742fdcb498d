"""What a request says of its own address, made true before the application sees it.

peer -> client, scheme and host as trusted proxies tell them -> host known, or refused -> the public address, if stated

Everything behind this builds addresses of the request, so nothing else has to know of proxies. Without a public address
they are made of the Host header: where the operator named no host, shared caches may not keep such answers, since
anybody could have them keep a foreign host's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from web import messages as says
from web.error_answers import answer
from web.site import FROM_PROXY, Site, read_host

Environ = dict[str, Any]
WsgiApp = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_REFUSED = "xiesou.refused_host"
_UNKNOWN = "xiesou.unknown_host"
_HEALTH = ("/healthz", "/readyz")
"""Asked for by supervisors under any name; their answers hold no address."""
_WITHOUT_ADDRESSES = ("text/javascript", "text/css", "image/svg+xml")
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")


class PublicAddress:
    """A WSGI application that gives another one requests with true addresses."""

    def __init__(self, app: WsgiApp, site: Site) -> None:
        self._site = site
        self._app = ProxyFix(app, x_for=1, x_proto=1) if site.trusted_proxies else app
        self._as_called = app

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ[FROM_PROXY] = is_forwarded = self._site.trusts(environ.get("REMOTE_ADDR", ""))
        if is_forwarded:
            _keep_what_proxies_say(environ, self._site)
        self._check_host(environ, environ.pop("HTTP_X_FORWARDED_HOST", None) if is_forwarded else None)
        return (self._app if is_forwarded else self._as_called)(environ, start_response)

    def _check_host(self, environ: Environ, forwarded: str | None) -> None:
        """Leave a host in the request that may stand in answers; note one that is refused."""
        site, public = self._site, self._site.public_url
        host = forwarded or environ.get("HTTP_HOST")
        if host is not None and not site.allows(host):
            if not environ.get("PATH_INFO", "").endswith(_HEALTH):
                environ[_REFUSED] = host
            host = None
        environ[_UNKNOWN] = public is None and (host is None or not site.knows(host))
        if public is None:
            environ["HTTP_HOST"] = _own_name(environ) if host is None else host
            return
        environ.pop("HTTP_X_FORWARDED_PROTO", None)
        environ["wsgi.url_scheme"], environ["HTTP_HOST"] = public.scheme, public.host
        _mount(environ, public.prefix)


def _keep_what_proxies_say(environ: Environ, site: Site) -> None:
    """Leave of the headers what a trusted proxy wrote and what can be read, as one value each."""
    forwarded_for = environ.get("HTTP_X_FORWARDED_FOR", "")
    environ["HTTP_X_FORWARDED_FOR"] = site.client_of(environ.get("REMOTE_ADDR", ""), forwarded_for)
    for name in _FORWARDED[1:]:
        value = environ.pop(name, "").rpartition(",")[2].strip()
        if value and (name.endswith("HOST") or value.lower() in ("http", "https")):
            environ[name] = value if name.endswith("HOST") else value.lower()


def _mount(environ: Environ, prefix: str) -> None:
    """Take the prefix off the path: a proxy passes it on, and a request that comes directly may have it or not."""
    path = environ.get("PATH_INFO", "")
    environ["SCRIPT_NAME"] = prefix
    if prefix and (path == prefix or path.startswith(f"{prefix}/")):
        environ["PATH_INFO"] = path[len(prefix) :] or "/"


def _own_name(environ: Environ) -> str:
    """The server's own address, in place of a host that can't stand in an answer."""
    name, port = environ.get("SERVER_NAME", ""), environ.get("SERVER_PORT", "")
    name = f"[{name}]" if ":" in name else name
    return f"{name if read_host(name) else 'localhost'}:{port}" if port else name


def register_public_address(app: Flask, site: Site) -> None:
    """Put `PublicAddress` before the application. Register it first: its refusal comes first, its headers last."""
    app.wsgi_app = PublicAddress(app.wsgi_app, site)  # type: ignore[method-assign]

    def check() -> Response | None:
        host = request.environ.get(_REFUSED)
        if host is None:
            return None
        name = read_host(host)
        refusal = (
            answer(400, "bad_host", says.HOST_MALFORMED())
            if name is None
            else answer(400, "host_not_allowed", says.HOST_NOT_ALLOWED(host=name))
        )
        refusal.headers["Cache-Control"] = "no-store"
        return refusal

    def finish(response: Response) -> Response:
        if request.environ.get(_UNKNOWN) and response.mimetype not in _WITHOUT_ADDRESSES:
            response.headers["Cache-Control"] = make_private(response.headers.get("Cache-Control", ""))
        return response

    app.before_request(check)
    app.after_request(finish)


def make_private(cache_control: str) -> str:
    """The same rules of caching, for the reader's own browser alone."""
    kept = [part.strip() for part in cache_control.split(",") if part.strip() not in ("", "public")]
    return ", ".join(["private", *kept] if "no-store" not in kept and "private" not in kept else kept)
