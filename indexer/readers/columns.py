"""What each column of a table is: by its name, else by what stands in it.

A table whose columns nobody can know has a column of long Chinese text all the same; that it was taken is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from indexer.readers.fields import TEXT, field_for, field_like, is_meaningless
from indexer.readers.rows import EXTRA, Row, Table

SAMPLE_VALUES = 400
LEAST_TEXT_HAN = 15
"""Han characters that a value of an unnamed column of text has on average."""
LEAST_SHARE_OF_LONGEST = 0.2
LEAST_FITTING_SHARE = 0.7
LONGEST_PLACE = 16

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\u2e80-\u2fdf]")
_YEAR = re.compile(r"(?:19|20)\d\d(?:\.0|年度?)?")
_DATE = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*(?:[-/.月]\s*\d{1,2}\s*日?)?(?:[ T].*)?")


@dataclass(slots=True)
class _Column:
    """What is known of a column after all rows were seen once."""

    line: int
    filled: int = 0
    han: int = 0
    values: list[str] = field(default_factory=list)

    def add(self, value: str) -> None:
        if value.strip():
            self.filled += 1
            self.han += len(_HAN.findall(value))
            if len(self.values) < SAMPLE_VALUES:
                self.values.append(value.strip()[:80])

    @property
    def mean_han(self) -> float:
        return self.han / self.filled if self.filled else 0.0

    def share(self, fits: Iterable[bool]) -> float:
        return sum(fits) / len(self.values) if self.values else 0.0


@dataclass(frozen=True, slots=True)
class Columns:
    """The part that each column plays.

    Args:
        fields: column -> field; columns without one are not in it.
        unknown: columns without a part -> the line where each is seen first.
        guessed: columns that got their part by what stands in them or by what their name resembles.
    """

    fields: Mapping[str, str]
    unknown: Mapping[str, int]
    guessed: tuple[str, ...] = ()

    def has_text(self) -> bool:
        """Whether there is a column of text."""
        return TEXT in self.fields.values()

    def texts_of(self, row: Row) -> list[str]:
        """What stands in the row's columns of text."""
        return [v for name, v in row.cells.items() if self.fields.get(name) == TEXT and v.strip()]


def understand_columns(table: Table) -> Columns:
    """Go through a table once and say what its columns are."""
    seen: dict[str, _Column] = {}
    for row in table.rows():
        for name, value in row.cells.items():
            if name not in seen:
                seen[name] = _Column(row.line)
            seen[name].add(value)
    seen.pop(EXTRA, None)
    fields = {name: known for name in seen if (known := _by_name(name)) is not None}
    guessed: list[str] = []
    _choose_text(seen, fields, guessed)
    for name, column in seen.items():
        likely = None if name in fields else _likely(name, column, named=table.has_names)
        if likely is not None and likely not in fields.values():
            fields[name] = likely
            guessed.append(name)
    unknown = {n: column.line for n, column in seen.items() if n not in fields and not _says_nothing(n)}
    return Columns(fields, unknown, tuple(guessed))


def _by_name(name: str) -> str | None:
    """The field that the name states; a key within a list of objects can only be text."""
    known = field_for(name)
    return None if known is not None and known != TEXT and "[]" in name else known


def _says_nothing(name: str) -> bool:
    return is_meaningless(name) or "[]" in name


def _choose_text(seen: Mapping[str, _Column], fields: dict[str, str], guessed: list[str]) -> None:
    """Find the column of text where none is named so, or where what is named so holds next to nothing."""
    free = [name for name in seen if fields.get(name) in (None, TEXT)]
    longest = max(free, key=lambda name: seen[name].han, default=None)
    if longest is None or fields.get(longest) == TEXT:
        return
    most = seen[longest]
    named = [name for name in free if fields.get(name) == TEXT]
    enough = any(seen[name].han >= LEAST_SHARE_OF_LONGEST * most.han for name in named)
    if enough or (field_like(longest) != TEXT and most.mean_han < LEAST_TEXT_HAN):
        return
    if named and most.mean_han < 2 * LEAST_TEXT_HAN:
        return
    for name in named:
        del fields[name]
    fields[longest] = TEXT
    guessed.append(longest)


def _likely(name: str, column: _Column, *, named: bool) -> str | None:
    """The field that an unknown column seems to hold; its values have to fit."""
    like = field_like(name) if "[]" not in name else None
    if like is not None and like != TEXT:
        return like if _fits(like, column) else None
    if named and not name.startswith("key"):
        return None
    return next((each for each in ("year", "date", "city", "province", "title") if _fits(each, column)), None)


def _fits(wanted: str, column: _Column) -> bool:
    from search.language.places import places
    from search.model import REPORT_TYPES

    fit: dict[str, Callable[[str], bool]] = {
        "year": lambda value: _YEAR.fullmatch(value) is not None,
        "date": lambda value: _DATE.fullmatch(value) is not None,
        "published": lambda value: _DATE.fullmatch(value) is not None,
        "province": lambda value: places().resolve(value, level="省") is not None,
        "city": lambda value: len(value) < LONGEST_PLACE and bool(places().named(value)),
        "title": lambda value: 4 <= len(value) <= 60 and "报告" in value,
        "url": lambda value: value.startswith(("http", "www.")),
        "type": lambda value: value in REPORT_TYPES,
    }
    return column.share(map(fit[wanted], column.values)) >= LEAST_FITTING_SHARE
