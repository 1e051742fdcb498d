"""Law 7 over every kind of run: a first one, additions with merges, a rebuild, following; killed, or on a full disk.

XIESOU_LAW_KILLS sets how many runs of each kind are killed (8 where it is not set), XIESOU_LAW_DISKS how many of each
kind find the disk full (6); `make test` tries 2 of each.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from indexer.pipeline import index_sources
from search.embedded.store import latest_generation, verify
from search.language.text import Analyzer
from tests.cases import cases
from tests.laws.conftest import SAMPLE
from tests.laws.killable_run import UNWRITABLE
from tests.laws.test_law7_commit import TINY_BUDGET, Paragraphs, Runner, needed_files, paragraphs

KILLS = int(os.environ.get("XIESOU_LAW_KILLS", cases(8, least=2)))
DISKS = int(os.environ.get("XIESOU_LAW_DISKS", cases(6, least=2)))
KINDS = ("full", "incremental", "merge", "rebuild", "watch")


@dataclass(frozen=True, slots=True)
class Case:
    """What a kind of run begins with, and the states that it may leave.

    Args:
        index: None where it begins with none.
        states: all whole states, the one that the sources now say first.
    """

    kind: str
    sources: Path
    index: Path | None
    states: list[Paragraphs]
    changing: str
    seconds: float

    def begin(self, to: Path) -> tuple[Path, Path]:
        """The sources as they are at first, and a copy of the index to be spoilt."""
        (self.sources / "changing.txt").write_text(self.changing, "utf-8")
        if self.index is not None:
            shutil.copytree(self.index, to / "index")
        return self.sources, to / "index"

    def check(self, sources: Path, index: Path, analyzer: Analyzer) -> bool:
        """That a whole state is there, and that the next run goes on; whether it is not the one of the beginning."""
        there: Paragraphs | None = None
        if latest_generation(index) >= 0:
            verify(index, analyzer.fingerprint)
            there = paragraphs(index, analyzer)
            assert there in self.states, f"{self.kind}: {len(there)} paragraphs"
        else:
            assert self.index is None, f"{self.kind}: the index is gone"
        index_sources([sources], index, jobs=1, allow_removals=True)
        now = paragraphs(index, analyzer)
        assert now in (self.states[:2] if self.kind == "watch" else self.states[:1])
        verify(index, analyzer.fingerprint)
        assert {path.name for path in index.iterdir()} - {"MAIN_WRITELOCK"} == needed_files(index)
        return there is not None and there != self.states[-1]


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    found = Runner()
    yield found
    found.close()


@pytest.fixture(scope="module", params=KINDS)
def case(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    analyzer: Analyzer,
    runner: Runner,
) -> Case:
    work = tmp_path_factory.mktemp(request.param)
    sources, index = work / "sources", work / "index"
    sources.mkdir()
    files = sorted(SAMPLE.glob("*.txt"))
    for file in files[:8]:
        shutil.copy(file, sources)
        if request.param == "merge":  # a segment each; the next makes one of all
            index_sources([sources], index, jobs=1, memory_bytes=TINY_BUDGET)
    changing = sources / "changing.txt"
    text = files[8].read_text("utf-8")
    changing.write_text(text, "utf-8")
    index_sources([sources], index, jobs=1, memory_bytes=TINY_BUDGET)
    states = [paragraphs(index, analyzer)]
    for file in files[9:12]:
        shutil.copy(file, sources)
    (sources / files[1].name).unlink()
    states.insert(0, _state(sources, work / "new", analyzer))
    if request.param == "watch":
        changing.write_text(text + "\n\n又补上的一段。\n", "utf-8")
        states.insert(1, _state(sources, work / "changed", analyzer))
    kept = None if request.param == "full" else index
    given = Case(request.param, sources, kept, states, text, 1.5)
    if request.param == "watch":
        return given
    begun = time.perf_counter()
    assert runner.run(*given.begin(work / "timed"), kind=request.param) == 0
    return replace(given, seconds=time.perf_counter() - begun)


def _state(sources: Path, index: Path, analyzer: Analyzer) -> Paragraphs:
    index_sources([sources], index, jobs=1)
    return paragraphs(index, analyzer)


def test_killed_leaves_a_whole_state(case: Case, runner: Runner, analyzer: Analyzer, tmp_path: Path) -> None:
    chance = random.Random(case.kind)
    for number in range(KILLS):
        sources, index = case.begin(tmp_path / str(number))
        ended = runner.run(sources, index, kind=case.kind, after=chance.uniform(0, case.seconds))
        assert ended in (0, -signal.SIGKILL)
        case.check(sources, index, analyzer)
        shutil.rmtree(tmp_path / str(number))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of files are Linux's here")
def test_full_disk_leaves_a_whole_state(
    case: Case, runner: Runner, analyzer: Analyzer, tmp_path: Path
) -> None:
    """Half of them are full when a file is opened, renamed or removed, half in the middle of a file."""
    if case.kind == "watch":
        pytest.skip("following a folder meets what its runs meet")
    chance = random.Random(case.kind)
    seen: Counter[int] = Counter()
    for number in range(DISKS):
        sources, index = case.begin(tmp_path / str(number))
        order = (
            {"file_bytes": int(4096 * 2 ** chance.uniform(-4, 6))}
            if number % 2
            else {"full_at": chance.randint(1, 24)}
        )
        ended = runner.run(sources, index, kind=case.kind, **order)
        seen[ended] += 1
        assert ended in (0, UNWRITABLE), order
        is_new = case.check(sources, index, analyzer)
        assert ended == UNWRITABLE or is_new, order
        shutil.rmtree(tmp_path / str(number))
    assert seen[UNWRITABLE]
