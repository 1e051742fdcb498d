"""`xiesou serve`: the pages and the API, by waitress."""

from __future__ import annotations

import errno
from pathlib import Path

import click

from search.errors import StoreError


class CouldNot(click.ClickException):
    """A clear message, and the exit status of what could not be done."""

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
def serve(host: str, port: int, index: Path | None, threads: int) -> None:
    """Serve the pages and the API until stopped by Ctrl-C."""
    from waitress import create_server

    from web.app import WebConfig, create_app, open_index

    try:
        engine = open_index(index)
    except StoreError as error:
        raise CouldNot(str(error)) from None
    try:
        app = create_app(WebConfig(engine=engine, index=index))
        try:
            server = create_server(app, host=host, port=port, threads=threads, ident="xiesou")
        except OSError as error:
            raise CouldNot(_explain(error, host, port)) from None
        for address, bound in getattr(server, "effective_listen", None) or [(host, server.effective_port)]:
            shown = f"[{address}]" if ":" in address else address
            click.echo(f"Xiesou 协搜: http://{shown}:{bound}/  (Ctrl-C stops it)")
        try:
            server.run()
        finally:
            server.close()
    finally:
        engine.close()


def _explain(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use. Stop what uses it, or choose another with --port."
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by this user. Choose one above 1023 with --port."
    if error.errno == errno.EADDRNOTAVAIL or error.errno is None or error.errno < 0:
        return (
            f"{host} is no address of this machine ({error.strerror or error}). Choose another with --host."
        )
    return f"Could not listen on {host}:{port}: {error.strerror or error}."
