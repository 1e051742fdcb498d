"""`xiesou snapshot` and `xiesou restore`: backups of an index directory, at a terminal or for cron."""

from __future__ import annotations

from pathlib import Path

import click

from search.cli import explained_errors, index_option, json_option, lang_option, print_json, settings_with
from search.collection import Version
from search.messages import Declared, commands
from search.messages.words import render
from search.settings import Address

_FOLDER = click.Path(path_type=Path)


@click.command(
    epilog="\b\nExamples:\n  xiesou snapshot backups/monday\n  xiesou snapshot /mnt/disk/xiesou --copy"
)
@click.argument("folder", type=_FOLDER)
@index_option
@click.option("--copy", is_flag=True, help="Copy the files, instead of hard links on the same disk.")
@lang_option
@json_option
def snapshot(folder: Path, index: Address | None, *, copy: bool, lang: str, as_json: bool) -> None:
    """Keep the index as it is now in FOLDER, while it goes on being searched and written.

    On the same disk the files get a second name and take no more room; a snapshot on another disk is a copy.
    """
    from search.addresses import folder_of
    from search.embedded.backup import take_snapshot

    with explained_errors(lang):
        source = folder_of(settings_with(index).index)
        version = take_snapshot(source, folder, copy=copy)
    _tell(commands.SNAPSHOT_TAKEN, source, folder, version, lang, as_json=as_json)


@click.command(
    epilog="\b\nExamples:\n  xiesou restore backups/monday\n  xiesou restore backups/monday --index index_data/index"
)
@click.argument("folder", type=_FOLDER)
@index_option
@lang_option
@json_option
def restore(folder: Path, index: Address | None, *, lang: str, as_json: bool) -> None:
    """Make the snapshot in FOLDER the index again, as a new version; servers that are running move to it.

    Every byte of the snapshot is checked first. What the index held before is dropped.
    """
    from search.addresses import folder_of
    from search.embedded.backup import restore_snapshot

    with explained_errors(lang):
        target = folder_of(settings_with(index).index)
        version = restore_snapshot(folder, target)
    _tell(commands.SNAPSHOT_RESTORED, target, folder, version, lang, as_json=as_json)


def _tell(said: Declared, index: Path, snapshot: Path, version: Version, lang: str, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "index": str(index),
                "snapshot": str(snapshot),
                "version": str(version),
                "generation": version.number,
            }
        )
    else:
        click.echo(render(said(folder=str(index), snapshot=str(snapshot), version=str(version)), lang))
