"""Law 9 on the 2,117 reports of the archive: names that no dictionary has, names written with marks, real queries.

The numbers of NAMES are what a scan of the sources gives: whoever changes how text is read sees which of them move.
"""

from __future__ import annotations

import csv
import os
import random
import tarfile
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from indexer.pipeline import index_sources
from search.language.query import Chunk, to_text
from search.language.text import Analyzer
from search.model import Query
from tests.laws.conftest import Built, open_built
from tests.laws.phrase_scan import PhraseScan
from tests.laws.test_law9_one_number import fault, path_fault, random_chunks

pytestmark = pytest.mark.corpus

CASES = int(os.environ.get("XIESOU_ARCHIVE_CASES", "40"))
"""How many strings go through every path; a string takes about a second."""

NAMES = {
    "夜经济": (218, 230),
    "强基计划": (6, 6),
    "全过程人民民主": (77, 78),
    "互联网+": (1462, 1593),
    "数据要素": (166, 188),
    "大模型": (114, 131),
    "十四五规划": (1062, 1147),
    "放管服改革": (1337, 1350),
    "双减政策": (174, 174),
    "三农工作": (483, 503),
    "千万工程": (289, 293),
    "双随机一公开": (447, 448),
    "房子是用来住的不是用来炒的": (117, 117),
    "教育医疗": (218, 221),
}
"""Paragraphs and occurrences of each."""


@pytest.fixture(scope="module")
def archive(shared: Path, tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Iterator[Built]:
    sources = tmp_path_factory.mktemp("archive")
    with tarfile.open(shared / "corpus" / "gov_reports.tar.xz") as packed:
        packed.extractall(sources, filter="data")
    folder = tmp_path_factory.mktemp("archive_index")
    index_sources([sources], folder)
    built = open_built(folder, analyzer)
    assert len(built.searcher.reports()) == 2117
    yield built
    built.searcher.close()


@pytest.fixture(scope="module")
def scan(archive: Built) -> PhraseScan:
    return PhraseScan(archive.collection)


@pytest.fixture(scope="module")
def real_queries(shared: Path) -> list[dict[str, str]]:
    """What people typed, with what a plain scan for its parts finds and what a simulation of the rules found.

    A plain scan takes `1000 亿元` and `“十四五”规划` apart; the rules don't.
    """
    with (shared / "cases" / "tier_queries.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def is_one_chunk(row: dict[str, str]) -> bool:
    return "|" not in row["reading"] and not set(row["query"]) & set(' "~*:')


@pytest.mark.parametrize("name", NAMES)
def test_names_have_their_numbers_on_every_path(archive: Built, scan: PhraseScan, name: str) -> None:
    found = scan.find(name)
    assert (len(found), sum(map(len, found.values()))) == NAMES[name]
    assert fault(archive, scan, name, paths=True) is None


def test_a_name_that_no_dictionary_has_begins_when_it_was_first_said(archive: Built) -> None:
    cells = archive.searcher.distribution(Query("夜经济"))
    said = {cell.year for cell in cells.cells if cell.occurrences}
    assert min(year for year in said if year is not None) == 2012


def test_real_queries_of_one_chunk_equal_the_scan(
    archive: Built, scan: PhraseScan, real_queries: list[dict[str, str]]
) -> None:
    tried = 0
    for row in filter(is_one_chunk, real_queries):
        found = scan.find(row["query"])
        counts = archive.searcher.count(Query(row["query"]))
        if found or counts.paragraphs == 0:
            assert (counts.paragraphs, counts.occurrences) == (len(found), sum(map(len, found.values()))), row
            tried += 1
    assert tried >= 60


def test_few_real_queries_are_left_empty(archive: Built, real_queries: list[dict[str, str]]) -> None:
    """What a plain scan finds is not lost; names that texts write with marks, places and years are found besides."""
    sizes: dict[str, Counter[str]] = {"plain_scan": Counter(), "tier_1": Counter()}
    for row in real_queries:
        total = archive.searcher.count(Query(row["query"])).paragraphs
        assert total >= min(int(row["plain_scan"]), int(row["by_the_rules_simulated"])), row
        sizes["tier_1"][size_class(total)] += 1
        sizes["plain_scan"][size_class(int(row["plain_scan"]))] += 1
    assert sizes == {
        "plain_scan": {"empty": 22, "small": 10, "fine": 75},
        "tier_1": {"empty": 7, "small": 9, "fine": 91},
    }


def size_class(total: int) -> str:
    return "empty" if not total else "small" if total < 10 else "fine"


def test_any_string_has_one_number_on_every_path(archive: Built, scan: PhraseScan) -> None:
    faults = []
    for string in islice(random_chunks(archive.collection, random.Random(2117)), CASES):
        query = Query(to_text(Chunk(string)), per_page=100)
        if found := scan.find(string):
            faults.append(path_fault(archive, query, (len(found), sum(map(len, found.values())))))
    assert len(faults) > CASES / 2
    assert [said for said in faults if said] == []
