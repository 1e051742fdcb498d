"""What is counted of matches: facets (law 5), occurrences, repeated paragraphs, cells; each equal to a scan."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import Counter, defaultdict
from itertools import islice
from typing import Any

import pytest

from search.collection import Ask, Choice, ReportColumns, StoredParagraph, Top, Value
from search.language.plan import All, Filter, Term, Without, YearFilter, every
from search.language.plan import string as exact_string
from search.language.query import And, Chunk, Exact, Node, Not, Or, Values, YearRange, all_of, any_of
from search.language.text import normalize_text, occurrences
from search.model import FACETS, PARTS, REPORT_FACETS, YEAR_FIELDS, Cell, Report
from tests.contract.answers import EVERYTHING, Reader, full_ask, is_chosen, occurrences_in
from tests.contract.conftest import Built
from tests.contract.test_matches import CASES, trees
from tests.laws.bruteforce import Row, random_strings

# Facets


def test_a_value_counts_what_choosing_it_would_give(built: Built) -> None:
    chance, reader = random.Random(20), built.reader()
    for tree in trees(built, 20):
        plan, chosen = built.plan(tree), built.choice(chance)
        facets = reader.one(Ask(plan, chosen, facets=FACETS)).facets
        assert list(facets) == list(FACETS)
        for field in FACETS:
            others = tuple(group for group in chosen if group[0] != field)
            for of in chance.sample(list(facets[field]), min(2, len(facets[field]))):
                total = reader.one(Ask(plan, (*others, (field, (of.value,))))).total
                assert total == of.count, (tree, chosen, field, of)


def test_facets_are_those_of_a_scan(built: Built) -> None:
    chance, reader = random.Random(21), built.reader()
    for tree in trees(built, 21):
        chosen = built.choice(chance)
        matching = [built.rows.by_id[name] for name in built.finder.find(tree)]
        facets = reader.one(Ask(built.plan(tree), chosen, facets=FACETS)).facets
        for field in FACETS:
            own = {value for name, values in chosen if name == field for value in values}
            left = (row for row in matching if is_chosen(row, chosen, but=field))
            counts: Counter[Any] = Counter(row.value(field) for row in left)
            listed = {of.value: of.count for of in facets[field]}
            assert listed == {**dict.fromkeys(own, 0), **counts}, (tree, chosen, field)
            assert {of.value for of in facets[field] if of.selected} == own
            assert len(listed) == len(facets[field])


def test_facets_are_listed_in_one_order(built: Built) -> None:
    """Years newest first, the others by count, then by value; what is unknown comes behind its equals."""
    chance, reader = random.Random(22), built.reader()
    for tree in trees(built, 22):
        facets = reader.one(Ask(built.plan(tree), built.choice(chance), facets=FACETS)).facets
        for field in FACETS:
            counted = [of for of in facets[field] if of.count]
            if field in YEAR_FIELDS:
                keys: list[tuple[Any, ...]] = [(of.value is None, -int(of.value or 0)) for of in counted]
            else:
                keys = [(-of.count, of.value is None, _rank(field, of.value)) for of in counted]
            assert keys == sorted(keys), (tree, field, counted)


def _rank(field: str, value: Value) -> Any:
    return PARTS.index(str(value)) if field == "part" else value or ""


def test_facets_keep_to_the_paragraphs_asked_about(built: Built) -> None:
    chance, reader = random.Random(23), built.reader()
    some = chance.sample(sorted(built.rows.ids), 100)
    facets = reader.one(Ask(All(), among=reader.refs(some), facets=FACETS)).facets
    for field in FACETS:
        counts = Counter(built.rows.by_id[name].value(field) for name in some)
        assert {of.value: of.count for of in facets[field]} == counts


# Occurrences


def test_words_and_strings_of_a_part_are_counted_together_as_alone(built: Built) -> None:
    """Many asks that differ in what is said, under some conditions each: all of a batch are as each by itself."""
    chance, reader = random.Random(29), built.reader()
    conditions = [built.plan(tree) for tree in trees(built, 29) if is_condition(tree)][:5]
    conditions += [YearFilter(2015, None), Filter("city", (None,)), Without(All(), YearFilter(None, 2018))]
    asks = []
    for said in islice(random_strings(built.rows, chance), 60):
        if not said.strip():
            continue
        plan = exact_string(built.analyzer.query_tokens(said))
        for part in chance.sample(conditions, 2):
            wanted = chance.choice([every([plan, part]), every([part, plan]), every([plan, part, part])])
            facets = chance.choice([(), ("city",), FACETS])
            asks.append(Ask(wanted, built.choice(chance), facets=facets, reports=True, occurrences=True))
    together = reader.view.find(asks)
    assert together == [reader.view.find([ask])[0] for ask in asks]
    assert sum(bool(found.occurrences) for found in together) > 10


def test_occurrences_are_those_of_a_scan(built: Built) -> None:
    """Every occurrence in every match, in the order of the reports."""
    chance, reader = random.Random(24), built.reader()
    some = 0
    for tree in trees(built, 24):
        plan, chosen = built.plan(tree), built.choice(chance)
        ask = Ask(plan, chosen, occurrences=True, top=Top(EVERYTHING))
        found = reader.one(ask)
        spans = defaultdict(list)
        listed = reader.view.occurrences(ask)
        for of in listed:
            spans[reader.id_of[of.ref]].append((of.start, of.end))
        ids = reader.ids(found.top)
        for name in ids:
            assert spans[name] == occurrences_in(built.rows.by_id[name].text, plan), (tree, name)
        assert found.occurrences == len(listed) == sum(map(len, spans.values()))
        assert set(spans) <= set(ids)
        some += bool(listed)
    assert some > CASES / 5


def test_a_strings_occurrences_are_its_places_from_left_to_right(built: Built) -> None:
    """Of those that overlap the first counts; what touches is not put together."""
    reader = built.reader()
    drawn = islice(random_strings(built.rows, random.Random(25)), CASES)
    for string in (string for string in drawn if built.analyzer.query_tokens(string)):
        spans = defaultdict(list)
        for of in reader.view.occurrences(Ask(built.plan(Exact(string)))):
            spans[reader.id_of[of.ref]].append((of.start, of.end))
        form = normalize_text(string)
        for name in built.rows.ids:
            places, end = [], 0
            for at, to in occurrences(normalize_text(built.rows.by_id[name].text), form):
                if at >= end:
                    places.append((at, to))
                    end = to
            assert spans[name] == places, (string, name)


def test_occurrences_stand_newest_report_first(built: Built) -> None:
    reader = built.reader()
    rows = sorted(built.rows.rows, key=lambda row: -(row.report.year or 0))
    place = {row.id: number for number, row in enumerate(rows)}
    for tree in trees(built, 26, CASES // 2):
        found = reader.view.occurrences(Ask(built.plan(tree)))
        keys = [(place[reader.id_of[of.ref]], of.start) for of in found]
        assert keys == sorted(set(keys)), tree


def test_slices_of_occurrences_are_slices_of_one_order(built: Built) -> None:
    chance, view = random.Random(27), built.collection.at()
    for tree in trees(built, 27, CASES // 2):
        ask = Ask(built.plan(tree), built.choice(chance))
        whole = list(view.occurrences(ask))
        skip, count = chance.randint(0, len(whole) + 1), chance.randint(0, 20)
        assert list(view.occurrences(ask, skip=skip, count=count)) == whole[skip : skip + count], tree
        assert list(view.occurrences(ask, skip=skip)) == whole[skip:], tree


def test_occurrences_among_some_paragraphs_are_those_of_the_whole(built: Built) -> None:
    """Also where the whole was asked for before, and the other way round."""
    for some_first in (True, False):
        view = built.reader().view
        plan = Term("text", "经济" if some_first else "发展")
        refs = tuple(place.ref for place in view.find([Ask(plan, top=Top(6))])[0].top)
        asks = [Ask(plan, among=refs[::2]), Ask(plan)]
        found = [list(view.occurrences(ask)) for ask in (asks if some_first else asks[::-1])]
        some, whole = found if some_first else found[::-1]
        assert some == [of for of in whole if of.ref in refs[::2]]
        assert len(some) < len(whole)


def test_repeated_paragraphs_are_counted(built: Built) -> None:
    chance, reader = random.Random(28), built.reader()
    assert sum(built.written.repeated.values()) > 3
    for tree in [Chunk("人民政协"), *trees(built, 28)]:
        chosen = built.choice(chance)
        found = reader.one(Ask(built.plan(tree), chosen, occurrences=True, top=Top(EVERYTHING)))
        assert found.repeated == sum(built.written.repeated[name] for name in reader.ids(found.top)), tree


# Cells


def conditions(tree: Node) -> Node:
    """What of a tree asks for reports: its filters, and alternatives of nothing but filters."""
    children = tree.children if isinstance(tree, And) else (tree,)
    parts: list[Node] = []
    for child in children:
        if isinstance(child, Not) and isinstance(child.child, Or):  # neither of several: each is denied
            parts += map(Not, child.child.children)
        else:
            parts.append(child)
    return all_of([part for part in parts if is_condition(part)])


def is_condition(tree: Node) -> bool:
    if isinstance(tree, (And, Or)):
        return all(map(is_condition, tree.children))
    return is_condition(tree.child) if isinstance(tree, Not) else isinstance(tree, (Values, YearRange))


def expected_cells(built: Built, tree: Node, chosen: Choice, by: str = "year") -> list[Cell]:
    """By a scan: what is held where the conditions of `tree` and `chosen` hold, and what of it matches."""
    plan = built.plan(tree)
    found = built.finder.find(tree)
    sums: dict[tuple[Any, Any], list[int]] = defaultdict(lambda: [0] * 4)
    rows: dict[tuple[Any, Any], tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for name in built.finder.find(conditions(tree)):
        row = built.rows.by_id[name]
        if not is_chosen(row, chosen):
            continue
        place = row.report.city, row.value(by)
        is_found = name in found
        more = (is_found, len(occurrences_in(row.text, plan)) if is_found else 0, 1, len(row.text))
        sums[place] = [one + other for one, other in zip(sums[place], more, strict=True)]
        rows[place][1].append(row)
        if is_found:
            rows[place][0].append(row)
    cells = []
    for place in sorted(sums, key=lambda at: (at[0] is None, at[0] or "", at[1] is None, at[1] or 0)):
        paragraphs, occurrences, held, characters = sums[place]
        matching, holding = map(built.rows.count_reports, rows[place])
        cells.append(Cell(*place, paragraphs, occurrences, matching, held, characters, holding))
    return cells


def test_cells_are_those_of_a_scan(built: Built) -> None:
    chance, reader = random.Random(29), built.reader()
    for tree in trees(built, 29):
        chosen, by = built.choice(chance), chance.choice(YEAR_FIELDS)
        cells = reader.one(Ask(built.plan(tree), chosen, cells=True, cells_by=by)).cells
        assert list(cells) == expected_cells(built, tree, chosen, by), (tree, chosen)


@pytest.mark.parametrize(
    "tree",
    [
        Chunk("发展"),
        all_of([Chunk("发展"), Values("city", ("四平市",))]),
        all_of([Chunk("发展"), Values("city", ("四平市",)), Not(Chunk("人民"))]),
        all_of([Chunk("发展"), any_of([YearRange(2020, 2020), YearRange(2023, None)])]),
        all_of([Chunk("发展"), Not(Values("province", ("吉林省",)))]),
        all_of([Chunk("发展"), Values("report", ("inv01-1", "inv02-2"))]),
        any_of([Chunk("发展"), Values("city", ("四平市",))]),
        Values("city", ("没有这座城市",)),
    ],
    ids=[
        "words",
        "city",
        "city and denial",
        "years",
        "denied province",
        "reports",
        "words or city",
        "unknown city",
    ],
)
def test_conditions_narrow_what_is_held(built: Built, tree: Node) -> None:
    """city:四平 doesn't ask about other cities, whatever stands beside it (docs/counting.md)."""
    cells = built.reader().one(Ask(built.plan(tree), cells=True)).cells
    assert list(cells) == expected_cells(built, tree, ())


