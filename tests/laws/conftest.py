"""Indexes that the laws are tried on, each built once a session: merged, and in pieces with deletions."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from indexer.pipeline import index_sources
from search import open_searcher
from search.answer.searcher import Searcher
from search.embedded.store import open_generation
from search.embedded.writing import writer
from search.language.text import Analyzer
from tests.laws.bruteforce import Collection

SAMPLE = Path(__file__).resolve().parents[2] / "index_data" / "sample"
_BATCHES = 4


@dataclass(frozen=True, slots=True)
class Built:
    """An index on disk, a searcher over it, and the same paragraphs as a plain list."""

    folder: Path
    searcher: Searcher
    collection: Collection


def open_built(folder: Path, analyzer: Analyzer) -> Built:
    searcher = open_searcher(folder, analyzer=analyzer)
    return Built(folder, searcher, Collection(searcher))


def build_merged(sources: Path, folder: Path, analyzer: Analyzer) -> Built:
    """One segment."""
    index_sources([sources], folder, jobs=1)
    assert len(open_generation(folder, analyzer.fingerprint).segments) == 1
    return open_built(folder, analyzer)


def build_pieces(files: Iterable[Path], work: Path, analyzer: Analyzer) -> Built:
    """Several segments, some of their reports deleted: indexed batch by batch, then files changed and removed.

    They would be merged; here they must not be.
    """
    chance = random.Random(4)
    sources, folder = work / "sources", work / "index"
    sources.mkdir()
    shuffled = sorted(files)
    chance.shuffle(shuffled)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "plan_merges", lambda segments: [])
        for batch in range(_BATCHES):
            for file in shuffled[batch::_BATCHES]:
                shutil.copy(file, sources / file.name)
            index_sources([sources], folder, jobs=1)
        for file in shuffled[1 :: 3 * _BATCHES]:
            (sources / file.name).unlink()
        for file in shuffled[2 :: 3 * _BATCHES]:
            with (sources / file.name).open("a", encoding="utf-8") as out:
                out.write("\n\n这一段是后来补上的，说明这份报告已经改过一次。\n")
        index_sources([sources], folder, jobs=1)
    segments = open_generation(folder, analyzer.fingerprint).segments
    assert len(segments) > _BATCHES
    assert any(data.live is not None for data in segments)
    return open_built(folder, analyzer)


@pytest.fixture(scope="session")
def merged(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Built:
    """The sample reports in one segment."""
    return build_merged(SAMPLE, tmp_path_factory.mktemp("merged"), analyzer)


@pytest.fixture(scope="session")
def pieces(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Built:
    """The sample reports in several segments with deletions."""
    return build_pieces(SAMPLE.iterdir(), tmp_path_factory.mktemp("pieces"), analyzer)


@pytest.fixture(scope="session")
def corpus_merged(shared: Path, tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Built:
    """The real reports in one segment."""
    return build_merged(shared / "corpus" / "reports", tmp_path_factory.mktemp("corpus"), analyzer)


@pytest.fixture(scope="session")
def corpus_pieces(shared: Path, tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Built:
    """The real reports in several segments with deletions."""
    files = (shared / "corpus" / "reports").glob("*.txt")
    return build_pieces(files, tmp_path_factory.mktemp("corpus_pieces"), analyzer)


@pytest.fixture(params=["merged", "pieces"])
def built(request: pytest.FixtureRequest) -> Built:
    """The sample reports, merged and in pieces."""
    found: Built = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=["corpus_merged", "corpus_pieces"])
def corpus_built(request: pytest.FixtureRequest) -> Built:
    """The real reports, merged and in pieces."""
    found: Built = request.getfixturevalue(request.param)
    return found
