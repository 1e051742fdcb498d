"""The filters of a search as options of a command."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, cast, get_args

import click

from search.model import LEVELS, PARTS, Axis, Query

Command = Callable[..., Any]

_FIELDS = ("city", "province", "year", "plan_year", "level", "part", "axis")
_OPTIONS = (
    click.option("--city", multiple=True, help="Only this city; may be repeated."),
    click.option("--province", multiple=True, help="Only this province; may be repeated."),
    click.option("--year", multiple=True, type=int, help="Only this year; may be repeated."),
    click.option("--type", "types", multiple=True, help="Only this type of report; may be repeated."),
    click.option("--plan-year", multiple=True, type=int, help="Only the work of this year; may be repeated."),
    click.option(
        "--level", multiple=True, type=click.Choice(LEVELS), help="Only this level; may be repeated."
    ),
    click.option(
        "--part",
        multiple=True,
        type=click.Choice(PARTS),
        help="Only this part of reports; may be repeated. [default: all but 批注]",
    ),
    click.option(
        "--axis",
        type=click.Choice(get_args(Axis)),
        default="plan",
        show_default=True,
        help="The year that is shown and counted by: of the work, or of delivery.",
    ),
    click.option("--no-synonyms", is_flag=True, help="Find words only as they are written."),
)


def filter_options(command: Command) -> Command:
    """The filters of a search; the command gets them as `filters`, a Query without text."""

    @functools.wraps(command)
    def run(*args: Any, types: tuple[str, ...], no_synonyms: bool, **options: Any) -> Any:
        fields = {name: options.pop(name) for name in _FIELDS}
        filters = Query(type=types, synonyms=not no_synonyms, **fields)
        return command(*args, filters=filters, **options)

    for option in reversed(_OPTIONS):
        run = option(run)
    return cast(Command, run)
