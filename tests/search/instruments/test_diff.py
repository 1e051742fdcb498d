"""Each sentence of two reports stands in one row, and the rows say what is so."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from search import Searcher
from search.errors import ReportNotFound
from search.instruments import diff_reports
from search.instruments.answers import DiffSide
from search.instruments.diff import LEAST_LIKENESS, SURE_LIKENESS, align, previous_report
from search.instruments.restated import Statement, restates
from search.instruments.sentences import letters_of, sentences_of
from search.model import Paragraph


def pairs_of_reports(searcher: Searcher) -> list[tuple[str, str]]:
    reports = searcher.reports()
    pairs = [(report.id, before.id) for report in reports if (before := previous_report(reports, report))]
    return random.Random(1).sample(pairs, min(12, len(pairs)))


def test_every_sentence_is_in_one_row(searcher: Searcher) -> None:
    for of, other in pairs_of_reports(searcher):
        rows = diff_reports(searcher, of, other).rows
        for side, report in (("a", of), ("b", other)):
            shown = [getattr(row, side) for row in rows if getattr(row, side) is not None]
            held = sentences_of(searcher.report(report).paragraphs)
            assert Counter((s.paragraph, s.text) for s in shown) == Counter(
                (s.paragraph.id, s.text) for s in held
            )


def test_rows_are_what_they_say(searcher: Searcher) -> None:
    for of, other in pairs_of_reports(searcher):
        rows = diff_reports(searcher, of, other).rows
        kept = [(row.a.paragraph, row.b.paragraph) for row in rows if row.kind == "same" and row.a and row.b]
        assert [int(b.rpartition("-p")[2]) for _, b in kept] == sorted(
            int(b.rpartition("-p")[2]) for _, b in kept
        )
        for row in rows:
            forms = [None if side is None else letters_of(side.text) for side in (row.a, row.b)]
            if row.kind in ("same", "moved"):
                assert forms[0] == forms[1]
            elif row.kind == "edited":
                assert forms[0] != forms[1]
                a, b = (Statement(side.text) for side in (row.a, row.b) if side is not None)
                assert restates(a, b, least=LEAST_LIKENESS, surely=SURE_LIKENESS, is_own=True)
            else:
                assert (row.kind == "new", row.kind == "dropped") == (row.b is None, row.a is None)
        unpaired = [Counter(letters_of(side.text) for side in sides if side) for sides in (
            [row.a for row in rows if row.b is None], [row.b for row in rows if row.a is None])]  # fmt: skip
        assert not unpaired[0] & unpaired[1], "an equal sentence is left on both sides"


def test_edited_pairs_are_the_most_alike_of_all_pairs_each_once(searcher: Searcher) -> None:
    found = 0
    for of, other in pairs_of_reports(searcher)[:2]:
        rows = diff_reports(searcher, of, other).rows
        edited = [(row.a.text, row.b.text) for row in rows if row.kind == "edited" and row.a and row.b]
        ours = [row.a.text for row in rows if row.a and row.kind in ("edited", "new")]
        theirs = [row.b.text for row in rows if row.b and row.kind in ("edited", "dropped")]
        alike = sorted(
            (
                (how, a, b)
                for a, one in enumerate(map(Statement, ours))
                for b, two in enumerate(map(Statement, theirs))
                if (how := restates(one, two, least=LEAST_LIKENESS, surely=SURE_LIKENESS, is_own=True))
            ),
            reverse=True,
        )
        wanted: dict[int, tuple[int, float]] = {}
        for how, a, b in alike:
            if a not in wanted and b not in [b for b, _ in wanted.values()]:
                wanted[a] = (b, how)
        assert len(edited) == len(wanted)
        given = sorted(
            restates(Statement(a), Statement(b), least=LEAST_LIKENESS, surely=SURE_LIKENESS, is_own=True)
            for a, b in edited
        )
        assert given == pytest.approx(sorted(how for _, how in wanted.values()))
        found += len(edited)
    assert found or len(searcher.reports()) < 50


def test_what_is_not_marked_in_an_edited_sentence_stands_in_both(searcher: Searcher) -> None:
    for of, other in pairs_of_reports(searcher):
        for row in diff_reports(searcher, of, other).rows:
            if row.kind == "edited" and row.a and row.b:
                assert unmarked(row.a) == unmarked(row.b)


def unmarked(side: DiffSide) -> str:
    marked = {at for start, end in side.spans for at in range(start, end)}
    return letters_of("".join(char for at, char in enumerate(side.text) if at not in marked))


def report_of(*sentences: str) -> list[Paragraph]:
    return [Paragraph(f"r-p{n}", n, "paragraph", (), text) for n, text in enumerate(sentences, 1)]


def test_moved_sentences_are_found_and_none_is_used_twice() -> None:
    one, two, three = "深入推进乡村振兴战略。", "持续优化营商环境建设。", "扎实做好民生保障工作。"
    ours = sentences_of(report_of(three, one, two, two))
    theirs = sentences_of(report_of(one, two, three))
    assert [row.kind for row in align(ours, theirs)] == ["moved", "same", "same", "new"]


def test_edited_sentence_has_its_words_marked() -> None:
    ours = sentences_of(report_of("全面推进乡村振兴战略实施。"))
    theirs = sentences_of(report_of("深入推进乡村振兴战略实施。"))
    (row,) = align(ours, theirs)
    assert row.kind == "edited"
    assert row.a is not None
    assert [row.a.text[start:end] for start, end in row.a.spans] == ["全面"]


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [
        ("改造农村危房10670户。", "改造农村危房6928户；", "edited"),
        ("财政总收入88亿元，增长15%；", "财政总收入60.8亿元，增长16％；", "edited"),
        ("三是大力实施民生工程。", "大力推进民生工程。", "edited"),
        ("深化投融资体制改革。", "深化经济体制改革。", "new"),
        ("全力发展现代农业。", "大力发展现代服务业。", "new"),
        ("第一产业增加值406.7亿元，增长4.8%。", "实现服务业增加值338.3亿元，增长5%；", "new"),
    ],
)
def test_a_sentence_is_edited_where_it_says_the_same_of_the_same(ours: str, theirs: str, kind: str) -> None:
    rows = align(sentences_of(report_of(ours)), sentences_of(report_of(theirs)))
    assert kind in [row.kind for row in rows]


def test_first_report_of_a_place_has_none_before_it(sample_searcher: Searcher) -> None:
    reports = sample_searcher.reports()
    first = next(report for report in reports if report.city and previous_report(reports, report) is None)
    with pytest.raises(ReportNotFound):
        diff_reports(sample_searcher, first.id)
