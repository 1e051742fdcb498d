"""Page numbers and running heads that a tool left between the lines when it made plain text of pages.

A page number has marks around it, or a line to itself and numbers that follow one another. A running head stands
beside a page number, here or already taken out by the reader, and the same line stands elsewhere too. Where it
stands first, it is text; and once at least it cuts a sentence in two.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from indexer.model import Line
from indexer.structure import patterns
from indexer.structure.piece import CLOSING
from indexer.structure.wrapping import is_line_of_its_own
from search.messages import Message, aside

LONGEST_CHARS = 40
_MARK = r"[-—–─·~～]{1,3}"
_MARKED = re.compile(
    rf"{_MARK}\d{{1,4}}{_MARK}|第\d{{1,4}}页(?:[,，/／]?共\d{{1,4}}页)?|\d{{1,4}}[/／]\d{{1,4}}"
)
_BARE = re.compile(r"\d{1,3}")
_DIGITS = re.compile(r"\d+")


def find_furniture(lines: Sequence[Line]) -> dict[int, Message]:
    """Index of a line -> why it is no text. A format that says where its paragraphs end has a reader that knows."""
    filled = [index for index, line in enumerate(lines) if line.text.strip() and line.hint in (None, "list")]
    if any(lines[index].ends_paragraph is not None for index in filled):
        return {}
    texts = {index: "".join(lines[index].text.split()) for index in filled}
    numbers = [index for index in filled if _MARKED.fullmatch(texts[index])]
    numbers = numbers or _following_numbers(filled, texts, lines)
    found = dict.fromkeys(numbers, aside.PAGE_NUMBER)
    found.update(dict.fromkeys(_running_heads(lines, filled, texts, set(numbers)), aside.RUNNING_HEADER))
    return found


def _running_heads(
    lines: Sequence[Line], filled: Sequence[int], texts: dict[int, str], numbers: set[int]
) -> list[int]:
    """The lines beside page numbers that repeat an earlier one, of which one at least cuts a sentence in two."""
    beside = _beside(lines, filled, numbers)
    shapes = {index: _DIGITS.sub("#", texts[index]) for index in filled if len(texts[index]) <= LONGEST_CHARS}
    counts = Counter(shapes.values())
    again: list[int] = []
    cutting: set[str] = set()
    seen: set[str] = set()
    last = ""
    for index in filled:
        if index in numbers:
            continue
        shape = shapes.get(index, "")
        if (
            shape in seen
            and index in beside
            and counts[shape] > 1
            and not patterns.number_level(texts[index])
        ):
            again.append(index)
            if _is_cut(last):
                cutting.add(shape)
            continue
        seen.add(shape)
        last = texts[index]
    return [index for index in again if shapes[index] in cutting]


def _is_cut(text: str) -> bool:
    """Whether a line is one of running text and ends where no sentence does."""
    runs = len(text) > LONGEST_CHARS / 2 and any(mark in text for mark in "，。、；")
    return runs and text[-1] not in CLOSING and not is_line_of_its_own(text)


def _following_numbers(filled: Sequence[int], texts: dict[int, str], lines: Sequence[Line]) -> list[int]:
    """Lines of nothing but a number, each one more than the last: two at least, with a blank line on a side."""
    bare = [index for index in filled if _BARE.fullmatch(texts[index]) and _is_apart(index, lines)]
    values = [int(texts[index]) for index in bare]
    if len(bare) > 1 and all(later == earlier + 1 for earlier, later in pairwise(values)):
        return bare
    return []


def _is_apart(index: int, lines: Sequence[Line]) -> bool:
    above = index == 0 or not lines[index - 1].text.strip()
    below = index + 1 == len(lines) or not lines[index + 1].text.strip()
    return above or below


def _beside(lines: Sequence[Line], filled: Sequence[int], numbers: set[int]) -> set[int]:
    """The lines next to a page number, two on each side; where a line's number is missing, the reader took one."""
    found: set[int] = set()
    for at, index in enumerate(filled):
        taken_above = at > 0 and any(
            below.number > above.number + 1 for above, below in pairwise(lines[filled[at - 1] : index + 1])
        )
        if index in numbers or taken_above:
            found.update(filled[max(0, at - 2) : at + 3])
    return found
