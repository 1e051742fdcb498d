"""What stands around occurrences: the text near them, the words that lie whole in it, and strings found there.

occurrences -> pieces of text, each character once -> the Han runs that they touch -> one precise cut -> words and pairs
of neighbours

A run of Han characters is cut whole, so that its words are those of the paragraph: 打造市场化 leaves no 造市场化
at the edge of a window. The loops are `_windows.pyx`, without a compiler `numpy_windows.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from search.collection import Occurrence, Ref
from search.compiled import load_compiled
from search.instruments.numpy_windows import BETWEEN, NumpyPlaces, NumpyReader
from search.limits import UNLIMITED, Budget

I64 = NDArray[np.int64]

_COMPILED: Any = load_compiled("search.instruments._windows")
_SENTENCE_ENDS = "。;！!？?；"
_READ_AT_ONCE = 2_000
_CUT_AT_ONCE = 100_000
_SEARCHED_AT_ONCE = 1_000_000
_BYTES_A_CHAR, _BYTES_A_CUT_CHAR = 10, 50
"""What strings and arrays take: of the texts that are read at once, of the runs that are cut."""
_BYTES_A_WORD = 100


class Reader(Protocol):
    """Reads windows, some paragraphs at a time; then gives the runs to be cut, takes the words, and counts them.

    Made with the window, the sides, and the characters that end a sentence.
    """

    @property
    def size_bytes(self) -> int:
        """What is held."""

    @property
    def chars_read(self) -> int:
        """How many characters the pieces have."""

    def add(self, forms: Sequence[str], counts: I64, starts: I64, ends: I64) -> None:
        """Read the windows of some paragraphs.

        Args:
            counts: of each paragraph its occurrences.
            starts, ends: of all occurrences, in the order of paragraphs, ascending in each.
        """

    def lines(self) -> str:
        """The runs that are to be cut, line feeds between them."""

    def mark(self, words: Sequence[str]) -> None:
        """Note how the next lines were cut."""

    def words(self) -> Mapping[str, int]:
        """The words of two characters and more that lie whole in a piece, and pairs of neighbours, with how often."""

    def pieces(self) -> tuple[str, I64, I64]:
        """The text of the pieces, a line each; where each begins in it, and which paragraph it is of."""


class Places(Protocol):
    """Looks for strings in a text; made with the text and the strings, of two characters or more."""

    @property
    def size_bytes(self) -> int:
        """What is held."""

    def look(self, begin: int, end: int) -> None:
        """Look for strings that begin from `begin` to `end`; stretches follow one another."""

    def places(self) -> list[I64]:
        """Of each string its places, ascending, from left to right and apart from each other."""


@dataclass(frozen=True, slots=True)
class Windows:
    """The text around occurrences.

    Args:
        refs: the paragraphs that have occurrences, in the order of these.
        text: the pieces, a line each.
        starts: where each piece begins in it.
        paragraphs: which paragraph each is of, by its place among `refs`.
        chars: how many characters the pieces have.
        words: those that lie whole in a piece, and pairs of neighbours, with how often.
    """

    refs: Sequence[Ref]
    text: str
    starts: I64
    paragraphs: I64
    chars: int
    words: Mapping[str, int]

    @property
    def size_bytes(self) -> int:
        """What all of it takes, about."""
        arrays = self.starts.nbytes + self.paragraphs.nbytes
        return 2 * len(self.text) + arrays + _BYTES_A_WORD * len(self.words)

    def paragraphs_with(self, places: I64) -> I64:
        """The paragraphs that have these places of the text, which ascend."""
        of_place = self.paragraphs.take(self.starts.searchsorted(places, side="right") - 1)
        return of_place[np.diff(of_place, prepend=-1) > 0]


def read_windows(
    occurrences: Sequence[Occurrence],
    read_forms: Callable[[Sequence[Ref]], Sequence[str]],
    cut: Callable[[str], Sequence[str]],
    *,
    window: int | None,
    left: bool = True,
    right: bool = True,
    budget: Budget = UNLIMITED,
) -> Windows:
    """The text around occurrences, each character once, those of the occurrences themselves left out.

    Args:
        read_forms: the normal forms of some paragraphs.
        cut: the precise cut, which leaves blanks as words of their own.
        window: characters on a side, within the paragraph; None is the sentence.
        left, right: of the occurrences.

    Raises:
        BudgetExceeded: it takes more than `budget`.
    """
    make: Callable[[int | None, bool, bool, str], Reader] = (
        NumpyReader if _COMPILED is None else _COMPILED.Reader
    )
    reader = make(window, left, right, _SENTENCE_ENDS)
    refs, counts, starts, ends = _by_paragraph(occurrences)
    behind = np.cumsum(counts)
    for begin in range(0, len(refs), _READ_AT_ONCE):
        held = reader.size_bytes
        some = slice(begin, begin + _READ_AT_ONCE)
        own = slice(int(behind[begin] - counts[begin]), int(behind[some][-1]))
        with budget.borrowed():
            forms = read_forms(refs[some])
            budget.charge(_BYTES_A_CHAR * sum(map(len, forms)))
            reader.add(forms, counts[some], starts[own], ends[own])
        budget.charge(reader.size_bytes - held)
    for lines in _some_lines(reader.lines()):
        with budget.borrowed():
            budget.charge(_BYTES_A_CUT_CHAR * len(lines))
            reader.mark(cut(lines))
    words = reader.words()
    budget.charge(_BYTES_A_WORD * len(words))
    return Windows(refs, *reader.pieces(), reader.chars_read, words)


def _by_paragraph(occurrences: Sequence[Occurrence]) -> tuple[list[Ref], I64, I64, I64]:
    """The paragraphs that have occurrences, in the order of these; how many each has; where they begin and end."""
    refs, starts, ends = zip(*occurrences, strict=True) if occurrences else ((), (), ())
    place = {ref: n for n, ref in enumerate(dict.fromkeys(refs))}
    number = np.fromiter(map(place.__getitem__, refs), dtype=np.int64, count=len(refs))
    begins, behind = np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64)
    order = np.lexsort((begins, number))
    return list(place), np.bincount(number, minlength=len(place)), begins[order], behind[order]


def _some_lines(text: str) -> Iterator[str]:
    """The text in pieces of whole lines, so long that little time goes between the calls."""
    begin = 0
    while begin < len(text):
        end = text.find(BETWEEN, begin + _CUT_AT_ONCE) + 1 or len(text)
        yield text[begin:end]
        begin = end


def find_strings(text: str, strings: Sequence[str], budget: Budget = UNLIMITED) -> list[I64]:
    """Where each string stands in a text, from left to right and apart from each other, as `str.count` counts.

    Args:
        strings: of two characters or more.

    Raises:
        BudgetExceeded: it takes more than `budget`.

    Example:
        >>> [places.tolist() for places in find_strings("好好好好的发展好", ["好好", "发展"])]
        [[0, 2], [5]]
    """
    make: Callable[[str, Sequence[str]], Places] = NumpyPlaces if _COMPILED is None else _COMPILED.Places
    found = make(text, strings)
    held = 0
    for begin in range(0, len(text), _SEARCHED_AT_ONCE):
        found.look(begin, begin + _SEARCHED_AT_ONCE)
        budget.charge(found.size_bytes - held)
        held = found.size_bytes
    return found.places()
