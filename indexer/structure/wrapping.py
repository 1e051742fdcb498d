"""At which width a text is wrapped, and which of its lines go on in the next one.

A text is wrapped evenly when many of its lines are equally wide. Where numbers, letters and the tools that wrapped
it make widths uneven, it takes lines that are cut in mid-sentence, some of them visibly, and none that is much wider.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.model import Line
from indexer.structure import patterns
from indexer.structure.joins import surely_runs_over
from indexer.structure.piece import CLOSING

WRAPPED_LINES = 20
WRAPPED_SHARE = 0.5
WIDEST_PARAGRAPH_LINE = 160
FEWEST_UNEVEN = 3
OPEN_SHARE = 0.5
CUT_SHARE = 0.2
LONG_COLUMNS = 36
NEARLY_FULL = 0.7
FEWEST_SPACED = 8
SPACED_SHARE = 0.85
_MOST_SEAMS = 300


class _Columns(dict[str, int]):
    """The columns that each character takes, looked up once."""

    def __missing__(self, character: str) -> int:
        columns = 2 if unicodedata.east_asian_width(character) in "WFA" else 1
        self[character] = columns
        return columns


_COLUMNS = _Columns()


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How a text is wrapped.

    Args:
        width: in columns, of which an ideograph takes two; 0 is not at all.
        even: whether lines are equally wide.
        counts_characters: whether the tool took each digit and letter to be as wide as an ideograph.
    """

    width: int = 0
    even: bool = True
    counts_characters: bool = False

    def goes_on(self, line: Line) -> bool:
        """Whether a line is full, and so goes on in the next one."""
        if not self.width or line.hint is not None:
            return False
        columns = display_width(line.text)
        by_characters = self.counts_characters and _by_characters(line.text) == self.width
        if self.even:
            return self.width - 3 <= columns <= self.width + 2 or by_characters
        text = line.text.strip()
        if is_line_of_its_own(text) or columns > self.width + 4:
            return False
        if _ends_open(text) and not patterns.number_level(text):
            # Some tools count columns and some count characters.
            return max(columns, 2 * len(text)) >= NEARLY_FULL * self.width
        return columns >= self.width - 4 or by_characters


def _ends_open(text: str) -> bool:
    """Whether a line ends where no sentence does; a point behind a digit is that of a number."""
    return text[-1] not in CLOSING or (text[-1] == "." and text[-2:-1].isdigit())


def find_wrapping(lines: Sequence[Line]) -> Wrapping:
    """How a text is wrapped, by those lines of which the format doesn't say where their paragraph ends."""
    lines = [line for line in lines if line.ends_paragraph is None]
    even = _even_width(lines)
    width = even or _uneven_width(lines)
    return Wrapping(width, even=even > 0, counts_characters=_counts_characters(lines, width))


def without_spacing(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines of a text that is set with a blank line behind each, without those; of any other text, all."""
    texts = [line for line in lines if line.text.strip()]
    followed = sum(
        bool(line.text.strip()) and not following.text.strip()
        for line, following in itertools.pairwise(lines)
    )
    if len(texts) < FEWEST_SPACED or followed < SPACED_SHARE * (len(texts) - 1):
        return lines
    return texts if find_wrapping(texts).width else lines


def is_line_of_its_own(text: str) -> bool:
    """Whether a line is one of a report's head, which is never part of a paragraph."""
    if len(text) > 100:
        return False
    compact = "".join(text.split())
    return (
        patterns.is_title(compact)
        or patterns.is_session(compact)
        or patterns.is_date(compact)
        or patterns.is_speaker(compact)
        or patterns.is_source(compact)
        or patterns.is_table_row(text)
    )


@lru_cache(maxsize=4_096)
def display_width(text: str) -> int:
    """The columns that a line takes; 0 for one that is too long to have been wrapped."""
    text = text.rstrip()
    if len(text) > WIDEST_PARAGRAPH_LINE:
        return 0
    return sum(map(_COLUMNS.__getitem__, text))


def _even_width(lines: Sequence[Line]) -> int:
    """The width that half of the lines share, and twenty at least, of which most end where no sentence does."""
    widths: Counter[int] = Counter()
    open_ends: Counter[int] = Counter()
    texts = 0
    for line, following in itertools.pairwise(lines):
        if not line.text.strip():
            continue
        texts += 1
        if not following.text.strip() or line.hint is not None or len(line.text) > WIDEST_PARAGRAPH_LINE:
            continue
        width = display_width(line.text)
        if width >= 20:
            widths[width] += 1
            open_ends[width] += line.text.rstrip()[-1] not in CLOSING
    best = max(widths, key=lambda width: (_near(widths, width), width), default=0)
    if best and _near(widths, best) >= max(WRAPPED_LINES, WRAPPED_SHARE * texts):
        return best if _near(open_ends, best) >= 0.6 * _near(widths, best) else 0
    return 0


def _by_characters(text: str) -> int:
    """The columns of a line whose characters are all as wide as ideographs."""
    return 2 * len(text.rstrip())


def _counts_characters(lines: Sequence[Line], width: int) -> bool:
    """Whether open lines with digits are full by characters, and not by columns."""
    open_lines = [line.text for line in lines if line.text.strip() and _ends_open(line.text.strip())]
    mixed = [text for text in open_lines if _by_characters(text) - display_width(text) > 3]
    by_characters = sum(_by_characters(text) == width for text in mixed)
    return by_characters > sum(abs(display_width(text) - width) <= 1 for text in mixed)


def _near(counts: Counter[int], width: int) -> int:
    return sum(counts[near] for near in range(width - 2, width + 1))


def _uneven_width(lines: Sequence[Line]) -> int:
    """The width of the widest line, if the lines are visibly cut in mid-sentence."""
    texts = sum(bool(line.text.strip()) for line in lines)
    seams = list(itertools.islice(_seams(lines), _MOST_SEAMS))
    open_seams = [
        (display_width(first), first.strip(), second.strip())
        for first, second in seams
        if _ends_open(first.rstrip())
    ]
    if len(open_seams) < max(FEWEST_UNEVEN, OPEN_SHARE * len(seams)):
        return 0
    widest = _usual_widest([columns for columns, _, _ in open_seams])
    wider = sum(not 0 < display_width(line.text) <= widest + 4 for line in lines if line.text.strip())
    full = sum(columns >= NEARLY_FULL * widest for columns, _, _ in open_seams)
    if wider > 0.1 * texts or full < NEARLY_FULL * len(open_seams):
        return 0
    cut = sum(_is_cut(first, second) for _, first, second in open_seams)
    return widest if cut >= max(2, CUT_SHARE * len(open_seams)) else 0


def _usual_widest(columns: Sequence[int]) -> int:
    """The widest of a few lines; of many, one in twenty may be two that a tool put together."""
    ordered = sorted(columns)
    return ordered[-1 - len(ordered) // WRAPPED_LINES]


def _is_cut(first: str, second: str) -> bool:
    """Whether a line that ends open is visibly cut: behind a comma, within a word, or in its second sentence."""
    return first[-1] in "，、" or "。" in first or surely_runs_over(first, second)


def _seams(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """Long lines that have another directly below, and that one; heads and numbered headings are none."""
    for line, following in itertools.pairwise(lines):
        text = line.text.strip()
        if not text or not following.text.strip() or line.hint is not None or following.hint is not None:
            continue
        if display_width(line.text) < LONG_COLUMNS or is_line_of_its_own(text) or patterns.number_level(text):
            continue
        yield line.text, following.text
