"""Times summed up: median, 95th percentile, worst."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """How a class of questions was answered, in milliseconds."""

    median: float
    p95: float
    worst: float

    def __str__(self) -> str:
        return " / ".join(map(to_digits, (self.median, self.p95, self.worst)))


def spread(times: Sequence[float]) -> Spread:
    """The spread of at least one time."""
    return Spread(statistics.median(times), percentile(times, 95), max(times))


def percentile(times: Sequence[float], percent: float) -> float:
    """The value below which so many percent lie, between neighbours in proportion.

    Example:
        >>> percentile([1.0, 2.0, 3.0], 50)
        2.0
    """
    ordered = sorted(times)
    place = (len(ordered) - 1) * percent / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def to_digits(value: float) -> str:
    """Two or three digits, as a time of a few milliseconds is worth.

    Example:
        >>> [to_digits(value) for value in (0.1234, 3.14159, 42.42, 1234.5)]
        ['0.12', '3.1', '42', '1234']
    """
    return f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < 10 else f"{value:.0f}"
