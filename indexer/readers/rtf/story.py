"""What the tokens of an RTF file mean: text, its code page, paragraphs, cells, notes -> `assembly`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from indexer.readers.assembly import Assembly, Paragraph
from indexer.readers.rtf.destinations import ASIDE, NOTES, TEXT, is_setting
from indexer.readers.rtf.tokens import Token, iter_tokens

_CHARSETS = {
    0: "cp1252", 2: "latin-1", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip
_SYMBOLS = 2
_WIDE = ("gb18030", "cp932", "cp949", "cp950")
_PAGES = {
    936: "gb18030",
    54936: "gb18030",
    932: "cp932",
    949: "cp949",
    950: "cp950",
    65001: "utf-8",
    10008: "gb18030",
}
_CHARACTERS = {
    "tab": "\t", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "bullet": "•", "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005", "~": "\u00a0", "_": "-", "\\": "\\",
    "{": "{", "}": "}",
}  # fmt: skip
_PARAGRAPH_ENDS = frozenset(("par", "sect", "nestcell", "nestrow", "\r", "\n"))
_LISTED = ("listtext", "pntext")
_INSTRUCTION = "fldinst"
_RUBY = re.compile(r"\\o\\a[a-z]?\(\\s\\up\s*\d+\((?P<reading>[^()]*)\)[,，;](?P<base>[^()]*)\)")
"""The field that Word writes for a reading above text: EQ \\* jc2 \\o\\ad(\\s\\up 11(duān),端)."""
_COLLECTED = (*_LISTED, _INSTRUCTION)
_NUMBER_NEEDS_NO_BLANK = "、，。．：）〕】"
MOST_GROUPS = 10_000


@dataclass(slots=True)
class _State:
    """What a group inherits and may change until it ends."""

    reason: str = ""
    setting: bool = False
    skip: int = 1
    font: int = -1
    wide_font: int = -1
    hidden: bool = False
    deleted: bool = False
    in_table: bool = False
    outline: int = 0
    destination: str = ""
    box: bool = False
    own: bool = False


class Story:
    """Reads a whole file into an assembly."""

    def __init__(self, lines: Assembly) -> None:
        self._lines = lines
        self._state = _State()
        self._groups: list[_State] = []
        self._codec = "cp1252"
        self._fonts: dict[int, int] = {}
        self._pending = bytearray()
        self._units: list[int] = []
        self._to_skip = 0
        self._starred = False
        self._fresh = False
        self._open = [False]
        self._columns = 0
        self._row_open = False
        self._cell_open = False
        self._collected = ""

    def read(self, data: bytes) -> None:
        """Give the assembly what a file holds."""
        for token in iter_tokens(data):
            if token.kind == "text":
                self._bytes(token)
                continue
            if token.kind == "word" and token.word == "u":
                self._code_unit(token.number or 0)
                continue
            self._flush_text()
            if token.kind == "open":
                self._begin_group()
            elif token.kind == "close":
                self._end_group()
            else:
                self._control(token)
        self._flush_text()
        while self._groups:
            self._end_group()
        self._end_paragraph()
        self._end_row()
        self._lines.finish()

    # Groups

    def _begin_group(self) -> None:
        if len(self._groups) < MOST_GROUPS:
            self._groups.append(replace(self._state))
        self._state.box = self._state.own = False
        self._fresh, self._starred, self._to_skip = True, False, 0

    def _end_group(self) -> None:
        if not self._groups:
            return
        if self._state.box:
            self._end_paragraph()
            self._open.pop()
            self._lines.end_box()
            self._lines.flush()
        own, destination = self._state.own, self._state.destination
        self._state = self._groups.pop()
        self._fresh, self._to_skip = False, 0
        if own:
            collected, self._collected = self._collected, ""
            self._take_number(collected) if destination in _LISTED else self._take_instruction(collected)

    def _take_number(self, text: str) -> None:
        """An automatic number, which the file has as text; a bullet is none."""
        number = text.strip()
        if len(number) == 1 and not number.isalnum():
            self._lines.keep_aside(number, "automatic number")
        elif number:
            self._say(number if number[-1] in _NUMBER_NEEDS_NO_BLANK else f"{number} ")

    def _take_instruction(self, text: str) -> None:
        """A field's instruction: no text, but for the text under a reading."""
        reading = _RUBY.search(text)
        if not reading:
            self._lines.keep_aside(text, "field instruction")
            return
        rest = text[: reading.start("reading")] + text[reading.end("reading") : reading.start("base")]
        self._lines.keep_aside(rest + text[reading.end("base") :], "field instruction")
        self._lines.keep_aside(reading.group("reading"), "ruby")
        self._say(reading.group("base"))

    def _destine(self, word: str) -> bool:
        """Take a word that opens a group for its destination, if it is one."""
        state = self._state
        if is_setting(word):
            state.setting, state.destination = True, word
        elif word in NOTES and not state.reason and not state.setting:
            self._lines.start_box(NOTES[word])
            self._open.append(False)
            state.box, state.in_table, state.outline = True, False, 0
        elif word in _LISTED or (
            word == _INSTRUCTION and not state.reason and state.destination not in _COLLECTED
        ):
            state.own = state.destination not in _COLLECTED
            state.destination = word
        elif word in ASIDE:
            state.reason = state.reason or ASIDE[word]
        elif self._starred and word not in TEXT:
            state.reason = state.reason or "unknown part"
        else:
            return False
        return True

    # Control words

    def _control(self, token: Token) -> None:
        word, number, state = token.word, token.number, self._state
        if token.kind == "symbol" and word == "*":
            self._starred = True
            return
        fresh, self._fresh = self._fresh, False
        if fresh and token.kind == "word" and self._destine(word):
            return
        if self._to_skip and token.kind == "symbol":
            self._to_skip -= 1
            return
        if word in _CHARACTERS:
            self._say(_CHARACTERS[word])
        elif word in _PARAGRAPH_ENDS:
            self._end_paragraph()
        elif word in ("line", "page", "column", "softpage"):
            if not self._reason() and self._open[-1] and word != "softpage":
                self._lines.break_line(page=word == "page")
        elif not state.reason and not state.setting and word in ("cell", "row", "trowd", "cellx"):
            self._table(word)
        else:
            self._property(word, number)

    def _property(self, word: str, number: int | None) -> None:
        state = self._state
        on = number != 0
        if word == "ansicpg":
            self._codec = _PAGES.get(number or 0, f"cp{number}")
        elif word == "mac":
            self._codec = "mac_roman"
        elif word == "uc":
            state.skip = max(0, number or 0)
        elif word == "f":
            state.font = number or 0
        elif word == "af":
            state.wide_font = number or 0
        elif word == "fcharset" and state.destination == "fonttbl":
            self._fonts[state.font] = number or 0
        elif word == "plain":
            state.hidden = state.deleted = False
        elif word == "v":
            state.hidden = on
        elif word == "deleted":
            state.deleted = on
        elif word == "pard" and state.destination not in _COLLECTED:
            state.in_table, state.outline = False, 0
        elif word == "intbl":
            state.in_table = True
        elif word == "outlinelevel":
            state.outline = (number or 0) + 1

    # Text

    def _bytes(self, token: Token) -> None:
        data = token.data
        self._fresh = False
        if self._to_skip:
            skipped = min(self._to_skip, len(data))
            self._to_skip -= skipped
            data = data[skipped:]
        if data:
            self._flush_units()
            self._pending += data

    def _code_unit(self, number: int) -> None:
        self._flush_bytes()
        self._fresh = False
        self._units.append(number & 0xFFFF)
        self._to_skip = self._state.skip

    def _flush_text(self) -> None:
        self._flush_bytes()
        self._flush_units()

    def _flush_units(self) -> None:
        if self._units:
            raw = b"".join(unit.to_bytes(2, "little") for unit in self._units)
            self._units.clear()
            self._say(raw.decode("utf-16-le", "replace"))

    def _flush_bytes(self) -> None:
        if self._pending:
            raw = bytes(self._pending)
            self._pending.clear()
            if self._state.setting:
                return
            if raw.isascii():
                self._say(raw.decode("ascii"))
                return
            try:
                self._say(raw.decode(self._codec_of_font(), "replace"))
            except LookupError:
                self._say(raw.decode("gb18030", "replace"))

    def _codec_of_font(self) -> str:
        """The code page of bytes above ASCII: a font of two bytes a sign decides, else the file, else the font."""
        codecs = [
            _CHARSETS.get(self._fonts.get(font, 1), "") for font in (self._state.font, self._state.wide_font)
        ]
        wide = next((codec for codec in codecs if codec in _WIDE), "")
        return wide or (self._codec if self._codec in _WIDE or not codecs[0] else codecs[0])

    def _reason(self) -> str:
        state = self._state
        return state.reason or ("deleted text" if state.deleted else "hidden text" if state.hidden else "")

    def _say(self, text: str) -> None:
        state = self._state
        if state.setting:
            return
        reason = self._reason()
        if not reason and state.destination in _COLLECTED:
            self._collected += text
            return
        if reason:
            self._lines.keep_aside(text, reason)
            return
        if not self._open[-1]:
            self._start_paragraph()
        self._lines.say(text)

    # Paragraphs and tables

    def _start_paragraph(self) -> None:
        state = self._state
        if state.in_table and len(self._open) == 1 and not self._row_open:
            self._lines.start_table(frames=self._columns == 1)
            self._row_open = True
        if self._row_open and len(self._open) == 1 and not self._cell_open:
            self._lines.start_cell()
            self._cell_open = True
        hint = f"heading{min(state.outline, 6)}" if 0 < state.outline < 10 else None
        self._lines.start_paragraph(Paragraph(hint))
        self._open[-1] = True

    def _end_paragraph(self) -> None:
        if self._state.setting or self._state.reason:
            return
        if self._open[-1]:
            self._lines.end_paragraph()
            self._open[-1] = False
        if not self._state.in_table and len(self._open) == 1:
            self._end_row()

    def _table(self, word: str) -> None:
        if word == "trowd":
            self._columns = 0
        elif word == "cellx":
            self._columns += 1
        elif word == "cell":
            if not self._open[-1]:
                self._state.in_table = True
                self._start_paragraph()
            self._lines.end_paragraph()
            self._open[-1] = False
            self._lines.end_cell()
            self._cell_open = False
        else:
            self._end_row()

    def _end_row(self) -> None:
        if self._row_open and len(self._open) == 1:
            if self._open[-1]:
                self._lines.end_paragraph()
                self._open[-1] = False
            self._lines.end_table()
            self._row_open = self._cell_open = False
