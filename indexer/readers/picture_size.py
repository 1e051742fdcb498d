"""How large a picture is, from its first bytes, without a library: PNG, JPEG, GIF, BMP, TIFF."""

from __future__ import annotations

import struct
from collections.abc import Iterator

Size = tuple[int, int]
"""Width and height in pixels."""

_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG's markers that begin a frame, which says how large it is."""
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))
_TIFF = {b"II*\0": "<", b"MM\0*": ">"}
_TIFF_WIDTH, _TIFF_HEIGHT = 256, 257
_TIFF_SHORT = 3


def size_of(data: bytes) -> Size | None:
    """The size of a picture; None where it is of another kind, or damaged.

    Example:
        >>> size_of(b"GIF89a" + bytes([44, 1, 200, 0]))
        (300, 200)
    """
    try:
        if data.startswith(_PNG):
            width, height = struct.unpack_from(">II", data, 16)
            return width, height
        if data.startswith(b"\xff\xd8"):
            return next(_jpeg_sizes(data), None)
        if data.startswith((b"GIF87a", b"GIF89a")):
            width, height = struct.unpack_from("<HH", data, 6)
            return width, height
        if data.startswith(b"BM"):
            width, height = struct.unpack_from("<ii", data, 18)
            return width, abs(height)
        if data[:4] in _TIFF:
            return _tiff_size(data, _TIFF[data[:4]])
    except struct.error:
        pass
    return None


def _jpeg_sizes(data: bytes) -> Iterator[Size]:
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return
        marker = data[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            yield width, height
        if marker == 0xFF:
            at += 1
        elif marker in _ALONE:
            at += 2
        else:
            at += 2 + struct.unpack_from(">H", data, at + 2)[0]


def _tiff_size(data: bytes, order: str) -> Size | None:
    (at,) = struct.unpack_from(f"{order}I", data, 4)
    (entries,) = struct.unpack_from(f"{order}H", data, at)
    found: dict[int, int] = {}
    for entry in range(entries):
        tag, kind = struct.unpack_from(f"{order}HH", data, at + 2 + 12 * entry)
        (found[tag],) = struct.unpack_from(
            f"{order}{'H' if kind == _TIFF_SHORT else 'I'}", data, at + 10 + 12 * entry
        )
    if _TIFF_WIDTH in found and _TIFF_HEIGHT in found:
        return found[_TIFF_WIDTH], found[_TIFF_HEIGHT]
    return None
