"""What the last run of `xiesou index` over each set of paths could not read, for the operator's page.

An index keeps what was read. A file that could not be read is in none, so a run tells of it here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from search.messages import Message, from_json
from search.operating.state import opened

MOST_PROBLEMS = 500
_MOST_RUNS = 20
_MOST_CHARS = 500


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, or a line of one, and what was wrong with it."""

    path: str
    line: int | None
    reason: Message


@dataclass(frozen=True, slots=True)
class Run:
    """A run of `xiesou index`.

    Args:
        address: of the index.
        roots: the paths that were given.
        ended: UTC, such as 2026-01-31T08:00:00Z.
        problems: the first of them; `told` counts all.
    """

    address: str
    roots: tuple[str, ...]
    ended: str
    told: int
    problems: tuple[Unread, ...]


def keep_run(folder: Path, run: Run) -> None:
    """Keep what a run told, in place of the last one over the same paths; runs over the oldest others are dropped.

    Raises:
        OperatorStateError: it can't be written.
    """
    problems = [
        {"path": one.path, "line": one.line, "reason": one.reason.to_json()}
        for one in run.problems[:MOST_PROBLEMS]
    ]
    told = json.dumps({"told": run.told, "problems": [one for one in problems if _fits(one)]})
    with opened(folder) as connection:
        connection.execute(
            "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?)",
            (run.address, json.dumps(run.roots), run.ended, told),
        )
        connection.execute(
            "DELETE FROM runs WHERE (address, roots) NOT IN"
            " (SELECT address, roots FROM runs ORDER BY ended DESC LIMIT ?)",
            (_MOST_RUNS,),
        )


def _fits(problem: Mapping[str, object]) -> bool:
    return len(json.dumps(problem)) <= 8 * _MOST_CHARS


def read_runs(folder: Path) -> Sequence[Run]:
    """The last run over each set of paths, the newest first.

    Raises:
        OperatorStateError: the state can't be read.
    """
    with opened(folder) as connection:
        rows = connection.execute("SELECT * FROM runs ORDER BY ended DESC, address, roots").fetchall()
    return [_read(*row) for row in rows]


def _read(address: str, roots: str, ended: str, told: str) -> Run:
    kept = json.loads(told)
    problems = (Unread(one["path"], one["line"], from_json(one["reason"])) for one in kept["problems"])
    return Run(address, tuple(json.loads(roots)), ended, kept["told"], tuple(problems))
