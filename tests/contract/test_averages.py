"""Average lengths are part of a version: additions leave them until they have drifted, in every store alike."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from search.collection import DraftSource
from search.language.plan import Term
from search.language.statistics import DRIFT
from search.language.text import Analyzer
from tests.contract.answers import Reader, are_near
from tests.contract.drafts import heading, paragraph, report, source
from tests.contract.stores import OTHERS, STORES, Store, forget
from tests.contract.test_writing import newest

TEXT = "持续优化营商环境，促进民营经济高质量发展。"


def draft(name: str, texts: Sequence[str]) -> DraftSource:
    paragraphs = [heading("经济工作"), *map(paragraph, texts)]
    return source(name, [report(name, name, paragraphs, title="工作报告", city="四平市")])


FIRST = [draft("a.md", [TEXT, TEXT + "全市营商环境" * 3]), draft("b.md", [TEXT * 2])]
LIKE_IT = draft("c.md", [TEXT + "优化营商环境。", TEXT * 2])
LONG = draft("d.md", [TEXT * 40])


def averages(reader: Reader) -> dict[str, float]:
    return dict(reader.view.statistics.average_lengths)


def write(store: Store, drafts: Sequence[DraftSource], *, rebuild: bool = False) -> Reader:
    return newest(store, store.write(drafts, rebuild=rebuild).version)


def test_what_is_added_leaves_the_averages_until_they_drift(store: Store) -> None:
    first = averages(write(store, FIRST))
    second = write(store, [LIKE_IT])
    assert averages(second) == first
    third = averages(write(store, [LONG]))
    assert third["text"] > first["text"] * (1 + DRIFT)
    assert averages(write(store, [draft("e.md", [TEXT * 2])])) == third


def test_writing_everything_anew_takes_the_averages_of_what_is_held(store: Store) -> None:
    first = averages(write(store, FIRST))
    write(store, [LIKE_IT])
    anew = averages(write(store, [*FIRST, LIKE_IT], rebuild=True))
    assert anew != first
    assert abs(anew["text"] - first["text"]) <= DRIFT * first["text"]


def test_a_collection_that_became_empty_begins_anew(store: Store) -> None:
    first = averages(write(store, FIRST))
    store.write(remove=[of.source.path for of in FIRST])
    assert averages(write(store, FIRST)) == first


def test_a_copy_scores_as_what_it_is_a_copy_of(store: Store) -> None:
    wanted = {"text": 23.0, "heading": 2.5, "title": 7.125}
    with store.begin() as writer:
        writer.add(writer.preparer(FIRST[0]))
        writer.keep_averages(wanted)
        version = writer.commit().version
    reader = newest(store, version)
    assert averages(reader) == wanted
    assert averages(write(store, [FIRST[1]])) == wanted
    with store.begin() as writer:
        writer.keep_averages(wanted)
        assert not writer.commit().changed
    other = {**wanted, "text": 99.0}
    with store.begin() as writer:
        writer.keep_averages(other)
        version = writer.commit().version
    assert averages(newest(store, version)) == other
    assert len(newest(store, version).id_of) == 3 + 2


@pytest.mark.parametrize("name", OTHERS)
def test_scores_are_those_of_memory_after_every_addition(
    name: str, tmp_path: Path, analyzer: Analyzer
) -> None:
    memory, other = (STORES[of](tmp_path / of, analyzer) for of in ("memory", name))
    for drafts in (FIRST, [LIKE_IT], [LONG], [draft("e.md", [TEXT * 3])]):
        expected, found = write(memory, drafts), write(other, drafts)
        assert averages(found) == averages(expected)
        for term in (Term("text", "营商环境"), Term("heading", "经济"), Term("title", "四平市")):
            scores, wanted = found.scores(term), expected.scores(term)
            assert scores.keys() == wanted.keys()
            assert all(are_near(scores[one], wanted[one]) for one in wanted), term
    forget(tmp_path)
