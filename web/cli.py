"""`xiesou serve`: serves the pages and the API."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from search.cli import ADDRESS
from search.errors import CollectionUnavailable, StoreError
from search.messages import Message
from search.messages.words import LANGUAGES, render
from search.settings import Address
from web import messages as says
from web.limits import read_limits
from web.loading import load_language, loading
from web.observing import Observing
from web.observing_options import observing_options
from web.origin_policy import DEFAULT_RATE, OriginPolicy, read_origins
from web.rate_policy import DEFAULT_CLIENT_RATE, read_limits_of_clients
from web.site import Site
from web.site_options import read_site, site_options, warnings_of

if TYPE_CHECKING:
    from search import Searcher
    from web.app import WebConfig

_BACKLOG = 1_024


class ServeError(click.ClickException):
    """A message for the operator; exit status 2."""

    exit_code = 2


@click.command(
    epilog="""\b
Examples:
  xiesou serve
  xiesou serve --port 8080 --index index_data/index"""
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
@click.option(
    "--index",
    type=ADDRESS,
    metavar="PATH",
    envvar="XIESOU_INDEX",
    help="The index directory, or the URL of a cluster. [default: $XIESOU_INDEX, else index_data/index]",
)
@click.option(
    "--processes",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes that answer; each takes its own memory. One per core where many ask at once.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 256),
    help="Short questions that a process answers at once; the same as --limit quick_at_once=N.",
)
@click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="NAME=NUMBER",
    help="What visitors may take, such as question_seconds=5; may be repeated. docs/operating.md lists all. "
    "[default: $XIESOU_LIMITS, else as listed there]",
)
@click.option(
    "--allow-origin",
    "allow_origins",
    multiple=True,
    metavar="ORIGIN",
    help="A site that may embed the search, such as https://example.org; may be repeated, * allows all. "
    "[default: $XIESOU_ALLOWED_ORIGINS, else none]",
)
@click.option(
    "--origin-rate",
    default=DEFAULT_RATE,
    show_default=True,
    type=click.IntRange(1),
    envvar="XIESOU_ORIGIN_RATE",
    help="Requests a minute that one reader may make through one such site.",
)
@click.option(
    "--client-rate",
    type=click.IntRange(0),
    envvar="XIESOU_CLIENT_RATE",
    help="Requests a minute that one client may make, costly ones counted several times; 0 is any number. "
    f"[default: $XIESOU_CLIENT_RATE, else {DEFAULT_CLIENT_RATE}, and any number where only this machine asks]",
)
@site_options
@observing_options
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    show_default=True,
    help="Speak this language.",
)
def serve(
    host: str,
    port: int,
    index: Address | None,
    processes: int,
    threads: int | None,
    limits: tuple[str, ...],
    allow_origins: tuple[str, ...],
    origin_rate: int,
    client_rate: int | None,
    observing: Observing,
    lang: str,
    **where: Any,
) -> None:
    """Serve the pages and the API until stopped by Ctrl-C or SIGTERM."""
    with loading():
        from web.app import WebConfig, open_index
        from web.server import leave

    try:
        bounds = read_limits((os.environ.get("XIESOU_LIMITS", ""), *limits))
        allowed = read_origins(allow_origins or (os.environ.get("XIESOU_ALLOWED_ORIGINS", ""),))
        site = read_site(host, **where)
    except ValueError as error:
        raise ServeError(str(error)) from None
    if threads is not None:
        bounds = replace(bounds, quick_at_once=threads)
    policy = OriginPolicy(allowed, rate_per_minute=origin_rate)
    rates = read_limits_of_clients(client_rate, host, site, policy)
    try:
        with loading():
            searcher = open_index(index)
            load_language(searcher)
    except (StoreError, CollectionUnavailable) as error:
        raise ServeError(render(error.said, lang)) from None
    config = WebConfig(
        index=index, origins=policy, rates=rates, site=site, observing=observing, limits=bounds
    )
    try:
        sockets = bind(host, port, lang)
        _tell_addresses(sockets, host, site, lang)
        is_done = _run(config, searcher, sockets, processes)
    finally:
        searcher.close()
    if not is_done:
        leave()


def _run(config: WebConfig, searcher: Searcher, sockets: Sequence[socket.socket], processes: int) -> bool:
    """Serve until told to stop; see `web.server.run`."""
    from web.composition import Composition, shared_folder
    from web.server import run

    with shared_folder() as shared:
        config = replace(config, shared=shared)
        if processes > 1:
            config = replace(config, observing=replace(config.observing, shared=shared))
            searcher.close()  # each process opens its own
        else:
            config = replace(config, searcher=searcher)
        return run(Composition(config), config.limits, sockets, processes)


def _tell_addresses(sockets: list[socket.socket], host: str, site: Site, lang: str) -> None:
    for listening in sockets:
        address, bound = listening.getsockname()[:2]
        url = f"http://{f'[{address}]' if ':' in address else address}:{bound}/"
        click.echo(render(says.SERVED_AT(address=url), lang))
    if site.public_url is not None:
        click.echo(render(says.SERVED_AS(address=f"{site.public_url}/"), lang))
    for warning in warnings_of(host, site):
        click.secho(render(warning, lang), fg="yellow", err=True)


def bind(host: str, port: int, lang: str = LANGUAGES[0]) -> list[socket.socket]:
    """Sockets that listen at every address of the host name.

    Raises:
        ServeError: the port is in use or forbidden, or the host is no address of this machine.
    """
    sockets: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            sockets.append(socket.socket(family, kind, protocol))
            if os.name == "posix":  # on Windows it would let two servers share a port
                sockets[-1].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                sockets[-1].setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            sockets[-1].bind(address)
            sockets[-1].listen(_BACKLOG)  # whoever reads the address may come at once
    except OSError as error:
        for opened in sockets:
            opened.close()
        raise ServeError(render(_explain(error, host, port), lang)) from None
    return sockets


def _explain(error: OSError, host: str, port: int) -> Message:
    if error.errno == errno.EADDRINUSE:
        return says.PORT_IN_USE(port=port, host=host)
    if error.errno == errno.EACCES:
        return says.PORT_NOT_ALLOWED(port=port)
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return says.NO_SUCH_HOST(host=host)
    return says.CANNOT_LISTEN(host=host, port=port, error=error.strerror or str(error))
