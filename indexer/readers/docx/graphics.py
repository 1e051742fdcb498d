"""Text of the parts that draw something: charts, diagrams (SmartArt), shapes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from indexer.readers.docx.package import A, M, W

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_CX = "{http://schemas.microsoft.com/office/drawing/2014/chartex}"
_SERIES = f"{_C}ser"
_LINES = frozenset((f"{W}p", f"{A}p", _SERIES, f"{_CX}lvl"))
_TEXTS = frozenset(
    (f"{W}t", f"{A}t", f"{M}t", f"{W}delText", f"{W}instrText", f"{_C}v", f"{_CX}v", f"{_CX}pt")
)


def drawn_lines(root: Any) -> Iterator[str]:
    """The text of such a part, a paragraph or a series of a chart a line.

    A series is its name, then each category with its value: 增速, 2022, 5.1, 2023, 5.8.
    """
    from lxml import etree

    open_lines: list[list[str]] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag in _LINES:
            if event == "start":
                open_lines.append([])
            else:
                texts = open_lines.pop()
                series = element.tag == _SERIES
                separator = "\t" if series or element.tag == f"{_CX}lvl" else ""
                yield separator.join(_paired(element, texts) if series else texts)
        elif event == "start" and element.tag in _TEXTS and element.text:
            if open_lines:
                open_lines[-1].append(element.text)
            else:
                yield element.text


def holds_drawn_text(root: Any) -> bool:
    """Whether a part has any text of its own."""
    return any((element.text or "").strip() for element in root.iter(*_TEXTS))


def _paired(series: Any, texts: list[str]) -> list[str]:
    """A series' texts with each category beside its value, where there are as many."""
    names, values = (
        sum(len(part.findall(f".//{_C}v")) for part in series if part.tag in tags)
        for tags in ((f"{_C}cat", f"{_C}xVal"), (f"{_C}val", f"{_C}yVal"))
    )
    before = len(series.findall(f"{_C}tx//{_C}v"))
    if not names or names != values or before + names + values != len(texts):
        return texts
    pairs = zip(texts[before : before + names], texts[before + names :], strict=True)
    return [*texts[:before], *chain.from_iterable(pairs)]
