"""A long paragraph and its highlights -> the slices of it that are worth showing among results.

sentences -> the densest window -> further windows for wordings that it lacks -> slices of the original

Only slices come out; a gap between them, or before and behind them, is a cut, and marking it is the presentation's.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.model import Span

WHOLE_CHARS = 360
"""A paragraph up to this long is shown whole."""
WINDOW_CHARS = 150
MAX_PARTS = 3
_SENTENCE = re.compile(r"[^。！？；!?;\n]*[。！？；!?;\n]+[”’」』）)]*|[^。！？；!?;\n]+$")
_CLAUSE = re.compile(r"[^，、：,:]*[，、：,:]+|[^，、：,:]+$")


@dataclass(frozen=True, slots=True)
class Slice:
    """A slice of a paragraph; `spans` count from the slice's own start."""

    start: int
    text: str
    spans: tuple[Span, ...]

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def snippet(text: str, spans: Sequence[Span]) -> tuple[Slice, ...]:
    """The whole text as one slice when it is short, else up to three stretches of sentences, in order, with gaps.

    The first to be chosen has the most different wordings, then the most highlights; another is added as long as it
    has a wording that the others lack. A sentence too long for a window is divided at commas, then anywhere; never
    within a highlight.

    Args:
        spans: the highlights, sorted and disjoint.

    Example:
        >>> [part.text for part in snippet("优化营商环境。", [(2, 6)])]
        ['优化营商环境。']
    """
    if len(text) <= WHOLE_CHARS:
        return (Slice(0, text, tuple(spans)),)
    pieces = _pieces(text, spans)
    if not spans:
        return (_cut(text, spans, _windows(pieces)[0]),)
    chosen: list[Span] = []
    windows = _with_wordings(text, spans, _windows(pieces))
    lacking = {text[start:end] for start, end in spans}
    while lacking and len(chosen) < MAX_PARTS:
        best = max(windows, key=lambda window: window.worth(lacking))
        if not lacking & best.wordings:
            break
        lacking -= best.wordings
        chosen.append(best.span)
    merged: list[Span] = []
    for start, end in sorted(chosen):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(_cut(text, spans, window) for window in merged)


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch that may be shown, with how many highlights lie in it and what they say."""

    span: Span
    highlights: int
    wordings: frozenset[str]

    def worth(self, lacking: set[str]) -> tuple[int, int, int, int]:
        """The greater, the better: new wordings, highlights, brevity, an early place."""
        start, end = self.span
        return len(lacking & self.wordings), self.highlights, start - end, -start


def _with_wordings(text: str, spans: Sequence[Span], windows: Sequence[Span]) -> list[_Window]:
    """Highlights are sorted and disjoint, so a window's stand side by side."""
    wordings = [text[start:end] for start, end in spans]
    starts, ends = [start for start, _ in spans], [end for _, end in spans]
    found = []
    for window in windows:
        inside = wordings[bisect_left(starts, window[0]) : bisect_right(ends, window[1])]
        found.append(_Window(window, len(inside), frozenset(inside)))
    return found


def _pieces(text: str, spans: Sequence[Span]) -> list[Span]:
    """The text in stretches that a window is made of, one behind the other without gaps."""
    borders = [0]
    for sentence in _SENTENCE.finditer(text):
        if len(sentence[0]) > WINDOW_CHARS:
            for clause in _CLAUSE.finditer(sentence[0]):
                start = sentence.start() + clause.start()
                borders += range(start, start + len(clause[0]), WINDOW_CHARS)
        borders.append(sentence.end())
    borders.append(len(text))
    starts = [start for start, _ in spans]
    kept = []
    for at in sorted(set(borders)):
        before = bisect_left(starts, at) - 1
        if before < 0 or spans[before][1] <= at:
            kept.append(at)
    return list(pairwise(kept))


def _windows(pieces: Sequence[Span]) -> list[Span]:
    """From each piece on, as many as fit; at least the one."""
    windows = []
    for place, (start, end) in enumerate(pieces):
        for _, further in pieces[place + 1 :]:
            if further - start > WINDOW_CHARS:
                break
            end = further
        windows.append((start, end))
    return windows


def _cut(text: str, spans: Sequence[Span], window: Span) -> Slice:
    start, end = window
    inside = tuple((s - start, e - start) for s, e in spans if start <= s and e <= end)
    return Slice(start, text[start:end], inside)
