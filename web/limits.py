"""What visitors may take, together and each: every limit with its name, its default and what it bounds. No Flask.

An operator sets one by `--limit name=number`, or in XIESOU_LIMITS; docs/operating.md has the table, which a test holds
against this module.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

MB = 1 << 20


def _limit(default: float, bounds: str) -> float:
    made: float = field(default=default, metadata={"bounds": bounds})
    return made


def _count(default: int, bounds: str) -> int:
    made: int = field(default=default, metadata={"bounds": bounds})
    return made


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one process. Units stand in the names; `bounds` in each one's metadata says what is bounded."""

    question_seconds: float = _limit(5, "work on one page or API answer, waiting left out")
    question_mb: int = _count(96, "memory that one question may hold at a time")
    questions_mb: int = _count(256, "memory that all questions of a process may hold at a time")
    export_seconds: float = _limit(600, "work on one export, waiting left out")
    answer_mb: int = _count(16, "size of a page or an API answer")
    instrument_seconds: float = _limit(60, "work on one answer of an instrument, waiting left out")
    instrument_mb: int = _count(400, "memory that one answer of an instrument may hold at a time")
    instruments_at_once: int = _count(
        2, "costly answers of instruments worked on at a time, by all processes"
    )
    kept_mb: int = _count(64, "costly answers of instruments that are kept, by all processes")
    kept_seconds: float = _limit(3600, "how long each of them is kept, within one version of the collection")
    progress_seconds: float = _limit(
        1, "a page waiting for a costly answer before it tells how far that is, and asks again"
    )
    left_seconds: float = _limit(20, "costly work going on for a page that nobody asks for any more")
    told_seconds: float = _limit(
        10, "what a page that asks again is told and isn't kept being told again: a fault, a cheap answer"
    )
    begun_for_a_place: int = _count(
        4, "costly answers that pages of a process begin, for each of those worked on at a time"
    )
    quick_seconds: float = _limit(0.1, "work after which a question waits its turn behind shorter ones")
    quick_kb: int = _count(2, "a request's address and body; a longer one waits its turn from the start")
    quick_at_once: int = _count(1, "short questions worked on at a time, by each process")
    long_at_once: int = _count(1, "long questions and exports worked on at a time")
    exports_at_once: int = _count(4, "exports under way, worked on or being sent")
    requests_at_once: int = _count(64, "requests under way; more are answered 503")
    wait_seconds: float = _limit(20, "waiting for a turn, without any work in between; then 503")
    connections: int = _count(500, "open connections; the one idle for longest makes room for a new one")
    header_seconds: float = _limit(10, "sending a request's line and headers")
    header_kb: int = _count(32, "a request's line and headers")
    body_seconds: float = _limit(10, "sending a request's body")
    body_kb: int = _count(64, "a request's body")
    refused_seconds: float = _limit(
        0.5, "what is refused before any work keeping its connection until it is told"
    )
    send_seconds: float = _limit(30, "a client taking the next 64 kB of an answer")
    keep_alive_seconds: int = _count(15, "an idle connection being kept")
    stop_seconds: int = _count(10, "finishing what is under way when told to stop")

    def __post_init__(self) -> None:
        for each in fields(self):
            if not getattr(self, each.name) > 0:
                raise ValueError(f"{each.name} must be more than 0.")


def read_limits(values: Iterable[str]) -> Limits:
    """Limits as an operator writes them, name=number, one or several in a value, apart by commas or blanks.

    Raises:
        ValueError: one can't be read; says which, and what there is.

    Example:
        >>> read_limits(["question_seconds=2.5, connections=50"]).connections
        50
    """
    known = {each.name: each for each in fields(Limits)}
    given: dict[str, float] = {}
    for part in (part for value in values for part in value.replace(",", " ").split()):
        name, _, number = part.partition("=")
        name = name.strip().replace("-", "_")
        if name not in known:
            raise ValueError(f"{name} is no limit. There are: {', '.join(known)}.")
        try:
            given[name] = float(number) if known[name].type == "float" else int(number)
        except ValueError:
            raise ValueError(
                f"{part}: write {name} and a number, such as {name}={known[name].default}."
            ) from None
    return Limits(**given)  # type: ignore[arg-type]
