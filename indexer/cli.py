"""`xiesou index` and `xiesou inspect`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from indexer.model import Problem
from search.cli import ADDRESS, CouldNot, lang_option, print_json, settings_with
from search.errors import OperatorStateError, XiesouError
from search.media import for_line
from search.messages import Message, commands
from search.messages.words import render
from search.settings import Address

if TYPE_CHECKING:
    from rich.progress import Progress

    from indexer.bounds import Bounds
    from indexer.pipeline import Summary
    from search.language.text import Analyzer

EXIT_WITH_PROBLEMS = 1
EXIT_INTERRUPTED = 130
_SHOWN_PROBLEMS = 20


@click.command(
    epilog="""\b
Examples:
  xiesou index reports/
  xiesou index reports/ more.zip --jobs 2
  xiesou index reports/ --rebuild --json
  xiesou index reports/ --watch"""
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--index",
    "folder",
    type=ADDRESS,
    metavar="PATH",
    help="The index directory, or the URL of a cluster. [default: $XIESOU_INDEX, else index_data/index]",
)
@click.option(
    "--rebuild", is_flag=True, help="Begin from nothing; the old index stays until the new one is whole."
)
@click.option(
    "--allow-removals",
    is_flag=True,
    help="Remove files that are gone, however many. [default: no more than 10, or a fifth of those held]",
)
@click.option("--jobs", type=click.IntRange(1, 256), help="Worker processes. [default: one per core]")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="XIESOU_STATE",
    help="Tell the operator's page of `xiesou serve` with the same folder what could not be read. "
    "[default: $XIESOU_STATE, else none]",
)
@click.option("--watch", is_flag=True, help="Go on: follow PATHS and take in what changes, until Ctrl-C.")
@lang_option
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON; with --watch a line a run.")
def index(
    paths: tuple[Path, ...],
    folder: Address | None,
    rebuild: bool,
    allow_removals: bool,
    jobs: int | None,
    dry_run: bool,
    state: Path | None,
    watch: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Bring the index up to date with the files under PATHS: adds, updates, removes."""
    from indexer import pipeline

    if watch and dry_run:
        raise click.UsageError(render(commands.WATCH_OR_DRY_RUN(), lang))
    settings = settings_with(folder)
    try:
        run = partial(
            _run,
            paths,
            settings.index,
            allow_removals=allow_removals,
            jobs=jobs,
            dry_run=dry_run,
            analyzer=pipeline.load_analyzer(settings.user_dictionary),
            memory_bytes=settings.writer_bytes,
            bounds=_bounds(),
            state=None if dry_run else state,
            lang=lang,
        )
        if watch:
            _follow(paths, settings.index, run, rebuild=rebuild, lang=lang, as_json=as_json)
        summary = run(rebuild=rebuild)
    except XiesouError as error:
        raise CouldNot(render(error.said, lang)) from error
    except KeyboardInterrupt:
        if not watch:
            click.echo(render(commands.INTERRUPTED(), lang), err=True)
        sys.exit(0 if watch else EXIT_INTERRUPTED)
    if as_json:
        print_json(summary.to_json(lang))
    else:
        _print_problems(summary.problems, lang)
        _print_notes(summary.notes, lang)
        for line in _lines(summary, dry_run=dry_run):
            click.echo(render(line, lang))
    if summary.problems:
        sys.exit(EXIT_WITH_PROBLEMS)


def _bounds() -> Bounds:
    """The environment's bounds of work."""
    from indexer.bounds import Bounds

    try:
        return Bounds.from_environment()
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _run(
    paths: Sequence[Path],
    folder: Address,
    *,
    rebuild: bool,
    allow_removals: bool,
    jobs: int | None,
    dry_run: bool,
    analyzer: Analyzer,
    memory_bytes: int,
    bounds: Bounds,
    state: Path | None,
    lang: str,
) -> Summary:
    """One run, with a progress bar on a terminal; what it could not read is kept in the operator's state."""
    from indexer.pipeline import index_sources

    with _progress() as progress:
        task = progress.add_task(render(commands.READING_AND_INDEXING(), lang), total=None)

        def on_progress(done: int, total: int, name: str) -> None:
            progress.update(task, completed=done, total=total, description=for_line(name)[-40:])

        summary = index_sources(
            paths,
            folder,
            rebuild=rebuild,
            allow_removals=allow_removals,
            jobs=jobs,
            dry_run=dry_run,
            analyzer=analyzer,
            memory_bytes=memory_bytes,
            bounds=bounds,
            on_progress=on_progress,
        )
    if state is not None:
        _keep(summary, state, paths, folder)
    return summary


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _keep(summary: Summary, state: Path, paths: Sequence[Path], address: Address) -> None:
    """Keep a run's problems for the operator's page; that it can't be done is one more of them."""
    from indexer.arriving import time_stamp
    from search.operating.runs import Run, Unread, keep_run

    told = [Unread(problem.path, problem.line, problem.reason) for problem in summary.problems]
    roots = tuple(sorted({os.path.abspath(path) for path in paths}))
    where = os.path.abspath(address) if isinstance(address, Path) else address
    try:
        keep_run(state, Run(where, roots, time_stamp(), len(told), tuple(told)))
    except OperatorStateError as error:
        summary.problems.append(Problem(str(state), None, error.message))


