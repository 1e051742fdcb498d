"""Many texts cut into words at once: what stands side by side in them, as numbers.

normalised texts -> one text of lines, its signs saying what is cut how -> one precise cut -> numbers, 0 between runs

A run has Han words and atoms that have a letter; marks and numbers stand between runs, and a single character behind a
number, its unit, is left out. To cut run by run takes most of its time between the calls.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search.language.text.atoms import ATOM
from search.language.text.segment import HAN

Cut = Callable[[str], Sequence[str]]
Numbers = NDArray[np.int32]

# A cut leaves blanks as words of their own: they are the signs between what is cut.
_RUN_ENDS, _GOES_ON, _BEHIND_NUMBER, _HAS_ATOM, _TEXT_ENDS = "\n", "\t", " ", "\f", "\v"
_SIGNS = {_RUN_ENDS: 0, _GOES_ON: -1, _BEHIND_NUMBER: -2, _HAS_ATOM: -3, _TEXT_ENDS: -4}

_BETWEEN = re.compile(f"[^{HAN}a-z0-9.]+")
_MIXED = re.compile(f"[{HAN}]*[a-z0-9.][{HAN}a-z0-9.]*")
_PIECES = re.compile(f"(?P<han>[{HAN}]+)|(?P<atom>{ATOM})|(?P<other>.)", re.DOTALL)


@dataclass(slots=True)
class WordNumbers:
    """Words and their numbers, from 1 on; 0 is no word."""

    words: list[str] = field(default_factory=lambda: [""])
    _of_word: dict[str, int] = field(default_factory=lambda: dict(_SIGNS))

    def of_all(self, words: Sequence[str]) -> Numbers:
        """The numbers of many words; new ones get theirs in order."""
        known = self._of_word
        for word in dict.fromkeys(words):
            if word not in known:
                known[word] = len(self.words)
                self.words.append(word)
        return np.fromiter(map(known.__getitem__, words), dtype=np.int32, count=len(words))


def number_words(forms: Sequence[str], cut: Cut, numbers: WordNumbers) -> Iterator[Numbers]:
    """The words of each normalised text as numbers, a 0 behind each run.

    Args:
        cut: the precise cut, which leaves blanks as words of their own.
    """
    if not forms:
        return
    atoms: list[str] = []
    words = cut("".join(f"{_encode(form, atoms)}{_RUN_ENDS}{_TEXT_ENDS}" for form in forms))
    found = numbers.of_all(words)
    found[found == _SIGNS[_HAS_ATOM]] = numbers.of_all(atoms)
    kept = (found >= 0) | (found == _SIGNS[_TEXT_ENDS])
    for place in (np.flatnonzero(found == _SIGNS[_BEHIND_NUMBER]) + 1).tolist():
        kept[place] &= len(words[place]) > 1 or words[place] in _SIGNS
    found = found[kept]
    before = np.concatenate([np.array([_SIGNS[_TEXT_ENDS]], dtype=np.int32), found[:-1]])
    found = found[(found != 0) | (before > 0)]
    begin = 0
    for end in np.flatnonzero(found == _SIGNS[_TEXT_ENDS]).tolist():
        yield found[begin:end].copy()
        begin = end + 1


def _encode(form: str, atoms: list[str]) -> str:
    """A text as it is cut; its atoms are put behind those that are known."""
    return _MIXED.sub(lambda run: _encode_mixed(run[0], atoms), _BETWEEN.sub(_RUN_ENDS, form))


def _encode_mixed(run: str, atoms: list[str]) -> str:
    parts: list[str] = []
    for piece in _PIECES.finditer(run):
        if piece.lastgroup == "han":
            parts += (piece[0], _GOES_ON)
        elif piece.lastgroup == "atom" and not piece[0].replace(".", "").isdigit():
            atoms.append(piece[0])
            parts += (_HAS_ATOM, _GOES_ON)
        else:
            parts += (_RUN_ENDS, _BEHIND_NUMBER)
    return "".join(parts)
