"""Text and spans -> escaped HTML: the only module that makes `Markup`.

Highlights are inserted by offset, before escaping; HTML is never searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from markupsafe import Markup

from search.media import for_markup
from search.model import Span

_WRITTEN = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&#34;"), ("'", "&#39;"))
_PLAIN = re.compile(r"[\w ./?=%:+&\u3001\u3002\u201c\u201d\uff08\uff09\uff0c\uff1a\uff1b]*")
"""What most of a page's hundreds of texts and addresses are: HTML can hold it, and nothing but & is escaped in it."""


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


def highlight(text: str, spans: Iterable[Span]) -> Markup:
    """The escaped text with `<mark>` around the spans.

    Control characters that HTML forbids become their Unicode pictures (U+2400 …); line breaks are kept.

    Example:
        >>> highlight("优化<营商环境>", [(3, 7)])
        Markup('优化&lt;<mark>营商环境</mark>&gt;')
    """
    parts: list[str] = []
    done = 0
    for start, end in merge_spans(spans, len(text)):
        parts += (escape_text(text[done:start]), "<mark>", escape_text(text[start:end]), "</mark>")
        done = end
    parts.append(escape_text(text[done:]))
    return Markup("".join(parts))


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
    return f' href="{escape_text(url)}"' if url else ""


def facet_items(values: Iterable[FacetItem], selected_note: str) -> Markup:
    """The `<li>` elements of a facet; screen readers read `selected_note` after a selected value.

    Not a template: a page has hundreds of values, and rendering them there took half of its time.
    """
    lines = []
    for value in values:
        label = escape_text(value.label)
        spelled = escape_text(value.value) if value.value else label
        on, current, said = "", "", ""
        if value.selected:
            on, current = " on", ' aria-current="true"'
            said = f'<span class="sr">{escape_text(selected_note)}</span>'
        lines.append(
            f'<li><a class="value{on}"{_href(value.url)}{current} data-value="{spelled}">'
            f'<span class="label">{label}</span> <span class="num">{value.count:,}</span>{said}</a></li>'
        )
    return Markup("\n".join(lines))


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
            lines.append(
                f'<a class="year-bar{" on" if bar.selected else ""}"{_href(bar.url)} tabindex="-1"'
                f' aria-label="{said}" data-year="{bar.year}"><title>{said}</title>'
                f'<rect class="touch" x="{bar.x}" y="0" width="{bar.width}" height="{chart.height}"/>'
                f'<rect class="bar" x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{bar.height}"/></a>\n'
            )
    return Markup("".join(lines))


def escape_text(text: str) -> str:
    """What HTML can hold of a text, escaped as `markupsafe.escape` does; without making markup of each piece."""
    if _PLAIN.fullmatch(text) is not None and type(text) is str:
        return text.replace("&", "&amp;")
    text = for_markup(text)
    for special, written in _WRITTEN:
        text = text.replace(special, written)
    return text
