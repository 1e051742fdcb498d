"""What the styles of a document say of its paragraphs: headings, tables of contents, hidden text, numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from indexer.readers.docx.package import Package, W
from search.errors import SourceError

_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_CONTENTS_NAME = re.compile(r"(?:toc|目录)\s*(?:[1-9]|heading|标题)", re.IGNORECASE)
_OFF = ("0", "false", "off")
_MOST_BASES = 20


@dataclass(frozen=True, slots=True)
class Style:
    """One style, with what it inherits.

    Args:
        heading: 1 to 9, or 0.
        contents: whether it is that of an entry in a table of contents.
        number, level: the numbering that it gives its paragraphs, "" where it gives none.
    """

    heading: int = 0
    contents: bool = False
    hidden: bool = False
    number: str = ""
    level: str = ""


PLAIN = Style()


def read_styles(package: Package) -> dict[str, Style]:
    """The styles by id. Damaged styles are none: they only hint, and the text doesn't need them."""
    try:
        roots = [package.tree(name) for name in package.parts_of("styles")]
        roots = [root for root in roots if root is not None] or [package.tree("word/styles.xml")]
    except SourceError:
        return {}
    elements = {
        style.get(f"{W}styleId") or "": style
        for root in roots
        if root is not None
        for style in root.iter(f"{W}style")
    }
    return {name: _with_bases(element, elements) for name, element in elements.items()}


def is_on(element: Any) -> bool:
    """Whether a toggle such as `w:vanish` is there and not switched off."""
    return element is not None and (element.get(f"{W}val") or "1").lower() not in _OFF


def value_of(element: Any, path: str) -> str:
    """The `w:val` of an element below, or ""."""
    found = None if element is None else element.find(path)
    return "" if found is None else found.get(f"{W}val") or ""


def outline_level(properties: Any) -> int:
    """The heading level, 1 to 9, that a paragraph's own properties give, or 0."""
    outline = value_of(properties, f"{W}outlineLvl")
    return int(outline) + 1 if outline.isdecimal() and int(outline) < 9 else 0


def _with_bases(style: Any, elements: dict[str, Any]) -> Style:
    name = value_of(style, f"{W}name")
    heading = _heading_level(style, name)
    number = level = ""
    hidden = contents = False
    base: Any = style
    for _ in range(_MOST_BASES):
        if base is None:
            break
        base_name = value_of(base, f"{W}name")
        heading = heading or _heading_level(base, base_name)
        contents = contents or _CONTENTS_NAME.fullmatch(base_name) is not None
        number = number or value_of(base, f"{W}pPr/{W}numPr/{W}numId")
        level = level or value_of(base, f"{W}pPr/{W}numPr/{W}ilvl")
        hidden = hidden or is_on(base.find(f"{W}rPr/{W}vanish"))
        base = elements.get(value_of(base, f"{W}basedOn"))
    return Style(0 if contents else heading, contents, hidden, number, level)


def _heading_level(style: Any, name: str) -> int:
    heading = _HEADING_NAME.fullmatch(name)
    if heading:
        return int(heading.group(1))
    if name.lower() in ("title", "标题"):
        return 1
    return outline_level(style.find(f"{W}pPr"))
