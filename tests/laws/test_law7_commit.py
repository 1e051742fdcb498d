"""Law 7, one commit point: the index on disk is either the old one or the new one, whatever kills the writer.

XIESOU_LAW_KILLS sets how often a run is killed (20 where it is not set, 5 in `make test`): half at a random moment,
half right before a random touch of the index directory.
"""

from __future__ import annotations

import gc
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from indexer.pipeline import index_sources
from search import open_searcher
from search.embedded import collection as embedded_collection
from search.embedded.snapshot import Snapshot
from search.embedded.store import open_generation, read_toc, verify
from search.language.text import Analyzer
from search.model import Query
from tests.cases import cases
from tests.laws.conftest import SAMPLE

KILLS = int(os.environ.get("XIESOU_LAW_KILLS", cases(20, least=4)))
ROOT = Path(__file__).resolve().parents[2]
COMMITS = cases(50, least=5)
TINY_BUDGET = 40_000
"""Bytes: a run puts occurrences away, writes several segments, and merges them."""

Paragraphs = dict[str, str]


def paragraphs(folder: Path, analyzer: Analyzer) -> Paragraphs:
    """Every paragraph of the index by its id."""
    searcher = open_searcher(folder, analyzer=analyzer)
    return {
        paragraph.id: paragraph.text
        for report in searcher.reports(others=True)
        for paragraph in searcher.report(report.id).paragraphs
    }


def needed_files(folder: Path) -> set[str]:
    """What the newest generation needs, by its TOC."""
    toc = read_toc(folder).toc
    return {f"_MAIN_{toc.generation}.toc"} | {name for segment in toc.segments for name in segment.checks}


class Runner:
    """Starts runs of the indexer in processes that may be killed."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.laws.killable_run"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def run(
        self,
        sources: Path,
        index: Path,
        *,
        after: float | None = None,
        kind: str = "incremental",
        **order: Any,
    ) -> int:
        """The exit code of a run; killed right before its `die_at`-th touch, or `after` so many seconds."""
        assert self._process.stdin is not None
        order = {
            "sources": str(sources),
            "index": str(index),
            "memory_bytes": TINY_BUDGET,
            "kind": kind,
            **dict.fromkeys(("die_at", "full_at", "file_bytes", "count_to")),
            **order,
        }
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        process = int(self._line())
        if after is not None:
            time.sleep(after)
            os.kill(process, signal.SIGKILL)
        self._process.stdin.write("wait\n")
        self._process.stdin.flush()
        return int(self._line())

    def close(self) -> None:
        self._process.communicate()


@dataclass(frozen=True, slots=True)
class Case:
    """An index, the sources as they have become since, and both states' paragraphs."""

    sources: Path
    index: Path
    old: Paragraphs
    new: Paragraphs

    def copy_index(self, to: Path) -> Path:
        shutil.copytree(self.index, to)
        return to


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Case:
    work = tmp_path_factory.mktemp("commit")
    sources, index = work / "sources", work / "index"
    sources.mkdir()
    files = sorted(SAMPLE.iterdir())
    for file in files[:12]:
        shutil.copy(file, sources)
    index_sources([sources], index, jobs=1, memory_bytes=TINY_BUDGET)
    old = paragraphs(index, analyzer)
    for file in files[12:18]:
        shutil.copy(file, sources)
    (sources / files[3].name).unlink()
    changed = sources / files[5].name
    changed.write_text(changed.read_text(encoding="utf-8") + "\n\n后来补上的一段。\n", encoding="utf-8")
    after = work / "after"
    shutil.copytree(index, after)
    index_sources([sources], after, jobs=1, memory_bytes=TINY_BUDGET)
    return Case(sources, index, old, paragraphs(after, analyzer))


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    found = Runner()
    yield found
    found.close()


def check_after_kill(case: Case, index: Path, analyzer: Analyzer) -> bool:
    """That the old index or the new one is there, whole, and that the next run goes on; whether it is the new one."""
    verify(index, analyzer.fingerprint)
    there = paragraphs(index, analyzer)
    assert there in (case.old, case.new)
    index_sources([case.sources], index, jobs=1)
    assert paragraphs(index, analyzer) == case.new
    verify(index, analyzer.fingerprint)
    assert {path.name for path in index.iterdir()} - {"MAIN_WRITELOCK"} == needed_files(index)
    return there == case.new


