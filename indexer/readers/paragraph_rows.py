"""Tables with a row a paragraph: which rows make one report together.

Known by a number that runs on within a report and begins again with the next, while place, year, type and title stay
the same; else by a column that names a report in row after row. And by that no row is a report by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from indexer.readers.columns import Columns
from indexer.readers.rows import LONGEST_NAME, Row, Table

LONGEST_PARAGRAPH_CHARS = 8_000
LONGEST_MEAN_CHARS = 1_000
MOST_OPENING_SHARE = 0.4
LEAST_ROWS_OF_REPORT = 4
"""Rows that a report has on average where nothing numbers them."""

_COUNTS_PARAGRAPHS = re.compile(
    r"段|行号|行数|序|句|para|seq|line|sent|index|idx|order|^no\.?$|^n$|num|position|条", re.I
)
_IS_ID = re.compile(r"(?:^|[_ ])(?:id|doc|file|report)(?:[_ ]|$)|编号|文档|文件", re.I)
_OPENING = re.compile(r"\s*(?:尊敬的)?(?:各位|同志们)[^\n]{0,12}[:：，,]")
_KEY_FIELDS = (
    "file",
    "city",
    "province",
    "year",
    "plan_year",
    "date",
    "session",
    "speaker",
    "type",
    "title",
    "url",
    "source",
    "published",
)


@dataclass(frozen=True, slots=True)
class Running:
    """The column that numbers the paragraphs, "" if none does, and those that tell which report a row is of."""

    number: str
    keys: tuple[str, ...]

    @property
    def names(self) -> str:
        """The columns that rows are put together by, for people."""
        return self.number or ", ".join(self.keys)

    def key_of(self, row: Row) -> tuple[str, ...]:
        """The same for all rows of a report."""
        return tuple(row.cells.get(name, "").strip() for name in self.keys)


@dataclass(slots=True)
class _Trial:
    """One way to read the numbers of a table, while its rows go by."""

    running: Running
    key: tuple[str, ...] | None = None
    last: int = 0
    reports: int = 0
    joined: int = 0
    fails: bool = False

    def take(self, row: Row) -> None:
        number = _whole_number(row.cells.get(self.running.number, ""))
        if number is None:
            self.fails = True
            return
        key = self.running.key_of(row)
        if key == self.key and number > self.last:
            self.joined += 1
        elif number <= 1:
            self.reports += 1
        else:
            self.fails = True
        self.key, self.last = key, number

    @property
    def rank(self) -> tuple[bool, int, int]:
        """How much it explains."""
        return True, self.joined, len(self.running.keys)

    def succeeds(self) -> bool:
        if self.fails or not self.joined:
            return False
        return self.reports > 1 or _COUNTS_PARAGRAPHS.search(self.running.number) is not None


@dataclass(slots=True)
class _Unnumbered:
    """Rows that follow one another and name the same report, while they go by."""

    running: Running
    key: tuple[str, ...] | None = None
    seen: set[tuple[str, ...]] = field(default_factory=set)
    rows: int = 0
    fails: bool = False

    def take(self, row: Row) -> None:
        key = self.running.key_of(row)
        self.rows += 1
        if key != self.key:
            self.fails = self.fails or key in self.seen or not any("报告" in value for value in key)
            self.seen.add(key)
            self.key = key

    @property
    def rank(self) -> tuple[bool, int, int]:
        """Less than anything that is numbered."""
        return False, 0, 0

    def succeeds(self) -> bool:
        return not self.fails and self.rows >= LEAST_ROWS_OF_REPORT * len(self.seen)


def find_running(table: Table, columns: Columns) -> Running | None:
    """How a table's rows are put together; None where each is a text of its own."""
    trials: list[_Trial | _Unnumbered] | None = None
    rows = chars = openings = 0
    for row in table.rows():
        if not row.cells:
            continue
        if trials is None:
            trials = [*map(_Trial, _ways(row, columns)), _Unnumbered(Running("", _naming(row, columns)))]
        length = sum(map(len, columns.texts_of(row)))
        rows, chars = rows + 1, chars + length
        openings += any(_OPENING.match(text) and len(text) > 40 for text in columns.texts_of(row))
        for trial in trials:
            trial.take(row)
        trials = [trial for trial in trials if not trial.fails]
        if not trials or length > LONGEST_PARAGRAPH_CHARS:
            return None
    if chars > LONGEST_MEAN_CHARS * rows or openings > MOST_OPENING_SHARE * rows:
        return None
    good = [trial for trial in trials or () if trial.succeeds()]
    return max(good, key=lambda trial: trial.rank).running if good else None


def _ways(row: Row, columns: Columns) -> Iterator[Running]:
    stated = {name for name, known in columns.fields.items() if known in _KEY_FIELDS}
    ids = {name for name in row.cells if columns.fields.get(name) == "id" or _IS_ID.search(name)} - stated
    for name, value in row.cells.items():
        known = columns.fields.get(name)
        if _whole_number(value) is None or known not in (None, "id"):
            continue
        for keys in {tuple(sorted(stated)), tuple(sorted((stated | ids) - {name}))}:
            if keys:
                yield Running(name, keys)


def _naming(row: Row, columns: Columns) -> tuple[str, ...]:
    """The columns that may name a row's report: those of its particulars, and others with a name of a report."""
    return tuple(
        name
        for name, value in row.cells.items()
        if columns.fields.get(name) in _KEY_FIELDS
        or (name not in columns.fields and "报告" in value and len(value) <= LONGEST_NAME)
    )


def _whole_number(value: str) -> int | None:
    found = re.fullmatch(r"第?\s*(\d{1,7})(?:\.0)?\s*[段行句条]?", value.strip())
    return int(found[1]) if found else None


def group_rows(rows: Iterable[Row], running: Running | None) -> Iterator[Sequence[Row]]:
    """The rows of each report; a row that can't be read stands alone."""
    group: list[Row] = []
    last = 0
    for row in rows:
        number = _whole_number(row.cells.get(running.number, "")) if running and row.cells else None
        goes_on = (
            running is not None
            and bool(group)
            and (number is not None and number > last if running.number else bool(row.cells))
            and running.key_of(group[-1]) == running.key_of(row)
        )
        if not goes_on and group:
            yield group
            group = []
        group.append(row)
        last = number or 0
    if group:
        yield group
