"""A document that is a ZIP of parts (DOCX, ODT, EPUB): its parts by name, each bounded."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

from indexer.readers.source import Source
from search.messages import Message
from search.messages import sources as says

MAX_RATIO = 400
RATIO_FROM_BYTES = 8 << 20

# What the standard library raises for a damaged or unknown ZIP.
BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, OverflowError, ValueError, NotImplementedError, RuntimeError
)  # fmt: skip


def overlap(infos: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether members share bytes of the archive: a small file could have any number of large ones."""
    ends = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < ends:
            return True
        ends = info.header_offset + info.compress_size
    return False


class Container:
    """The parts of one document; what names it is for errors: "DOCX document".

    Raises:
        SourceError: the container is broken, protected, or swells beyond measure; so do the methods.
    """

    def __init__(self, source: Source, *, what: Message) -> None:
        self.source = source
        self.again = says.GET_OR_SAVE_AGAIN(kind=what)
        self._what = what
        self._left = source.bounds.document_mb << 20
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(source.data))
            infos = self._archive.infolist()
        except BROKEN as error:
            raise self._refuse_broken(error) from error
        if len(infos) > source.bounds.members:
            most = source.bounds.members
            raise source.refuse(says.TOO_MANY_PARTS(kind=what, n=len(infos), most=most), hint=self.again)
        if overlap(infos):
            raise source.refuse(says.ARCHIVE_OVERLAPS(), hint=self.again)
        self._infos = {info.filename.lstrip("/"): info for info in infos}

    @property
    def names(self) -> list[str]:
        """All parts, in the order of their names."""
        return sorted(self._infos)

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def data(self, name: str) -> bytes | None:
        """A part's bytes, or None where there is no such part."""
        info = self._infos.get(name)
        if info is None:
            return None
        if info.flag_bits & 1:
            raise self.source.refuse(
                says.PASSWORD(),
                hint=says.SAVE_WITHOUT_PASSWORD(),
            )
        most = min(self.source.bounds.part_mb << 20, self._left)
        limit = min(most, max(RATIO_FROM_BYTES, info.compress_size * MAX_RATIO))
        try:
            with self._archive.open(info) as stream:
                data = stream.read(limit + 1)
        except BROKEN as error:
            raise self._refuse_broken(error) from error
        if len(data) > limit:
            raise self.source.refuse(says.SWELLS(), hint=self.again)
        self._left -= len(data)
        return data

    def parse(self, name: str, data: bytes) -> Any:
        """The root element of a part's XML."""
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, load_dtd=False)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            broken = says.PART_BROKEN(part=name, kind=self._what, error=str(error))
            raise self.source.refuse(broken, hint=self.again) from error
        entity = next(root.iter(etree.Entity), None)
        if entity is not None:
            named = says.PART_WITH_ENTITIES(part=name, kind=self._what, entity=entity.text)
            raise self.source.refuse(named, hint=self.again)
        return root

    def _refuse_broken(self, error: Exception) -> Exception:
        return self.source.refuse(says.CONTAINER_BROKEN(kind=self._what, error=str(error)), hint=self.again)
