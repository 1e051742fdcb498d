"""`xiesou serve`: serves the pages and the API by waitress."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import click

from search.errors import StoreError
from search.messages import Message
from search.messages.words import LANGUAGES, render
from search.model import Query
from web import messages as says
from web.observing import Observing
from web.observing_options import observing_options
from web.origin_policy import DEFAULT_RATE, OriginPolicy, read_origins
from web.rate_policy import DEFAULT_CLIENT_RATE, read_limits_of_clients
from web.site import Site
from web.site_options import read_site, site_options, warnings_of


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
    type=click.Path(path_type=Path),
    envvar="XIESOU_INDEX",
    help="The index directory. [default: $XIESOU_INDEX, else index_data/index]",
)
@click.option(
    "--threads", default=8, show_default=True, type=click.IntRange(1, 256), help="Requests at once."
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
    index: Path | None,
    threads: int,
    allow_origins: tuple[str, ...],
    origin_rate: int,
    client_rate: int | None,
    public_url: str | None,
    trusted_proxies: tuple[str, ...],
    allowed_hosts: tuple[str, ...],
    observing: Observing,
    lang: str,
) -> None:
    """Serve the pages and the API until stopped by Ctrl-C."""
    from waitress import create_server

    from web.app import WebConfig, create_app, open_index

    try:
        allowed = read_origins(allow_origins or (os.environ.get("XIESOU_ALLOWED_ORIGINS", ""),))
        site = read_site(
            host, public_url=public_url, trusted_proxies=trusted_proxies, allowed_hosts=allowed_hosts
        )
    except ValueError as error:
        raise ServeError(str(error)) from None
    policy = OriginPolicy(allowed, rate_per_minute=origin_rate)
    rates = read_limits_of_clients(client_rate, host, site, policy)
    try:
        engine = open_index(index)
        engine.search(Query("协搜", per_page=1))  # loads the dictionary before the first request
    except StoreError as error:
        raise ServeError(render(error.said, lang)) from None
    try:
        app = create_app(
            WebConfig(engine=engine, index=index, origins=policy, rates=rates, site=site, observing=observing)
        )
        sockets = bind(host, port, lang)
        server = create_server(
            app, sockets=sockets, threads=threads, ident="xiesou", clear_untrusted_proxy_headers=False
        )
        _tell_addresses(sockets, host, site, lang)
        try:
            server.run()
        finally:
            server.close()
    finally:
        engine.close()


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
    """Sockets bound to every address of the host name.

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
