"""What is read back: every character as it was written, and the catalogue."""

from __future__ import annotations

import operator
import random
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, get_args

import pytest
from msgspec.structs import replace

from search.collection import Ask, ReportSort, Top, View, Words
from search.errors import ReportNotFound
from search.language.plan import All, Nothing, Term
from search.language.text.word_batches import WordNumbers
from search.model import FACETS, REPORT_FACETS, Report
from tests.contract.conftest import Built
from tests.contract.drafts import heading, nasty_drafts, paragraph, report, source
from tests.contract.stores import Store
from tests.contract.test_matches import CASES, trees


def test_reports_are_given_back_as_they_were_written(built: Built) -> None:
    view = built.collection.at()
    for name, text in built.written.texts.items():
        assert view.report(name) == text, name
        assert view.has_report(name)


def test_paragraphs_are_given_back_in_the_order_asked_for(built: Built) -> None:
    reader, chance = built.reader(), random.Random(60)
    ids = sorted(built.rows.ids)
    chance.shuffle(ids)
    for some in (ids, ids[:1], [], [ids[0], ids[1], ids[0]]):
        refs = reader.refs(some)
        stored = reader.view.paragraphs(refs)
        assert [of.ref for of in stored] == list(refs)
        assert [f"{of.report.id}-p{of.n}" for of in stored] == some
        assert reader.view.texts(refs) == [of.text for of in stored]
        assert reader.view.reports_of(refs) == [of.report for of in stored]
        for of, name in zip(stored, some, strict=True):
            row = built.rows.by_id[name]
            kind = built.written.report(row.report.id).paragraphs[of.n - 1].kind
            assert (of.report, of.kind, of.heading, of.text) == (row.report, kind, row.heading, row.text)
            assert (of.part, of.ocr) == (row.part, row.ocr)


def test_nasty_text_is_searched_too(store: Store) -> None:
    store.write(nasty_drafts())
    view = store.open().at()
    assert view.stats().paragraphs == sum(
        len(of.paragraphs) for draft in nasty_drafts() for of in draft.reports
    )
    assert view.report("nasty").paragraphs[0].text == "\ud800半个代理对，后面是\udfff另一半"
    assert len(view.report("nasty").paragraphs[2].text) == 15_000


@pytest.mark.parametrize(
    "name", ["", "nobody", "inv00-1-p1", "inv00-1 ", "INV00-1", "\ud800", "\0", "长" * 5_000]
)
def test_an_unknown_report_is_not_found(built: Built, name: str) -> None:
    view = built.collection.at()
    with pytest.raises(ReportNotFound):
        view.report(name)
    assert not view.has_report(name)


def test_what_was_removed_is_not_found(built: Built) -> None:
    view = built.collection.at()
    for name in ("passing-inv00-1", "passing-inv05-1"):
        assert not view.has_report(name)
        with pytest.raises(ReportNotFound):
            view.report(name)


def cut_words(built: Built, view: View, ask: Ask) -> list[list[str]]:
    """The words of each report's matches, as the analyzer cuts them anew."""
    numbers = WordNumbers()
    of_report: dict[str, list[str]] = {}
    refs = [one.ref for batch in view.scan(replace(ask, top=Top(0, sort="year"))) for one in batch]
    stored = sorted(view.paragraphs(refs), key=lambda of: (of.report.id, of.n))
    for of, runs in zip(stored, built.analyzer.number_runs([of.text for of in stored], numbers), strict=True):
        of_report.setdefault(of.report.id, []).extend(numbers.words[number] for number in runs.tolist())
    return sorted(of_report.values())


def test_words_that_a_store_keeps_are_those_of_the_analyzer(built: Built) -> None:
    view, chance = built.collection.at(), random.Random(61)
    some = 0
    for plan in (All(), *(built.plan(tree) for tree in trees(built, 61))):
        ask = Ask(plan, built.choice(chance))
        words = view.words([ask])
        assert (words is None) == (built.store.name != "embedded")
        if words is not None:
            assert words.of_asks == (len(words.sizes),)
            assert not words.numbers[0]
            assert not words.numbers[-Words.BORDERS :].any()
            ends = 1 + words.sizes.cumsum()
            assert len(words.numbers) == max(ends, default=1) + Words.BORDERS
            texts = [words.texts[number] for number in words.numbers.tolist()]
            found = [texts[end - size : end] for size, end in zip(words.sizes, ends, strict=True)]
            assert sorted(found) == cut_words(built, view, ask)
            some += bool(found)
    assert some > CASES / 4 or built.store.name != "embedded", "hardly any plan matches anything"


