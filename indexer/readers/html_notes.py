"""Notes of a page, by what e-books and the pages of Word and LibreOffice say of them, and the marks that lead there."""

from __future__ import annotations

import re
from itertools import islice

from indexer.readers.html_tree import Node

_TYPES = re.compile(r"\b(?:doc-)?(?:footnote|endnote|rearnote)\b(?!-)", re.IGNORECASE)
_STYLE = re.compile(r"mso-element\s*:\s*(?:(footnote|endnote)|comment)\b(?!-)", re.IGNORECASE)
_ID = re.compile(r"sd(?:foot|end)note\d+")
_MARK = re.compile(
    r"[\[【(（〔]?(?:注?\d{1,3}|[ivxlc]{1,6}|[①-⑳㉑-㊿]|[*†‡]{1,3})[\]】)）〕]?", re.IGNORECASE
)
_TO_NOTE = re.compile(
    r"foot_?note|end_?note|note_?ref|cite_note|\b_?(?:ftn|edn|fn)(?:ref)?[-_]?\d", re.IGNORECASE
)

MOST_INSIDE = 6
"""A mark has fewer elements; and of more than these, however deep, nothing is asked."""


def note_kind(node: Node) -> str:
    """The kind of note that an element is, or ""."""
    attributes = node.attributes
    types = f"{attributes.get('epub:type', '')} {attributes.get('role', '')}"
    if (types != " " and _TYPES.search(types)) or _ID.fullmatch(attributes.get("id", "")):
        return "footnote"
    style = attributes.get("style", "")
    found = _STYLE.search(style) if "mso-element" in style else None
    return "" if found is None else "footnote" if found.group(1) else "comment"


def is_note_mark(node: Node) -> bool:
    """Whether an element is a link that leads from a text to its note or back, and says no more than its number."""
    if len(list(islice(node.walk(), MOST_INSIDE))) == MOST_INSIDE:
        return False
    if node.tag == "sup":
        links = list(node.find("a"))
        return len(links) == 1 and _leads_within(links[0]) and _is_mark(node) and _is_mark(links[0])
    if not (_leads_within(node) and _is_mark(node)):
        return False
    names = ("class", "id", "name", "href", "epub:type", "role")
    raised = next(node.find("sup"), None) is not None
    return raised or any(_TO_NOTE.search(node.attributes.get(name, "")) for name in names)


def _leads_within(link: Node) -> bool:
    return "#" in link.attributes.get("href", "")


def _is_mark(node: Node) -> bool:
    return _MARK.fullmatch("".join(node.text.split())) is not None
