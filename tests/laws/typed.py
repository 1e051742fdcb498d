"""Strings of a collection in the shapes that people type and paste, and the same string typed in other ways.

What is typed otherwise has the same normal form, so it has to find the same (law 1), and unquoted no less (law 2).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from functools import cache

from search.language.text.normalize import DATA, IDEOGRAPHS, MARKS
from tests.laws.bruteforce import Collection

SHAPES = {
    "marks inside": r"[一-鿿]{1,4}[，、；：。！？（）《》“”·—-]+[一-鿿]{1,4}",
    "marks at the ends": r"[，、；：。（《“][一-鿿]{1,5}[，、；：。）》”]",
    "letters before Han": r"[A-Za-zＡ-Ｚ][A-Za-z0-9.]*[一-鿿]{1,3}",
    "Han before letters": r"[一-鿿]{1,3}[A-Za-zＡ-Ｚ][A-Za-z0-9.]*",
    "numbers with units": r"[0-9０-９]+(?:[.．][0-9０-９]+)?(?:[%％]|[万亿千百]?[个元人户家条件亩吨米年月日])",
    "numbers in Han": r"[一-鿿]{1,3}[0-9]+(?:\.[0-9]+)?[%％]?[一-鿿]{0,3}",
    "words": r"[一-鿿]{2,9}",
}
_IDEOGRAPH = re.compile(f"[{IDEOGRAPHS}]")


@cache
def _traditional() -> dict[str, str]:
    """A simplified character to a Traditional one of it."""
    lines = (DATA / "simplified.tsv").read_text(encoding="utf-8").split("\n")
    pairs = (line.split("\t") for line in lines if line and not line.startswith("# "))
    return {simple: other for other, simple in pairs}


def _spaced(text: str, chance: random.Random) -> str:
    out = ""
    for before, char in zip(" " + text, text, strict=False):
        between = _IDEOGRAPH.match(before) and _IDEOGRAPH.match(char)
        out += chance.choice([" ", "　", "  "]) + char if between and chance.random() < 0.5 else char
    return out


def _shaped(text: str, chance: random.Random) -> str:
    """Marks in other shapes that are one to the normal form."""
    shapes = {
        char: list(others + mark) for mark, others in MARKS.items() if len(mark) == 1 for char in others
    }
    return "".join(chance.choice(shapes[char]) if char in shapes else char for char in text)


def _hidden(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice("\u200b\u200d\ufeff\u00ad\u202e") + text[at:]


WAYS: dict[str, Callable[[str, random.Random], str]] = {
    "as it stands": lambda text, chance: text,
    "full width": lambda text, chance: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "Traditional": lambda text, chance: "".join(_traditional().get(char, char) for char in text),
    "upper case": lambda text, chance: text.upper(),
    "blanks inside Han": _spaced,
    "other marks": _shaped,
    "zero width": _hidden,
}


def typed_strings(collection: Collection, chance: random.Random) -> Iterator[tuple[str, str, str]]:
    """(shape and way, the string as it stands, as it is typed), the shapes and ways in turn, without end."""
    whole = "\n".join(collection.texts)
    found = {shape: re.findall(pattern, whole) for shape, pattern in SHAPES.items()}
    while True:
        for shape, strings in found.items():
            for way, change in WAYS.items():
                if strings:
                    string = chance.choice(strings)
                    yield f"{shape}, {way}", string, change(string, chance)