def _follow(
    paths: Sequence[Path],
    folder: Address,
    run: Callable[..., Summary],
    *,
    rebuild: bool,
    lang: str,
    as_json: bool,
) -> NoReturn:
    """Run again and again: one line a run, and problems when they are new.

    Raises:
        XiesouError: the first run could not be done; what stops a later one is said, and the next change tried.
    """
    from indexer.watch import follow

    told: list[Problem] = []
    runs = 0

    def once() -> None:
        nonlocal runs, told
        try:
            summary = run(rebuild=rebuild and not runs)
        except XiesouError as error:
            if not runs:
                raise
            click.secho(f"{time.strftime('%H:%M:%S')} {render(error.said, lang)}", fg="red", err=True)
            return
        runs += 1
        if as_json:
            click.echo(json.dumps(summary.to_json(lang)))
            return
        _print_problems([problem for problem in summary.problems if problem not in told], lang)
        told = summary.problems
        did = commands.LINES_TOGETHER(parts=_lines(summary, dry_run=False))
        click.echo(f"{time.strftime('%H:%M:%S')} {render(did, lang)}")

    follow(paths, once, address=str(folder))


def _print_problems(problems: Sequence[Problem], lang: str) -> None:
    for problem in problems[:_SHOWN_PROBLEMS]:
        place = problem.path if problem.line is None else f"{problem.path}:{problem.line}"
        click.secho(for_line(f"{place}: {render(problem.reason, lang)}"), fg="yellow", err=True)
    if len(problems) > _SHOWN_PROBLEMS:
        rest = commands.MORE_PROBLEMS(n=len(problems) - _SHOWN_PROBLEMS)
        click.secho(render(rest, lang), fg="yellow", err=True)


def _print_notes(notes: Sequence[Problem], lang: str) -> None:
    for note in notes[:_SHOWN_PROBLEMS]:
        place = note.path if note.line is None else f"{note.path}:{note.line}"
        click.secho(for_line(f"{place}: {render(note.reason, lang)}"), dim=True, err=True)


def _lines(summary: Summary, *, dry_run: bool) -> list[Message]:
    """What a run did, for people."""
    added: Message | int = summary.added
    if summary.renamed:
        added = commands.ADDED_RENAMED(added=summary.added, renamed=summary.renamed)
    done = (commands.RUN_WOULD_DO if dry_run else commands.RUN_DID)(
        added=added,
        updated=summary.updated,
        removed=summary.removed,
        unchanged=summary.unchanged,
        problems=len(summary.problems),
    )
    if dry_run:
        return [done]
    holds = commands.RUN_HOLDS(
        reports=commands.FOUND_REPORTS(n=summary.reports),
        paragraphs=commands.FOUND_PARAGRAPHS(n=summary.paragraphs),
        seconds=summary.seconds,
    )
    return [done, holds]


@click.command(epilog="\b\nExamples:\n  xiesou inspect report.pdf\n  xiesou inspect report.txt --json")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--index",
    "folder",
    type=ADDRESS,
    metavar="PATH",
    help="Say when its reports came into this index, too.",
)
@lang_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def inspect(file: Path, folder: Address | None, lang: str, as_json: bool) -> None:
    """Show how one file is understood: its reports, their values and why, their blocks, and what was set aside."""
    from indexer import inspection
    from search.addresses import open_collection

    try:
        if folder is None:
            found = inspection.inspect_file(file, lang, bounds=_bounds())
        else:
            added = inspection.added_in(open_collection(settings=settings_with(folder)).at(), file)
            found = inspection.inspect_file(file, lang, bounds=_bounds(), added=added)
    except XiesouError as error:
        raise CouldNot(render(error.said, lang)) from error
    if as_json:
        print_json(found)
        return
    from rich.console import Console

    Console().print(inspection.render(found, lang))
