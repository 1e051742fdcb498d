"""Merging segments: nothing but deleted paragraphs is lost, and what is merged answers as the pieces did."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from indexer.pipeline import index_sources
from search import open_searcher
from search.embedded.codec import ArrayCodec, ArraySegment
from search.embedded.schema import FILTER_FIELDS, INDEX_NAME, SCORED_FIELDS
from search.embedded.segment import SegmentData
from search.embedded.snapshot import source_places
from search.embedded.store import index_version, latest_generation, open_generation, publish, verify
from search.embedded.writing import segment_files
from search.embedded.writing import writer as writer_module
from search.embedded.writing.merge import TIER_FACTOR, merge_segments, plan_merges, tier
from search.errors import IndexDamaged
from search.language.text import Analyzer
from search.model import Query

SAMPLE = Path(__file__).resolve().parents[3] / "index_data" / "sample"
QUERIES = (
    "",
    "委员",
    "提案 办理",
    "“经济”",
    "发展 -工业",
    "title:委员会",
    "heading:建议",
    "20*",
    '"经济 发展"~20',
)


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "dictionaries"])
def pieces(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer
) -> Path:
    """An index in four segments; every third report of each was deleted. Its texts may have dictionaries."""
    work = tmp_path_factory.mktemp("pieces")
    sources, folder = work / "sources", work / "index"
    sources.mkdir()
    files = sorted(SAMPLE.iterdir())[:24]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer_module, "plan_merges", lambda segments: [])
        if request.param:
            for name, size in (
                ("_SAMPLE_BYTES", 8_000),
                ("_LEAST_SAMPLE_BYTES", 4_000),
                ("_DICTIONARY_BYTES", 1_000),
            ):
                patch.setattr(segment_files, name, size)
        for batch in range(4):
            for file in files[batch::4]:
                (sources / file.name).write_bytes(file.read_bytes())
            index_sources([sources], folder, jobs=1)
        for file in files[::3]:
            (sources / file.name).unlink()
        index_sources([sources], folder, jobs=1)
    segments = open_generation(folder, analyzer.fingerprint).segments
    assert len(segments) == 4
    assert all(bool(data.stored_texts.dictionary) == request.param for data in segments)
    return folder


def segment(documents: int, deleted: int = 0) -> ArraySegment:
    made = ArraySegment(ArrayCodec(), INDEX_NAME)
    made.set_doc_count(documents)
    for number in range(deleted):
        made.delete_document(number)
    return made


def test_a_tier_is_merged_when_it_is_full() -> None:
    small = [segment(10) for _ in range(TIER_FACTOR - 1)]
    large = segment(10_000_000)
    assert plan_merges([large, *small]) == []
    assert plan_merges([large, *small, segment(11)]) != []
    assert large not in plan_merges([large, *small, segment(11)])


def test_smaller_segments_are_merged_with_a_full_tier() -> None:
    large, middle = segment(10_000_000), [segment(100_000) for _ in range(TIER_FACTOR)]
    small = [segment(10), segment(20_000)]
    assert plan_merges([large, *middle, *small]) == [*middle, *small]
    assert plan_merges([large, *middle[1:], *small]) == []


def test_a_segment_that_is_largely_deleted_is_written_anew() -> None:
    assert plan_merges([segment(100, 30)]) == []
    assert len(plan_merges([segment(100, 60), segment(100)])) == 1


def test_tiers_grow() -> None:
    levels = [tier(documents) for documents in (0, 1, 1_000, 100_000, 10_000_000)]
    assert levels == sorted(levels)
    assert levels[0] == 0 < levels[-1]


def merged(pieces: Path, analyzer: Analyzer, to: Path, budget: int) -> SegmentData:
    """The four segments as one, published in a folder of its own."""
    sources = open_generation(pieces, analyzer.fingerprint).segments
    to.mkdir()
    one = merge_segments(to, list(sources), index_version(analyzer.fingerprint), budget)
    publish(to, [one], 1)
    assert latest_generation(to) == 1
    return SegmentData(to, one)


@pytest.mark.parametrize("ext", [".pst", ".trm", ".txt", ".par", ".cat", ".wrd", "_text_len.col"])
def test_damage_is_not_merged_into_what_looks_whole(
    pieces: Path, analyzer: Analyzer, tmp_path: Path, ext: str
) -> None:
    """A flipped bit, then a run that merges: it refuses, says what to do, and the damage can still be seen."""
    folder, reports = tmp_path / "index", tmp_path / "reports"
    shutil.copytree(pieces, folder)
    reports.mkdir()
    (reports / "a.txt").write_text("四平市人民政府工作报告\n\n营商环境持续优化，群众满意。\n", "utf-8")
    largest = max(folder.glob(f"*{ext}"), key=lambda path: path.stat().st_size)
    altered = bytearray(largest.read_bytes())
    altered[len(altered) // 3] ^= 4
    largest.write_bytes(altered)
    before = {path.name for path in folder.iterdir()}
    with pytest.raises(IndexDamaged, match=r"--rebuild"):
        index_sources([reports], folder, jobs=1)
    assert {path.name for path in folder.iterdir()} == before
    with pytest.raises(IndexDamaged, match=largest.stem.split(".")[0]):
        verify(folder, analyzer.fingerprint)
    assert index_sources([reports], folder, jobs=1, rebuild=True).reports == 1
    verify(folder, analyzer.fingerprint)


@pytest.mark.parametrize("budget", [pytest.param(1, marks=pytest.mark.thorough), 100_000, 1 << 29])
def test_merged_answers_as_the_pieces_did(
    pieces: Path, analyzer: Analyzer, tmp_path: Path, budget: int
) -> None:
    one = merged(pieces, analyzer, tmp_path / "one", budget)
    one.files.check()
    assert one.live is None
    before, after = (
        open_searcher(pieces, analyzer=analyzer),
        open_searcher(tmp_path / "one", analyzer=analyzer),
    )
    assert [before.report(r.id) for r in before.reports()] == [after.report(r.id) for r in after.reports()]
    for text in QUERIES:
        for sort in ("year", "-year"):
            query = Query(text, sort=sort, per_page=100)
            old, new = before.search(query), after.search(query)
            assert (old.total, old.reports, old.facets) == (new.total, new.reports, new.facets), text
            assert {hit.id for hit in new.hits} == {hit.id for hit in old.hits} or old.total > 100, text


def test_every_term_of_every_live_paragraph_is_there_at_its_places(
    pieces: Path, analyzer: Analyzer, tmp_path: Path
) -> None:
    one = merged(pieces, analyzer, tmp_path / "one", 50_000)
    chance = random.Random(8)
    field = one.field("text")
    assert field is not None
    for doc in chance.sample(range(one.doc_count), 30):
        wanted: dict[str, list[int]] = {}
        for term, start, _, _ in analyzer.index_terms(one.text(doc)):
            wanted.setdefault(term, []).append(start)
        for term, places in wanted.items():
            number = field.find(term.encode())
            assert number is not None, term
            docs = field.docs(number)
            flagged = field.positions(number)
            starts = np.append(np.flatnonzero(flagged & 0x8000), len(flagged))
            which = int(np.searchsorted(docs, doc))
            assert docs[which] == doc
            assert (flagged[starts[which] : starts[which + 1]] & 0x3FFF).tolist() == sorted(places)


def test_reports_of_several_segments_stand_in_the_order_of_their_sources(
    pieces: Path, analyzer: Analyzer
) -> None:
    segments = open_generation(pieces, analyzer.fingerprint).segments
    keys = [key for data in segments for key in data.source_keys()]
    places = source_places(segments)
    assert sorted(places.tolist()) == list(range(len(keys)))
    assert [keys[at] for at in np.argsort(places).tolist()] == sorted(keys)


def test_no_term_is_left_without_a_paragraph(pieces: Path, analyzer: Analyzer, tmp_path: Path) -> None:
    one = merged(pieces, analyzer, tmp_path / "one", 1 << 29)
    for name in (*SCORED_FIELDS, *FILTER_FIELDS):
        field = one.field(name)
        assert field is not None
        assert len(field) > 0
        assert int(field.df.min()) > 0
        terms = [field.term(number) for number in range(len(field))]
        assert terms == sorted(set(terms))


def test_lengths_and_totals_fit_the_live_paragraphs(pieces: Path, analyzer: Analyzer, tmp_path: Path) -> None:
    sources = open_generation(pieces, analyzer.fingerprint).segments
    one = merged(pieces, analyzer, tmp_path / "one", 1 << 29)
    for name in SCORED_FIELDS:
        live = [
            data.lengths[name] if data.live is None else data.lengths[name][data.live] for data in sources
        ]
        assert one.lengths[name].tolist() == np.concatenate(live).tolist()
        assert 0 < one.total_lengths[name] <= sum(data.total_lengths[name] for data in sources)