def test_what_is_held_and_not_found_is_a_zero(built: Built) -> None:
    cells = built.reader().one(Ask(Term("text", "没有人写过的词"), cells=True)).cells
    assert {(cell.city, cell.year) for cell in cells} == {
        (report.city, report.year) for report in built.written.reports(others=True)
    }
    assert all(
        cell.paragraphs == cell.occurrences == cell.reports == 0 < cell.held_paragraphs for cell in cells
    )
    assert sum(cell.held_reports for cell in cells) == len(built.written.reports())


def test_counts_agree_with_each_other(built: Built) -> None:
    chance, reader = random.Random(30), built.reader()
    for tree in trees(built, 30):
        plan, chosen = built.plan(tree), built.choice(chance)
        found = reader.one(full_ask(plan, chosen))
        assert sum(cell.paragraphs for cell in found.cells) == found.total == len(found.top), (tree, chosen)
        assert sum(cell.occurrences for cell in found.cells) == found.occurrences, (tree, chosen)
        assert sum(cell.reports for cell in found.cells) == found.reports, (tree, chosen)
        grouped = reader.one(Ask(plan, chosen, top=Top(EVERYTHING, group="report")))
        assert len(grouped.top) == found.texts
        for field in FACETS:
            if not any(name == field for name, _ in chosen):
                assert sum(of.count for of in found.facets[field]) == found.total, (tree, chosen, field)


