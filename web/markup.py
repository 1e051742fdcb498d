"""Text and spans -> escaped HTML: the only module that makes `Markup`.

Highlights are inserted by offset, before escaping; HTML is never searched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from typing import Protocol

from markupsafe import Markup, escape

from search.media import for_markup
from search.model import Span

try:
    from markupsafe._speedups import _escape_inner as _escape
except ImportError:  # nothing compiled, or another version

    def _escape(text: str, /) -> str:
        return str(escape(text))


_KEPT_NAMES = 8_192
"""Names of a collection's places and years, and lengths of bars, in hundredths."""


def merge_spans(spans: Iterable[Span], length: int) -> list[Span]:
    """The spans, clipped to 0..length, sorted and merged where they overlap or touch.

    Example:
        >>> merge_spans([(4, 6), (0, 2), (1, 4), (9, 99)], 10)
        [(0, 6), (9, 10)]
    """
    merged: list[Span] = []
    for start, end in sorted((max(0, start), min(end, length)) for start, end in spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def highlight(text: str, spans: Collection[Span]) -> Markup:
    """The escaped text with `<mark>` around the spans.

    Control characters that HTML forbids become their Unicode pictures (U+2400 …); line breaks are kept.

    Example:
        >>> highlight("优化<营商环境>", [(3, 7)])
        Markup('优化&lt;<mark>营商环境</mark>&gt;')
    """
    if not spans:
        return Markup(escape_text(text))
    merged = merge_spans(spans, len(text))
    escaped = escape_text(text)
    if len(escaped) == len(text):  # nothing is written in more characters than it had
        return Markup(_mark(escaped, merged, str))
    return Markup(_mark(text, merged, escape_text))


def _mark(text: str, spans: Iterable[Span], write: Callable[[str], str]) -> str:
    parts: list[str] = []
    done = 0
    for start, end in spans:
        parts += (write(text[done:start]), "<mark>", write(text[start:end]), "</mark>")
        done = end
    parts.append(write(text[done:]))
    return "".join(parts)


class FacetItem(Protocol):
    """A value in a facet's list."""

    @property
    def label(self) -> str: ...
    @property
    def count(self) -> int: ...
    @property
    def selected(self) -> bool: ...
    @property
    def url(self) -> str: ...
    @property
    def value(self) -> str: ...


def href(url: str) -> Markup:
    """The attribute of a link; nothing where a page has no room for its address."""
    return Markup(_href(url))


def _href(url: str) -> str:
    return _attribute(escape_text(url))


def facet_items(
    values: Iterable[FacetItem], selected_note: str, shared: tuple[str, str] = ("", "")
) -> Markup:
    """The `<li>` elements of a facet; screen readers read `selected_note` after a selected value.

    Not a template: a page has hundreds of values, and rendering them there took half of its time.

    Args:
        shared: what the addresses of values that are not selected begin and end with; between is a percent-encoded
            value, in which nothing but an apostrophe has to be escaped.
    """
    before, behind = map(escape_text, shared)
    head, end = f'<li><a class="value" href="{before}', f'{behind}"'
    lines = []
    for value in values:
        named = _name_item(value.label, value.value)
        if before and not value.selected:  # most values by far
            url = value.url.replace("'", "&#39;")
            lines.append(f"{head}{url}{end}{named}{value.count:,}</span></a></li>")
            continue
        on, current, said = "", "", ""
        if value.selected:
            on, current = " on", ' aria-current="true"'
            said = f'<span class="sr">{escape_text(selected_note)}</span>'
        lines.append(
            f'<li><a class="value{on}"{_href(value.url)}{current}{named}{value.count:,}</span>{said}</a></li>'
        )
    return Markup("\n".join(lines))


@lru_cache(maxsize=_KEPT_NAMES)
def _name_item(label: str, value: str) -> str:
    label = escape_text(label)
    spelled = escape_text(value) if value else label
    return f' data-value="{spelled}"><span class="label">{label}</span> <span class="num">'


def _attribute(escaped: str) -> str:
    return f' href="{escaped}"' if escaped else ""


class YearBar(Protocol):
    """The bar of a year in a chart."""

    @property
    def year(self) -> int: ...
    @property
    def selected(self) -> bool: ...
    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def width(self) -> float: ...
    @property
    def height(self) -> float: ...
    @property
    def url(self) -> str: ...
    @property
    def said(self) -> str: ...


class YearBars(Protocol):
    """The bars of years side by side."""

    @property
    def bars(self) -> Iterable[YearBar]: ...
    @property
    def height(self) -> int: ...


def bars_of_years(chart: YearBars) -> Markup:
    """The bars of a chart of years, those that have something to say; no template either."""
    lines = []
    for bar in chart.bars:
        if bar.said:
            said = escape_text(bar.said)
            x, width = _digits(bar.x), _digits(bar.width)
            lines.append(
                f'<a class="year-bar{" on" if bar.selected else ""}"{_href(bar.url)} tabindex="-1"'
                f' aria-label="{said}" data-year="{bar.year}"><title>{said}</title>'
                f'<rect class="touch" x="{x}" y="0" width="{width}" height="{chart.height}"/>'
                f'<rect class="bar" x="{x}" y="{_digits(bar.y)}" width="{width}" height="{_digits(bar.height)}"/></a>\n'
            )
    return Markup("".join(lines))


@lru_cache(maxsize=_KEPT_NAMES, typed=True)
def _digits(place: float) -> str:
    return str(place)


def escape_text(text: str) -> str:
    """What HTML can hold of a text, escaped as `markupsafe.escape` does; without making markup of each piece."""
    if type(text) is not str or not text.isprintable():
        text = for_markup(text)
    return _escape(text)
