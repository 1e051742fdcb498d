"""How many characters of a text are of which class: what tells whether a text is Chinese at all."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np


class CharacterClasses:
    """Counts the characters of a text by class, at a tenth of what regular expressions take.

    Args:
        ranges: of each class from 1 on, its code points from first to last; a later class takes from an earlier one.
    """

    def __init__(self, *ranges: Iterable[tuple[int, int]]) -> None:
        self._count = len(ranges) + 1
        self._of = np.zeros(0x110000, dtype=np.uint8)
        for number, of_class in enumerate(ranges, start=1):
            for first, last in of_class:
                self._of[first : last + 1] = number

    def count(self, text: str) -> list[int]:
        """How many characters are of no class, and how many of each."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        counts: list[int] = np.bincount(self._of[codes], minlength=self._count).tolist()
        return counts
