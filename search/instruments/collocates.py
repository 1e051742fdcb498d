"""What stands near a search: words and strings, by how much they keep its company.

occurrences -> windows around them, their words and pairs of words (`windows`) -> counted in the windows and in all that
is held -> logDice, log-likelihood

Both counts are of strings, so that a collocate's frequency is what a quoted search for it finds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import log, log2
from typing import TYPE_CHECKING, Literal, NamedTuple

from search.answer.question import Question
from search.answer.searcher import Searcher
from search.collection import Ref, View
from search.errors import QueryError
from search.instruments.answers import Collocate, CollocatesAnswer, Counted
from search.instruments.matched import TIER, find_saying
from search.language.text import normalize_text
from search.limits import UNLIMITED, Budget
from search.messages import answers as says
from search.model import OTHER_TYPES, Query

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from search.instruments.windows import Windows

Side = Literal["left", "right", "both"]
Order = Literal["log_dice", "log_likelihood", "occurrences"]
SIDES: tuple[Side, ...] = ("both", "left", "right")
ORDERS: tuple[Order, ...] = ("log_dice", "log_likelihood", "occurrences")

MOST_CHARS = 50
MOST = 100
LEAST = 2
"""Strings that stand near only once are no company."""
_CANDIDATES = 400


class _Row(NamedTuple):
    """A string with its places in the text of the windows and its measures."""

    term: str
    places: NDArray[np.int64]
    log_dice: float
    log_likelihood: float

    @property
    def occurrences(self) -> int:
        return len(self.places)


def find_collocates(
    searcher: Searcher,
    query: Query,
    *,
    window: int | None = 10,
    side: Side = "both",
    order: Order = "log_dice",
    budget: Budget = UNLIMITED,
) -> CollocatesAnswer:
    """The words and strings that stand near what is searched for.

    Args:
        window: characters of the normal form on a side, at most 50, within the paragraph; None is the sentence.
        side: of the occurrences.
        order: what the list is ordered by; the other measures follow.

    Raises:
        QueryError: the query or the window can't be read.
        BudgetExceeded: it takes more than `budget`.
    """
    _check_window(window)
    counts = searcher.count(query, budget=budget)
    counted = Counted(TIER, counts.paragraphs, counts.occurrences, counts.reports)
    question = searcher.question(query, budget=budget)
    occurrences = question.view.occurrences(question.ask())
    if not occurrences:
        return CollocatesAnswer(counted, [])
    from search.instruments.windows import read_windows  # needs NumPy, which pages don't

    with budget.borrowed():
        forms, cut = partial(_read_forms, question.view), searcher.analyzer.cut_lines
        sides = {"left": side != "right", "right": side != "left"}
        windows = read_windows(occurrences, forms, cut, window=window, **sides, budget=budget)
        near = _find_near(windows, budget)
    budget.charge(windows.size_bytes)
    held = searcher.distribution(query, budget=budget).total.held_characters

    def measured(term: str, said: int) -> _Row:
        together = len(near[term])
        return _Row(
            term,
            near[term],
            log_dice(together, counts.occurrences, said),
            log_likelihood(together, windows.chars, said, held),
        )

    count = partial(searcher.count_strings, filters=query, budget=budget)
    rows = _best_rows(list(near), measured, order, count)
    return CollocatesAnswer(counted, _to_collocates(rows, windows, _reports_of(question, windows.refs)))


def _check_window(window: int | None) -> None:
    if window is not None and not 1 <= window <= MOST_CHARS:
        raise QueryError(says.BAD_NUMBER(name="window", most=MOST_CHARS), field="window")


def _read_forms(view: View, refs: Sequence[Ref]) -> list[str]:
    """The normal forms of paragraphs."""
    return list(map(normalize_text, view.texts(refs)))


def log_dice(together: int, of_node: int, of_term: int) -> float:
    """14 + log2 of Dice's coefficient; at most 14.

    Source: Rychlý (2008), A lexicographer-friendly association score.
    """
    return 14 + log2(2 * together / (of_node + of_term))


def log_likelihood(inside: int, window_chars: int, of_term: int, held_chars: int) -> float:
    """Dunning's G² of a term inside and outside the windows; negative where it is rarer inside than expected.

    Cells without occurrences add nothing.

    Source: Dunning (1993), Accurate methods for the statistics of surprise and coincidence.
    """
    outside = max(of_term - inside, 0)
    rest = max(held_chars - window_chars, 1)
    rows = ((inside, max(window_chars - inside, 0)), (outside, max(rest - outside, 0)))
    total = sum(map(sum, rows))
    columns = [rows[0][i] + rows[1][i] for i in (0, 1)]
    summed = sum(
        cell * log(cell * total / (sum(row) * columns[i]))
        for row in rows
        for i, cell in enumerate(row)
        if cell
    )
    expected = columns[0] * sum(rows[0]) / total
    return 2 * summed if inside >= expected else -2 * summed


def _most_frequent(words: Mapping[str, int]) -> list[str]:
    """The strings to look at."""
    counts = sorted(words.values(), reverse=True)[:_CANDIDATES]
    least = max([LEAST, *counts[-1:]])
    said = sorted((-count, word) for word, count in words.items() if count >= least)
    return [word for _, word in said[:_CANDIDATES]]


def _best_rows(
    terms: Sequence[str],
    measured: Callable[[str, int], _Row],
    order: Order,
    count: Callable[[Sequence[str]], Sequence[int]],
) -> list[_Row]:
    """The first `MOST` rows of an order; strings that can't be among them are not counted.

    Every measure falls the more often a string is said elsewhere, so that it is at most what it would be if the string
    were said nowhere else.

    Args:
        measured: the row of a string that is said so often in all.
        count: how often strings are said in all.
    """

    def place(row: _Row) -> tuple[float, int, str]:
        return -getattr(row, order), -row.occurrences, row.term

    hoped = sorted((measured(term, 0) for term in terms), key=place)
    rows: list[_Row] = []
    for begin in range(0, len(hoped), MOST):
        some = hoped[begin : begin + MOST]
        if len(rows) == MOST:
            some = [row for row in some if place(row) < place(rows[-1])]
        said = count([row.term for row in some]) if some else []
        rows += [measured(row.term, times) for row, times in zip(some, said, strict=True)]
        rows = sorted(rows, key=place)[:MOST]
    return rows


def _find_near(windows: Windows, budget: Budget) -> dict[str, NDArray[np.int64]]:
    """The strings to list, with their places in the text of the windows."""
    from search.instruments.windows import find_strings  # needs NumPy, which pages don't

    often = _most_frequent(windows.words)
    return _without_parts(dict(zip(often, find_strings(windows.text, often, budget), strict=True)))


def _without_parts(places: Mapping[str, NDArray[np.int64]]) -> dict[str, NDArray[np.int64]]:
    """The strings without those that stand only inside a longer one of them."""
    same_count: defaultdict[int, list[str]] = defaultdict(list)
    for term, found in places.items():
        same_count[len(found)].append(term)
    return {
        term: found
        for term, found in places.items()
        if not any(len(other) > len(term) and term in other for other in same_count[len(found)])
    }


class _Reports(NamedTuple):
    """The reports of paragraphs: of each paragraph which, of each report whether it is one, and its place or -1."""

    of_paragraph: NDArray[np.int64]
    is_report: NDArray[np.bool_]
    place: NDArray[np.int64]


def _reports_of(question: Question, refs: Sequence[Ref]) -> _Reports:
    """The reports of all paragraphs that match.

    Args:
        refs: the paragraphs.
    """
    import numpy as np

    from search.instruments.report_rows import name_places, to_rows

    saying = find_saying(question)
    of_paragraph = saying.rows_of(refs)
    columns = saying.columns
    types = [*(name not in OTHER_TYPES for name in columns.names["type"]), True]
    is_report = np.array(types)[columns.columns["type"]]
    return _Reports(of_paragraph, is_report, to_rows(columns, name_places([columns]), "year").place)


def _to_collocates(rows: Sequence[_Row], windows: Windows, reports: _Reports) -> list[Collocate]:
    """The rows, each with how many reports and places have it in their windows."""
    import numpy as np

    shown = []
    for row in rows:
        near = np.zeros(len(reports.place), dtype=bool)
        near[reports.of_paragraph.take(windows.paragraphs_with(row.places))] = True
        places = reports.place[near]
        has_place = np.bincount(places[places >= 0]) > 0
        dice, likelihood = round(row.log_dice, 6), round(row.log_likelihood, 6)
        counts = np.count_nonzero(near & reports.is_report), np.count_nonzero(has_place)
        shown.append(Collocate(row.term, row.occurrences, dice, likelihood, *map(int, counts)))
    return shown
