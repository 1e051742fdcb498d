"""Automatic numbers of ODT: list styles -> levels -> counters, moved on by each item in document order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from indexer.readers.numerals import write_number

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
LEVELS = 10
OUTLINE = "\n"
"""The name under which the numbers of headings are kept."""

_FORMS = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "一, 二, 三, ...": "chineseCountingThousand",
    "一": "chineseCountingThousand",
    "壹, 贰, 叁, ...": "chineseLegalSimplified",
    "壹, 貳, 參, ...": "chineseLegalSimplified",
    "甲, 乙, 丙, ...": "ideographTraditional",
    "子, 丑, 寅, ...": "ideographZodiac",
    "①, ②, ③, ...": "decimalEnclosedCircle",
    "１, ２, ３, ...": "decimalFullWidth",
}


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    prefix: str
    suffix: str
    shown: int
    start: int
    is_bullet: bool


class Numbering:
    """The numbers of one document."""

    def __init__(self, roots: Iterable[Any]) -> None:
        self._styles: dict[str, dict[int, _Level]] = {}
        self._counters: dict[str, list[int | None]] = {}
        for root in roots:
            for style in root.iter(f"{TEXT}list-style", f"{TEXT}outline-style"):
                name = OUTLINE if style.tag == f"{TEXT}outline-style" else style.get(f"{STYLE}name") or ""
                self._styles[name] = dict(_read_levels(style))

    def restart(self, style: str) -> None:
        """Begin a list of this style anew."""
        self._counters.pop(style, None)

    def next_number(self, style: str, level: int, start: str = "") -> tuple[str, bool]:
        """The text before the next item of a list at a level from 1, and whether it is a bullet."""
        levels = self._styles.get(style, {})
        rule = levels.get(level)
        if rule is None or rule.is_bullet:
            return "", rule is not None
        counters = self._counters.setdefault(style, [None] * (LEVELS + 1))
        current = counters[level]
        counters[level] = rule.start if current is None else current + 1
        if start.isdecimal():
            counters[level] = int(start)
        counters[level + 1 :] = [None] * (LEVELS - level)
        if not rule.form:
            return "", False
        numbers = []
        for at in range(max(1, level - rule.shown + 1), level + 1):
            other = levels.get(at, rule)
            counted = counters[at]
            numbers.append(write_number(other.start if counted is None else counted, other.form or "decimal"))
        text = f"{rule.prefix}{'.'.join(numbers)}{rule.suffix}".strip()
        return (text if text[-1:] in "、，。．：）〕】" else f"{text} "), False


def _read_levels(style: Any) -> Iterable[tuple[int, _Level]]:
    for element in style:
        if not isinstance(element.tag, str) or not (element.get(f"{TEXT}level") or "").isdecimal():
            continue
        level = int(element.get(f"{TEXT}level"))
        if 1 <= level <= LEVELS:
            form = element.get(f"{STYLE}num-format") or ""
            yield (
                level,
                _Level(
                    form=_FORMS.get(form, "decimal") if form else "",
                    prefix=element.get(f"{STYLE}num-prefix") or "",
                    suffix=element.get(f"{STYLE}num-suffix") or "",
                    shown=int(element.get(f"{TEXT}display-levels") or 1),
                    start=int(element.get(f"{TEXT}start-value") or 1),
                    is_bullet=element.tag
                    in (f"{TEXT}list-level-style-bullet", f"{TEXT}list-level-style-image"),
                ),
            )
