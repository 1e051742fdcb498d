"""What a run of writing leaves: all of it at one point, or nothing (law 7); the same for the same sources (law 8)."""

from __future__ import annotations

import pickle
import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from search.collection import Ask, DraftSource, Version
from search.errors import IndexLocked, StoreError
from search.language.plan import All, Term
from search.language.text import Analyzer
from search.model import FACETS
from tests.contract.answers import Reader, full_ask
from tests.contract.conftest import Built
from tests.contract.drafts import (
    Written,
    heading,
    invented_drafts,
    paragraph,
    renamed,
    report,
    source,
    with_text,
)
from tests.contract.stores import OTHERS, STORES, Store

ROOT = Path(__file__).resolve().parents[2]


def newest(store: Store, version: Version) -> Reader:
    """A reader of that version; a collection may take a moment to see that it is there."""
    collection = store.open()
    limit = time.monotonic() + 10
    while collection.at().version != version:
        assert time.monotonic() < limit, "the collection doesn't move to its new version"
    return Reader(collection.at())


def holds(reader: Reader, written: Written) -> bool:
    """Whether a version is just what was written, in every reading."""
    wanted = {p.id: p.text for text in written.texts.values() for p in text.paragraphs}
    texts = dict(zip(reader.id_of.values(), reader.view.texts(list(reader.id_of)), strict=True))
    return (
        texts == wanted
        and list(reader.view.reports(others=True)[1]) == written.reports(others=True)
        and reader.view.stats().paragraphs == len(wanted)
        and {of.path for of in reader.view.sources()} == {of.source.path for of in written.drafts}
        and reader.one(Ask(All(), reports=True)).texts == len(written.texts)
        and reader.one(Ask(All(), reports=True)).reports == len(written.reports())
    )


# Versions


def test_before_the_first_commit_there_is_nothing_to_open(store: Store) -> None:
    """Opening it is refused, or opens what has no version yet."""

    def check() -> None:
        with pytest.raises(StoreError):
            store.open().at()
        with pytest.raises(StoreError):
            store.open().verify()

    check()
    with store.begin() as writer:
        writer.add(writer.preparer(invented_drafts()[0]))
        check()
    check()


def test_nothing_shows_before_the_commit_and_all_of_it_after(store: Store) -> None:
    first, second = invented_drafts()[:5], invented_drafts()[5:10]
    before = store.write(first)
    with store.begin() as writer:
        writer.remove(first[0].source.path)
        for draft in second:
            writer.add(writer.preparer(draft))
            assert holds(newest(store, before.version), Written(first))
        after = writer.commit()
    assert holds(newest(store, after.version), Written([*first[1:], *second]))


def test_every_commit_has_its_own_version(store: Store) -> None:
    versions = [store.write([draft]).version for draft in invented_drafts()[:4]]
    assert len({version.id for version in versions}) == len({str(version) for version in versions}) == 4
    numbers = [version.number for version in versions]
    assert numbers == sorted(set(numbers))
    collection = store.open()
    newest(store, versions[-1])
    assert collection.verify() == versions[-1]
    assert collection.health().is_ready
    assert collection.health().version == versions[-1]


def test_two_collections_never_have_the_same_version(
    tmp_path: Path, analyzer: Analyzer, store: Store
) -> None:
    other = STORES[store.name](tmp_path / "other", analyzer)
    draft = invented_drafts()[0]
    assert store.write([draft]).version.id != other.write([draft]).version.id


def test_a_commit_without_a_change_leaves_the_version(store: Store) -> None:
    first = store.write(invented_drafts()[:2])
    assert first.changed
    second = store.write(remove=["/reports/nothing.txt"])
    assert second == replace(first, changed=False)


def test_a_commit_says_what_is_held_now(store: Store) -> None:
    drafts = invented_drafts()
    for count in (3, 9):
        committed = store.write(drafts[:count])
        written = Written(drafts[:count])
        assert committed.changed
        assert committed.reports == len(written.reports()) < len(written.texts) or count == 3
        assert committed.paragraphs == sum(len(text.paragraphs) for text in written.texts.values())


def test_an_empty_collection_answers_every_question(store: Store) -> None:
    committed = store.write()
    assert (committed.changed, committed.reports, committed.paragraphs) == (True, 0, 0)
    view = store.open().at()
    found = view.find([full_ask(Term("text", "营商环境")), full_ask(All())])
    for of in found:
        assert (of.total, of.reports, of.occurrences, of.repeated) == (0, 0, 0, 0)
        assert (tuple(of.cells), tuple(of.top)) == ((), ())
        assert {name: tuple(values) for name, values in of.facets.items()} == dict.fromkeys(FACETS, ())
    assert list(view.scan(Ask(All()))) == []
    assert list(view.occurrences(Ask(Term("text", "发展")))) == []
    assert list(view.frequencies([("text", "发展")])) == [0]
    assert [*view.vocabulary(most=10), *view.sources(), *view.places("city"), *view.places("province")] == []
    assert view.reports(others=True) == (0, [])
    assert (view.stats().reports, view.stats().years, view.statistics.paragraphs) == (0, (), 0)
    assert list(view.candidates([("text", "发展", 1.0)], strict=All(), without=All(), count=5)) == []
    assert list(view.shared_text(["nobody"])) == []


