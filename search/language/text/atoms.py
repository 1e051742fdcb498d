"""Atoms: the words and numbers of ASCII characters, which are terms of their own and are never cut.

The one definition for the index, for what is counted and for what is highlighted; its compiled form, which the index is
made with, is in `_cut.pyx`. A number is digits with points
between them (2023, 4.4, 1.2.3), a word begins with a letter (gwh, km2, pm2.5). Digits with a single letter behind
them are one atom (5g, 3d); with more behind them they are a number and its unit (12 | gwh, 300 | km2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from search.model import Span

ATOM = r"[0-9]+[a-z](?![a-z0-9])|[0-9]+(?:\.[0-9]+)*|[a-z][a-z0-9]*(?:\.[0-9]+)*"
"""An atom of a normalised text: a regular expression without a group."""

_ATOM = re.compile(ATOM)
_ATOM_CHARS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.")
_CONTINUATIONS = ("", "0", "a", "aa")
"""What may follow a prefix, as far as it matters to where an atom begins."""


def iter_atoms(normal: str) -> Iterator[re.Match[str]]:
    """The atoms of a text in normal form.

    Example:
        >>> [match[0] for match in iter_atoms("4.4gw,12gwh,300km2,5g,pm2.5")]
        ['4.4', 'gw', '12', 'gwh', '300', 'km2', '5g', 'pm2.5']
    """
    return _ATOM.finditer(normal)


def occurrences(normal: str, string: str, *, open_from: int | None = None) -> Iterator[Span]:
    """Where a string stands in a text, both in normal form, overlapping places too; it never cuts an atom.

    Args:
        string: not empty.
        open_from: from here on the string is the beginning of an atom; the span goes to the end of that atom.

    Example:
        >>> list(occurrences("12gwh,5gw", "gw")), list(occurrences("12gwh", "12gw", open_from=2))
        ([(7, 9)], [(0, 5)])
    """
    at = normal.find(string)
    if at < 0:
        return
    if open_from is None and string[0] not in _ATOM_CHARS and string[-1] not in _ATOM_CHARS:
        while at >= 0:
            yield at, at + len(string)
            at = normal.find(string, at + 1)
        return
    ends = {match.start(): match.end() for match in iter_atoms(normal)}
    inner = {place for start, end in ends.items() for place in range(start + 1, end)}
    while at >= 0:
        end = at + len(string)
        if open_from is not None and open_from < len(string):
            end = ends.get(at + open_from, at)
        if at not in inner and end not in inner and end - at >= len(string):
            yield at, end
        at = normal.find(string, at + 1)


def prefix_readings(prefix: str) -> tuple[int, ...]:
    """Where the atom may begin in which a prefix, in normal form, ends; its length where it ends in none.

    That depends on what follows: 5g is an atom or, in 5ghz, a number and the beginning of its unit.

    Example:
        >>> prefix_readings("300km"), prefix_readings("5g"), prefix_readings("covid-")
        ((3,), (0, 1), (6,))
    """
    begins = set()
    for more in _CONTINUATIONS:
        last = [match for match in iter_atoms(prefix + more) if match.start() < len(prefix) <= match.end()]
        begins.add(last[0].start() if last else len(prefix))
    return tuple(sorted(begins))
