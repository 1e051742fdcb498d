"""What a question matches: equal to a scan of every paragraph, whatever the plan, the choice and the slice (law 1)."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from itertools import islice

import pytest

from search.collection import Ask, Top
from search.language.plan import (
    AddedFilter,
    All,
    ContextYears,
    Either,
    Every,
    Filter,
    Nothing,
    Recognised,
    Term,
    Without,
    YearFilter,
)
from search.language.plan import string as exact_string
from search.language.query import Chunk, Exact, Node
from search.model import Sort
from tests.cases import cases
from tests.contract.answers import EVERYTHING, Reader, is_chosen, nodes_of, occurrences_in, time_key
from tests.contract.conftest import Built
from tests.contract.drafts import heading, paragraph, report, source
from tests.contract.stores import Store
from tests.laws.bruteforce import random_strings

CASES = int(os.environ.get("XIESOU_CONTRACT_CASES", cases(12, least=6)))
"""Random questions for each law, store and state; `make test` asks these, the variable more."""
SORTS: tuple[Sort, ...] = ("relevance", "-year", "year", "-added", "added")


def trees(built: Built, seed: int, count: int = CASES) -> list[Node]:
    return list(islice(built.trees(random.Random(seed)), count))


def test_random_plans_match_what_a_scan_finds(built: Built) -> None:
    chance, reader = random.Random(1), built.reader()
    some = 0
    for tree in trees(built, 1):
        chosen = built.choice(chance)
        wanted = {name for name in built.finder.find(tree) if is_chosen(built.rows.by_id[name], chosen)}
        found = reader.one(Ask(built.plan(tree), chosen, reports=True, top=Top(EVERYTHING)))
        ids = reader.ids(found.top)
        assert len(ids) == len(set(ids)), tree
        assert set(ids) == wanted, (tree, chosen, sorted(wanted.symmetric_difference(ids)))
        assert found.total == len(wanted), (tree, chosen)
        rows = [built.rows.by_id[name] for name in wanted]
        assert found.reports == built.rows.count_reports(rows), (tree, chosen)
        assert found.texts == len({row.report.id for row in rows}), (tree, chosen)
        some += bool(wanted)
    assert some > CASES / 4, "hardly any plan matches anything: the test tries nothing"


def test_quoted_strings_are_found_exactly(built: Built) -> None:
    reader = built.reader()
    drawn = islice(random_strings(built.rows, random.Random(2)), 3 * CASES)
    strings = [string for string in drawn if built.analyzer.query_tokens(string)]
    answers = reader.view.find([Ask(built.plan(Exact(string)), top=Top(EVERYTHING)) for string in strings])
    for string, found in zip(strings, answers, strict=True):
        assert set(reader.ids(found.top)) == built.rows.find(string), string


def test_strings_of_a_batch_are_ordered_as_each_alone(built: Built) -> None:
    """Many strings under the same filters: totals, scores and order are those of a question by itself."""
    chance, reader = random.Random(3), built.reader()
    reports = [Filter("report", (name,)) for name in chance.sample(sorted(built.written.texts), 3)]
    unwanted = [None, *reports, YearFilter(2018, None), Filter("city", (None,)), Term("text", "的")]
    choices = [(), built.choice(chance), built.choice(chance)]
    asks = []
    for said in islice(random_strings(built.rows, chance), max(6 * CASES, 60)):
        if not said.strip():
            continue
        plan, left_out = exact_string(built.analyzer.query_tokens(said)), chance.choice(unwanted)
        count, skip = chance.choice([(EVERYTHING, 0), (1, 0), (3, 0), (2, 1)])
        top = Top(count, skip, chance.choice(SORTS), chance.choice(["", "", "report"]))
        asks.append(
            Ask(plan if left_out is None else Without(plan, left_out), chance.choice(choices), top=top)
        )
    together = reader.view.find(asks)
    assert together == [built.collection.at().find([ask])[0] for ask in asks]
    assert sum(len(found.top) > 1 for found in together) > 10


def test_an_unquoted_string_misses_no_paragraph_that_has_it(built: Built) -> None:
    """Law 2, carried as far as the store."""
    reader = built.reader()
    drawn = islice(random_strings(built.rows, random.Random(4)), CASES)
    for string in (string for string in drawn if built.analyzer.query_units(string)):
        found = reader.all_ids(built.plan(Chunk(string)))
        assert built.rows.find(string) <= set(found), string


def test_thousands_of_questions_at_once_are_answered_in_their_order(built: Built) -> None:
    plans = [built.plan(tree) for tree in trees(built, 5, 40)]
    many = [Ask(plans[number % len(plans)]) for number in range(2_000)]
    view = built.collection.at()
    alone = [view.find([Ask(plan)])[0].total for plan in plans]
    totals = [found.total for found in view.find(many)]
    assert totals == [alone[number % len(plans)] for number in range(2_000)]
    assert view.find([]) == []


def test_a_question_gets_only_what_it_asks_for(built: Built) -> None:
    found = built.reader().one(Ask(All()))
    assert found.total == len(built.rows.rows)
    assert (found.reports, found.occurrences, found.repeated) == (None, None, None)
    assert (dict(found.facets), tuple(found.cells), tuple(found.top)) == ({}, (), ())


def test_everything_and_nothing(built: Built) -> None:
    reader = built.reader()
    assert set(reader.all_ids(All())) == set(built.rows.ids)
    for nothing in (Nothing(), Either(()), Every((All(), Nothing())), Without(All(), All())):
        found = reader.one(Ask(nothing, reports=True, occurrences=True, facets=("city",), top=Top(5)))
        assert (found.total, found.reports, found.occurrences) == (0, 0, 0)
        assert (tuple(found.facets["city"]), tuple(found.top)) == ((), ())


@pytest.mark.parametrize(
    ("first", "last"), [(2020, 2021), (None, 2020), (2022, None), (None, None), (2023, 2019)]
)
def test_years_are_inclusive_and_never_unknown(built: Built, first: int | None, last: int | None) -> None:
    wanted = {
        row.id
        for row in built.rows.rows
        if row.report.year is not None and (first or 0) <= row.report.year <= (last or 9_999)
    }
    assert set(built.reader().all_ids(YearFilter(first, last))) == wanted


@pytest.mark.parametrize("field", ["city", "province", "type", "level", "plan_year", "part", "report"])
def test_filters_hold_for_each_value_and_unknown_is_one(built: Built, field: str) -> None:
    reader = built.reader()
    reports = built.written.reports(others=True)
    rows = built.rows.rows
    values = {report.id for report in reports} if field == "report" else {row.value(field) for row in rows}
    for value in sorted(values, key=str):
        wanted = {
            row.id
            for row in built.rows.rows
            if (row.report.id if field == "report" else row.value(field)) == value
        }
        assert set(reader.all_ids(Filter(field, (value, "没有这个值")))) == wanted, value


@pytest.mark.parametrize(("first", "last"), [(2020, 2021), (None, 2022), (2023, None)])
def test_work_years_are_filtered_like_years(built: Built, first: int | None, last: int | None) -> None:
    wanted = {
        row.id
        for row in built.rows.rows
        if row.report.plan_year is not None and (first or 0) <= row.report.plan_year <= (last or 9_999)
    }
    assert set(built.reader().all_ids(YearFilter(first, last, "plan_year"))) == wanted
    assert wanted != set(built.reader().all_ids(YearFilter(first, last)))


@pytest.mark.parametrize(("first", "last"), [(2021, 2021), (2022, 2023), (2019, 2020), (1900, 1950)])
def test_years_of_the_nearest_heading_go_before_the_work_year(built: Built, first: int, last: int) -> None:
    wanted = set()
    for draft in (one for file in built.written.drafts for one in file.reports):
        planned = draft.record["plan_year"] or 0
        for n, of in enumerate(draft.paragraphs, 1):
            since, until = of.context_years if of.context_years[1] else (planned, planned)
            if since <= last and until >= first:
                wanted.add(f"{draft.record['id']}-p{n}")
    assert set(built.reader().all_ids(ContextYears(first, last))) == wanted


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-03-01T00:00:00Z", "2026-05-31T23:59:59Z"),
        ("2026-04-01T00:00:00Z", None),
        (None, "2026-02-28T23:59:59Z"),
        (None, None),
    ],
)
def test_times_of_coming_in_are_filtered(built: Built, first: str | None, last: str | None) -> None:
    wanted = {
        row.id
        for row in built.rows.rows
        if row.report.added is not None and (first or "") <= row.report.added <= (last or "9")
    }
    assert set(built.reader().all_ids(AddedFilter(first, last))) == wanted


def test_recognised_text_is_told_from_other_text(built: Built) -> None:
    recognised = {row.id for row in built.rows.rows if row.ocr is not None}
    assert set(built.reader().all_ids(Recognised())) == recognised
    everything = built.reader().one(Ask(All(), occurrences=True))
    assert everything.of_ocr == len(recognised) > 0
    assert built.reader().one(Ask(All(), (("city", ("四平市",)),), occurrences=True)).of_ocr == sum(
        row.id in recognised for row in built.rows.rows if row.report.city == "四平市"
    )


def test_kinds_of_paragraphs_are_filtered(built: Built) -> None:
    kinds = {
        paragraph.id: paragraph.kind for text in built.written.texts.values() for paragraph in text.paragraphs
    }
    for kind in sorted(set(kinds.values())):
        wanted = {name for name, of in kinds.items() if of == kind}
        assert set(built.reader().all_ids(Filter("kind", (kind,)))) == wanted, kind


def test_among_keeps_to_these_paragraphs(built: Built) -> None:
    chance, reader = random.Random(6), built.reader()
    for tree in trees(built, 6):
        plan, chosen = built.plan(tree), built.choice(chance)
        some = chance.sample(sorted(built.rows.ids), 150)
        whole = reader.one(Ask(plan, chosen, top=Top(EVERYTHING)))
        found = reader.one(
            Ask(plan, chosen, among=reader.refs(some), reports=True, occurrences=True, top=Top(EVERYTHING))
        )
        kept = [match for match in whole.top if reader.id_of[match.ref] in set(some)]
        assert reader.ids(found.top) == reader.ids(kept), (tree, chosen)
        assert found.total == len(kept)
        assert found.occurrences == sum(
            len(occurrences_in(built.rows.by_id[name].text, plan)) for name in reader.ids(kept)
        )
    assert reader.one(Ask(All(), among=())).total == 0


def test_a_total_may_be_off_only_above_enough(built: Built) -> None:
    chance, view = random.Random(7), built.collection.at()
    for tree in trees(built, 7):
        plan, chosen = built.plan(tree), built.choice(chance)
        exact = built.collection.at().find([Ask(plan, chosen)])[0].total
        for enough in (0, 1, 10, 100, exact, max(exact - 1, 0)):
            total = view.find([Ask(plan, chosen, enough=enough)])[0].total
            assert total == exact if exact <= enough else total > enough, (tree, chosen, enough)


@pytest.mark.parametrize("field", ["title", "heading"])
def test_no_word_crosses_from_one_line_above_to_the_next(store: Store, field: str) -> None:
    """A title that ends in 人民 and a city that begins with 政府 don't say 人民政府."""
    body = [heading("为了人民", 1), heading("政府工作", 2), paragraph("正文一段。")]
    of = report("x", "x.txt", body, title="某县为了人民", city="政府市", province="议会省")
    store.write([source("x.txt", [of])])
    reader = Reader(store.open().at())
    assert reader.view.frequencies([(field, "人民政府")]) == [0]
    assert reader.all_ids(Term(field, "人民政府")) == []
    assert "x-p3" in reader.all_ids(Every((Term(field, "人民"), Term(field, "政府"))))


