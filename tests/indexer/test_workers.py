"""Files to prepared files: one that kills its reader, or trips it, is told; the others go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import workers
from indexer.bounds import Bounds
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


def prepared(outcomes: list[workers.Outcome]) -> list[object]:
    return [outcome.prepared for outcome in outcomes if not isinstance(outcome, Problem)]


def test_file_that_kills_its_worker_is_told_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    iter_drafts = workers.iter_drafts

    def deadly(source: Source, bounds: Bounds) -> Iterator[DraftFile]:
        if source.name == "7.txt":
            os.kill(os.getpid(), signal.SIGKILL)
        if source.name == "9.txt":
            raise ZeroDivisionError("by chance")
        return iter_drafts(source, bounds)

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
