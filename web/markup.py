"""Text and spans -> escaped HTML: the only module that makes `Markup`.

Highlights are inserted by offset, before escaping; HTML is never searched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Protocol

from markupsafe import Markup

from search.media import for_markup
from search.model import Span


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
    return f' href="{escape_text(url)}"' if url else ""


def facet_items(values: Iterable[FacetItem], selected_note: str) -> Markup:
    """The `<li>` elements of a facet; screen readers read `selected_note` after a selected value.

    Not a template: a page has hundreds of values, and rendering them there took half of its time.
    """
    values = list(values)
    labels = escape_all([value.label for value in values])
    hrefs = [f' href="{url}"' if url else "" for url in escape_all([value.url for value in values])]
    lines = []
    for value, label, link in zip(values, labels, hrefs, strict=True):
        spelled = escape_text(value.value) if value.value else label
        on, current, said = "", "", ""
        if value.selected:
            on, current = " on", ' aria-current="true"'
            said = f'<span class="sr">{escape_text(selected_note)}</span>'
        lines.append(
            f'<li><a class="value{on}"{link}{current} data-value="{spelled}">'
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


def escape_all(texts: Sequence[str]) -> list[str]:
    """What `escape_text` gives for each of many addresses or names, which are looked at as one text."""
    escaped = escape_text(" ".join(texts)).split(" ")
    if len(escaped) == len(texts):
        return escaped
    return list(map(escape_text, texts))  # one of them has a blank, or there is none


def escape_text(text: str) -> str:
    """What HTML can hold of a text, escaped as `markupsafe.escape` does; without making markup of each piece."""
    if type(text) is not str or not text.isprintable():
        text = for_markup(text)
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&#34;")
        .replace("'", "&#39;")
    )
