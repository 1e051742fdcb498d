"""Where strings stand in a normal form. An ASCII word or number is atomic: no string begins or ends within one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from search.language.text import ATOM
from search.model import Span

_ATOM = re.compile(ATOM)
_ATOM_CHARS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.")
"""Only a string that begins or ends with one of these can cut an atom."""


def find_string(form: str, string: str) -> list[int]:
    """Where `string` stands, overlapping places too."""
    found: list[int] = []
    at = form.find(string)
    while at >= 0:
        found.append(at)
        at = form.find(string, at + 1)
    if found and (string[0] in _ATOM_CHARS or string[-1] in _ATOM_CHARS):
        inner = _inner_places(form)
        found = [at for at in found if at not in inner and at + len(string) not in inner]
    return found


def find_prefix(form: str, prefix: str) -> list[Span]:
    """The ASCII words and numbers that begin with `prefix`."""
    if prefix not in form:
        return []
    return [atom.span() for atom in _ATOM.finditer(form) if atom[0].startswith(prefix)]


def are_near(form: str, strings: Sequence[str], distance: int) -> bool:
    """Whether one place of every string can be chosen so that at most `distance` characters lie between them all.

    The window from the first begin to the last end has at most `distance` characters more than the strings together.
    """
    places = [[(at, at + len(string)) for at in find_string(form, string)] for string in strings]
    window = distance + sum(map(len, strings))
    return any(
        all(any(begin <= at and end <= begin + window for at, end in of_string) for of_string in places)
        for begin in {at for of_string in places for at, _ in of_string}
    )


@lru_cache(maxsize=4096)
def _inner_places(form: str) -> frozenset[int]:
    """The borders between two characters of one atom."""
    return frozenset(at for atom in _ATOM.finditer(form) for at in range(atom.start() + 1, atom.end()))
