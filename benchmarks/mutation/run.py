"""Tries mutants: python -m benchmarks.mutation.run FOLDER… [--count N] [--seed S] [--unchanged] [--tests PATH…]

All tests are collected and run once, with the functions that each calls. Then each mutant gets a fork of that process,
which runs the tests that call the changed function, the quickest first, up to the first that fails. What no test
calls in its own process (a command that a test starts, what runs while a module is imported) is told apart.

Functions are changed that were loaded before the fork; constants of a module and classes are let be.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from benchmarks.mutation.live_code import put_in
from benchmarks.mutation.mutants import Mutant, iter_mutants

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_TESTS = (
    "tests/search",
    "tests/contract",
    "tests/laws",
    "tests/indexer",
    "tests/web",
    "tests/test_cli.py",
)
MARKED = "not (browser or cluster or corpus or packaging or benchmarks or proxy or office or recognition or thorough)"
KILLED, TIMED_OUT, SURVIVED, UNREACHED = "killed", "timed out", "SURVIVED", "not reached"
_ANSWERS = {0: SURVIVED, 1: KILLED, 2: UNREACHED}
Place = tuple[str, int]
"""File and first line of a function."""


class Calls:
    """Which functions of some files each test calls, and how long it takes."""

    def __init__(self, files: set[str]) -> None:
        self._files = files
        self._now: set[Place] = set()
        self.by_place: defaultdict[Place, set[str]] = defaultdict(set)
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    def _note(self, frame: FrameType, event: str, argument: object) -> None:
        code = frame.f_code
        if code.co_filename in self._files:
            self._now.add((code.co_filename, code.co_firstlineno))

    @contextlib.contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Note what is called meanwhile for a test."""
        self._now = set()
        begun = time.process_time()
        threading.settrace(self._note)
        sys.settrace(self._note)
        try:
            yield
        finally:
            sys.settrace(None)
            threading.settrace(None)
            self.seconds[name] = time.process_time() - begun
            for place in self._now:
                self.by_place[place].add(name)


class MutationRun:
    """A plug-in that runs mutants where pytest would run the tests."""

    def __init__(self, mutants: Sequence[Mutant], *, longest_seconds: float) -> None:
        self._mutants, self._longest = mutants, longest_seconds
        self._failing = False
        self.found: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failing |= report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        calls = self._record(session)
        gc.collect()
        gc.freeze()
        for mutant in self._mutants:
            names = calls.by_place.get((str(mutant.path), mutant.first_line), set())
            chosen = [item for item in session.items if item.nodeid in names]
            chosen.sort(key=lambda item: calls.seconds[item.nodeid])
            allowed = 10 + 5 * sum(calls.seconds[item.nodeid] for item in chosen)
            answer = self._try(mutant, chosen, allowed) if chosen else UNREACHED
            self.found[answer] += 1
            where = f"{os.path.relpath(mutant.path)}:{mutant.line} {mutant.name}"
            print(f"{answer:<12} {len(chosen):>4} tests  {where}: {mutant.change}", flush=True)
        return True

    def _record(self, session: pytest.Session) -> Calls:
        """Run every test once as the code is; those that fail anyway are left out."""
        calls = Calls({str(mutant.path) for mutant in self._mutants})
        for at, item in enumerate(session.items):
            self._failing = False
            following = session.items[at + 1] if at + 1 < len(session.items) else None
            with calls.of(item.nodeid):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self._failing:
                calls.failed.add(item.nodeid)
        for names in calls.by_place.values():
            names -= calls.failed
        print(f"\n{len(session.items)} tests, {len(calls.failed)} fail without any mutant", flush=True)
        return calls

    def _try(self, mutant: Mutant, items: Sequence[pytest.Item], allowed: float) -> str:
        folder = tempfile.mkdtemp(prefix="mutant-")
        process = os.fork()
        if not process:
            self._run_mutant(mutant, items, Path(folder), min(allowed, self._longest))
        deadline = time.monotonic() + 10 * self._longest
        ended, status = 0, 0
        while not ended and time.monotonic() < deadline:
            ended, status = os.waitpid(process, os.WNOHANG)
            time.sleep(0 if ended else 0.05)
        if not ended:
            os.killpg(process, signal.SIGKILL)
            _, status = os.waitpid(process, 0)
        shutil.rmtree(folder, ignore_errors=True)
        return TIMED_OUT if os.WIFSIGNALED(status) else _ANSWERS[os.WEXITSTATUS(status)]

    def _run_mutant(self, mutant: Mutant, items: Sequence[pytest.Item], folder: Path, allowed: float) -> None:
        """In the fork: run the tests up to the first that fails, and end."""
        os.setpgid(0, 0)
        quiet = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(quiet, stream)
        seconds = int(time.process_time() + allowed)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        answer = 2
        try:
            if put_in(mutant):
                answer = 1  # whatever ends this other than a last test is a fault that was noticed
                factory: Any = items[0].config._tmp_path_factory  # type: ignore[attr-defined]
                factory._basetemp = folder
                self._failing = False
                for item, following in zip(items, [*items[1:], None], strict=True):
                    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                    if self._failing:
                        break
                answer = int(self._failing)
        except KeyboardInterrupt:
            answer = 1
        finally:
            os._exit(answer)


def main(arguments: Sequence[str] | None = None) -> int:
    """Try mutants of the files and folders that are named, and print each with its score."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("paths", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--count", type=int, default=60, help="how many mutants, drawn at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=120, help="seconds of processor time for one mutant")
    parser.add_argument("--unchanged", action="store_true", help="leave the code as it is: all must survive")
    parser.add_argument("--tests", nargs="+", default=list(DEFAULT_TESTS))
    given = parser.parse_args(arguments)
    files = sorted(
        {
            file.resolve()
            for path in given.paths
            for file in ([path] if path.is_file() else path.rglob("*.py"))
        }
    )
    every = [mutant for file in files for mutant in iter_mutants(file)]
    drawn = random.Random(given.seed).sample(every, min(given.count, len(every)))
    if given.unchanged:
        drawn = [replace(mutant, source=mutant.path.read_text("utf-8")) for mutant in drawn]
    run = MutationRun(drawn, longest_seconds=given.longest)
    quiet = [
        "-c",
        str(ROOT / "setup.cfg"),
        "-o",
        "addopts=--strict-markers --import-mode=importlib",
        "-p",
        "no:terminal",
    ]
    options = [*quiet, "-p", "no:cacheprovider", "-p", "no:anyio", "-p", "no:schemathesis", "-m", MARKED]
    code = pytest.main([*options, *given.tests], plugins=[run])
    tried = sum(run.found.values())
    caught = run.found[KILLED] + run.found[TIMED_OUT]
    print(f"{tried} of {len(every)} mutants tried: {dict(run.found)}; score {caught / max(tried, 1):.0%}")
    return int(code not in (0, 5))


if __name__ == "__main__":
    sys.exit(main())