def test_killed_at_any_moment_leaves_the_old_or_the_new(
    case: Case, runner: Runner, analyzer: Analyzer, tmp_path: Path
) -> None:
    begun = time.perf_counter()
    assert runner.run(case.sources, case.copy_index(tmp_path / "whole")) == 0
    seconds = time.perf_counter() - begun
    chance = random.Random(7)
    for number in range(KILLS // 2):
        index = case.copy_index(tmp_path / str(number))
        runner.run(case.sources, index, after=chance.uniform(0, seconds))
        check_after_kill(case, index, analyzer)


def test_killed_at_any_touch_of_the_directory_leaves_the_old_or_the_new(
    case: Case, runner: Runner, analyzer: Analyzer, tmp_path: Path
) -> None:
    counted = tmp_path / "touches"
    assert runner.run(case.sources, case.copy_index(tmp_path / "whole"), count_to=str(counted)) == 0
    touches = int(counted.read_text("ascii"))
    chance = random.Random(77)
    last = range(max(1, touches - 3), touches + 1)  # the commit itself is near the end
    # Where more kills are asked for than a run has touches: at every touch.
    others = min(max(KILLS // 2 - len(last), 1), touches)
    chosen = {*last, *chance.sample(range(1, touches + 1), others)}
    new = 0
    for number in sorted(chosen):
        index = case.copy_index(tmp_path / str(number))
        assert runner.run(case.sources, index, die_at=number) == -signal.SIGKILL
        new += check_after_kill(case, index, analyzer)
    assert 0 < new < len(chosen), "no kill fell before the commit, or none behind it"


def test_reader_keeps_the_old_generation_while_a_new_one_is_committed(
    case: Case, analyzer: Analyzer, tmp_path: Path
) -> None:
    index = case.copy_index(tmp_path / "index")
    held = Snapshot(open_generation(index, analyzer.fingerprint))
    index_sources([case.sources], index, jobs=1, rebuild=True)
    kept = {
        f"{data.record(report)['id']}-p{data.number(doc)}": data.text(doc)
        for data, report in held.live_reports
        for doc in data.report_docs(report)
    }
    assert kept == case.old
    for part in held.parts:
        for array_file in (part.data.terms, part.data.postings, part.data.paragraphs, part.data.catalogue):
            array_file.check()
        assert not any((index / name).exists() for name in part.data.segment.checks)


def test_running_searcher_moves_to_the_new_generation_within_a_second(
    case: Case, analyzer: Analyzer, tmp_path: Path
) -> None:
    index = case.copy_index(tmp_path / "index")
    searcher = open_searcher(index, analyzer=analyzer)
    assert searcher.search(Query()).total == len(case.old)
    index_sources([case.sources], index, jobs=1)
    deadline = time.monotonic() + 1
    while searcher.search(Query()).total != len(case.new):
        assert time.monotonic() < deadline, "the new generation is not seen after a second"


def test_searches_during_commits_see_one_generation_each(
    case: Case, analyzer: Analyzer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_collection, "_CHECK_SECONDS", 0.0)
    index = case.copy_index(tmp_path / "index")
    searcher = open_searcher(index, analyzer=analyzer)
    searcher.search(Query("发展"))
    sums: dict[int, int] = {}
    wrong: list[str] = []
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            found = searcher.search(Query("", per_page=100))
            counted = sum(value.count for value in found.facets["type"])
            if found.total not in (len(case.old), len(case.new)) or counted != found.total:
                wrong.append(f"{found.total} paragraphs, {counted} by type")
            sums[found.total] = sums.get(found.total, 0) + 1

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    index_sources([case.sources], index, jobs=1)
    deadline = time.monotonic() + 10
    while len(case.new) not in sums and time.monotonic() < deadline:
        ended.wait(0.02)
    ended.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert set(sums) == {len(case.old), len(case.new)}


def test_many_commits_leak_no_descriptor_and_no_mapping(
    case: Case, analyzer: Analyzer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_collection, "_CHECK_SECONDS", 0.0)
    index, sources = tmp_path / "index", tmp_path / "sources"
    sources.mkdir()
    shutil.copy(SAMPLE / "liuzhou-2022-npc.txt", sources)
    index_sources([sources], index, jobs=1)
    searcher = open_searcher(index, analyzer=analyzer)
    extra = sources / "extra.txt"
    held: list[int] = []
    for number in range(COMMITS):
        extra.write_text(f"关于工作的报告\n\n这是第{number}次写下的一段话。\n", encoding="utf-8")
        index_sources([sources], index, jobs=1)
        assert searcher.search(Query(f'"第{number}次写下"')).total == 1
        if number % (COMMITS // 5) == COMMITS // 5 - 1:
            gc.collect()
            descriptors = len(os.listdir("/proc/self/fd"))
            mappings = sum(str(index) in line for line in Path("/proc/self/maps").read_text().splitlines())
            segments = len(read_toc(index).toc.segments)
            assert mappings <= 16 * segments, f"{mappings} mappings for {segments} segments"
            held.append(descriptors)
    assert max(held) - min(held) <= 4 * 8, held