# Order


@pytest.mark.parametrize("sort", SORTS)
def test_the_order_is_total_and_as_it_is_promised(built: Built, sort: Sort) -> None:
    """Time, where asked for; then score; then newest year, source, place: strictly ascending, so nothing ties."""
    reader = built.reader()
    place = {name: number for number, name in enumerate(_by_place(built))}
    for tree in trees(built, 8, CASES // 2):
        top = reader.one(Ask(built.plan(tree), top=Top(EVERYTHING, sort=sort))).top
        keys = []
        for match in top:
            name = reader.id_of[match.ref]
            of_time = () if sort == "relevance" else time_key(built.rows.by_id[name].report, sort)
            keys.append((*of_time, -match.score, place[name]))
        assert keys == sorted(keys), tree


def _by_place(built: Built) -> list[str]:
    """All paragraphs: newest year first, then by source and place in it."""
    rows = sorted(built.rows.rows, key=lambda row: -(row.report.year or 0))
    return [row.id for row in rows]


@pytest.mark.parametrize("group", ["", "report"])
def test_slices_are_slices_of_one_order(built: Built, group: str) -> None:
    """Pages neither overlap nor miss anything, and a scan gives the same."""
    chance, reader = random.Random(9), built.reader()
    for tree in trees(built, 9, CASES // 2):
        plan, chosen, sort = built.plan(tree), built.choice(chance), chance.choice(SORTS)
        whole = reader.one(Ask(plan, chosen, top=Top(EVERYTHING, sort=sort, group=group))).top  # type: ignore[arg-type]
        skip, count = chance.randint(0, len(whole) + 2), chance.randint(0, 30)
        page = reader.one(Ask(plan, chosen, top=Top(count, skip, sort, group))).top  # type: ignore[arg-type]
        assert list(page) == list(whole[skip : skip + count]), (tree, chosen, sort, skip, count)
        batch = chance.choice([1, 7, 2_000])
        scanned = list(reader.view.scan(Ask(plan, chosen, top=Top(1, sort=sort, group=group)), batch=batch))  # type: ignore[arg-type]
        assert [match for some in scanned for match in some] == list(whole), (tree, chosen, sort, batch)
        assert all(0 < len(some) <= batch for some in scanned)


def test_a_scan_without_an_order_is_by_relevance(built: Built) -> None:
    reader = built.reader()
    plan = built.plan(Chunk("营商环境"))
    scanned = [match for some in reader.view.scan(Ask(plan)) for match in some]
    assert scanned == list(reader.one(Ask(plan, top=Top(EVERYTHING))).top)


@pytest.mark.parametrize("sort", SORTS)
def test_groups_are_the_first_of_each_report_with_all_that_match(built: Built, sort: Sort) -> None:
    reader = built.reader()
    for tree in trees(built, 10, CASES // 2):
        plan = built.plan(tree)
        flat = reader.one(Ask(plan, top=Top(EVERYTHING, sort=sort))).top
        first: dict[str, tuple[str, float]] = {}
        counts: dict[str, int] = {}
        for match in flat:
            name = reader.id_of[match.ref]
            of = built.rows.by_id[name].report.id
            first.setdefault(of, (name, match.score))
            counts[of] = counts.get(of, 0) + 1
        grouped = reader.one(Ask(plan, top=Top(EVERYTHING, sort=sort, group="report"))).top
        found = [(reader.id_of[match.ref], match.score, match.of_group) for match in grouped]
        assert found == [(*first[of], counts[of]) for of in first], tree
        assert all(match.of_group is None for match in flat)


def test_the_drawn_questions_try_every_node(build: Callable[[str, str], Built]) -> None:
    """Guards the tests themselves."""
    built = build("memory", "fresh")
    kinds = {type(node).__name__ for tree in trees(built, 1, 100) for node in nodes_of(built.plan(tree))}
    assert kinds >= {
        "Term", "String", "Above", "Within", "Starting", "Filter", "YearFilter",
        "Every", "Either", "Without", "Favoured", "All",
    }  # fmt: skip
