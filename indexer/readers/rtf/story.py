"""What the tokens of an RTF file mean: groups and their destinations, properties, text -> `layout`."""

from __future__ import annotations

import re
from dataclasses import replace

from indexer.readers.assembly import Assembly
from indexer.readers.rtf.codepages import Decoder
from indexer.readers.rtf.destinations import ASIDE, NOTES, TEXT, is_setting
from indexer.readers.rtf.group_state import COLLECTED, INSTRUCTION, LISTED, GroupState
from indexer.readers.rtf.layout import Layout
from indexer.readers.rtf.tokens import Token, iter_tokens
from search.messages import aside

_CHARACTERS = {
    "tab": "\t", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "bullet": "•", "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005", "~": "\u00a0", "_": "-", "\\": "\\",
    "{": "{", "}": "}",
}  # fmt: skip
_PARAGRAPH_ENDS = frozenset(("par", "sect", "nestcell", "nestrow", "\r", "\n"))
_RUBY = re.compile(r"\\o\\a[a-z]?\(\\s\\up\s*\d+\((?P<reading>[^()]*)\)[,，;](?P<base>[^()]*)\)")
"""The field that Word writes for a reading above text: EQ \\* jc2 \\o\\ad(\\s\\up 11(duān),端)."""
_NUMBER_NEEDS_NO_BLANK = "、，。．：）〕】"
MOST_GROUPS = 10_000
_PICTURE = "pict"
_NO_PICTURES = ("nonshppict", "listpicture", "background")
_NO_HEX = re.compile(rb"[^0-9a-fA-F]")


class Story:
    """Reads a whole file into an assembly."""

    def __init__(self, lines: Assembly) -> None:
        self._lines = lines
        self._state = GroupState()
        self._groups: list[GroupState] = []
        self._layout = Layout(lines)
        self._decoder = Decoder()
        self._to_skip = 0
        self._starred = False
        self._fresh = False
        self._collected = ""
        self._picture, self._digits = bytearray(), bytearray()

    def read(self, data: bytes) -> None:
        """Give the assembly what a file holds."""
        for token in iter_tokens(data):
            if token.kind == "text":
                self._bytes(token.data)
                continue
            if token.kind == "binary":
                if self._state.destination == _PICTURE:
                    self._picture += token.data
                continue
            if token.kind == "word" and token.word == "u":
                self._unit(token.number or 0)
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
        self._layout.finish()

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
            self._layout.end_box()
        if self._state.destination == _PICTURE:
            self._end_picture()
        own, destination = self._state.own, self._state.destination
        self._state = self._groups.pop()
        self._fresh, self._to_skip = False, 0
        if own:
            collected, self._collected = self._collected, ""
            self._take_number(collected) if destination in LISTED else self._take_instruction(collected)

    def _end_picture(self) -> None:
        """A picture of the text: no copy for older programs, no bullet of a list."""
        data = bytes(self._picture) or bytes.fromhex(self._digits[: len(self._digits) & ~1].decode("ascii"))
        self._picture, self._digits = bytearray(), bytearray()
        is_copy = any(group.destination in _NO_PICTURES for group in self._groups)
        if data and not is_copy and not self._state.aside_reason():
            self._lines.add_picture(data)

    def _take_number(self, text: str) -> None:
        """An automatic number, which the file has as text; a bullet is none."""
        number = text.strip()
        if len(number) == 1 and not number.isalnum():
            self._lines.keep_aside(number, aside.AUTOMATIC_NUMBER)
        elif number:
            self._say(number if number[-1] in _NUMBER_NEEDS_NO_BLANK else f"{number} ")

    def _take_instruction(self, text: str) -> None:
        """A field's instruction: no text, but for the text under a reading."""
        reading = _RUBY.search(text)
        if not reading:
            self._lines.keep_aside(text, aside.FIELD_INSTRUCTION)
            return
        rest = text[: reading.start("reading")] + text[reading.end("reading") : reading.start("base")]
        self._lines.keep_aside(rest + text[reading.end("base") :], aside.FIELD_INSTRUCTION)
        self._lines.keep_aside(reading.group("reading"), aside.RUBY)
        self._say(reading.group("base"))

    def _destine(self, word: str) -> bool:
        """Take a word that opens a group for its destination, if it is one."""
        state = self._state
        if is_setting(word):
            state.setting, state.destination = True, word
        elif word in NOTES and not state.reason and not state.setting:
            self._layout.start_box(NOTES[word])
            state.box, state.in_table, state.outline = True, False, 0
        elif word in LISTED or (
            word == INSTRUCTION and not state.reason and state.destination not in COLLECTED
        ):
            state.own = state.destination not in COLLECTED
            state.destination = word
        elif word in ASIDE:
            state.reason = state.reason or ASIDE[word]
        elif self._starred and word not in TEXT:
            state.reason = state.reason or aside.UNKNOWN_PART
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
        elif not state.setting and not state.reason and self._break(word):
            return
        else:
            self._property(word, number)

    def _break(self, word: str) -> bool:
        """End what a word ends: a line, a paragraph, a cell, a row."""
        state, layout = self._state, self._layout
        if word in _PARAGRAPH_ENDS:
            layout.end_paragraph(in_table=state.in_table)
        elif word in ("line", "page", "column"):
            if layout.in_paragraph and not self._state.aside_reason():
                self._lines.break_line(page=word == "page")
        elif word == "cell":
            layout.end_cell()
        elif word == "row":
            layout.end_row()
        elif word == "trowd":
            layout.start_row()
        elif word == "cellx":
            layout.add_column()
        else:
            return False
        return True

    def _property(self, word: str, number: int | None) -> None:
        """Set a property of the file or of the group."""
        if word == "ansicpg":
            self._decoder.set_page(number or 0)
        elif word == "mac":
            self._decoder.codec = "mac_roman"
        elif word == "fcharset" and self._state.destination == "fonttbl":
            self._decoder.charsets[self._state.font] = number or 0
        else:
            self._state.set_property(word, number)

    # Text

    def _bytes(self, data: bytes) -> None:
        self._fresh = False
        if self._state.destination == _PICTURE:
            self._digits += _NO_HEX.sub(b"", data)
            return
        if self._to_skip:
            skipped = min(self._to_skip, len(data))
            self._to_skip -= skipped
            data = data[skipped:]
        if data:
            self._decoder.add_bytes(data)

    def _unit(self, number: int) -> None:
        self._fresh = False
        self._decoder.add_unit(number, self._state.font, self._state.wide_font)
        self._to_skip = self._state.skip

    def _flush_text(self) -> None:
        text = self._decoder.take(self._state.font, self._state.wide_font)
        if text:
            self._say(text)

    def _say(self, text: str) -> None:
        state = self._state
        if state.setting:
            return
        reason = self._state.aside_reason()
        if not reason and state.destination in COLLECTED:
            self._collected += text
            return
        if reason:
            self._lines.keep_aside(text, reason)
            return
        self._layout.say(text, in_table=state.in_table, outline=state.outline)
