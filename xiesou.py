"""The command `xiesou`: puts the commands of search, indexer and web together; nothing else."""

from __future__ import annotations

from importlib import import_module

import click

from search import __version__

COMMANDS = {
    "index": "indexer.cli",
    "inspect": "indexer.cli",
    "search": "search.cli",
    "reports": "search.cli",
    "show": "search.cli",
    "verify": "search.cli",
    "snapshot": "search.backup_cli",
    "restore": "search.backup_cli",
    "copy": "search.copy_cli",
    "numbers": "search.instruments.cli",
    "diff": "search.instruments.cli",
    "reuse": "search.instruments.cli",
    "match-text": "search.instruments.cli",
    "spread": "search.instruments.cli",
    "compare": "search.instruments.cli",
    "collocates": "search.instruments.cli",
    "keywords": "search.instruments.cli",
    "concordance": "search.concordance_cli",
    "digest": "search.digest.cli",
    "serve": "web.cli",
}
"""A command -> the module that has it: a server's start doesn't wait for what reads files, and the other way round."""


class Commands(click.Group):
    """The commands, each imported when it is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[name]), name.replace("-", "_"))
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Commands, epilog="Begin with: xiesou index PATH…, then xiesou serve.")
@click.version_option(__version__, prog_name="xiesou")
def main() -> None:
    """协搜 Xiesou: full-text search for Chinese municipal reports."""


if __name__ == "__main__":
    main()