def test_the_words_of_several_asks_stand_one_behind_the_other(built: Built) -> None:
    view = built.collection.at()
    asks = [Ask(All()), Ask(Term("text", "营商环境")), Ask(Nothing()), Ask(All())]
    together, alone = view.words(asks), [view.words([ask]) for ask in asks]
    if together is None:
        assert alone == [None] * len(asks)
        return
    single = [one for one in alone if one is not None]
    assert together.of_asks == tuple(len(one.sizes) for one in single)
    assert together.sizes.tolist() == [size for one in single for size in one.sizes.tolist()]
    assert together.numbers[1 : -Words.BORDERS].tolist() == [
        number for one in single for number in one.numbers[1 : -Words.BORDERS].tolist()
    ]


# The catalogue


def test_reports_are_listed_by_source(built: Built) -> None:
    view = built.collection.at()
    for others in (False, True):
        wanted = built.written.reports(others=others)
        total, reports = view.reports(others=others)
        assert list(reports) == wanted
        assert total == len(wanted)
    assert view.reports()[0] < view.reports(others=True)[0]


ORDERS: dict[str, Callable[[Report], tuple[Any, ...]]] = {
    "-year": lambda r: (r.year is None, -(r.year or 0)),
    "year": lambda r: (r.year is None, r.year or 0),
    "city": lambda r: (r.city is None, r.code or "~", r.province or "", r.city or ""),
    "type": lambda r: (r.type is None, r.type or ""),
    "title": lambda r: (r.title is None, r.title or ""),
    "-added": lambda r: (*map(operator.neg, stamp_of(r)), r.year is None, -(r.year or 0)),
}


def stamp_of(report: Report) -> tuple[int, ...]:
    """When a report came in, else when it was delivered, in numbers from year to second."""
    if report.added:
        return tuple(map(int, re.findall(r"\d+", report.added)))
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", report.date or ""):
        return *map(int, str(report.date).split("-")), 0, 0, 0
    return report.year or 1970, 1, 1, 0, 0, 0


def tie(report: Report) -> tuple[Any, ...]:
    return (
        report.city is None,
        report.city or "",
        -(report.year or 0),
        report.type or "",
    )


@pytest.mark.parametrize("sort", ORDERS)
def test_reports_are_sorted_and_unknown_is_last(built: Built, sort: ReportSort) -> None:
    """Ties by city, year (newest first), type, then as by source: every order is total."""
    wanted = sorted(built.written.reports(), key=lambda of: (ORDERS[sort](of), tie(of)))
    assert list(built.collection.at().reports(sort=sort)[1]) == wanted


def test_every_order_is_tried() -> None:
    assert {*ORDERS, "source"} == set(get_args(ReportSort))


def test_a_choice_leaves_its_reports_and_slices_don_t_overlap(built: Built) -> None:
    chance, view = random.Random(61), built.collection.at()
    for _ in range(CASES):
        chosen, others = built.choice(chance, REPORT_FACETS), chance.random() < 0.5
        sort = chance.choice(get_args(ReportSort))
        total, whole = view.reports(chosen, others=others, sort=sort)
        wanted = [
            of
            for of in built.written.reports(others=others)
            if all(getattr(of, name) in values for name, values in chosen)
        ]
        assert sorted(whole, key=lambda of: of.id) == sorted(wanted, key=lambda of: of.id), chosen
        assert total == len(wanted)
        skip, count = chance.randint(0, total + 1), chance.randint(0, 10)
        assert view.reports(chosen, others=others, sort=sort, skip=skip, count=count) == (
            total,
            whole[skip : skip + count],
        )


@pytest.mark.parametrize("field", REPORT_FACETS)
def test_values_of_reports_are_counted(built: Built, field: str) -> None:
    """Unknown last; the code of a value is the least of its reports' division codes."""
    reports = built.written.reports()
    counts = Counter(getattr(of, field) for of in reports)
    found = built.collection.at().report_values(field)
    assert {of.value: of.reports for of in found} == counts
    assert [of.value for of in found] == sorted(counts, key=lambda value: (value is None, value or 0))
    for value, _, code in found:
        codes = [of.code for of in reports if getattr(of, field) == value and of.code]
        assert code == min(codes, default="")