def test_a_collection_can_become_empty_again(store: Store) -> None:
    drafts = invented_drafts()[:3]
    store.write(drafts)
    committed = store.write(remove=[draft.source.path for draft in drafts])
    assert (committed.changed, committed.reports, committed.paragraphs) == (True, 0, 0)
    assert holds(newest(store, committed.version), Written([]))


# Files


def test_a_file_takes_the_place_of_what_is_held_under_its_path(store: Store) -> None:
    drafts = invented_drafts()[:6]
    store.write(drafts)
    changed = [*drafts[:2], with_text(drafts[2], "换成了一句新话"), *drafts[3:]]
    committed = store.write([changed[2]])
    reader = newest(store, committed.version)
    assert holds(reader, Written(changed))
    assert reader.all_ids(Term("text", "新话")) or reader.view.report("inv02-1").paragraphs[0].text


def test_removing_gives_how_many_reports_there_were(store: Store) -> None:
    drafts = invented_drafts()[:6]
    store.write(drafts)
    with store.begin() as writer:
        assert [writer.remove(draft.source.path) for draft in drafts[:3]] == [1, 2, 3]
        assert writer.remove(drafts[0].source.path) == writer.remove("/reports/nothing.txt") == 0
        committed = writer.commit()
    reader = newest(store, committed.version)
    assert holds(reader, Written(drafts[3:]))
    (found,) = reader.view.find([full_ask(All())])
    assert found.total == committed.paragraphs == sum(cell.held_paragraphs for cell in found.cells)


def test_the_last_word_on_a_path_counts_within_a_run(store: Store) -> None:
    one, two, three = invented_drafts()[:3]
    with store.begin() as writer:
        writer.add(writer.preparer(with_text(one, "先写的话")))
        writer.add(writer.preparer(one))
        writer.add(writer.preparer(two))
        assert writer.remove(two.source.path) == len(two.reports)
        writer.add(writer.preparer(three))
        writer.remove(three.source.path)
        writer.add(writer.preparer(three))
        committed = writer.commit()
    assert holds(newest(store, committed.version), Written([one, three]))


def in_parts(draft: DraftSource) -> list[DraftSource]:
    """A draft as parts of one report each, with a record each."""
    problem = {"code": "quoted", "args": {"text": "said"}}
    return [
        DraftSource(
            replace(
                draft.source, reports=1, problems=(problem,), record={"set_aside": [[n, "aside", "why"]]}
            ),
            [report],
        )
        for n, report in enumerate(draft.reports)
    ]


def test_a_file_in_parts_is_one_file(store: Store) -> None:
    one, two, three = [draft for draft in invented_drafts() if len(draft.reports) > 1][:3]
    store.write([with_text(two, "先前的话")])
    with store.begin() as writer:
        writer.add(writer.preparer(one))
        *parts, last = in_parts(two)
        for part in parts:
            writer.add(writer.preparer(part), goes_on=True)
        writer.add(writer.preparer(last))
        writer.add(writer.preparer(three))
        committed = writer.commit()
    reader = newest(store, committed.version)
    assert holds(reader, Written([one, two, three]))
    (source,) = [source for source in reader.view.sources() if source.path == two.source.path]
    assert (source.reports, len(source.problems)) == (len(two.reports), len(two.reports))
    assert len(source.record["set_aside"]) == len(two.reports)
    with store.begin() as writer:
        assert writer.remove(two.source.path) == len(two.reports)
        committed = writer.commit()
    assert holds(newest(store, committed.version), Written([one, three]))


@pytest.mark.parametrize("is_told", [True, False])
def test_parts_whose_last_one_does_not_come_change_nothing(store: Store, is_told: bool) -> None:
    one, two = [draft for draft in invented_drafts() if len(draft.reports) > 1][:2]
    store.write([two])
    with store.begin() as writer:
        for part in in_parts(with_text(two, "换成了一句新话")):
            writer.add(writer.preparer(part), goes_on=True)
        if is_told:
            writer.withdraw(two.source.path)
        writer.add(writer.preparer(one))
        committed = writer.commit()
    assert holds(newest(store, committed.version), Written([one, two]))


def test_a_run_knows_the_files_that_it_continues(store: Store) -> None:
    drafts = invented_drafts()[:3]
    with store.begin() as writer:
        assert dict(writer.sources()) == {}
    store.write(drafts)
    for rebuild in (False, True):
        with store.begin(rebuild=rebuild) as writer:
            assert dict(writer.sources()) == {draft.source.path: draft.source for draft in drafts}


