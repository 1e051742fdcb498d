"""The command `xiesou`: puts the commands of search, indexer and web together; nothing else."""

from __future__ import annotations

import click

from indexer.cli import index, inspect
from search import __version__
from search.backup_cli import restore, snapshot
from search.cli import reports, search, show, verify
from search.concordance_cli import concordance
from search.copy_cli import copy
from search.digest.cli import digest
from search.instruments.cli import COMMANDS as INSTRUMENTS
from web.cli import serve


@click.group(epilog="Begin with: xiesou index PATH…, then xiesou serve.")
@click.version_option(__version__, prog_name="xiesou")
def main() -> None:
    """协搜 Xiesou: full-text search for Chinese municipal reports."""


COMMANDS = (
    index,
    inspect,
    search,
    reports,
    show,
    verify,
    snapshot,
    restore,
    copy,
    *INSTRUMENTS,
    concordance,
    digest,
    serve,
)
for command in COMMANDS:
    main.add_command(command)

if __name__ == "__main__":
    main()
