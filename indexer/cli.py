"""`xiesou index` and `xiesou inspect`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from search.cli import CouldNot, print_json, settings_with
from search.errors import XiesouError

EXIT_WITH_PROBLEMS = 1
_SHOWN_PROBLEMS = 20


@click.command(
    epilog="""\b
Examples:
  xiesou index reports/
  xiesou index reports/ more.zip --jobs 2
  xiesou index reports/ --rebuild --json"""
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--index",
    "folder",
    type=click.Path(path_type=Path),
    help="The index directory. [default: $XIESOU_INDEX, else index_data/index]",
)
@click.option(
    "--rebuild", is_flag=True, help="Begin from nothing; the old index stays until the new one is whole."
)
@click.option("--jobs", type=click.IntRange(1, 256), help="Worker processes. [default: one a core]")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def index(
    paths: tuple[Path, ...],
    folder: Path | None,
    rebuild: bool,
    jobs: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring the index up to date with the files under PATHS: adds, updates, removes."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from indexer.pipeline import index_sources

    settings = settings_with(folder)
    console = Console(stderr=True)
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with progress:
        task = progress.add_task("读取与索引", total=None)

        def on_progress(done: int, total: int, name: str) -> None:
            progress.update(task, completed=done, total=total, description=name[-40:])

        try:
            summary = index_sources(
                paths,
                settings.index,
                rebuild=rebuild,
                jobs=jobs,
                dry_run=dry_run,
                user_dictionary=settings.user_dictionary,
                budget_bytes=settings.writer_bytes,
                on_progress=on_progress,
            )
        except XiesouError as error:
            raise CouldNot(str(error)) from error
    if as_json:
        print_json(summary.to_json())
    else:
        _print_summary(summary, dry_run=dry_run)
    if summary.problems:
        sys.exit(EXIT_WITH_PROBLEMS)


def _print_summary(summary: Any, *, dry_run: bool) -> None:
    for problem in summary.problems[:_SHOWN_PROBLEMS]:
        place = problem.path if problem.line is None else f"{problem.path}:{problem.line}"
        click.secho(f"{place}: {problem.reason}", fg="yellow", err=True)
    if len(summary.problems) > _SHOWN_PROBLEMS:
        click.secho(
            f"… 另有 {len(summary.problems) - _SHOWN_PROBLEMS} 个问题（--json 列出全部）",
            fg="yellow",
            err=True,
        )
    renamed = f"（其中改名 {summary.renamed}）" if summary.renamed else ""
    verb = "将" if dry_run else ""
    click.echo(
        f"{verb}新增 {summary.added}{renamed} · {verb}更新 {summary.updated} · {verb}移除 {summary.removed}"
        f" · 未变 {summary.unchanged} · 问题 {len(summary.problems)}"
    )
    if not dry_run:
        click.echo(
            f"现有 {summary.reports:,} 份报告，{summary.paragraphs:,} 段；用时 {summary.seconds:.1f} 秒"
        )


@click.command(epilog="\b\nExamples:\n  xiesou inspect report.pdf\n  xiesou inspect report.txt --json")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def inspect(file: Path, as_json: bool) -> None:
    """Show how one file is understood: its reports, their values and why, their blocks, and what was set aside."""
    from indexer.inspection import inspect_file, render

    try:
        found = inspect_file(file)
    except XiesouError as error:
        raise CouldNot(str(error)) from error
    if as_json:
        print_json(found)
        return
    from rich.console import Console

    Console().print(render(found))
