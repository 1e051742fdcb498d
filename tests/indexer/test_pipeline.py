"""A run of the indexer over files: what is added, updated, removed, kept; names and ids; what it says of problems."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.pdf.drawing import Placed, draw_pdf
from indexer import pipeline
from indexer.pipeline import index_sources
from indexer.workers import iter_outcomes
from search import open_searcher
from search.errors import IndexUnwritable, SourceError
from search.language.text import Analyzer
from search.model import Query
from tests.indexer.scans import pretend, recognised
from tests.indexer.test_readers_inserted import as_docx, png

REPORT = """政协{city}委员会常务委员会工作报告

{year}年1月10日在政协{city}第十届委员会第二次会议上

一、过去一年的工作

优化营商环境，开展专题协商12次，{city}的面貌一新。
"""


def write(path: Path, city: str = "四平市", year: int = 2023, more: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(REPORT.format(city=city, year=year) + more, encoding="utf-8")
    return path


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    write(tmp_path / "reports" / "a.txt", "四平市")
    write(tmp_path / "reports" / "deep" / "b.txt", "通化市", 2024)
    return tmp_path / "reports"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def held(index: Path, analyzer: Analyzer) -> dict[str, str]:
    return {report.source: report.id for report in open_searcher(index, analyzer=analyzer).reports()}


def test_folders_are_walked_and_files_are_named_from_the_folder_on(
    sources: Path, index: Path, analyzer: Analyzer
) -> None:
    summary = index_sources([sources], index, jobs=1)
    assert (summary.added, summary.reports, summary.problems) == (2, 2, [])
    assert set(held(index, analyzer)) == {"reports/a.txt", "reports/deep/b.txt"}


def test_the_same_file_by_several_paths_is_one(sources: Path, index: Path, analyzer: Analyzer) -> None:
    summary = index_sources([sources, sources / "a.txt", sources / "deep"], index, jobs=1)
    assert summary.added == 2
    assert len(held(index, analyzer)) == 2


def test_files_of_one_name_in_two_folders_are_two(tmp_path: Path, index: Path, analyzer: Analyzer) -> None:
    write(tmp_path / "x" / "reports" / "a.txt", "四平市")
    write(tmp_path / "y" / "reports" / "a.txt", "通化市")
    summary = index_sources([tmp_path / "x" / "reports", tmp_path / "y" / "reports"], index, jobs=1)
    assert (summary.added, summary.reports) == (2, 2)
    assert len(set(held(index, analyzer).values())) == 2


def test_other_folders_stay_when_one_is_indexed_again(sources: Path, tmp_path: Path, index: Path) -> None:
    write(tmp_path / "others" / "c.txt", "洛阳市")
    index_sources([sources], index, jobs=1)
    summary = index_sources([tmp_path / "others"], index, jobs=1)
    assert (summary.added, summary.removed, summary.reports) == (1, 0, 3)
    summary = index_sources([tmp_path / "others"], index, jobs=1, rebuild=True)
    assert summary.reports == 1


def test_a_folder_whose_name_begins_like_another_s_is_another(tmp_path: Path, index: Path) -> None:
    write(tmp_path / "reports" / "a.txt", "四平市")
    write(tmp_path / "reports-old" / "b.txt", "通化市")
    index_sources([tmp_path / "reports", tmp_path / "reports-old"], index, jobs=1)
    (tmp_path / "reports-old" / "b.txt").unlink()
    summary = index_sources([tmp_path / "reports"], index, jobs=1)
    assert (summary.removed, summary.reports) == (0, 2)


def test_touching_a_file_changes_nothing(sources: Path, index: Path) -> None:
    index_sources([sources], index, jobs=1)
    os.utime(sources / "a.txt", (1, 1))
    summary = index_sources([sources], index, jobs=1)
    assert (summary.unchanged, summary.updated) == (2, 0)


def test_a_renamed_file_is_one_removed_and_one_added_and_said_so(sources: Path, index: Path) -> None:
    index_sources([sources], index, jobs=1)
    (sources / "a.txt").rename(sources / "z.txt")
    summary = index_sources([sources], index, jobs=1)
    assert (summary.added, summary.removed, summary.renamed, summary.reports) == (1, 1, 1, 2)


@pytest.mark.parametrize("jobs", [1, 2])
def test_file_rewritten_during_a_run_is_read_again_by_the_next(
    tmp_path: Path, index: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    """What was read of it is half; that it has the same bytes before and after must not make it the whole."""
    files = [write(tmp_path / "reports" / f"{n}.txt", "四平市", 2010 + n) for n in range(5)]
    whole = files[3].read_bytes()
    outcomes = iter_outcomes

    def rewritten(*arguments: Any, **options: Any) -> Generator[Any, None, None]:
        files[3].write_bytes(whole[: whole.index("优化".encode())])
        yield from outcomes(*arguments, **options)
        files[3].write_bytes(whole)

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "iter_outcomes", rewritten)
        index_sources([tmp_path / "reports"], index, jobs=jobs)
    assert open_searcher(index, analyzer=analyzer).search(Query("“专题协商12次”")).total == 4
    summary = index_sources([tmp_path / "reports"], index, jobs=jobs)
    assert (summary.updated, summary.unchanged) == (1, 4)
    assert open_searcher(index, analyzer=analyzer).search(Query("“专题协商12次”")).total == 5


def test_table_rewritten_during_a_run_has_its_files_read_again(
    sources: Path, index: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = sources / "metadata.csv"
    table.write_text("file,year\na.txt,1999\n", encoding="utf-8")
    outcomes = iter_outcomes

    def rewritten(*arguments: Any, **options: Any) -> Generator[Any, None, None]:
        whole = table.read_bytes()
        table.write_bytes(b"file,y")
        yield from outcomes(*arguments, **options)
        table.write_bytes(whole)

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "iter_outcomes", rewritten)
        index_sources([sources], index, jobs=1)
    summary = index_sources([sources], index, jobs=1)
    assert (summary.updated, summary.unchanged) == (1, 1)
    years = {report.source: report.year for report in open_searcher(index, analyzer=analyzer).reports()}
    assert years["reports/a.txt"] == 1999


def test_metadata_csv_beside_the_files_has_them_read_again(
    sources: Path, index: Path, analyzer: Analyzer
) -> None:
    index_sources([sources], index, jobs=1)
    (sources / "metadata.csv").write_text("file,year\na.txt,1999\n", encoding="utf-8")
    summary = index_sources([sources], index, jobs=1)
    assert summary.updated == 1
    years = {report.source: report.year for report in open_searcher(index, analyzer=analyzer).reports()}
    assert years == {"reports/a.txt": 1999, "reports/deep/b.txt": 2024}


def test_many_small_changes_end_with_the_same_as_one_run(
    sources: Path, index: Path, tmp_path: Path, analyzer: Analyzer
) -> None:
    for number in range(9):
        write(sources / f"n{number}.txt", "四平市", 2010 + number, f"\n第{number}份的特别说明。\n")
        index_sources([sources], index, jobs=1)
    index_sources([sources], tmp_path / "once", jobs=1)
    assert held(index, analyzer) == held(tmp_path / "once", analyzer)
    searcher = open_searcher(index, analyzer=analyzer)
    assert [searcher.search(Query(f"“第{number}份的特别说明”")).total for number in range(9)] == [1] * 9


def test_pages_that_were_not_read_are_read_once_recognition_is_installed(
    tmp_path: Path, index: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "各位委员，我受常务委员会的委托，向大会报告工作，请予审议。"
    scan = [Placed(76.0, 700.0, "全年开展专题协商十二次，提出意见建议三百余条。")]
    folder = tmp_path / "报告"
    folder.mkdir()
    (folder / "四平市.pdf").write_bytes(draw_pdf([[Placed(76.0, 700.0, text)], []], pictures=[1]))
    first = index_sources([folder], index, analyzer=analyzer)
    assert [problem.reason.code for problem in first.problems] == ["pages_are_pictures"]
    assert index_sources([folder], index, analyzer=analyzer).unchanged == 1
    pretend(monkeypatch, {1: recognised(scan)})
    now = index_sources([folder], index, analyzer=analyzer)
    assert (now.updated, now.problems) == (1, [])
    assert [note.reason.code for note in now.notes] == ["pages_recognised"]
    assert index_sources([folder], index, analyzer=analyzer).unchanged == 1


def test_scans_inside_a_document_are_read_once_recognition_is_installed(
    tmp_path: Path, index: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "报告"
    folder.mkdir()
    (folder / "四平市.docx").write_bytes(as_docx(["各位委员，我受委托向大会报告工作。", png((1240, 1754))]))
    first = index_sources([folder], index, analyzer=analyzer)
    assert [problem.reason.code for problem in first.problems] == ["pictures_not_read"]
    pretend(monkeypatch, [recognised([Placed(76.0, 700.0, "全年开展专题协商十二次。")])])
    now = index_sources([folder], index, analyzer=analyzer)
    assert (now.updated, now.problems) == (1, [])
    assert index_sources([folder], index, analyzer=analyzer).unchanged == 1
    hits = open_searcher(index, analyzer=analyzer).search(Query("专题协商")).hits
    assert [hit.ocr is not None for hit in hits] == [True]


def test_progress_is_told_for_each_fresh_file(sources: Path, index: Path) -> None:
    told: list[tuple[int, int, str]] = []
    index_sources([sources], index, jobs=1, on_progress=lambda *of: told.append(of))
    assert [(done, total) for done, total, _ in told] == [(1, 2), (2, 2)]
    assert [name for _, _, name in told] == ["reports/a.txt", "reports/deep/b.txt"]
    told.clear()
    index_sources([sources], index, jobs=1, on_progress=lambda *of: told.append(of))
    assert told == []


def test_workers_give_the_same_as_one_process(
    sources: Path, index: Path, tmp_path: Path, analyzer: Analyzer
) -> None:
    for number in range(6):
        write(sources / f"n{number}.txt", "四平市", 2010 + number)
    (sources / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    by_one = index_sources([sources], index, jobs=1)
    by_two = index_sources([sources], tmp_path / "two", jobs=2)
    assert by_one.problems == by_two.problems != []
    assert held(index, analyzer) == held(tmp_path / "two", analyzer)


def test_no_path_that_exists_is_an_error_before_anything_is_made(tmp_path: Path, index: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        index_sources([tmp_path / "nowhere"], index)
    assert not index.exists()


def test_an_index_folder_that_is_a_file_is_told(sources: Path, index: Path) -> None:
    index.write_text("")
    with pytest.raises(IndexUnwritable, match="--index DIR"):
        index_sources([sources], index, jobs=1)


def test_a_folder_emptied_empties_the_index(sources: Path, index: Path, analyzer: Analyzer) -> None:
    index_sources([sources], index, jobs=1)
    (sources / "a.txt").unlink()
    (sources / "deep" / "b.txt").unlink()
    summary = index_sources([sources], index, jobs=1)
    assert (summary.removed, summary.reports, summary.paragraphs) == (2, 0, 0)
    assert open_searcher(index, analyzer=analyzer).search(Query()).total == 0
