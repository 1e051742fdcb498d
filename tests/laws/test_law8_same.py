"""Law 8, same in, same out: the same files give the same paragraphs, ids, ranks and counts, however indexed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from indexer.pipeline import index_sources
from search import open_searcher
from search.embedded.store import open_generation
from search.language.text import Analyzer
from search.model import Query
from tests.laws.conftest import SAMPLE

QUERIES = (
    "", "委员", "提案办理", "民生 -工业", "“经济”", "产业 OR 生态", "title:委员会", "heading:建议",
    "year:2021..2023 民生", '"经济 发展"~20', "营商环境 服务", "20*", "政府工作报告", "中国人民政治协商会议", "的",
    "type:法院 案件",
)  # fmt: skip
_TINY_BUDGET = 40_000


def contents(folder: Path, analyzer: Analyzer) -> list[Any]:
    """Every report with its paragraphs and what was set aside, whenever it came in."""
    searcher = open_searcher(folder, analyzer=analyzer)
    texts = [searcher.report(report.id) for report in searcher.reports(others=True)]
    return [replace(text, report=replace(text.report, added=None)) for text in texts]


def answers(folder: Path, analyzer: Analyzer, *, ranked: bool = True) -> list[Any]:
    """What the queries give: totals and facets, and the ids in their order and the scores where `ranked`."""
    searcher = open_searcher(folder, analyzer=analyzer)
    found: list[Any] = []
    for text in QUERIES:
        for sort in ("relevance", "-year"):
            result = searcher.search(Query(text, per_page=100, sort=sort))
            found.append((text, sort, result.total, result.reports, result.facets))
            if ranked:
                found.append([(hit.id, hit.spans, round(hit.score, 4)) for hit in result.hits])
    return found


def build(sources: Sequence[Path], folder: Path, **options: Any) -> Path:
    index_sources(sources, folder, **options)
    return folder


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build([SAMPLE], tmp_path_factory.mktemp("reference"), jobs=1)


@pytest.fixture(scope="module")
def known_contents(reference: Path, analyzer: Analyzer) -> list[Any]:
    return contents(reference, analyzer)


@pytest.fixture(scope="module")
def known_answers(reference: Path, analyzer: Analyzer) -> list[Any]:
    return answers(reference, analyzer)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"jobs": 1}, marks=pytest.mark.thorough),
        {"jobs": 2},
        {"jobs": 1, "memory_bytes": _TINY_BUDGET},
    ],
    ids=["again", "two-workers", "small-budget"],
)
def test_building_anew_gives_the_same(
    analyzer: Analyzer,
    tmp_path: Path,
    options: dict[str, Any],
    known_contents: list[Any],
    known_answers: list[Any],
) -> None:
    again = build([SAMPLE], tmp_path / "index", **options)
    assert contents(again, analyzer) == known_contents
    assert answers(again, analyzer) == known_answers


@pytest.mark.thorough
def test_a_segment_for_each_file_gives_the_same(analyzer: Analyzer, tmp_path: Path) -> None:
    files = sorted(SAMPLE.iterdir())
    one = build(files, tmp_path / "one", jobs=1)
    merged = build(files, tmp_path / "merged", jobs=1, memory_bytes=1)
    assert contents(merged, analyzer) == contents(one, analyzer)
    assert answers(merged, analyzer) == answers(one, analyzer)


def test_building_over_an_old_index_gives_the_same(
    analyzer: Analyzer, tmp_path: Path, known_contents: list[Any], known_answers: list[Any]
) -> None:
    folder = build([SAMPLE / "liuzhou-2022-npc.txt"], tmp_path / "index", jobs=1)
    build([SAMPLE], folder, jobs=1, rebuild=True)
    assert contents(folder, analyzer) == known_contents
    assert answers(folder, analyzer) == known_answers


def test_a_second_run_changes_nothing(reference: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    shutil.copytree(reference, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    summary = index_sources([SAMPLE], folder, jobs=1)
    assert (summary.added, summary.updated, summary.removed) == (0, 0, 0)
    assert summary.unchanged == len(list(SAMPLE.iterdir()))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("budget", [300_000, pytest.param(1 << 29, marks=pytest.mark.thorough)])
def test_adding_changing_and_removing_ends_where_building_anew_does(
    analyzer: Analyzer, tmp_path: Path, budget: int
) -> None:
    sources, folder = tmp_path / "sample", tmp_path / "index"
    sources.mkdir()
    files = sorted(SAMPLE.iterdir())
    for batch in range(5):
        for file in files[batch::5]:
            shutil.copy(file, sources)
        if batch == 1:
            changed = sources / files[0].name
            changed.write_text(
                changed.read_text(encoding="utf-8") + "\n\n只在中间有过的一段。\n", encoding="utf-8"
            )
        if batch == 2:
            shutil.copy(files[0], sources)
            (sources / files[5].name).unlink()
        if batch == 3:
            shutil.copy(files[5], sources)
            (sources / "news.txt").write_text("本报讯\n\n这是后来删去的。\n", encoding="utf-8")
        if batch == 4:
            (sources / "news.txt").unlink()
        index_sources([sources], folder, jobs=1, memory_bytes=budget)
    assert len(open_generation(folder, analyzer.fingerprint).segments) > 1
    anew = build([sources], tmp_path / "anew", jobs=1)
    assert contents(folder, analyzer) == contents(anew, analyzer)
    assert answers(folder, analyzer, ranked=False) == answers(anew, analyzer, ranked=False)


def test_ids_depend_on_the_folder_and_not_on_where_it_stands(
    analyzer: Analyzer, tmp_path: Path, known_contents: list[Any]
) -> None:
    elsewhere = tmp_path / "moved" / SAMPLE.name
    shutil.copytree(SAMPLE, elsewhere)
    folder = build([elsewhere], tmp_path / "index", jobs=1)
    assert contents(folder, analyzer) == known_contents
