"""What the styles of an OpenDocument text say of its text: which of it is hidden."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from indexer.readers.odt.numbering import STYLE, TEXT


def hidden_styles(roots: Iterable[Any]) -> frozenset[str]:
    """The names of styles whose text isn't shown, those that take it from a parent included."""
    shown: dict[str, str] = {}
    parents: dict[str, str] = {}
    for root in roots:
        for style in root.iter(f"{STYLE}style"):
            name = style.get(f"{STYLE}name") or ""
            parents[name] = style.get(f"{STYLE}parent-style-name") or ""
            properties = style.find(f"{STYLE}text-properties")
            if properties is not None and properties.get(f"{TEXT}display"):
                shown[name] = properties.get(f"{TEXT}display")
    found = set()
    for name in parents:
        seen, at = set(), name
        while at and at not in shown and at not in seen:
            seen.add(at)
            at = parents.get(at, "")
        if shown.get(at) == "none":
            found.add(name)
    return frozenset(found)
