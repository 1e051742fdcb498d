"""`xiesou copy`: a collection from one place to another, for a move to a cluster or back."""

from __future__ import annotations

import click

from search.cli import ADDRESS, explained_errors, json_option, lang_option, print_json, settings_with
from search.media import for_line
from search.messages import commands
from search.messages.words import render
from search.settings import Address


@click.command(
    epilog="\b\nExamples:\n  xiesou copy index_data/index opensearch+https://user@host:9200/reports\n"
    "  xiesou copy opensearch+https://user@host:9200/reports /srv/index"
)
@click.argument("source", metavar="FROM", type=ADDRESS)
@click.argument("target", metavar="TO", type=ADDRESS)
@lang_option
@json_option
def copy(source: Address, target: Address, *, lang: str, as_json: bool) -> None:
    """Make the collection at TO hold what that at FROM holds; each is a folder, or the URL of a cluster.

    Texts, ids and times of coming in stay the same. What TO holds already stays; what FROM has not is removed from it.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from search.copying import copy_collection
    from search.language.text import load_analyzer

    settings = settings_with(None)
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with (
        explained_errors(lang),
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress,
    ):
        task = progress.add_task("", total=None)
        copied = copy_collection(
            str(source),
            str(target),
            load_analyzer(settings.user_dictionary),
            memory_bytes=settings.writer_bytes,
            on_progress=lambda done, total, name: progress.update(
                task, completed=done, total=total, description=for_line(name)[-40:]
            ),
        )
    counts = {"copied": copied.sources, "unchanged": copied.unchanged, "removed": copied.removed}
    held = {"reports": copied.committed.reports, "paragraphs": copied.committed.paragraphs}
    if as_json:
        print_json({**counts, **held, "version": str(copied.committed.version)})
        return
    click.echo(render(commands.COPIED(source=str(source), target=str(target), **counts, **held), lang))