def test_reports_are_chosen_by_source_and_id(built: Built) -> None:
    view, every = built.collection.at(), built.written.reports(others=True)
    for of in random.Random(62).sample(every, min(20, len(every))):
        assert view.reports((("id", (of.id, "nothing")),), others=True) == (1, [of])
        same = [one for one in every if one.source == of.source]
        assert view.reports((("source", (of.source, "没有")),), others=True) == (len(same), same)
    assert view.reports((("source", ("没有",)),), others=True) == (0, [])


@pytest.mark.parametrize("field", ["city", "province"])
def test_places_count_the_texts_held_of_them(built: Built, field: Any) -> None:
    counts = Counter(getattr(of, field) for of in built.written.reports(others=True))
    del counts[None]
    assert list(built.collection.at().places(field)) == sorted(counts.items())


def test_stats_count_what_is_there(built: Built) -> None:
    view = built.collection.at()
    stats = view.stats()
    reports, every = built.written.reports(), built.written.reports(others=True)
    assert stats.reports == len(reports)
    assert stats.paragraphs == len(built.rows.rows)
    assert stats.cities == len({of.city for of in every} - {None})
    assert stats.years == tuple(sorted({of.year for of in every if of.year is not None}))
    places = ((of.city or of.province, of.plan_year) for of in reports)
    assert stats.coverage == Counter((place, year) for place, year in places if place and year)
    assert stats.generation == view.version.number


def test_sources_are_given_back_as_they_were_written(built: Built) -> None:
    sources = {of.path: of for of in built.collection.at().sources()}
    assert sources == {draft.source.path: draft.source for draft in built.written.drafts}


def test_facets_of_everything_are_the_catalogues(built: Built) -> None:
    """What a filter offers is what the catalogue has."""
    from search.collection import Ask
    from search.language.plan import All

    (found,) = built.collection.at().find([Ask(All(), facets=FACETS)])
    for field in FACETS:
        values = {row.value(field) for row in built.rows.rows}
        assert {of.value for of in found.facets[field]} == values


# Shared text

LONG = [
    "围绕老旧小区改造开展专题协商，提出意见建议三十二条，推动解决停车难、加装电梯等问题。",
    "聚焦乡村产业振兴组织委员视察，形成调研报告五篇，得到市委主要领导批示并转有关部门办理。",
    "全年共收到提案四百二十一件，立案三百九十六件，办复率百分之百，委员满意率百分之九十九。",
    "坚持党建引领，完善协商于决策之前和决策实施之中的落实机制，讲好协商民主的中国故事。",
]


def test_a_copy_is_told_with_how_much_of_it_is_shared(store: Store) -> None:
    """Word for word after normalisation; a paragraph counts once, short ones don't."""

    def of(name: str, texts: list[str]) -> Any:
        body = [paragraph("各位委员："), heading("一、工作回顾"), *map(paragraph, texts)]
        return source(f"{name}.txt", [report(name, f"{name}.txt", body)])

    wide = LONG[1].replace("，", ",").replace("乡村", "鄉 村")
    store.write(
        [of("a", LONG), of("b", [LONG[0], wide]), of("c", [LONG[3], LONG[3]]), of("d", ["各位委员："])]
    )
    view = store.open().at()
    found = {shared.report: shared for shared in view.shared_text(["a", "b", "c", "d", "nobody"])}
    assert set(found) == {"a", "b", "c"}
    assert (found["a"].other, found["b"].other, found["c"].other) == ("b", "a", "a")
    for name, entry in found.items():
        assert (entry.source, entry.other_source) == (f"{name}.txt", f"{entry.other}.txt")
    expected = {
        "a": (len(LONG[0]) + len(LONG[1]), sum(map(len, LONG))),
        "b": (len(LONG[0]) + len(LONG[1]),) * 2,
        "c": (len(LONG[3]),) * 2,
    }
    for name, (shared, chars) in expected.items():
        assert found[name].shared_chars == pytest.approx(shared, rel=0.05), name
        assert found[name].chars == pytest.approx(chars, rel=0.05), name
    assert list(view.shared_text([])) == []
    assert list(view.shared_text(["d"])) == []


def test_of_two_copies_the_first_by_source_is_told(store: Store) -> None:
    drafts = [
        source(f"{name}.txt", [report(name, f"{name}.txt", [paragraph(LONG[0])])]) for name in ("b", "c", "a")
    ]
    store.write(drafts)
    found = {shared.report: shared.other for shared in store.open().at().shared_text(["a", "b", "c"])}
    assert found == {"a": "b", "b": "a", "c": "a"}
