"""Which partial matches are found doesn't depend on the pieces in which their paragraphs are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.pipeline import index_sources
from search.embedded.collection import EmbeddedCollection
from search.embedded.store import open_generation
from search.embedded.writing import writer
from search.language import statistics
from search.language.plan import All, Nothing
from search.language.text import Analyzer

SAMPLE = Path(__file__).resolve().parents[3] / "index_data" / "sample"
RARE, COMMON = ("乡村振兴", "社区", "养老", "提案"), ("发展", "工作", "建设")


def candidates(
    folder: Path, analyzer: Analyzer, bringing: str, common: str, count: int
) -> list[tuple[str, int]]:
    """The paragraphs, best first."""
    view = EmbeddedCollection(folder, analyzer.fingerprint).at()
    terms = [("text", bringing, 1.0), ("text", common, 3.0), ("title", "会议", 0.5)]
    refs = view.candidates(terms, strict=All(), without=Nothing(), count=count)
    return [(paragraph.report.id, paragraph.n) for paragraph in view.paragraphs(refs)]


@pytest.fixture(scope="module")
def whole_and_pieces(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> tuple[Path, Path]:
    """The same files in one segment and in one for each file."""
    work = tmp_path_factory.mktemp("candidates")
    files = sorted(SAMPLE.iterdir())[:24]
    index_sources(files, work / "whole", jobs=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "plan_merges", lambda segments: [])
        index_sources(files, work / "pieces", jobs=1, memory_bytes=1)
    assert len(open_generation(work / "whole", analyzer.fingerprint).segments) == 1
    assert len(open_generation(work / "pieces", analyzer.fingerprint).segments) > 10
    return work / "whole", work / "pieces"


@pytest.mark.parametrize("count", [1, 2, 5])
def test_candidates_are_the_same_in_one_segment_and_in_many(
    whole_and_pieces: tuple[Path, Path], analyzer: Analyzer, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "BRINGING", 10)
    whole, pieces = whole_and_pieces
    for bringing in RARE:
        for common in COMMON:
            found = candidates(whole, analyzer, bringing, common, count)
            assert len(found) == count
            assert candidates(pieces, analyzer, bringing, common, count) == found, (bringing, common)
