"""Normalisation: what makes two spellings of one string the same string, with the way back to the original.

dropped -> blanks -> radicals -> width -> lowercase -> simplified -> marks, character by character -> spaces

Every text that is indexed, and every query, passes here first; nobody else folds characters. A character's
fate never depends on its neighbours, but for blanks: so the normal form of a piece is a piece of the normal
form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from msgspec import Struct

from search.compiled import load_compiled
from search.model import Span

DATA = Path(__file__).resolve().parent / "data"

IDEOGRAPHS = "々〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
"""Between two of these a blank means nothing: a regular expression's class without its brackets."""

LETTERS = "0-9a-zß-öø-ɏα-ω%‰"
"""Between one of these and an ideograph a blank means nothing either: it is how a program sets type (增长 5.8%)."""

BLANKS = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u2800\u3164\uffa0"
)
DROPPED = (
    "\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff"
)
MARKS = {
    '"': "“”„‟「」『』〝〞〟",
    "'": "‘’‚‛′`´",
    "-": "‐‒–—―−─━",
    "·": "•・‧∙⋅᛫",
    "~": "〜∼",
    "...": "⋯",
    "〇": "○◯",
}
"""The shapes of one mark that the width stage doesn't unify.

。 and 、 stay themselves: a full stop that became a point would join the numbers around it (5。6), and 、 is
no comma. A circle is how many write 〇 (二○二三年).
"""

_BEYOND = "\U00010000"
"""The first character of the supplementary planes: naming those one by one makes a pattern slow."""
_USUAL_MARKS = "，：；（）“”！？％"
_SHORT = 24
"""In so short a text it is first asked whether anything changes at all: what people type mostly is in normal form."""

Table = Mapping[str, str]


def _listed(characters: str) -> str:
    """The characters that a class such as "a-cx" names."""
    return "".join(chr(code) for first, last in _ranges(characters) for code in range(first, last + 1))


def _ranges(characters: str) -> list[tuple[int, int]]:
    """The ranges of code points that a class such as "a-cx" names, last ones included."""
    pattern = re.compile("(.)(?:-(.))?", re.DOTALL)
    return [(ord(match[1]), ord(match[2] or match[1])) for match in pattern.finditer(characters)]


def _read(name: str) -> Table:
    lines = (DATA / name).read_text(encoding="utf-8").split("\n")
    return dict(line.split("\t") for line in lines if line and not line.startswith("# "))


def stages() -> tuple[tuple[str, Table], ...]:
    """The character stages in their order; each maps a character to what stands in its place."""
    return (
        ("dropped", dict.fromkeys(_listed(DROPPED), "")),
        ("blanks", dict.fromkeys(_listed(BLANKS), " ")),
        ("radicals", _read("radicals.tsv")),
        ("width", _read("width.tsv")),
        ("lowercase", _read("lowercase.tsv")),
        ("simplified", _read("simplified.tsv")),
        ("marks", {shape: mark for mark, shapes in MARKS.items() for shape in shapes}),
    )


@dataclass(frozen=True)
class _Folding:
    """All character stages as one.

    A pattern that finds what changes is twice as fast as str.translate, for most characters don't change. Patterns are
    made when they are used: where all is compiled they are not.

    Args:
        changed: every character that changes, with what it becomes; no stage changes that further.
        reshaping: those that become none or several.
        usual: the marks that most texts have, with what they become: replaced one by one before the pattern is asked.
    """

    changed: dict[str, str]
    reshaping: frozenset[str]
    usual: tuple[tuple[str, str], ...]

    @cached_property
    def candidates(self) -> re.Pattern[str]:
        """Finds every character that changes, and the supplementary planes: named one by one they make it slow."""
        return _any_of(self.changed)

    @cached_property
    def may_reshape(self) -> re.Pattern[str]:
        """Finds what becomes none or several, and the supplementary planes; far faster than asking the set."""
        return _any_of(self.reshaping)

    @cached_property
    def unlike(self) -> dict[int, str]:
        """What becomes none or several, or is of the supplementary planes, for `str.translate`: as it is compiled, each
        character is folded to one of the first plane."""
        return {
            ord(char): result
            for char, result in self.changed.items()
            if len(result) != 1 or max(char, result) >= _BEYOND
        }

    def apply(self, text: str) -> str:
        """The text folded."""
        if len(text) <= _SHORT and self.candidates.search(text) is None:
            return text
        changed = self.changed
        for mark, result in self.usual:
            text = text.replace(mark, result)
        return self.candidates.sub(lambda match: changed.get(match[0], match[0]), text)

    def reshapes(self, text: str) -> bool:
        """Whether a character of `text` becomes none or several."""
        return self.may_reshape.search(text) is not None and not self.reshaping.isdisjoint(text)


@cache
def _folding() -> _Folding:
    tables = [table for _, table in stages()]

    changing = frozenset().union(*tables)

    def settle(text: str) -> str:
        while not changing.isdisjoint(text):
            for table in tables:
                text = table.get(text) or "".join([table.get(character, character) for character in text])
        return text

    changed: dict[str, str] = {}
    for table in tables:
        for character, result in table.items():
            if character not in changed:
                changed[character] = result if changing.isdisjoint(result) else settle(character)
    reshaping = frozenset(character for character, result in changed.items() if len(result) != 1)
    return _Folding(changed, reshaping, tuple((mark, changed[mark]) for mark in _USUAL_MARKS))


def _any_of(characters: Iterable[str]) -> re.Pattern[str]:
    """Finds these characters, and all of the supplementary planes."""
    named = "".join(sorted(character for character in characters if character < _BEYOND))
    return re.compile(f"[{re.escape(named)}]|[{_BEYOND}-\U0010ffff]")


