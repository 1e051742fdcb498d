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
    for start, end in _pick(text, spans):
        window = (_back_to_sentence(text, start), min(len(text), end + CONTEXT_CHARS))
        if windows and window[0] <= windows[-1][1]:
            windows[-1] = (windows[-1][0], window[1])
        else:
            windows.append(window)
    return tuple(_cut(text, spans, window) for window in windows or [(0, WHOLE_CHARS // 2)])


def _pick(text: str, spans: Sequence[Span]) -> list[Span]:
    """Up to three spans in order: the first of each wording before the second of any."""
    ordered = sorted(spans)
    first = {text[start:end]: (start, end) for start, end in reversed(ordered)}
    ranked = sorted(first.values()) + [span for span in ordered if first[text[span[0] : span[1]]] != span]
    return sorted(ranked[:MAX_PARTS])


def _back_to_sentence(text: str, start: int) -> int:
    """Where the sentence begins, if that is near, else a fixed way back."""
    earliest = max(0, start - CONTEXT_CHARS)
    for at in range(start - 1, earliest - 1, -1):
        if text[at] in _ENDS:
            return at + 1
    return earliest


def _cut(text: str, spans: Sequence[Span], window: Span) -> Part:
    start, end = window
    inside = tuple((max(s, start) - start, min(e, end) - start) for s, e in spans if s < end and e > start)
    return Part(start, text[start:end], inside)
