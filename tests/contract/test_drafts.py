"""What is held is given back as it was added, so that a collection can be copied to another store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from search.collection import DraftParagraph, DraftSource
from search.language.text import Analyzer
from search.memory import MemoryCollection
from tests.contract.answers import Reader
from tests.contract.conftest import Built
from tests.contract.drafts import Written, invented_drafts
from tests.contract.stores import STORES, Store
from tests.contract.test_writing import holds, newest


def as_kept(of: DraftParagraph) -> DraftParagraph:
    """A paragraph but for what a store may keep otherwise: a heading's level, confidence beyond the percent."""
    ocr = None if of.ocr is None else round(100 * of.ocr) / 100
    return replace(of, level=int(of.level > 0), ocr=ocr)


def test_sources_come_back_as_drafts(built: Built) -> None:
    added = {draft.source.path: draft for draft in built.written.drafts}
    given = list(built.collection.at().drafts())
    assert [draft.source.path for draft in given] == sorted(added)
    for draft in given:
        before = added[draft.source.path]
        assert draft.source == before.source
        assert len(draft.reports) == len(before.reports)
        for one, other in zip(draft.reports, before.reports, strict=True):
            assert dict(one.record) == dict(other.record)
            assert [as_kept(of) for of in one.paragraphs] == [as_kept(of) for of in other.paragraphs]


def test_a_copy_holds_the_same(built: Built) -> None:
    view = built.collection.at()
    copied = MemoryCollection.of(view.drafts(), built.analyzer).at()
    assert holds(Reader(copied), built.written)
    for report_id in built.written.texts:
        assert copied.report(report_id) == view.report(report_id)
    assert list(view.shared_text(list(built.written.texts))) or not built.is_fresh


def test_some_sources_can_be_left_out(built: Built) -> None:
    paths = sorted(draft.source.path for draft in built.written.drafts)
    given = built.collection.at().drafts(but=frozenset(paths[1::2]))
    assert [draft.source.path for draft in given] == paths[::2]


@pytest.mark.parametrize("given_by", ["memory", "embedded"])
def test_a_store_takes_what_another_gives(
    store: Store, given_by: str, tmp_path: Path, analyzer: Analyzer
) -> None:
    """Both ways: added there and given back, a source is the same."""
    drafts: list[DraftSource] = invented_drafts()[:6]
    other = STORES[given_by](tmp_path / "other", analyzer)
    other.write(drafts)
    committed = store.write(other.open().at().drafts())
    reader = newest(store, committed.version)
    assert holds(reader, Written(drafts))
    back = STORES[given_by](tmp_path / "back", analyzer)
    again = back.write(reader.view.drafts())
    assert holds(newest(back, again.version), Written(drafts))
    assert back.open().at().sources() == other.open().at().sources()
