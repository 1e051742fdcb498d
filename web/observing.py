"""What an operator wants to see of a server; all of it is off unless asked for. Imports no Flask.

`web.observers` puts it to work; the command line reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from search.operating.questions import DEFAULT_DAYS

LogForm = Literal["common", "json"]
LOG_FORMS: tuple[LogForm, ...] = ("common", "json")
DEFAULT_SLOW_MS = 1000


@dataclass(frozen=True, slots=True)
class Observing:
    """What is told of requests.

    Args:
        access_log: the file, - for standard output; None for no log.
        slow_ms: questions that take so long are told in the log with their plan; None for none.
        operator_token: opens /metrics and /operator; None for nobody.
        shared: a folder of all processes of a server, where there are several.
        state: a folder in which questions are kept for the operator; None for none.
        state_days: how many days they are kept.
    """

    access_log: str | None = None
    log_form: LogForm = "common"
    slow_ms: int | None = None
    operator_token: str | None = field(default=None, repr=False)
    shared: Path | None = None
    state: Path | None = None
    state_days: int = DEFAULT_DAYS
