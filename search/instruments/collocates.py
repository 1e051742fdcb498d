"""What stands near a search: words and strings, by how much they keep its company.

occurrences -> windows around them, each character once -> their words and pairs of words -> counted in the windows
and in all that is held -> logDice, log-likelihood

Both counts are of strings, so that a collocate's frequency is what a quoted search for it finds.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log, log2
from typing import Literal, NamedTuple

from search.answer.searcher import Searcher
from search.collection import Occurrence, Ref
from search.errors import QueryError
from search.instruments.answers import Collocate, CollocatesAnswer, Counted
from search.instruments.matched import TIER, place_of
from search.language.text import normalize_text
from search.limits import UNLIMITED, Budget
from search.messages import answers as says
from search.model import OTHER_TYPES, Query, Report

Side = Literal["left", "right", "both"]
Order = Literal["log_dice", "log_likelihood", "occurrences"]
SIDES: tuple[Side, ...] = ("both", "left", "right")
ORDERS: tuple[Order, ...] = ("log_dice", "log_likelihood", "occurrences")

MOST_CHARS = 50
MOST = 100
LEAST = 2
"""Strings that stand near only once are no company."""
_CANDIDATES = 400
_ENDS = re.compile("[。;！!？?；]")
_BETWEEN = "\n"
_CONTEXT = 8
"""Characters on each side of a window with which its words are cut."""

Interval = tuple[int, int]


class _Row(NamedTuple):
    """A string with its occurrences in the windows and its measures."""

    term: str
    occurrences: int
    log_dice: float
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class Windows:
    """The text around occurrences, joined; `starts` says where each piece begins, `reports` whose it is.

    Args:
        words: those that lie whole in a window, and pairs of neighbours, with how often.
    """

    text: str
    starts: Sequence[int]
    reports: Sequence[Report]
    chars: int
    words: Counter[str]


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
    if window is not None and not 1 <= window <= MOST_CHARS:
        raise QueryError(says.BAD_NUMBER(name="window", most=MOST_CHARS), field="window")
    counts = searcher.count(query, budget=budget)
    counted = Counted(TIER, counts.paragraphs, counts.occurrences, counts.reports)
    question = searcher.question(query, budget=budget)
    occurrences = question.view.occurrences(question.ask())
    if not occurrences:
        return CollocatesAnswer(counted, [])
    refs = list(dict.fromkeys(one.ref for one in occurrences))
    paragraphs = {one.ref: one for one in question.view.paragraphs(refs)}
    forms = {ref: normalize_text(one.text) for ref, one in paragraphs.items()}
    reports = {ref: one.report for ref, one in paragraphs.items()}
    cut = searcher.analyzer.words_of
    windows = _windows(occurrences, forms, reports, cut, window=window, side=side)
    near = _count_near(windows)
    everywhere = _count_everywhere(searcher, query, list(near), budget)
    held = searcher.distribution(query, budget=budget).total.held_characters
    rows = [
        _Row(
            term,
            count,
            log_dice(count, counts.occurrences, everywhere[term]),
            log_likelihood(count, windows.chars, everywhere[term], held),
        )
        for term, count in near.items()
    ]
    rows.sort(key=lambda row: (-getattr(row, order), -row.occurrences, row.term))
    return CollocatesAnswer(counted, [_to_collocate(row, windows) for row in rows[:MOST]])


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


def _windows(
    occurrences: Sequence[Occurrence],
    forms: Mapping[Ref, str],
    reports: Mapping[Ref, Report],
    cut: Callable[[str], list[str]],
    *,
    window: int | None,
    side: Side,
) -> Windows:
    """Each character near an occurrence once, those of the occurrences themselves left out."""
    spans: defaultdict[Ref, list[Interval]] = defaultdict(list)
    for ref, start, end in occurrences:
        spans[ref].append((start, end))
    pieces, starts, whose, at = [], [], [], 0
    words: Counter[str] = Counter()
    for ref, of_paragraph in spans.items():
        form = forms[ref]
        for start, end in _around(form, of_paragraph, window, side):
            pieces.append(form[start:end])
            starts.append(at)
            whose.append(reports[ref])
            at += end - start + len(_BETWEEN)
            words.update(_whole_words(form, (start, end), cut))
    return Windows(_BETWEEN.join(pieces), starts, whose, sum(map(len, pieces)), words)


def _whole_words(form: str, piece: Interval, cut: Callable[[str], list[str]]) -> Iterator[str]:
    """The words of a piece and its pairs of neighbours, cut with what stands around it: 打造市场化 has no 造市场化."""
    first = max(0, piece[0] - _CONTEXT)
    context = form[first : piece[1] + _CONTEXT]
    at, before = 0, (0, 0)
    for word in cut(context):
        at = context.find(word, at)
        if at < 0:
            return
        start, end = first + at, first + at + len(word)
        at += len(word)
        if piece[0] <= start and end <= piece[1]:
            if len(word) > 1:
                yield word
            if before[1] == start and 3 <= end - before[0] <= 8:
                yield form[before[0] : end]
            before = (start, end)


def _around(form: str, spans: Sequence[Interval], window: int | None, side: Side) -> Iterator[Interval]:
    wanted = bytearray(len(form))
    ends = [0, *(match.end() for match in _ENDS.finditer(form)), len(form)] if window is None else []
    for start, end in spans:
        if window is None:
            number = bisect_right(ends, start) - 1
            first, last = ends[number], ends[min(number + 1, len(ends) - 1)]
        else:
            first, last = max(0, start - window), min(len(form), end + window)
        first, last = (start if side == "right" else first), (end if side == "left" else max(last, end))
        wanted[first:last] = b"\1" * (last - first)
    for start, end in spans:
        wanted[start:end] = bytes(end - start)
    for match in re.finditer(b"\1+", bytes(wanted)):
        yield match.span()


def _count_near(windows: Windows) -> dict[str, int]:
    """The strings to look at, each with its occurrences in the windows."""
    often = [term for term, count in windows.words.most_common(_CANDIDATES) if count >= LEAST]
    counts = {term: windows.text.count(term) for term in often}
    return {term: count for term, count in counts.items() if not _is_part_of_longer(term, count, counts)}


def _is_part_of_longer(term: str, count: int, counts: Mapping[str, int]) -> bool:
    """Whether a string stands only inside a longer one of the list."""
    return any(len(other) > len(term) and term in other and counts[other] == count for other in counts)


def _count_everywhere(
    searcher: Searcher, query: Query, terms: Sequence[str], budget: Budget
) -> dict[str, int]:
    """How often each stands in all that the filters leave."""
    _, found = searcher.find_strings(terms, query, budget=budget, occurrences=True)
    return {term: one.occurrences or 0 for term, one in zip(terms, found, strict=True)}


def _to_collocate(row: _Row, windows: Windows) -> Collocate:
    term, count, dice, likelihood = row
    starts = windows.starts
    near = {bisect_right(starts, match.start()) - 1 for match in re.finditer(re.escape(term), windows.text)}
    reports = {report.id: report for report in map(windows.reports.__getitem__, near)}.values()
    places = set(map(place_of, reports)) - {None}
    in_reports = sum(report.type not in OTHER_TYPES for report in reports)
    return Collocate(term, count, round(dice, 6), round(likelihood, 6), in_reports, len(places))