def test_a_file_without_a_paragraph_is_refused_and_changes_nothing(store: Store) -> None:
    draft = invented_drafts()[0]
    first = store.write([draft])
    with store.begin() as writer:
        for empty in (source("empty.txt", []), source(draft.source.name, [report("none", "none", [])])):
            with pytest.raises(ValueError, match="no paragraph"):
                writer.add(writer.preparer(empty))
        assert writer.commit() == replace(first, changed=False)
    assert holds(newest(store, first.version), Written([draft]))


def test_what_is_prepared_may_come_from_another_process(store: Store) -> None:
    drafts = invented_drafts()[:3]
    with store.begin() as writer:
        preparer = pickle.loads(pickle.dumps(writer.preparer))
        for draft in drafts:
            writer.add(pickle.loads(pickle.dumps(preparer(pickle.loads(pickle.dumps(draft))))))
        committed = writer.commit()
    assert holds(newest(store, committed.version), Written(drafts))


def test_drafts_may_change_after_they_were_added(store: Store) -> None:
    """What is held is nobody else's."""
    record = {"id": "r", "source": "r.txt", "ordinal": 1, "kind": "report", "paragraphs": 1, "title": "原来"}
    draft = source("r.txt", [report("r", "r.txt", [paragraph("一段话")])])
    draft = replace(draft, reports=[replace(draft.reports[0], record=record)])
    with store.begin() as writer:
        prepared = writer.preparer(draft)
        record["title"] = "后来"
        writer.add(prepared)
        record["title"] = "再后来"
        writer.commit()
    assert store.open().at().report("r").report.title == "原来"


# Ends without a commit


def test_rebuilding_begins_from_nothing_and_shows_at_the_commit(store: Store) -> None:
    old, new = invented_drafts()[:5], invented_drafts()[3:8]
    first = store.write(old)
    with store.begin(rebuild=True) as writer:
        for draft in new:
            writer.add(writer.preparer(draft))
        assert holds(newest(store, first.version), Written(old))
    assert holds(newest(store, first.version), Written(old))
    second = store.write(new, rebuild=True)
    assert second.version.number > first.version.number
    assert holds(newest(store, second.version), Written(new))
    third = store.write(rebuild=True)
    assert third.changed
    assert holds(newest(store, third.version), Written([]))


@pytest.mark.parametrize("end", ["leaving", "abort", "error"])
def test_a_run_that_ends_without_a_commit_leaves_nothing(store: Store, end: str) -> None:
    old, new = invented_drafts()[:5], invented_drafts()[5:9]
    first = store.write(old)

    def run() -> None:
        with store.begin() as writer:
            writer.remove(old[0].source.path)
            for draft in new:
                writer.add(writer.preparer(draft))
            if end == "abort":
                writer.abort()
            elif end == "error":
                raise ArithmeticError

    if end == "error":
        with pytest.raises(ArithmeticError):
            run()
    else:
        run()
    assert holds(newest(store, first.version), Written(old))
    second = store.write(new[:1])
    assert holds(newest(store, second.version), Written([*old, new[0]]))


def test_only_one_run_holds_the_lease(store: Store) -> None:
    draft = invented_drafts()[0]
    refused: list[bool] = []

    def try_in_thread() -> None:
        try:
            with store.begin():
                refused.append(False)
        except IndexLocked:
            refused.append(True)

    with store.begin() as writer:
        with pytest.raises(IndexLocked), store.begin():
            pass
        thread = Thread(target=try_in_thread)
        thread.start()
        thread.join()
        writer.add(writer.preparer(draft))
        committed = writer.commit()
    assert refused == [True]
    assert holds(newest(store, committed.version), Written([draft]))
    assert store.write([invented_drafts()[1]]).changed


KILLED = """
import os, signal, sys
from pathlib import Path
from search.language.text import load_analyzer
from tests.contract.drafts import invented_drafts
from tests.contract.stores import STORES

store = STORES[sys.argv[1]](Path(sys.argv[2]), load_analyzer())
with store.begin() as writer:
    writer.remove(invented_drafts()[0].source.path)
    for draft in invented_drafts()[5:]:
        writer.add(writer.preparer(draft))
    os.kill(os.getpid(), signal.SIGKILL)
"""
TOLD = """
import sys
from pathlib import Path
from search.language.text import load_analyzer
from tests.contract.stores import STORES

print(STORES[sys.argv[1]](Path(sys.argv[2]), load_analyzer()).open().at().version)
"""


@pytest.fixture(params=OTHERS)
def place(request: pytest.FixtureRequest, tmp_path: Path, analyzer: Analyzer) -> tuple[Store, list[str]]:
    """An empty place that other processes see too, with what they find it by."""
    folder = tmp_path / "collection"
    return STORES[request.param](folder, analyzer), [request.param, str(folder)]


