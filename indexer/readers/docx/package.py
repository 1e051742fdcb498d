"""The parts of a DOCX package: bounded, parsed on demand, with their relationships.

Strict and transitional documents are read alike: the former's namespaces are put into the latter's words.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from indexer.readers.container import Container
from indexer.readers.source import Source
from search.messages import sources as says

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(wordprocessingml|drawingml|officeDocument)/(\w+)")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/\2"


@dataclass(frozen=True, slots=True)
class Relationship:
    """What a part refers to: `kind` is the last word of the type, `target` a part's name or an address."""

    kind: str
    target: str
    external: bool


class Package(Container):
    """The parts of one document.

    Raises:
        SourceError: the container is broken or protected, or has no main part; so do the methods, for their part.
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source, what=says.DOCX_DOCUMENT())
        self._trees: dict[str, Any] = {}
        self.main = self._find_main()

    def tree(self, name: str) -> Any:
        """A part's root element, or None where there is no such part."""
        if name not in self._trees:
            data = self.data(name)
            self._trees[name] = None if data is None else self.parse(name, _STRICT.sub(_TRANSITIONAL, data))
        return self._trees[name]

    def part_of(self, element: Any) -> str:
        """The name of the part that an element stands in."""
        root = element.getroottree().getroot()
        return next((name for name, tree in self._trees.items() if tree is root), self.main)

    def related(self, name: str) -> dict[str, Relationship]:
        """A part's relationships by their ids; "" is the package itself."""
        folder, base = posixpath.split(name)
        root = self.tree(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: dict[str, Relationship] = {}
        for element in () if root is None else root.iter(_RELATIONSHIP):
            target = element.get("Target") or ""
            external = element.get("TargetMode") == "External"
            if not external:
                path = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
                target = path if path in self or target not in self else target
            kind = (element.get("Type") or "").rsplit("/", 1)[-1]
            found[element.get("Id") or ""] = Relationship(kind, target, external)
        return found

    def parts_of(self, kind: str) -> Iterator[str]:
        """The parts that the main part refers to by a kind of relationship, each once."""
        seen = set()
        for relationship in self.related(self.main).values():
            if relationship.kind == kind and not relationship.external and relationship.target not in seen:
                seen.add(relationship.target)
                yield relationship.target

    def _find_main(self) -> str:
        if "word/document.xml" in self:
            return "word/document.xml"
        for relationship in self.related("").values():
            if relationship.kind == "officeDocument" and relationship.target in self:
                return relationship.target
        raise self.source.refuse(says.DOCX_WITHOUT_TEXT(), hint=self.again)
