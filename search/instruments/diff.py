"""A report beside another, sentence by sentence: kept, edited, moved, new, dropped.

sentences of both -> equal ones in order -> equal ones elsewhere (moved) -> the most alike of what is left (edited)

Each sentence is in one row. Equality leaves marks and blanks aside.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from search.answer.searcher import Searcher
from search.errors import ReportNotFound
from search.instruments.alignment import differing_spans
from search.instruments.answers import DiffAnswer, DiffRow, DiffSide
from search.instruments.matched import place_of, same_kind, time_of
from search.instruments.restated import Statement, restates
from search.instruments.sentences import Sentence, sentences_of
from search.limits import UNLIMITED, Budget
from search.messages import answers as says
from search.model import OTHER_TYPES, Report

LEAST_LIKENESS, SURE_LIKENESS = 0.5, 0.6
"""Sentences less alike than the first are two: one new, one dropped; from the second on no clause need be common."""
_COMMON_PAIR = 40
_CANDIDATES = 12
_DIGITS = re.compile(r"\d+")

Pair = tuple[int, int]


def diff_reports(
    searcher: Searcher, report_id: str, other_id: str | None = None, *, budget: Budget = UNLIMITED
) -> DiffAnswer:
    """The sentences of a report (`a`) beside those of another (`b`).

    Args:
        other_id: None takes the last report of the same place and type before it.

    Raises:
        ReportNotFound: there is no such report, or none before it.
        BudgetExceeded: it takes more than `budget`.
    """
    of = searcher.report(report_id)
    budget.charge()
    if other_id is None:
        before = previous_report(searcher.reports(same_kind(of.report)), of.report)
        if before is None:
            raise ReportNotFound(says.NO_EARLIER_REPORT(id=report_id), hint=says.NAME_THE_OTHER())
        other_id = before.id
    ours = sentences_of(of.paragraphs)
    theirs = sentences_of(searcher.report(other_id).paragraphs)
    return DiffAnswer(report_id, other_id, align(ours, theirs))


def previous_report(reports: Iterable[Report], of: Report) -> Report | None:
    """The last report of the same place and type before `of`; None where there is none."""
    place = place_of(of)
    if place is None or of.type in OTHER_TYPES or of.year is None:
        return None
    earlier = [
        report
        for report in reports
        if report.id != of.id
        and report.type == of.type
        and place_of(report) == place
        and report.level == of.level
        and report.year is not None
        and time_of(report) < time_of(of)
    ]
    return max(earlier, key=time_of, default=None)


def align(ours: Sequence[Sentence], theirs: Sequence[Sentence]) -> list[DiffRow]:
    """The rows of both, in the order of ours; what was dropped stands where it stood."""
    same = _in_order([s.form for s in ours], [s.form for s in theirs])
    taken = dict(same)
    moved = _elsewhere(ours, theirs, taken)
    taken |= moved
    edited = _most_alike(ours, theirs, taken)
    rows = {a: _row("same", ours[a], theirs[b]) for a, b in same}
    rows |= {a: _row("moved", ours[a], theirs[b], is_moved=True) for a, b in moved.items()}
    rows |= {
        a: _row("edited", ours[a], theirs[b], is_moved=_crosses((a, b), same)) for a, b in edited.items()
    }
    return _in_rows(ours, theirs, rows, taken | edited)


def _in_order(a: Sequence[str], b: Sequence[str]) -> list[Pair]:
    """Equal sentences that stand in the same order."""
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    return [(block.a + i, block.b + i) for block in blocks for i in range(block.size)]


def _elsewhere(ours: Sequence[Sentence], theirs: Sequence[Sentence], taken: dict[int, int]) -> dict[int, int]:
    """Equal sentences that stand in another order."""
    used = set(taken.values())
    left: defaultdict[str, list[int]] = defaultdict(list)
    for b in range(len(theirs) - 1, -1, -1):
        if b not in used:
            left[theirs[b].form].append(b)
    return {
        a: left[sentence.form].pop()
        for a, sentence in enumerate(ours)
        if a not in taken and left.get(sentence.form)
    }


def _most_alike(
    ours: Sequence[Sentence], theirs: Sequence[Sentence], taken: dict[int, int]
) -> dict[int, int]:
    """Sentences that are alike, the most alike first, each once."""
    used = set(taken.values())
    having: defaultdict[str, list[int]] = defaultdict(list)
    for b, sentence in enumerate(theirs):
        if b not in used:
            for gram in _grams(sentence.form):
                having[gram].append(b)
    pairs = []
    said = [Statement(sentence.text, sentence.form) for sentence in theirs]
    for a, sentence in enumerate(ours):
        if a in taken:
            continue
        shared = Counter(
            b for gram in _grams(sentence.form) if len(having[gram]) <= _COMMON_PAIR for b in having[gram]
        )
        one = Statement(sentence.text, sentence.form)
        for b, _ in shared.most_common(_CANDIDATES):
            if alike := restates(one, said[b], least=LEAST_LIKENESS, surely=SURE_LIKENESS, is_own=True):
                pairs.append((-alike, abs(a * len(theirs) - b * len(ours)), a, b))
    found: dict[int, int] = {}
    chosen: set[int] = set()
    for _, _, a, b in sorted(pairs):
        if a not in found and b not in chosen:
            found[a] = b
            chosen.add(b)
    return found


def _grams(form: str) -> set[str]:
    """Runs of three letters; a number's digits tell nothing of whose it is."""
    form = _DIGITS.sub("0", form)
    return {form[at : at + 3] for at in range(len(form) - 2)}


def _crosses(pair: Pair, anchors: Sequence[Pair]) -> bool:
    """Whether a pair stands on different sides of most sentences that kept their order around it."""
    a, b = pair
    before = sum((x < a) != (y < b) for x, y in anchors)
    return before > 2


def _row(kind: str, ours: Sentence, theirs: Sentence, *, is_moved: bool = False) -> DiffRow:
    spans = differing_spans(ours.text, theirs.text) if kind == "edited" else ([], [])
    return DiffRow(
        kind,  # type: ignore[arg-type]
        _side(ours, spans[0]),
        _side(theirs, spans[1]),
        is_moved,
    )


def _side(sentence: Sentence, spans: Sequence[tuple[int, int]]) -> DiffSide:
    return DiffSide(sentence.paragraph.id, sentence.text, [list(span) for span in spans])


def _in_rows(
    ours: Sequence[Sentence], theirs: Sequence[Sentence], rows: dict[int, DiffRow], pairs: dict[int, int]
) -> list[DiffRow]:
    """Ours in order, each dropped sentence behind what stands before it in the other report."""
    of_theirs = {b: a for a, b in pairs.items()}
    dropped_behind: defaultdict[int, list[DiffRow]] = defaultdict(list)
    behind = -1
    for b, sentence in enumerate(theirs):
        if b in of_theirs:
            behind = of_theirs[b]
        else:
            dropped_behind[behind].append(DiffRow("dropped", None, _side(sentence, []), False))
    found = list(dropped_behind[-1])
    for a, sentence in enumerate(ours):
        found.append(rows.get(a) or DiffRow("new", _side(sentence, []), None, False))
        found += dropped_behind[a]
    return found
