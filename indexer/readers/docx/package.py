"""The parts of a DOCX package: bounded, parsed on demand, with their relationships.

Strict and transitional documents are read alike: the former's namespaces are put into the latter's words.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from indexer.readers.source import Source

MAX_PART_BYTES = 64 << 20
MAX_TOTAL_BYTES = 256 << 20
MAX_RATIO = 400
RATIO_FROM_BYTES = 8 << 20
MOST_PARTS = 10_000

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
AGAIN = "Get the file again, or open it in Word or WPS and save it anew."

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(wordprocessingml|drawingml|officeDocument)/(\w+)")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/\2"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Relationship:
    """What a part refers to: `kind` is the last word of the type, `target` a part's name or an address."""

    kind: str
    target: str
    external: bool


class Package:
    """The parts of one document.

    Raises:
        SourceError: the container is broken or protected, or has no main part; so do the methods, for their part.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self._left = MAX_TOTAL_BYTES
        self._trees: dict[str, Any] = {}
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(source.data))
            infos = self._archive.infolist()
        except _BROKEN as error:
            raise self._refuse_broken(error) from error
        if len(infos) > MOST_PARTS:
            raise source.refuse(
                f"the document has {len(infos)} parts; the limit is {MOST_PARTS}.", hint=AGAIN
            )
        self._infos = {info.filename.lstrip("/"): info for info in infos}
        self.main = self._find_main()

    @property
    def names(self) -> list[str]:
        """All parts, in the order of their names."""
        return sorted(self._infos)

    def data(self, name: str) -> bytes | None:
        """A part's bytes, or None where there is no such part."""
        info = self._infos.get(name)
        if info is None:
            return None
        if info.flag_bits & 1:
            raise self.source.refuse(
                "this document is protected by a password.",
                hint="Open it with the password and save it without one.",
            )
        limit = min(MAX_PART_BYTES, self._left, max(RATIO_FROM_BYTES, info.compress_size * MAX_RATIO))
        try:
            with self._archive.open(info) as stream:
                data = stream.read(limit + 1)
        except _BROKEN as error:
            raise self._refuse_broken(error) from error
        if len(data) > limit:
            raise self.source.refuse("the document swells beyond all measure when unpacked.", hint=AGAIN)
        self._left -= len(data)
        return data

    def tree(self, name: str) -> Any:
        """A part's root element, or None where there is no such part."""
        from lxml import etree

        if name not in self._trees:
            data = self.data(name)
            try:
                root = None if data is None else etree.fromstring(_STRICT.sub(_TRANSITIONAL, data), _parser())
            except etree.XMLSyntaxError as error:
                raise self.source.refuse(
                    f"{name} in the DOCX document is broken ({error}).", hint=AGAIN
                ) from error
            self._trees[name] = root
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
                target = path if path in self._infos or target not in self._infos else target
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
        if "word/document.xml" in self._infos:
            return "word/document.xml"
        for relationship in self.related("").values():
            if relationship.kind == "officeDocument" and relationship.target in self._infos:
                return relationship.target
        raise self.source.refuse("the DOCX document has no text part.", hint=AGAIN)

    def _refuse_broken(self, error: Exception) -> Exception:
        return self.source.refuse(f"the DOCX document is broken ({error}).", hint=AGAIN)


def _parser() -> Any:
    from lxml import etree

    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, load_dtd=False)
