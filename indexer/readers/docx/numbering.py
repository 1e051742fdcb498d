"""Automatic numbers: what Word writes before a paragraph and keeps only the rule of.

numbering.xml -> levels -> counters, moved on by each numbered paragraph in document order -> 一、 （一） 1.2
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from indexer.readers.docx.package import Package, W
from indexer.readers.docx.styles import PLAIN, Style, is_on, value_of
from indexer.readers.numerals import write_number
from search.errors import SourceError

LEVELS = 9
_PLACEHOLDER = re.compile(r"%([1-9])")
_NEEDS_NO_BLANK = re.compile(r"[、，。．：；）〕】》」』]$")


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered.

    Args:
        text: with %1 … %9 where the numbers of the levels stand.
        restart: the level, from 1, whose numbers restart this one; 0 is none, None any above it.
    """

    form: str = "decimal"
    start: int = 1
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None
    decimal_only: bool = False
    style: str = ""


@dataclass(slots=True)
class _Abstract:
    levels: dict[int, Level]
    link: str = ""
    counters: list[int | None] = field(default_factory=lambda: [None] * LEVELS)


@dataclass(slots=True)
class _Instance:
    abstract: _Abstract
    levels: dict[int, Level]
    starts: dict[int, int]


class Numbering:
    """The numbers of one document. A number is asked for once a paragraph, in document order."""

    def __init__(self, package: Package, styles: Mapping[str, Style]) -> None:
        self._styles = styles
        self._instances: dict[str, _Instance] = {}
        try:
            roots = [package.tree(name) for name in package.parts_of("numbering")]
        except SourceError:
            return  # the numbers are lost, the text is not
        for root in roots:
            if root is not None:
                self._read(root)

    def next_number(self, number: str, level: str, style_id: str) -> tuple[str, bool]:
        """The text before a paragraph with these numbering properties, and whether it is a bullet.

        Args:
            number, level: of the paragraph itself, "" where its style decides.
        """
        style = self._styles.get(style_id, PLAIN)
        instance = self._instances.get(number or style.number)
        if instance is None:
            return "", False
        at = self._level_of(instance, level, style, style_id)
        rule = self._rule(instance, at)
        self._count(instance, at, rule)
        if rule.form == "bullet":
            return "", True
        return self._write(instance, at, rule), False

    def _level_of(self, instance: _Instance, level: str, style: Style, style_id: str) -> int:
        if not level:
            levels = {**instance.abstract.levels, **instance.levels}
            for at, rule in levels.items():
                if style_id and rule.style == style_id:
                    return at
        level = level or style.level
        return min(int(level), LEVELS - 1) if level.isdecimal() else 0

    def _rule(self, instance: _Instance, at: int) -> Level:
        return instance.levels.get(at) or instance.abstract.levels.get(at) or Level()

    def _count(self, instance: _Instance, at: int, rule: Level) -> None:
        counters = instance.abstract.counters
        start = instance.starts.pop(at, None)
        current = counters[at]
        if start is not None:
            counters[at] = start
        else:
            counters[at] = rule.start if current is None else current + 1
        for deeper in range(at + 1, LEVELS):
            restart = self._rule(instance, deeper).restart
            if restart is None or restart > at:
                counters[deeper] = None

    def _write(self, instance: _Instance, at: int, rule: Level) -> str:
        def number_of(found: re.Match[str]) -> str:
            place = int(found.group(1)) - 1
            other = self._rule(instance, place)
            number = instance.abstract.counters[place]
            form = "decimal" if rule.decimal_only and other.form != "bullet" else other.form
            return write_number(other.start if number is None else number, form)

        text = _PLACEHOLDER.sub(number_of, rule.text)
        if not text.strip() or rule.suffix == "nothing" or _NEEDS_NO_BLANK.search(text):
            return text.strip()
        return f"{text.strip()} "

    def _read(self, root: Any) -> None:
        abstracts = {
            element.get(f"{W}abstractNumId") or "": _Abstract(
                _read_levels(element), value_of(element, f"{W}numStyleLink")
            )
            for element in root.iter(f"{W}abstractNum")
        }
        for element in root.iter(f"{W}num"):
            abstract = abstracts.get(value_of(element, f"{W}abstractNumId"))
            if abstract is None:
                continue
            starts, levels = {}, {}
            for override in element.iter(f"{W}lvlOverride"):
                at = _integer(override.get(f"{W}ilvl"), 0)
                start = value_of(override, f"{W}startOverride")
                if start:
                    starts[at] = _integer(start, 1)
                levels.update(_read_levels(override))
            self._instances[element.get(f"{W}numId") or ""] = _Instance(abstract, levels, starts)
        for instance in self._instances.values():
            if instance.abstract.link:
                linked = self._instances.get(self._styles.get(instance.abstract.link, PLAIN).number)
                if linked is not None and linked.abstract.levels:
                    instance.abstract = linked.abstract


def _read_levels(parent: Any) -> dict[int, Level]:
    levels = {}
    for element in parent.iterchildren(f"{W}lvl"):
        restart = value_of(element, f"{W}lvlRestart")
        levels[min(_integer(element.get(f"{W}ilvl"), 0), LEVELS - 1)] = Level(
            form=_form_of(element),
            start=_integer(value_of(element, f"{W}start"), 0 if element.find(f"{W}start") is None else 1),
            text=value_of(element, f"{W}lvlText"),
            suffix=value_of(element, f"{W}suff") or "tab",
            restart=_integer(restart, 0) if restart else None,
            decimal_only=is_on(element.find(f"{W}isLgl")),
            style=value_of(element, f"{W}pStyle"),
        )
    return levels


def _form_of(level: Any) -> str:
    """The number format; Word puts a newer one beside a fallback, either way around."""
    forms = [form for form in level.iter(f"{W}numFmt") if form.get(f"{W}val") != "custom"]
    return (forms[0].get(f"{W}val") or "decimal") if forms else "decimal"


def _integer(text: str | None, default: int) -> int:
    digits = text or ""
    return int(digits) if digits.isdecimal() and len(digits) < 7 else default
