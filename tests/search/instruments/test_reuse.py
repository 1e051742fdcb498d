"""Reuse against a scan of all paragraphs."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pytest

from search import Searcher
from search.instruments import find_reuse
from search.instruments.matched import date_of, place_of, time_of
from search.instruments.restated import Statement, core_of, restates
from search.instruments.reuse import _ENDS, LEAST_LIKENESS, MOST_PARAGRAPHS, SURE_LIKENESS
from search.instruments.sentences import letters_of, pieces_of, sentences_of, split_sentences
from search.language.text import normalize_text
from search.language.text.atoms import occurrences
from search.model import Report
from tests.search.instruments.conftest import Row


def test_sentences_are_told_as_a_scan_tells_them(searcher: Searcher, rows: list[Row]) -> None:
    reports = {report.id: report for report in searcher.reports()}
    having: dict[str, set[str]] = {}
    for row in rows:
        for start, end in split_sentences(row.text):
            having.setdefault(letters_of(row.text[start:end]), set()).add(row.report.id)
    for of in random.Random(2).sample(sorted(reports), 2):
        found = find_reuse(searcher, of)
        assert [one.text for one in found.sentences] == [
            sentence.text for sentence in sentences_of(searcher.report(of).paragraphs)
        ]
        for one in found.sentences:
            string = normalize_text(one.text).strip(_ENDS)
            from_border_to_border = re.compile(rf"(?<![^\W_]){re.escape(string)}(?![^\W_])")
            saying = [row for row in rows if row.report.id != of and from_border_to_border.search(row.form)]
            before = [row for row in saying if time_of(row.report) < time_of(reports[of])]
            if before:
                assert one.kind == "same"
                assert one.reports == len({row.report.id for row in saying})
                assert one.first is not None
                assert one.first.paragraph.rpartition("-p")[0] == one.first.report
                assert time_of(reports[one.first.report]) == min(time_of(row.report) for row in before)
            elif one.kind == "same":
                assert one.first is not None
                assert one.first.report in having[letters_of(one.text)]
            elif one.kind == "edited":
                assert one.first is not None
                assert time_of(reports[one.first.report]) < time_of(reports[of])
                assert restates(
                    Statement(one.text),
                    Statement(one.first.text),
                    least=LEAST_LIKENESS,
                    surely=SURE_LIKENESS,
                    is_own=one.first.relation == "own_earlier",
                )
            else:
                assert one.first is None


def test_shares_are_of_all_characters(searcher: Searcher) -> None:
    for of in random.Random(4).sample([report.id for report in searcher.reports()], 4):
        found = find_reuse(searcher, of)
        shares = found.shares
        parts = (shares.own_earlier, shares.nation, shares.province, shares.other, shares.own)
        assert sum(parts) == pytest.approx(1.0)
        own = sum(len(letters_of(s.text)) for s in found.sentences if s.first is None and not s.formula)
        every = sum(len(letters_of(s.text)) for s in found.sentences if not s.formula)
        assert shares.own == pytest.approx(own / every)


def test_relations_formulas_and_shares_follow_from_the_first_report(searcher: Searcher) -> None:
    reports = {report.id: report for report in searcher.reports()}
    for of in random.Random(5).sample(sorted(reports), 3):
        found = find_reuse(searcher, of)
        letters: Counter[str] = Counter()
        for one in found.sentences:
            assert one.formula == (one.reports >= max(10, 0.05 * len(reports)))
            relation = "own"
            if one.first is not None:
                relation = relation_of(reports[one.first.report], reports[of])
                assert one.first.relation == relation
                assert one.first.place == place_of(reports[one.first.report])
                assert one.first.date == date_of(reports[one.first.report])
            if not one.formula:
                letters[relation] += len(letters_of(one.text))
        for name in ("own_earlier", "nation", "province", "other", "own"):
            expected = letters[name] / max(letters.total(), 1)
            assert getattr(found.shares, name) == pytest.approx(expected)


def relation_of(first: Report, of: Report) -> str:
    if (place_of(first), first.level) == (place_of(of), of.level):
        return "own_earlier"
    if first.level == "国家":
        return "nation"
    return "province" if first.level == "省" and first.province == of.province else "other"


def test_edited_sentences_are_those_that_a_scan_of_every_paragraph_finds(
    searcher: Searcher, rows: list[Row]
) -> None:
    reports = {report.id: report for report in searcher.reports()}
    told: Counter[str] = Counter()
    for of in random.Random(6).sample(sorted(reports), 3):
        scan = Scan([row for row in rows if row.report.id != of], reports[of])
        for one in find_reuse(searcher, of).sentences:
            found = scan.having_it_nearly(one.text)
            before = [use for use in found if time_of(use.row.report) < time_of(reports[of])]
            whole = [use for use in before if use.alike == 1]
            told[one.kind] += 1
            if one.kind == "own":
                assert not before, one.text
            elif one.kind == "edited":
                assert not whole
                first = min(before, key=lambda use: (time_of(use.row.report), -use.alike))
                assert one.reports == len({use.row.report.id for use in found}), one.text
                assert one.first is not None
                assert time_of(reports[one.first.report]) == time_of(first.row.report)
                assert one.first.text in {use.text for use in before}
    assert told["own"]
    assert told["edited"] > 10 or len(reports) < 50  # the sample repeats itself word for word


@dataclass(frozen=True)
class Nearly:
    """A paragraph that has a sentence in other words: which of its sentences, and how alike."""

    row: Row
    text: str
    alike: float


class Scan:
    """docs/instruments.md on `edited`, done by reading every paragraph."""

    def __init__(self, rows: Sequence[Row], of: Report) -> None:
        self._rows, self._of = rows, of
        self._having: dict[str, frozenset[int]] = {}

    def having_it_nearly(self, text: str) -> list[Nearly]:
        pieces = pieces_of(text)
        stems = [core_of(re.split(r"\d", piece)[0]) for piece in pieces]
        candidates = self._candidates(pieces) | self._candidates([stem for stem in stems if len(stem) >= 6])
        return [
            use
            for number in sorted(candidates)
            if (use := self._most_alike(self._rows[number], Statement(text)))
        ]

    def _candidates(self, strings: Iterable[str]) -> set[int]:
        telling = {string: some for string in strings if len(some := self._saying(string)) <= MOST_PARAGRAPHS}
        shared: Counter[int] = Counter()
        for string, some in telling.items():
            for number in some:
                shared[number] += len(string)
        return {number for number, n in shared.items() if n >= 0.4 * sum(map(len, telling))}

    def _saying(self, string: str) -> frozenset[int]:
        if string not in self._having:
            self._having[string] = frozenset(
                number
                for number, row in enumerate(self._rows)
                if string in row.form and any(occurrences(row.form, string))
            )
        return self._having[string]

    def _most_alike(self, row: Row, ours: Statement) -> Nearly | None:
        is_own = relation_of(row.report, self._of) == "own_earlier"
        said = [row.text[start:end] for start, end in split_sentences(row.text)]
        how = [
            restates(ours, Statement(text), least=LEAST_LIKENESS, surely=SURE_LIKENESS, is_own=is_own)
            for text in said
        ]
        best = max(how, default=0.0)
        return Nearly(row, said[how.index(best)], best) if best else None


@pytest.mark.corpus
def test_formula_of_the_opening_is_set_apart(real_searcher: Searcher) -> None:
    said = [
        one
        for report in real_searcher.reports()[::10]
        for one in find_reuse(real_searcher, report.id).sentences
        if one.formula
    ]
    assert said
    assert all(one.reports >= 10 for one in said)