def test_asking_together_is_asking_alone(built: Built) -> None:
    """No collector changes what another gives."""
    chance, view = random.Random(31), built.collection.at()
    for tree in trees(built, 31, CASES // 2):
        plan, chosen, top = built.plan(tree), built.choice(chance), Top(10, sort="-year")
        (together,) = view.find([full_ask(plan, chosen, top)])
        alone = view.find(
            [
                Ask(plan, chosen),
                Ask(plan, chosen, reports=True),
                Ask(plan, chosen, facets=FACETS),
                Ask(plan, chosen, occurrences=True),
                Ask(plan, chosen, cells=True),
                Ask(plan, chosen, top=top),
            ]
        )
        assert {found.total for found in alone} == {together.total}
        assert (alone[1].reports, alone[1].texts) == (together.reports, together.texts)
        assert alone[2].facets == together.facets
        assert (alone[3].occurrences, alone[3].repeated) == (together.occurrences, together.repeated)
        assert alone[4].cells == together.cells
        assert list(alone[5].top) == list(together.top)


def test_conditions_are_read_off_any_plan(built: Built) -> None:
    """Years typed and chosen narrow alike."""
    reader: Reader = built.reader()
    words = Term("text", "发展")
    typed = reader.one(Ask(every([words, YearFilter(2021, 2021)]), cells=True)).cells
    chosen = reader.one(Ask(words, (("year", (2021,)),), cells=True)).cells
    assert typed == chosen
    assert {cell.year for cell in typed} == {2021}


def test_every_occurrence_that_a_word_is_cut_by_is_named(built: Built) -> None:
    """Others may be named too; whoever asks looks at the text."""
    view, inside = built.collection.at(), 0
    for string in islice(random_strings(built.rows, random.Random(33)), CASES):
        ask = Ask(built.plan(Chunk(string)))
        named = view.straddling(ask, most=EVERYTHING)
        assert named is not None
        for found in view.occurrences(ask):
            form = normalize_text(view.texts([found.ref])[0])
            borders = {0, len(form)}
            borders.update(token.start for token in built.analyzer.query_tokens(form))
            if not {found.start, found.end} <= borders:
                assert found in named, (string, form)
                inside += 1
        assert view.straddling(ask, most=-1) is None
    assert inside, "no word is cut: the test tries nothing"


# Strings, reports


def test_strings_are_counted_as_each_by_itself(built: Built) -> None:
    chance, reader = random.Random(29), built.reader()
    said = [*islice(random_strings(built.rows, chance), CASES), "好好", "天天天", "没有这个词"]
    plans = [exact_string(built.analyzer.query_tokens(normalize_text(text))) for text in said]
    for chosen in ((), built.choice(chance), built.choice(chance, ("part",))):
        alone = reader.view.find([Ask(plan, chosen, occurrences=True) for plan in plans])
        assert list(reader.view.count_strings(plans, chosen)) == [one.occurrences for one in alone]


def values_of(columns: ReportColumns, row: int) -> tuple[Any, ...]:
    """A row, None for what isn't known."""
    named = (("city", "province", "type", "level", "code"), (*YEAR_FIELDS, "day"))
    numbers = {name: int(column[row]) for name, column in columns.columns.items()}
    names = [None if numbers[name] < 0 else columns.names[name][numbers[name]] for name in named[0]]
    return (*names, *(numbers[name] or None for name in named[1]))


def values_said(report: Report) -> tuple[Any, ...]:
    """The same of a report."""
    fields = ("city", "province", "type", "level", "code", *YEAR_FIELDS)
    day = int((report.date or "0").replace("-", ""))
    return (*(getattr(report, name) or None for name in fields), day or None)


def test_columns_of_reports_are_those_of_their_records(built: Built) -> None:
    chance, view = random.Random(30), built.reader().view
    for _ in range(20):
        chosen = built.choice(chance, REPORT_FACETS)
        columns = view.report_columns(chosen)
        if columns is None:
            pytest.skip("this store holds reports as objects alone")
        reports = view.reports(chosen)[1]
        assert [values_of(columns, row) for row in range(len(columns.refs))] == list(
            map(values_said, reports)
        )
        has_paragraphs = [row for row, report in enumerate(reports) if report.paragraphs]
        refs = [int(columns.refs[row]) for row in has_paragraphs]
        assert view.reports_of(refs) == [reports[row] for row in has_paragraphs]


def test_columns_of_matches_begin_each_report_with_its_first(built: Built) -> None:
    chance, reader = random.Random(31), built.reader()
    for tree in trees(built, 31):
        plan, chosen = built.plan(tree), built.choice(chance)
        columns = reader.view.report_columns(chosen, matching=plan)
        if columns is None:
            pytest.skip("this store holds reports as objects alone")
        refs = [ref for some in reader.view.scan(Ask(plan, chosen)) for ref, *_ in some]
        paragraphs = reader.view.paragraphs(refs)
        first: dict[str, StoredParagraph] = {}
        for paragraph in sorted(paragraphs, key=lambda one: one.n):
            first.setdefault(paragraph.report.id, paragraph)
        firsts = [int(ref) for ref in columns.refs]
        assert firsts == sorted(firsts)
        assert set(firsts) == {paragraph.ref for paragraph in first.values()}
        of_rows = reader.view.reports_of(firsts)
        assert [values_of(columns, row) for row in range(len(firsts))] == list(map(values_said, of_rows))
        for paragraph in paragraphs:
            assert isinstance(paragraph.ref, int)
            assert of_rows[bisect_right(firsts, paragraph.ref) - 1].id == paragraph.report.id
