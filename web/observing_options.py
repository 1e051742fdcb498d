"""The options that say what an operator sees of a server."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from search.operating.questions import DEFAULT_DAYS
from web.observing import DEFAULT_SLOW_MS, LOG_FORMS, LogForm, Observing


def observing_options(command: Callable[..., None]) -> Callable[..., None]:
    """Options of which the command gets one argument, `observing`; the token comes from the environment alone."""

    @click.option(
        "--access-log",
        metavar="FILE",
        envvar="XIESOU_ACCESS_LOG",
        help="Write a line for each request; - is standard output. [default: $XIESOU_ACCESS_LOG, else none]",
    )
    @click.option(
        "--access-log-format",
        type=click.Choice(LOG_FORMS),
        default=LOG_FORMS[0],
        show_default=True,
        envvar="XIESOU_ACCESS_LOG_FORMAT",
        help="Common Log Format, or JSON, which has more.",
    )
    @click.option(
        "--slow-ms",
        type=click.IntRange(0),
        default=DEFAULT_SLOW_MS,
        show_default=True,
        envvar="XIESOU_SLOW_MS",
        help="Tell of questions that take so long, with their plan; 0 tells of none.",
    )
    @_state_options
    @wraps(command)
    def gathered(
        *args: Any,
        access_log: str | None,
        access_log_format: LogForm,
        slow_ms: int,
        state: Path | None,
        state_days: int,
        **others: Any,
    ) -> None:
        token = os.environ.get("XIESOU_OPERATOR_TOKEN") or None
        observing = Observing(
            access_log, access_log_format, slow_ms or None, token, state=state, state_days=state_days
        )
        command(*args, observing=observing, **others)

    return gathered


def _state_options(command: Callable[..., None]) -> Callable[..., None]:
    @click.option(
        "--state",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="XIESOU_STATE",
        help="Keep what is asked, without addresses, for the operator's page, which needs "
        "XIESOU_OPERATOR_TOKEN. [default: $XIESOU_STATE, else nothing is kept]",
    )
    @click.option(
        "--state-days",
        type=click.IntRange(1, 3660),
        default=DEFAULT_DAYS,
        show_default=True,
        envvar="XIESOU_STATE_DAYS",
        help="How many days it is kept.",
    )
    @wraps(command)
    def passed(*args: Any, **options: Any) -> None:
        command(*args, **options)

    return passed