_CLOSED_UP = f" (?:(?<=[{IDEOGRAPHS}] ) *(?=[{IDEOGRAPHS}{LETTERS}])|(?<=[{LETTERS}] ) *(?=[{IDEOGRAPHS}]))"
"""Begins with the blank, which is found ten times as fast as what may stand before it."""
_MORE_THAN_ONE = re.compile("  +")
_SUPERFLUOUS = rf"{_CLOSED_UP}|\A +| +\Z|(?<= ) +"
_compiled = cache(re.compile)
"""Patterns that name the supplementary planes take some milliseconds to compile: when they are used."""


def normal_form_rules() -> Iterator[str]:
    """All that decides the normal form, line by line, in an order that is always the same."""
    yield from (f"{character}\t{result}" for character, result in sorted(_folding().changed.items()))
    yield _SUPERFLUOUS


class Normalized(Struct, frozen=True):
    """A text in normal form that remembers where its characters come from.

    Args:
        text: the normal form.
        original_length: of the text it was made from, in characters.
        origins: for each character of `text` the place in the original of the character that it comes from;
            None when every character stands where it stood, the usual case, which costs nothing.
    """

    text: str
    original_length: int
    origins: tuple[int, ...] | None = None

    def to_original(self, start: int, end: int) -> Span:
        """The span of the original that a half-open span of `text` comes from.

        A character that became several is always taken whole. An empty span stays empty.

        Example:
            >>> normalize("ＰＭ２．５，中 文").to_original(6, 8)
            (6, 9)
        """
        if self.origins is None:
            return start, end
        if start >= end:
            place = self.origins[start] if start < len(self.origins) else self.original_length
            return place, place
        return self.origins[start], self.origins[end - 1] + 1


def simplify(text: str) -> str:
    """The text in simplified ideographs, one for one, radicals as what they look like; nothing else changes.

    Example:
        >>> simplify("政协漳州市第十三屆委員會⼯作報告 ２０２１")
        '政协漳州市第十三届委员会工作报告 ２０２１'
    """
    return _replaced(text, *_simplified())


def unify_ideographs(text: str) -> str:
    """The text with ideographs for radicals and other shapes of their own code points (⺠ ⼯ 樂), one for one.

    Example:
        >>> unify_ideographs("⺠⽣實事 ２０２１")
        '民生實事 ２０２１'
    """
    return _replaced(text, *_unified()) if _MAY_UNIFY.search(text) else text


_COMPATIBILITY = "\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f"
_MAY_UNIFY = re.compile(f"[{_COMPATIBILITY}]")


def _replaced(text: str, table: Table, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda match: table.get(match[0], match[0]), text)


@cache
def _unified() -> tuple[Table, re.Pattern[str]]:
    table = {**_read("width.tsv"), **_read("radicals.tsv")}
    return {
        char: table[char] for char in _listed(_COMPATIBILITY) if len(table.get(char, "")) == 1
    }, _MAY_UNIFY


@cache
def _simplified() -> tuple[Table, re.Pattern[str]]:
    simple = _read("simplified.tsv")
    unified = {char: simple.get(ideograph, ideograph) for char, ideograph in _unified()[0].items()}
    table = {**unified, **simple}
    return table, _any_of(table)


@cache
def compiled_folding() -> Any:
    """All character stages as a compiled table (`_forms.Folding`); None where nothing was compiled."""
    from search.language.text.marks import QUOTES, SEPARATING

    compiled = load_compiled("search.language.text._forms")
    if compiled is None:
        return None
    return compiled.Folding(_folding().changed, _ranges(IDEOGRAPHS), _ranges(LETTERS), QUOTES, SEPARATING)


def normalize_text(text: str) -> str:
    """The normal form of any text, without the way back. Normalising twice changes nothing.

    Example:
        >>> normalize_text("　營商 環境，ＰＭ２．５  治理 ")
        '营商环境,pm2.5治理'
    """
    folding = compiled_folding()
    form: str | None = None
    if folding is not None:
        form = folding.normalize_text(text)
        if form is None:
            form = folding.normalize_text(text.translate(_folding().unlike))
    return _close_up(_folding().apply(text)) if form is None else form


def _close_up(folded: str) -> str:
    """A text without the blanks that don't count."""
    if " " not in folded:
        return folded
    return _MORE_THAN_ONE.sub(" ", _compiled(_CLOSED_UP).sub("", folded)).strip(" ")


def normalize(text: str) -> Normalized:
    """The normal form of any text, with the way back to the original."""
    compiled = compiled_folding()
    found = None if compiled is None else compiled.normalize(text)
    return _normalize(text) if found is None else Normalized(found[0], len(text), found[1])


def _normalize(text: str) -> Normalized:
    folding = _folding()
    folded = folding.apply(text)
    form = _close_up(folded)
    if keeps_places(text, len(form)):
        return Normalized(form, len(text))
    origins = list(range(len(text)))
    for place in [match.start() for match in folding.may_reshape.finditer(text)][::-1]:
        result = folding.changed.get(text[place])
        if result is not None and len(result) != 1:
            origins[place : place + 1] = [place] * len(result)
    if len(form) != len(folded):
        for start, end in [match.span() for match in _compiled(_SUPERFLUOUS).finditer(folded)][::-1]:
            del origins[start:end]
    return Normalized(form, len(text), tuple(origins))


def keeps_places(text: str, form_length: int) -> bool:
    """Whether every character of a text's normal form, which is so long, stands where it stood."""
    return form_length == len(text) and not _folding().reshapes(text)
