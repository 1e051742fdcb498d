"""Quotation and book marks: which belong together, and which a phrase passes over.

text -> pairs of marks -> where a phrase may pass over them (`search.language.text.phrases`)

Reports set the same name with and without marks (“十四五”规划, 十四五规划). A pair is found by direction where
the marks have one; straight quotation marks open and close in turn. What is no pair stays text.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from search.language.text.normalize import Normalized
from search.model import Span

OPENING = {"“": "”", "‘": "’", "「": "」", "『": "』", "〝": "〞", "《": "》", "〈": "〉", "«": "»", "„": "”"}
_CLOSING = {"”", "’", "」", "』", "〞", "〟", "》", "〉", "»"}
_SAME = {"〟": "〞"}
_STRAIGHT = frozenset({'"', "＂"})

_ANY = re.compile("[" + "".join(OPENING) + "".join(_CLOSING) + "".join(_STRAIGHT) + "]")

QUOTES = frozenset("\"'《》〈〉«»")
"""Quotation and book marks in normal form."""
SEPARATING = frozenset("、,:·()-")
"""What a phrase of six or more ideographs passes over as well, in normal form."""


_WITHOUT_QUOTES = str.maketrans(dict.fromkeys(QUOTES, ""))


def without_quotes(form: str) -> str:
    """A text of normal form without its quotation and book marks."""
    return form.translate(_WITHOUT_QUOTES)


def find_pairs(text: str) -> list[Span]:
    """The pairs of marks in a text as it was written: the places of the opening and the closing one, by opening.

    Example:
        >>> find_pairs("“十四五”规划《纲要》”")
        [(0, 4), (7, 10)]
    """
    pairs: list[Span] = []
    opened: list[tuple[str, int]] = []
    for match in _ANY.finditer(text):
        mark, at = match[0], match.start()
        if mark in OPENING:
            opened.append((OPENING[mark], at))
            continue
        wanted = '"' if mark in _STRAIGHT else _SAME.get(mark, mark)
        if opened and opened[-1][0] == wanted:  # as most do
            pairs.append((opened.pop()[1], at))
            continue
        place = next((n for n in range(len(opened) - 1, -1, -1) if opened[n][0] == wanted), None)
        if place is not None:
            pairs.append((opened[place][1], at))
            del opened[place:]
        elif mark in _STRAIGHT:
            opened.append((wanted, at))
    return sorted(pairs)


def pairs_in_form(text: str, normal: Normalized) -> list[Span]:
    """The same, as places in the text's normal form."""
    return place_in_form(find_pairs(text), normal)


def place_in_form(pairs: list[Span], normal: Normalized) -> list[Span]:
    """Pairs of a text as places in its normal form, without those of which a mark is not in it."""
    origins = normal.origins
    if not pairs or origins is None:
        return pairs
    found = [(bisect_left(origins, first), bisect_left(origins, last)) for first, last in pairs]
    size = len(origins)
    return [
        (begin, end)
        for (begin, end), pair in zip(found, pairs, strict=True)
        if end < size and (origins[begin], origins[end]) == pair
    ]
