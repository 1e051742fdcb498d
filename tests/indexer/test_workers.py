"""Files to analysed files: one that kills its reader, or trips it, is told; the others go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from indexer import workers
from indexer.model import Problem
from indexer.sources import Source
from search.embedded.writing.analysis import AnalysedFile, Vocabulary
from search.language.text import Analyzer, load_analyzer
from search.messages.words import render

TEXT = "四平市人民政府工作报告\n\n各位代表：\n\n第{}年，营商环境持续优化，群众十分满意。\n"


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return load_analyzer()


def make_tasks(folder: Path, names: list[str]) -> list[workers.Task]:
    tasks = []
    for number, name in enumerate(names):
        path = folder / name
        path.write_text(TEXT.format(number), "utf-8")
        tasks.append((Source(path, name, path), str(number)))
    return tasks


@pytest.mark.parametrize("jobs", [1, 2])
def test_file_that_cannot_be_read_is_told_in_its_place(tmp_path: Path, analyzer: Analyzer, jobs: int) -> None:
    tasks = make_tasks(tmp_path, [f"{number}.txt" for number in range(5)])
    tasks[2][0].path.write_bytes(b"")
    tasks[3][0].path.unlink()
    outcomes = list(workers.iter_outcomes(tasks, analyzer, user_dictionary=None, jobs=jobs))
    assert [type(outcome) for outcome in outcomes] == [
        AnalysedFile,
        AnalysedFile,
        Problem,
        Problem,
        AnalysedFile,
    ]
    assert [outcome.record["source"] for outcome in outcomes if isinstance(outcome, AnalysedFile)] == [
        "0.txt",
        "1.txt",
        "4.txt",
    ]


def test_file_that_kills_its_worker_is_told_and_the_others_go_on(
    tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    analyse = workers.analyse_file

    def deadly(
        source: Source, content_digest: str, analyzer: Analyzer, vocabulary: Vocabulary
    ) -> AnalysedFile:
        if source.name == "7.txt":
            os.kill(os.getpid(), signal.SIGKILL)
        if source.name == "9.txt":
            raise ZeroDivisionError("by chance")
        return analyse(source, content_digest, analyzer, vocabulary)

    monkeypatch.setattr(workers, "analyse_file", deadly)
    tasks = make_tasks(tmp_path, [f"{number}.txt" for number in range(20)])
    outcomes = list(workers.iter_outcomes(tasks, analyzer, user_dictionary=None, jobs=2))
    told = {number: outcome for number, outcome in enumerate(outcomes) if isinstance(outcome, Problem)}
    assert set(told) == {7, 9}
    assert "was killed" in render(told[7].reason, "en")
    assert "ZeroDivisionError: by chance" in render(told[9].reason, "en")
    records = [outcome.record["source"] for outcome in outcomes if isinstance(outcome, AnalysedFile)]
    assert records == [f"{number}.txt" for number in range(20) if number not in told]


def test_workers_end_with_a_run_that_is_killed(tmp_path: Path) -> None:
    """Else they would hold its lock on the index for ever: a lock is inherited."""
    script = textwrap.dedent(
        """
        import multiprocessing, os, signal, sys
        from concurrent.futures import ProcessPoolExecutor
        from indexer import workers
        from search.language.text import load_analyzer
        workers.prepare_worker(load_analyzer())
        with workers._pool(2, None) as pool:
            for future in [pool.submit(os.getpid) for _ in range(8)]:
                future.result()
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
