"""What holds within a group of an RTF file: its destination and its properties."""

from __future__ import annotations

from dataclasses import dataclass

from search.messages import Message, aside

LISTED = ("listtext", "pntext")
INSTRUCTION = "fldinst"
COLLECTED = (*LISTED, INSTRUCTION)
"""Destinations whose text is read at the end of the group."""


@dataclass(slots=True)
class GroupState:
    """What a group inherits and may change until it ends."""

    reason: Message | None = None
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

    def set_property(self, word: str, number: int | None) -> None:
        """Take a control word for a property, if it is one."""
        on = number != 0
        if word == "uc":
            self.skip = max(0, number or 0)
        elif word == "f":
            self.font = number or 0
        elif word == "af":
            self.wide_font = number or 0
        elif word == "plain":
            self.hidden = self.deleted = False
        elif word == "v":
            self.hidden = on
        elif word == "deleted":
            self.deleted = on
        elif word == "pard" and self.destination not in COLLECTED:
            self.in_table, self.outline = False, 0
        elif word == "intbl":
            self.in_table = True
        elif word == "outlinelevel":
            self.outline = (number or 0) + 1

    def aside_reason(self) -> Message | None:
        """Why the group's text is none of the document; None for text."""
        return self.reason or (
            aside.DELETED_TEXT if self.deleted else aside.HIDDEN_TEXT if self.hidden else None
        )
