"""Bytes and code units of RTF to characters: by the font's character set and the file's code page."""

from __future__ import annotations

_CHARSETS = {
    0: "cp1252", 2: "latin-1", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip
_SYMBOLS = 2
_WIDE = ("gb18030", "cp932", "cp949", "cp950")
_PAGES = {
    936: "gb18030", 54936: "gb18030", 10008: "gb18030", 932: "cp932", 949: "cp949", 950: "cp950", 65001: "utf-8",
}  # fmt: skip


class Decoder:
    """Gathers what is written in bytes and code units until it is taken as text."""

    def __init__(self) -> None:
        self.codec = "cp1252"
        self.charsets: dict[int, int] = {}
        self._bytes = bytearray()
        self._units: list[int] = []
        self._text = ""

    def set_page(self, number: int) -> None:
        """Take the file's code page."""
        self.codec = _PAGES.get(number, f"cp{number}")

    def add_bytes(self, data: bytes) -> None:
        """Add text in the code page; signs of two bytes may come one byte at a time."""
        self._end_units()
        self._bytes += data

    def add_unit(self, number: int, font: int, wide_font: int) -> None:
        """Add a code unit of UTF-16."""
        self._end_bytes(font, wide_font)
        self._units.append(number & 0xFFFF)

    def take(self, font: int, wide_font: int) -> str:
        """The text gathered so far."""
        self._end_bytes(font, wide_font)
        self._end_units()
        text, self._text = self._text, ""
        return text

    def _end_units(self) -> None:
        raw = b"".join(unit.to_bytes(2, "little") for unit in self._units)
        self._units.clear()
        self._text += raw.decode("utf-16-le", "replace")

    def _end_bytes(self, font: int, wide_font: int) -> None:
        raw = bytes(self._bytes)
        self._bytes.clear()
        try:
            self._text += raw.decode("ascii" if raw.isascii() else self._codec_of(font, wide_font), "replace")
        except LookupError:
            self._text += raw.decode("gb18030", "replace")

    def _codec_of(self, font: int, wide_font: int) -> str:
        """The code page of bytes above ASCII: a font of two bytes a sign decides, else the file, else the font."""
        if self.charsets.get(font) == _SYMBOLS:
            return _CHARSETS[_SYMBOLS]
        codecs = [_CHARSETS.get(self.charsets.get(one, 1), "") for one in (font, wide_font)]
        wide = next((codec for codec in codecs if codec in _WIDE), "")
        return wide or (self.codec if self.codec in _WIDE or not codecs[0] else codecs[0])
