"""Everything said to people, as data: a code with arguments. Words are made at the edge.

    declared in an area -> Message(code, args), made where it arises -> JSON, disk, another process
                                                                     -> words in zh or en, where they are shown

A message is declared once, in the module of its area (`queries`, `answers`, `stores`, `sources`, `metadata`, …),
with its English sentence. Calling what was declared fills in the arguments and checks that none is missing.
`search.messages.words` makes the words: English from the declaration, Chinese from `search/locale`.

Catalogue keys are English sentences, with the code as context. English in the code can be read where it is
used, gives plurals and extraction for nothing, and needs no catalogue of its own; the context keeps apart what is
one word in English and two in Chinese. Codes never change; sentences may, and a test then asks for the Chinese.

Example:
    >>> from search.messages import queries
    >>> queries.REVERSED_YEARS()
    Message(code='reversed_years', args=())
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Union

Arg = Union[str, int, float, None, "Message", tuple["Arg", ...]]
"""What fills a placeholder: text of a source or a query, a number, unknown, another message, or several of these."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something to say. Hashable, picklable, and JSON by `to_json`.

    Args:
        code: what is said, for programs; see `declare`.
        args: (name, value) in the order of the names.
    """

    code: str
    args: tuple[tuple[str, Arg], ...] = ()

    def arg(self, name: str) -> Arg:
        """The value of one argument.

        Raises:
            KeyError: it has no such argument.
        """
        return dict(self.args)[name]

    def args_to_json(self) -> dict[str, Any]:
        """The arguments as JSON has them."""
        return {name: _to_json(value) for name, value in self.args}

    def to_json(self) -> dict[str, Any]:
        """`{"code", "args"}`, from which `from_json` makes the same message."""
        return {"code": self.code, "args": self.args_to_json()}

    def __str__(self) -> str:
        """In words, in the language that is spoken where none is asked for."""
        from search.messages.words import render

        return render(self)


def from_json(value: Mapping[str, Any] | str) -> Message:
    """The message that `to_json` wrote; a bare string, as old indexes have, is quoted as it is."""
    if isinstance(value, str):
        return quoted(value)
    return _make(value["code"], {name: _from_json(arg) for name, arg in value["args"].items()})


def _to_json(value: Arg) -> Any:
    if isinstance(value, Message):
        return value.to_json()
    return [_to_json(item) for item in value] if isinstance(value, tuple) else value


def _from_json(value: Any) -> Arg:
    if isinstance(value, Mapping):
        return from_json(value)
    return tuple(_from_json(item) for item in value) if isinstance(value, (list, tuple)) else value


def _make(code: str, args: Mapping[str, Any]) -> Message:
    named = sorted(args.items()) if len(args) > 1 else args.items()
    return Message(code, tuple([(name, tuple(v) if isinstance(v, list) else v) for name, v in named]))


@dataclass(frozen=True, slots=True)
class Declared:
    """A kind of message: its code and its English sentence; `several` is the sentence where `n` is not 1.

    `{name}` stands for an argument, `{name:,}` for a number with thousands apart, `{name:; }` for several with
    "; " between them, `{name:+}` for several with nothing between them.
    """

    code: str
    english: str
    several: str
    names: frozenset[str]

    def __call__(self, **args: Arg | list[Any]) -> Message:
        """The message with its arguments.

        Raises:
            TypeError: an argument is missing, or the sentence has no place for one.
        """
        if args.keys() != self.names:
            raise TypeError(f"{self.code} takes {sorted(self.names)}, not {sorted(args)}")
        return _make(self.code, args)


DECLARED: dict[str, Declared] = {}
"""Every kind of message that was imported, by its code; `search.messages.words` imports all of this package."""


def declare(code: str, english: str) -> Declared:
    """A new kind of message.

    Args:
        code: unique, as the API gives it; never changed.
        english: the sentence, with placeholders.

    Raises:
        ValueError: the code is declared already.
    """
    return _declare(code, english, "")


def declare_n(code: str, one: str, several: str) -> Declared:
    """A new kind of message that says one thing where its argument `n` is 1, another where it is not."""
    return _declare(code, one, several)


def _declare(code: str, english: str, several: str) -> Declared:
    if code in DECLARED:
        raise ValueError(f"{code} is declared already")
    kind = Declared(code, english, several, placeholders(english) | placeholders(several))
    DECLARED[code] = kind
    return kind


def placeholders(sentence: str) -> frozenset[str]:
    """The names that a sentence has places for.

    Example:
        >>> sorted(placeholders("{n:,} of {total}"))
        ['n', 'total']
    """
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


_QUOTED = declare("quoted", "{text}")


def quoted(text: str) -> Message:
    """Text of a source, a query or another program, as it is in every language."""
    return Message(_QUOTED.code, (("text", text),))


def in_a_row(messages: Iterable[Message | None]) -> Message:
    """Sentences one after the other, without those that are None."""
    parts = [message for message in messages if message is not None]
    return parts[0] if len(parts) == 1 else _SENTENCES(parts=parts)


_SENTENCES = declare("sentences", "{parts: }")


def as_message(said: Message | Mapping[str, Any] | str) -> Message:
    """A message, whether it comes as one, as JSON, or as words to quote."""
    return said if isinstance(said, Message) else from_json(said)
