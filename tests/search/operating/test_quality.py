"""What an operator should look at: every kind of doubt is found, and lines for metadata.csv end what was unknown."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.pipeline import index_sources
from search import Searcher, open_searcher
from search.errors import BudgetExceeded
from search.language.text import Analyzer
from search.limits import Budget
from search.operating import quality
from search.operating.quality import METADATA_COLUMNS, find_quality, metadata_lines

BODY = "".join(
    f"第{n}项工作在各乡镇街道推进落实，取得了看得见的成效，也还有不足之处需要补上。\n" for n in range(12)
)
BARE = "各位委员：我代表常务委员会作工作报告，请予审议。\n"


def bare(name: str) -> str:
    return BARE + BODY.replace("乡镇", f"{name}的乡镇")


def report(place: str, year: int) -> str:
    head = (
        f"政协{place}第八届委员会常务委员会工作报告\n——{year}年1月6日在政协{place}第八届委员会第二次会议上\n"
    )
    return head + bare(f"{place}{year}年")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sources = tmp_path / "reports"
    (sources / "below").mkdir(parents=True)
    for year in (2018, 2019, 2022):
        (sources / f"漳平{year}.txt").write_text(report("漳平市", year), "utf-8")
    (sources / "又一份.txt").write_text(report("漳平市", 2022), "utf-8")
    (sources / "四平市_2020.txt").write_text(report("四平市", 2023), "utf-8")
    (sources / "below" / "无[名]的.txt").write_text(bare("丙"), "utf-8")
    with (sources / "below" / "many.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["标题", "城市", "年份", "正文"])
        for n in range(12):
            known = n % 2
            rows.writerow(
                [f"报告{n + 1}", "四平市" if known else "", 2001 + n if known else "", bare(f"第{n}篇")]
            )
    with zipfile.ZipFile(sources / "packed.zip", "w") as packed:
        packed.writestr("一/乙.txt", bare("乙"))
        packed.writestr("一/甲.txt", report("白山市", 2021))
    return sources


@pytest.fixture
def searcher(folder: Path, tmp_path: Path, analyzer: Analyzer) -> Iterator[Searcher]:
    index_sources([folder], tmp_path / "index", jobs=1, analyzer=analyzer)
    found = open_searcher(tmp_path / "index", analyzer=analyzer)
    yield found
    found.close()


def test_every_kind_of_doubt_is_found(searcher: Searcher) -> None:
    found = find_quality(searcher)
    held = searcher.reports()
    unknown = {one.field: one for one in found.unknown}
    assert found.reports == len(held)
    assert unknown["place"].count == sum(one.city is None for one in held) == 8
    assert unknown["year"].count == sum(one.year is None for one in held) == 8
    assert {one.source.split("/")[-1].split("#")[0] for one in unknown["place"].reports} == {
        "many.csv",
        "无[名]的.txt",
        "乙.txt",
    }
    assert [source for source, _ in found.conflicts] == ["reports/四平市_2020.txt"]
    assert [{one.source, one.other} for one in found.duplicates] == [
        {"reports/又一份.txt", "reports/漳平2022.txt"}
    ]
    gaps = {gap.place: gap.missing for gap in found.gaps}
    assert gaps["漳平市"] == (2020, 2021)
    assert found.aside_count == len(found.aside) > 0
    assert found.aside_chars == sum(one.chars for one in found.aside)
    assert found.older == 0


def test_of_each_kind_only_the_first_are_listed_and_all_are_counted(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = find_quality(searcher)
    monkeypatch.setattr(quality, "MOST_LISTED", 1)
    found = find_quality(searcher)
    assert [len(one.reports) for one in found.unknown if one.count] == [1] * sum(
        one.count > 0 for one in found.unknown
    )
    assert [one.count for one in found.unknown] == [one.count for one in whole.unknown]
    assert (len(found.gaps), found.gap_count) == (1, whole.gap_count)


def test_lines_for_metadata_csv_end_what_was_unknown(
    searcher: Searcher, folder: Path, tmp_path: Path, analyzer: Analyzer
) -> None:
    """Whatever kind of source a report is from: a file, a row of a table, a member of an archive."""
    lines = [dict(zip(METADATA_COLUMNS, line, strict=True)) for line in metadata_lines(searcher)]
    assert len(lines) >= 8
    for line in lines:
        line["city"] = line["city"] or "白城市"
        line["year"] = line["year"] or 1999
        line["type"] = line["type"] or "政协常委会工作报告"
    out = io.StringIO()
    writer = csv.DictWriter(out, METADATA_COLUMNS)
    writer.writeheader()
    writer.writerows(lines)
    (folder / "metadata.csv").write_text(out.getvalue(), "utf-8-sig")
    summary = index_sources([folder], tmp_path / "index", jobs=1, analyzer=analyzer)
    assert not [one for one in summary.problems if "metadata.csv" in one.path], summary.problems
    again = open_searcher(tmp_path / "index", analyzer=analyzer)
    try:
        assert [
            (one.field, one.count) for one in find_quality(again).unknown if one.field != "plan_year"
        ] == [
            ("place", 0),
            ("year", 0),
            ("type", 0),
        ]
        known = [one for one in again.reports() if one.city == "四平市" and "many.csv" in one.source]
        assert sorted(one.year or 0 for one in known) == [2002, 2004, 2006, 2008, 2010, 2012]  # untouched
    finally:
        again.close()


def test_it_charges_a_budget(searcher: Searcher) -> None:
    with pytest.raises(BudgetExceeded):
        find_quality(searcher, budget=Budget(seconds=-1))


def test_an_empty_collection_has_nothing_doubtful(tmp_path: Path, analyzer: Analyzer, folder: Path) -> None:
    for path in [*folder.iterdir()]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    (folder / "一.txt").write_text(report("漳平市", 2020), "utf-8")
    index_sources([folder], tmp_path / "index", jobs=1, analyzer=analyzer)
    searcher = open_searcher(tmp_path / "index", analyzer=analyzer)
    try:
        found = find_quality(searcher)
        assert (found.reports, found.conflict_count, found.duplicate_count, found.gap_count) == (1, 0, 0, 0)
        assert list(metadata_lines(searcher)) == []
    finally:
        searcher.close()
