"""Reports that the collection has twice, whole or nearly: told to the operator, never dropped.

Two reports are compared by their paragraphs: the share of a report's characters that stand in paragraphs which the
other has too, word for word after normalisation. Only longer paragraphs are compared so; that two texts are the same
throughout is said where every paragraph is, headings and date lines too. The collection counts; what is near enough to
be told is said here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from search.collection import SharedText

NEAR_SHARE = 0.8
"""From this share on, two reports are called nearly the same."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A report and one that has the same text.

    Args:
        source, other: where it and the one with the same text are from.
        share: of the characters in the report's paragraphs of `_MIN_CHARS` and more.
        is_whole: every paragraph of the two is the same, in the same order, short ones too.
    """

    id: str
    source: str
    other: str
    share: float
    is_whole: bool


def find_duplicates(shared: Iterable[SharedText]) -> list[Duplicate]:
    """The reports of which another has at least `NEAR_SHARE`.

    Args:
        shared: what `View.shared_text` gives.

    Returns:
        By source; two reports that have each other are named once, the later one first.
    """
    near = [entry for entry in shared if entry.shared_chars >= NEAR_SHARE * entry.chars]
    found: list[Duplicate] = []
    named: set[tuple[str, str]] = set()
    for entry in sorted(near, key=lambda entry: entry.source, reverse=True):
        if (entry.other, entry.report) not in named:
            named.add((entry.report, entry.other))
            found.append(
                Duplicate(
                    entry.report,
                    entry.source,
                    entry.other_source,
                    entry.shared_chars / entry.chars,
                    entry.is_whole,
                )
            )
    return found[::-1]
