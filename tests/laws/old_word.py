"""Law 4's counter for DOC: every character of a binary Word document, read from its piece table.

Knows the container ([MS-CFB]) and the pieces of text ([MS-DOC] 2.9.38, 2.9.177), which LibreOffice and the reader never
hand over: neither styles nor what a piece is for.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

_END = 0xFFFFFFFA
_COMPRESSED = 1 << 30
_CLX = 0x1A2
_TABLE_BIT = 0x200
_INSTRUCTION = re.compile("\x13[^\x13-\x15]*[\x14\x15]")
"""What a field is told to do, which a conversion turns into properties."""


class Container:
    """The streams of a compound file, by their names."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._sector = 1 << struct.unpack_from("<H", data, 30)[0]
        small = 1 << struct.unpack_from("<H", data, 32)[0]
        count, first, _, limit, mini, _, extra, _ = struct.unpack_from("<IIIIIIII", data, 44)
        fat_sectors = [n for n in struct.unpack_from("<109I", data, 76) if n < _END][:count]
        while extra < _END:
            *more, extra = struct.unpack(f"<{self._sector // 4}I", self._at(extra))
            fat_sectors += [n for n in more if n < _END]
        self._fat = [n for s in fat_sectors for n in struct.unpack(f"<{self._sector // 4}I", self._at(s))]
        directory = self._chain(first)
        entries = [directory[at : at + 128] for at in range(0, len(directory), 128)]
        root = self._chain(struct.unpack_from("<I", entries[0], 116)[0])
        links = self._chain(mini) if mini < _END else b""
        mini_fat = struct.unpack(f"<{len(links) // 4}I", links)
        self.streams: dict[str, bytes] = {}
        for entry in entries:
            length, kind = struct.unpack_from("<HB", entry, 64)
            start, size = struct.unpack_from("<II", entry, 116)
            if kind != 2:
                continue
            if size >= limit:
                body = self._chain(start)
            else:
                body, at = b"", start
                while at < _END:
                    body += root[at * small : (at + 1) * small]
                    at = mini_fat[at]
            self.streams[entry[: length - 2].decode("utf-16-le")] = body[:size]

    def _at(self, sector: int) -> bytes:
        return self._data[(sector + 1) * self._sector : (sector + 2) * self._sector]

    def _chain(self, sector: int) -> bytes:
        found = b""
        while sector < _END:
            found += self._at(sector)
            sector = self._fat[sector]
        return found


def old_word_texts(data: bytes) -> Iterator[str]:
    """The text of all pieces, with notes, headers, comments and text boxes, without marks of Word's own."""
    streams = Container(data).streams
    document = streams["WordDocument"]
    flags = struct.unpack_from("<H", document, 10)[0]
    table = streams["1Table" if flags & _TABLE_BIT else "0Table"]
    at, size = struct.unpack_from("<II", document, _CLX)
    end = at + size
    while table[at] == 1:
        at += 3 + struct.unpack_from("<H", table, at + 1)[0]
    assert table[at] == 2
    at += 5
    count = (end - at - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", table, at)
    for number in range(count):
        offset = struct.unpack_from("<I", table, at + 4 * (count + 1) + 8 * number + 2)[0]
        length = places[number + 1] - places[number]
        if offset & _COMPRESSED:
            start = (offset & ~_COMPRESSED) // 2
            text = document[start : start + length].decode("cp1252", "replace")
        else:
            text = document[offset : offset + 2 * length].decode("utf-16-le", "replace")
        text = _INSTRUCTION.sub("", text)
        yield "".join("-" if c == "\x1e" else c for c in text if c >= " " or c == "\x1e")
