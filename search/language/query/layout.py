"""Which signs of a query are signs: escapes, quotes that close, parentheses that group.

text -> *layout* -> tokens -> tree

Chinese text is full of parentheses that are text (一般公共预算（草案）). A parenthesis groups only where it
stands at the border of a chunk and its partner does too; every other one is text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from search.language.query.signs import (
    CLOSE_SIGNS,
    COLON_SIGNS,
    ESCAPE,
    LONGEST_NAME,
    MINUS_SIGNS,
    OPEN_SIGNS,
    OR_SIGNS,
    QUOTE_SIGNS,
    QUOTES,
    WORDS,
    field_of,
    is_blank,
)

_PAIRED = re.compile(f"[{''.join(QUOTE_SIGNS | OPEN_SIGNS | CLOSE_SIGNS)}]")
WORD_AHEAD = re.compile(rf"(?:{'|'.join(WORDS)})(?=[\s(（]|$)")
DOUBLE_QUOTES = frozenset('"＂“”')


@dataclass(slots=True)
class Layout:
    """What each sign of `text` does.

    Args:
        escaped: for each character whether a backslash before it makes it text.
        gaps: for each character whether it is a blank or an OR sign.
        quotes: an opening quote's place to its closing quote's.
        groups: a grouping parenthesis' place to its partner's, opening ones only.
        stray_quotes: places of quotes without a partner.
        stray_parentheses: places of parentheses without a partner.
        wide_parentheses: places of opening parentheses read as text although they enclose blanks or `|`.
        mixed_quotes: places of opening quotes whose partner is a mark of another shape.
    """

    text: str
    escaped: list[bool]
    gaps: list[bool]
    quotes: dict[int, int] = field(default_factory=dict)
    groups: dict[int, int] = field(default_factory=dict)
    stray_quotes: list[int] = field(default_factory=list)
    stray_parentheses: list[int] = field(default_factory=list)
    wide_parentheses: list[int] = field(default_factory=list)
    mixed_quotes: list[int] = field(default_factory=list)
    quote_ends: set[int] = field(default_factory=set)
    group_ends: set[int] = field(default_factory=set)

    def is_border(self, at: int) -> bool:
        """Whether a chunk may begin at `at`: something that separates stands before it."""
        return at == 0 or self.separates(at - 1) or at - 1 in self.quote_ends or at - 1 in self.group_ends

    def is_clear(self, at: int) -> bool:
        """Whether a minus at `at` denies: not one that is glued to a quote, as in 「编辑」-「排版」."""
        return at == 0 or self.separates(at - 1)

    def separates(self, at: int) -> bool:
        """Whether the character at `at` is a blank, an OR sign or an opening group."""
        return self.gaps[at] or at in self.groups

    def ends_chunk(self, at: int) -> bool:
        """Whether a chunk that reaches `at` ends before it."""
        if at >= len(self.text) or self.gaps[at]:
            return True
        return at in self.groups or at in self.group_ends or at in self.quotes


def lay_out(text: str) -> Layout:
    """The layout of `text`."""
    escaped = find_escaped(text)
    gaps = [
        is_blank(char) or (char in OR_SIGNS and not is_text)
        for char, is_text in zip(text, escaped, strict=True)
    ]
    layout = Layout(text, escaped, gaps)
    if _PAIRED.search(text):
        _choose_groups(layout, _pair_signs(layout))
    return layout


def find_escaped(text: str) -> list[bool]:
    """For each character whether an unescaped backslash stands before it."""
    escaped = [False] * len(text)
    for at in range(1, len(text)) if ESCAPE in text else ():
        escaped[at] = text[at - 1] == ESCAPE and not escaped[at - 1]
    return escaped


def _closing_quotes(layout: Layout) -> dict[int, int]:
    """For each opening quote that could close: where. Paired quotes (“”) nest, straight ones don't."""
    closing: dict[int, int] = {}
    places: dict[str, list[int]] = {}
    for at, char in enumerate(layout.text):
        if char in QUOTE_SIGNS and not layout.escaped[at]:
            places.setdefault('"' if char in QUOTES['"'] else char, []).append(at)
    straight = places.get('"', [])
    for before, after in pairwise(straight):
        closing[before] = after
    for opening in "“「『":
        inside: list[int] = []
        for at in sorted(places.get(opening, []) + places.get(QUOTES[opening], [])):
            if layout.text[at] == opening:
                inside.append(at)
            elif inside:
                closing[inside.pop()] = at
    return closing


