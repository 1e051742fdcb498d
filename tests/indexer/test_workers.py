"""Files to prepared files: one that kills its reader, or trips it, is told; the others go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from indexer import allowance, records, workers
from indexer.bounds import DEFAULT, Bounds
from indexer.model import Problem
from indexer.records import DraftFile
from indexer.sources import Source
from search.collection import DraftSource
from search.messages.words import render

TEXT = "四平市人民政府工作报告\n\n各位代表：\n\n第{}年，营商环境持续优化，群众十分满意。\n"


def prepare(draft: DraftSource) -> str:
    """A store whose prepared files are their names."""
    return draft.source.name


def make_sources(folder: Path, names: list[str]) -> list[Source]:
    sources = []
    for number, name in enumerate(names):
        path = folder / name
        path.write_text(TEXT.format(number), "utf-8")
        sources.append(Source(path, name, path))
    return sources


@pytest.mark.parametrize("jobs", [1, 2])
def test_file_that_cannot_be_read_is_told_in_its_place(tmp_path: Path, jobs: int) -> None:
    sources = make_sources(tmp_path, [f"{number}.txt" for number in range(5)])
    sources[2].path.write_bytes(b"")
    sources[3].path.unlink()
    outcomes = list(workers.iter_outcomes(sources, prepare, jobs=jobs))
    assert [isinstance(outcome, Problem) for outcome in outcomes] == [False, False, True, True, False]
    assert prepared(outcomes) == ["0.txt", "1.txt", "4.txt"]


def prepared(outcomes: Sequence[workers.Outcome]) -> list[object]:
    return [outcome.prepared for outcome in outcomes if not isinstance(outcome, Problem)]


def test_file_that_kills_its_worker_is_told_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deadly(source: Source, bounds: Bounds) -> Iterator[DraftFile]:
        if source.name == "7.txt":
            os.kill(os.getpid(), signal.SIGKILL)
        if source.name == "9.txt":
            raise ZeroDivisionError("by chance")
        return records.iter_drafts(source, bounds)

    monkeypatch.setattr(workers, "iter_drafts", deadly)
    sources = make_sources(tmp_path, [f"{number}.txt" for number in range(20)])
    outcomes = list(workers.iter_outcomes(sources, prepare, jobs=2))
    told = {number: outcome for number, outcome in enumerate(outcomes) if isinstance(outcome, Problem)}
    assert set(told) == {7, 9}
    assert "was killed" in render(told[7].reason, "en")
    assert "ZeroDivisionError: by chance" in render(told[9].reason, "en")
    assert prepared(outcomes) == [f"{number}.txt" for number in range(20) if number not in told]


def test_workers_end_with_a_run_that_is_killed(tmp_path: Path) -> None:
    """Else they would hold its lock on the index for ever: a lock is inherited."""
    script = textwrap.dedent(
        """
        import multiprocessing, os, signal, sys
        from indexer import workers
        from indexer.bounds import DEFAULT
        with workers._crew(2, str, DEFAULT):
            print("ready", flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    # communicate() returns when every process that holds the pipe has ended, the workers too
    run = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=Path(__file__).resolve().parents[2]
    )
    out, _ = run.communicate(timeout=30)
    assert out.strip() == b"ready"
    assert run.returncode == -signal.SIGKILL


def outcomes_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bounds: Bounds, deed: Callable[[], None]
) -> list[workers.Outcome]:
    """What becomes of ten files where the fourth has its reader do something."""

    def reading(source: Source, given: Bounds) -> Iterator[DraftFile]:
        if source.name == "3.txt":
            deed()
        return records.iter_drafts(source, given)

    monkeypatch.setattr(workers, "iter_drafts", reading)
    sources = make_sources(tmp_path, [f"{number}.txt" for number in range(10)])
    return list(workers.iter_outcomes(sources, prepare, jobs=2, bounds=bounds))


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is asked for these limits")
def test_file_that_is_read_for_ever_is_ended_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless() -> None:
        while True:
            pass

    outcomes = outcomes_with(tmp_path, monkeypatch, replace(DEFAULT, idle_cpu_s=1), endless)
    (problem,) = [outcome for outcome in outcomes if isinstance(outcome, Problem)]
    assert problem.path.endswith("3.txt")
    assert "got nowhere" in render(problem.reason, "en")
    assert len(prepared(outcomes)) == 9


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is asked for these limits")
def test_file_that_takes_all_memory_is_ended_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def greedy() -> None:
        kept = []
        while True:
            kept.append(bytearray(16 << 20))

    outcomes = outcomes_with(tmp_path, monkeypatch, replace(DEFAULT, worker_mb=200), greedy)
    (problem,) = [outcome for outcome in outcomes if isinstance(outcome, Problem)]
    assert "memory" in render(problem.reason, "en")
    assert len(prepared(outcomes)) == 9


@pytest.mark.thorough
def test_progress_begins_the_time_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long file has all the time it needs, as long as one more page or row comes."""

    def long() -> None:
        for _ in range(6):
            until = time.process_time() + 0.6
            while time.process_time() < until:
                pass
            allowance.made_progress()

    outcomes = outcomes_with(tmp_path, monkeypatch, replace(DEFAULT, idle_cpu_s=1), long)
    assert len(prepared(outcomes)) == 10


def test_large_file_comes_in_parts_and_the_order_of_files_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_PART_CHARS", 100)
    sources = make_sources(tmp_path, [f"{number}.txt" for number in range(6)])
    rows = "".join(f"四平市,{2000 + n},第{n}年，营商环境持续优化，群众十分满意。\n" for n in range(24))
    table = tmp_path / "2a.csv"
    table.write_text("city,year,text\n" + rows, "utf-8")
    sources.insert(3, Source(table, table.name, table))
    outcomes = list(workers.iter_outcomes(sources, prepare, jobs=2))
    parts = [outcome for outcome in outcomes if isinstance(outcome, workers.PreparedPart)]
    assert len(parts) > 3
    ends = [outcome for outcome in outcomes if not isinstance(outcome, workers.PreparedPart)]
    assert prepared(ends) == [source.name for source in sources]
    first = outcomes.index(parts[0])
    assert outcomes[first : first + len(parts)] == parts
    ids = [report for outcome in outcomes if not isinstance(outcome, Problem) for report in outcome.sources]
    assert len(ids) == len(set(ids)) == 30
