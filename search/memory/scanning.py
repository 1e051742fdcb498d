"""Where strings stand together in a normal form; `search.language.text.occurrences` says where each one does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from search.language.text import occurrences
from search.language.text.phrases import SENTENCE_ENDS

_ENDS = re.compile("[" + "".join(sorted(SENTENCE_ENDS)) + "]")


def has_string(form: str, string: str) -> bool:
    """Whether `string` stands in a text, cutting no ASCII word or number."""
    return any(True for _ in occurrences(form, string))


def are_near(form: str, strings: Sequence[str], distance: int) -> bool:
    """Whether one place of every string can be chosen so that at most `distance` characters lie between them all.

    The window from the first begin to the last end has at most `distance` characters more than the strings together.
    """
    places = [list(occurrences(form, string)) for string in strings]
    window = distance + sum(map(len, strings))
    return any(
        all(any(begin <= at and end <= begin + window for at, end in of_string) for of_string in places)
        for begin in {at for of_string in places for at, _ in of_string}
    )


def sentence_of(form: str, at: int) -> int:
    """The number of the sentence, from 0, in which the character at a place stands."""
    return len(_ENDS.findall(form, 0, at))
