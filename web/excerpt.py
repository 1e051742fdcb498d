"""A long paragraph and its spans -> the parts worth showing among results.

Only slices of the original come out; what marks a gap is the template's affair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.model import Span

WHOLE_CHARS = 360
"""A paragraph up to this long is shown whole."""

CONTEXT_CHARS = 70
MAX_PARTS = 3
_ENDS = "。！？；\n"


@dataclass(frozen=True, slots=True)
class Part:
    """A slice of a paragraph; `spans` count from the slice's own start."""

    start: int
    text: str
    spans: tuple[Span, ...]


def excerpt(text: str, spans: Sequence[Span]) -> tuple[Part, ...]:
    """The whole text as one part when it is short, else up to three stretches around the spans.

    Example:
        >>> [part.text for part in excerpt("优化营商环境。", [(2, 6)])]
        ['优化营商环境。']
    """
    if len(text) <= WHOLE_CHARS:
        return (Part(0, text, tuple(spans)),)
    windows: list[Span] = []
    for start, end in sorted(spans):
        window = (_back_to_sentence(text, start), min(len(text), end + CONTEXT_CHARS))
        if windows and window[0] <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(window[1], windows[-1][1]))
        elif len(windows) < MAX_PARTS:
            windows.append(window)
        else:
            break
    if not windows:
        windows = [(0, WHOLE_CHARS // 2)]
    return tuple(_cut(text, spans, window) for window in _shorten(windows))


def _back_to_sentence(text: str, start: int) -> int:
    """Where the sentence begins, if that is near, else a fixed way back."""
    earliest = max(0, start - CONTEXT_CHARS)
    for at in range(start - 1, earliest - 1, -1):
        if text[at] in _ENDS:
            return at + 1
    return earliest


def _shorten(windows: list[Span]) -> list[Span]:
    """Windows until about twice what is shown whole, however often a paragraph says it."""
    kept: list[Span] = []
    left = 2 * WHOLE_CHARS
    for start, end in windows:
        if left <= 0:
            break
        kept.append((start, min(end, start + left)))
        left -= end - start
    return kept


def _cut(text: str, spans: Sequence[Span], window: Span) -> Part:
    start, end = window
    inside = tuple((max(s, start) - start, min(e, end) - start) for s, e in spans if s < end and e > start)
    return Part(start, text[start:end], inside)