def test_a_killed_run_leaves_nothing_and_loses_its_lease(place: tuple[Store, list[str]]) -> None:
    store, found_by = place
    old = invented_drafts()[:5]
    first = store.write(old)
    done = subprocess.run([sys.executable, "-c", KILLED, *found_by], cwd=ROOT, check=False)
    assert done.returncode == -9
    assert holds(newest(store, first.version), Written(old))
    second = store.write([invented_drafts()[7]])
    assert holds(newest(store, second.version), Written([*old, invented_drafts()[7]]))
    assert store.open().verify() == second.version


def test_every_process_reads_the_same_version(place: tuple[Store, list[str]]) -> None:
    store, found_by = place
    version = store.write(invented_drafts()[:1]).version
    done = subprocess.run(
        [sys.executable, "-c", TOLD, *found_by], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == str(version)


# Same in, same out


def test_the_same_files_give_the_same_answers_in_whatever_order(
    tmp_path: Path, analyzer: Analyzer, store: Store, state: str
) -> None:
    """Law 8: ids, order, counts and, where all was written at once, scores."""
    drafts = invented_drafts()
    store.write(drafts)
    other = STORES[store.name](tmp_path / "other", analyzer)
    shuffled = random.Random(70).sample(drafts, len(drafts))
    if state == "fresh":
        other.write(shuffled)
    else:
        with other.in_pieces():
            other.write([*shuffled[:7], renamed(drafts[0], "passing")])
            other.write(shuffled[5:], remove=["/reports/passing-invented-00.md"])
    one, two = Reader(store.open().at()), Reader(other.open().at())
    for plan in (All(), Term("text", "营商环境"), Term("heading", "发展"), Term("text", "提案")):
        here, there = one.one(full_ask(plan)), two.one(full_ask(plan))
        assert (here.total, here.reports, here.facets, here.cells) == (
            there.total,
            there.reports,
            there.facets,
            there.cells,
        )
        if state == "fresh":
            assert one.ids(here.top) == two.ids(there.top)
            assert [match.score for match in here.top] == [match.score for match in there.top]
        else:
            assert set(one.ids(here.top)) == set(two.ids(there.top))
    assert one.view.reports(others=True) == two.view.reports(others=True)


def test_headings_reach_to_the_next_of_their_level(store: Store) -> None:
    body = [
        heading("一", 1),
        heading("（一）", 2),
        paragraph("甲"),
        heading("细", 4),
        paragraph("乙"),
        heading("（二）", 2),
        paragraph("丙"),
        heading("二", 1),
        paragraph("丁"),
    ]
    store.write(
        [source("h.txt", [report("h", "h.txt", body), report("i", "h.txt", [paragraph("戊")], ordinal=2)])]
    )
    view = store.open().at()
    paths = {p.text: p.heading for name in "hi" for p in view.report(name).paragraphs if p.kind != "heading"}
    assert paths == {
        "甲": ("一", "（一）"),
        "乙": ("一", "（一）", "细"),
        "丙": ("一", "（二）"),
        "丁": ("二",),
        "戊": (),
    }


def test_the_full_collection_verifies(built: Built) -> None:
    assert built.collection.verify() == built.collection.at().version
    assert built.collection.capabilities.is_writable
    assert built.collection.address


# When reports came in


def _added(store: Store, version: Version) -> dict[str, str | None]:
    return {of.id: of.added for of in newest(store, version).view.reports(others=True)[1]}


def _stamped(draft: DraftSource, added: str | None) -> DraftSource:
    return replace(draft, reports=[replace(of, record={**of.record, "added": added}) for of in draft.reports])


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_report_stays_as_old_as_it_is(store: Store, rebuild: bool) -> None:
    """An update, a rebuild and a copy keep when a report came in; what is new is as new as its draft says."""
    old, new = "2026-01-02T03:04:05Z", "2026-11-28T00:00:00Z"
    first, second, third = invented_drafts()[:3]
    store.write([_stamped(first, old), _stamped(second, old)])
    changed = with_text(first, "换过的文字。")
    again = [_stamped(of, new) for of in (changed, second, third)]
    held = _added(store, store.write(again, rebuild=rebuild).version)
    expected = {of.record["id"]: old for draft in (first, second) for of in draft.reports}
    assert held == {**expected, **{of.record["id"]: new for of in third.reports}}


def test_a_report_without_a_time_takes_the_first_that_is_said(store: Store) -> None:
    draft = invented_drafts()[0]
    store.write([_stamped(draft, None)])
    held = _added(store, store.write([_stamped(draft, "2026-11-28T00:00:00Z")]).version)
    assert set(held.values()) == {"2026-11-28T00:00:00Z"}