def _mixed_partner(layout: Layout, at: int, closing: dict[int, int]) -> int | None:
    """Where the double quote stands that may close one of another shape (“x", ”x”): both at borders, nothing between.

    Input methods give such pairs. A closing mark before an opening one is a piece of a longer text, and no pair.
    """
    if layout.text[at] not in DOUBLE_QUOTES or not layout.is_border(at):
        return None
    for end in range(at + 1, len(layout.text)):
        if layout.text[end] in QUOTE_SIGNS and not layout.escaped[end]:
            apart = layout.text[at] == "”" and layout.text[end] == "“"
            if layout.text[end] not in DOUBLE_QUOTES or end in closing or apart:
                return None
            return end if end + 1 == len(layout.text) or layout.separates(end + 1) else None
    return None


def _is_glued(layout: Layout, at: int, end: int) -> bool:
    """Whether a pair of quotes is text: it touches text, as “放管服”改革 does, and no blank stands in it."""
    text = layout.text
    if any(layout.gaps[at:end]):
        return False
    before = at > 0 and text[at - 1].isalnum()
    if before and any(text.endswith(word, 0, at) and layout.is_border(at - len(word)) for word in WORDS):
        before = False
    after = end + 1 < len(text) and text[end + 1].isalnum()
    if after and WORD_AHEAD.match(text, end + 1) is not None:
        after = False
    return before or after


def _pair_signs(layout: Layout) -> dict[int, int]:
    """Fill in the quotes, and give the pairs of parentheses outside them, in the order of their openings."""
    closing = _closing_quotes(layout)
    pairs: dict[int, int] = {}
    unclosed: list[int] = []
    glued: set[int] = set()
    at = 0
    while at < len(layout.text):
        char = layout.text[at]
        if layout.escaped[at] or at in glued:
            pass
        elif char in QUOTE_SIGNS:
            end = closing.get(at)
            if end is None:
                end = _mixed_partner(layout, at, closing)
                if end is not None:
                    layout.mixed_quotes.append(at)
            if end is None:
                layout.stray_quotes.append(at)
            elif _is_glued(layout, at, end):
                glued.add(end)
            else:
                layout.quotes[at] = end
                layout.quote_ends.add(end)
                at = end
        elif char in OPEN_SIGNS:
            unclosed.append(at)
        elif char in CLOSE_SIGNS:
            if unclosed:
                pairs[unclosed.pop()] = at
            else:
                layout.stray_parentheses.append(at)
        at += 1
    layout.stray_parentheses.extend(unclosed)
    return dict(sorted(pairs.items()))


def _choose_groups(layout: Layout, pairs: dict[int, int]) -> None:
    """Of all pairs of parentheses, those that stand at borders on both sides; outer pairs decide first.

    Pairs that touch, `(a|b)(c|d)`, stand or fall together.
    """
    run_end: dict[int, int] = {}
    for opening in reversed(pairs):
        after = pairs[opening] + 1
        run_end[opening] = run_end.get(after, after)
    gaps = [at for at in range(len(layout.text)) if layout.separates(at)]
    for opening, closing in pairs.items():
        if _opens_at_border(layout, opening) and _closes_at_border(layout, run_end[opening]):
            layout.groups[opening] = closing
            layout.group_ends.add(closing)
        else:
            gap = bisect_right(gaps, opening)
            if gap < len(gaps) and gaps[gap] < closing:
                layout.wide_parentheses.append(opening)


def _opens_at_border(layout: Layout, at: int) -> bool:
    if layout.is_border(at):
        return True
    if layout.text[at - 1] in COLON_SIGNS and not layout.escaped[at - 1]:
        name = field_start(layout, at - 1)
        return name is not None
    if layout.text[at - 1] in MINUS_SIGNS:
        return layout.is_clear(at - 1)
    return any(layout.text.endswith(word, 0, at) and layout.is_border(at - len(word)) for word in WORDS)


def _closes_at_border(layout: Layout, after: int) -> bool:
    return layout.ends_chunk(after) or WORD_AHEAD.match(layout.text, after) is not None


def field_start(layout: Layout, colon: int) -> int | None:
    """Where the field name before the colon at `colon` begins, or None where none stands there.

    The name must begin its chunk; a minus may stand before it.
    """
    for start in range(colon - 1, max(-1, colon - LONGEST_NAME - 1), -1):
        if field_of(layout.text[start:colon]) is not None:
            if layout.is_border(start):
                return start
            if layout.text[start - 1] in MINUS_SIGNS and layout.is_clear(start - 1):
                return start
    return None


def find_field(layout: Layout, start: int) -> int | None:
    """Where the colon stands that makes the chunk at `start` a field, or None."""
    for colon in range(start + 1, min(len(layout.text), start + LONGEST_NAME + 1)):
        if layout.text[colon] in COLON_SIGNS:
            if layout.escaped[colon] or field_of(layout.text[start:colon]) is None:
                return None
            return colon
    return None
