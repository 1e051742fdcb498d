"""The catalogue as columns: segments with and without packed tables list alike, and a page reads its own records."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

from search.collection import DraftReport, ReportSort
from search.embedded.collection import EmbeddedCollection
from search.embedded.report_strings import NO_TITLE, rank_titles
from search.embedded.segment import SegmentData
from search.embedded.store import open_generation
from search.embedded.writing import writer as writer_module
from search.embedded.writing.segment_files import SegmentFiles
from search.embedded.writing.writer import begin_writing
from search.language.text import Analyzer
from search.model import REPORT_FACETS
from search.report_order import count_values, sort_reports
from tests.contract.drafts import paragraph, report, source

TABLES = {"title", "title_at", "title_rank", "code"}
TITLES = ("乙报告", None, "甲报告", "", "乙报告", "𠀀", "丙", "甲", "甲报告", None, "丙", "丁", "〇")
CITIES = (("四平市", "220300"), ("通化市", "220500"), (None, None), ("大同市", "140200"), ("无码市", None))


def name_of(number: int) -> str:
    return f"{number % 7}-{number}.txt"


def draft_of(number: int) -> DraftReport:
    city, code = CITIES[number % len(CITIES)]
    day = f"2024-0{number % 9 + 1}-1{number % 3}"
    return report(
        f"r{number}",
        name_of(number),
        [paragraph("协商民主")],
        title=TITLES[number % len(TITLES)],
        city=city,
        code=code,
        year=2020 + number % 4 if number % 5 else None,
        date=day if number % 2 else "2024年春",
        added=f"{day}T0{number % 7}:00:00Z" if number % 3 else None,
        type="政府工作报告" if number % 4 else None,
    )


def write(folder: Path, analyzer: Analyzer, numbers: range) -> None:
    with begin_writing(folder, analyzer) as writer:
        for number in numbers:
            writer.add(writer.preparer(source(name_of(number), [draft_of(number)])))
        writer.commit()


@pytest.fixture
def index(tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four segments; the second one and the largest have no packed tables, as they were written before."""
    write_arrays = SegmentFiles.write_arrays

    def write_before(
        files: SegmentFiles, ext: str, arrays: Mapping[str, Any], meta: Mapping[str, Any] | None = None
    ) -> None:
        write_arrays(files, ext, {name: of for name, of in arrays.items() if name not in TABLES}, meta)

    monkeypatch.setattr(writer_module, "plan_merges", lambda segments: [])
    for numbers, is_old in (
        (range(8), False),
        (range(8, 20), True),
        (range(20, 45), True),
        (range(45, 60), False),
    ):
        with monkeypatch.context() as patch:
            if is_old:
                patch.setattr(SegmentFiles, "write_arrays", write_before)
            write(tmp_path, analyzer, numbers)
    held = [
        "title_rank" in data.catalogue for data in open_generation(tmp_path, analyzer.fingerprint).segments
    ]
    assert sorted(held) == [False, False, True, True]
    return tmp_path


@pytest.mark.parametrize("sort", get_args(ReportSort))
def test_segments_of_before_are_listed_with_the_others(
    index: Path, analyzer: Analyzer, sort: ReportSort
) -> None:
    view = EmbeddedCollection(index, analyzer.fingerprint).at()
    total, by_source = view.reports()
    assert total == 60
    assert len({of.title for of in by_source}) > 5
    assert view.reports(sort=sort) == (60, sort_reports(by_source, sort))
    for field in REPORT_FACETS:
        assert view.report_values(field) == count_values(by_source, field)


def test_titles_of_all_segments_have_one_order(index: Path, analyzer: Analyzer) -> None:
    segments = open_generation(index, analyzer.fingerprint).segments
    for some in (segments, segments[:1], segments[::-1], segments[1:3], segments[:0]):
        titles = [data.record(number)["title"] for data in some for number in range(data.report_count)]
        ranks = rank_titles(some).tolist()
        known = sorted({title for title in titles if title is not None})
        assert ranks == [NO_TITLE if title is None else known.index(title) for title in titles]


def test_a_page_reads_no_other_records(
    tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, analyzer, range(50))
    monkeypatch.setattr("search.embedded.report_table._FEW", 10)
    read: list[int] = []
    record = SegmentData.record

    def counted(data: SegmentData, number: int) -> dict[str, Any]:
        read.append(number)
        return record(data, number)

    monkeypatch.setattr(SegmentData, "record", counted)
    view = EmbeddedCollection(tmp_path, analyzer.fingerprint).at()
    for sort in get_args(ReportSort):
        assert view.reports((("city", ("四平市", None)),), sort=sort, count=0)[0] == 20
    view.report_values("city")
    view.stats()
    assert not read
    view.reports(sort="title", skip=10, count=3)
    assert len(read) == 3
