"""What two texts share: blocks of the same characters, in any order, and the spans in which they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from search.language.text import Normalized, normalize
from search.model import Span


class Block(NamedTuple):
    """`length` characters that stand at `a` in the one and at `b` in the other."""

    a: int
    b: int
    length: int


def shared_blocks(a: str, b: str, *, least: int = 4) -> list[Block]:
    """Blocks of at least `least` characters that both have, the longest first taken, no character twice.

    They need not stand in the same order: what was moved is found too.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at in range(len(b) - least + 1):
        places[b[at : at + least]].append(at)
    found = []
    for at in range(len(a) - least + 1):
        for place in places.get(a[at : at + least], ()):
            if at and place and a[at - 1] == b[place - 1]:
                continue  # begins further left
            length = least
            while at + length < len(a) and place + length < len(b) and a[at + length] == b[place + length]:
                length += 1
            found.append(Block(at, place, length))
    return _without_overlaps(found, len(a), len(b), least)


def _without_overlaps(blocks: list[Block], length_a: int, length_b: int, least: int) -> list[Block]:
    taken_a, taken_b = bytearray(length_a), bytearray(length_b)
    chosen = []
    for block in sorted(blocks, key=lambda block: (-block.length, block.a, block.b)):
        start, end = 0, block.length
        while start < end and (taken_a[block.a + start] or taken_b[block.b + start]):
            start += 1
        stop = start
        while stop < end and not (taken_a[block.a + stop] or taken_b[block.b + stop]):
            stop += 1
        if stop - start < least:
            continue
        kept = Block(block.a + start, block.b + start, stop - start)
        taken_a[kept.a : kept.a + kept.length] = b"\1" * kept.length
        taken_b[kept.b : kept.b + kept.length] = b"\1" * kept.length
        chosen.append(kept)
    return sorted(chosen)


def differing_spans(text: str, other: str) -> tuple[list[Span], list[Span]]:
    """The spans of each that the other doesn't have in the same order, in its own characters; the rest is the same.

    Example:
        >>> differing_spans("全面推进改革", "推进改革工作")
        ([(0, 2)], [(4, 6)])
    """
    from difflib import SequenceMatcher

    ours, theirs = normalize(text), normalize(other)
    blocks = SequenceMatcher(None, ours.text, theirs.text, autojunk=False).get_matching_blocks()
    return (
        _between(ours, [(block.a, block.a + block.size) for block in blocks]),
        _between(theirs, [(block.b, block.b + block.size) for block in blocks]),
    )


def _between(normal: Normalized, common: Sequence[Span]) -> list[Span]:
    """What stands between the common parts of a text, marks alone aside."""
    spans = []
    at = 0
    for start, end in common:
        if start > at and any(char.isalnum() for char in normal.text[at:start]):
            spans.append(normal.to_original(at, start))
        at = end
    return spans
