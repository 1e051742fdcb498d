"""Reuse against a scan of all paragraphs."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest

from search import Searcher
from search.instruments import find_reuse
from search.instruments.matched import date_of, place_of, time_of
from search.instruments.restated import Statement, restates
from search.instruments.reuse import _ENDS, LEAST_LIKENESS, SURE_LIKENESS
from search.instruments.sentences import letters_of, sentences_of, split_sentences
from search.language.text import normalize_text
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


def test_reports_with_a_sentence_in_other_words_are_found_by_a_scan_too(
    searcher: Searcher, rows: list[Row]
) -> None:
    reports = {report.id: report for report in searcher.reports()}
    of = random.Random(6).choice(sorted(reports))
    edited = [one for one in find_reuse(searcher, of).sentences if one.kind == "edited"][:3]
    said = [
        (row.report, Statement(row.text[start:end]))
        for row in rows
        if row.report.id != of
        for start, end in split_sentences(row.text)
    ]
    for one in edited:
        ours = Statement(one.text)
        alike = {
            report.id
            for report, theirs in said
            if 0.5 < len(theirs.letters) / len(ours.letters) < 2
            and restates(
                ours,
                theirs,
                least=LEAST_LIKENESS,
                surely=SURE_LIKENESS,
                is_own=relation_of(report, reports[of]) == "own_earlier",
            )
        }
        assert one.first is not None
        assert one.first.report in alike
        assert one.reports >= 1
        assert one.reports <= len(alike) + 1  # lengths beyond the double aside


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
