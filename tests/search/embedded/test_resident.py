"""Only what a reader has mapped itself counts against what it may keep in memory."""

from __future__ import annotations

import mmap
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from search.embedded.resident import Residence
from search.embedded.snapshot import Snapshot
from search.embedded.store import open_generation
from search.language.text import Analyzer

MB = 1024 * 1024
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what is in memory")


@dataclass
class Held:
    """A mapped file, all of it in memory."""

    mapped: mmap.mmap
    forgotten_by: list[str] = field(default_factory=list)

    def mapped_at(self) -> list[int]:
        return [np.frombuffer(self.mapped, dtype=np.uint8).ctypes.data]

    def forget_pages(self) -> None:
        self.mapped.madvise(mmap.MADV_DONTNEED)
        self.forgotten_by.append(threading.current_thread().name)


def read_all(file: Path, size: int) -> Held:
    if not file.exists():
        file.write_bytes(b"x" * size)
    with file.open("rb") as opened:
        mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    assert set(mapped[:: mmap.PAGESIZE]) == {ord("x")}
    return Held(mapped)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Held]:
    held = read_all(tmp_path / "small", 4 * MB)
    yield held
    held.mapped.close()


@pytest.fixture
def large(tmp_path: Path) -> Iterator[Held]:
    held = read_all(tmp_path / "large", 40 * MB)
    yield held
    held.mapped.close()


def test_other_mapped_files_do_not_count(small: Held, large: Held) -> None:
    watched = Residence()
    assert watched.may_exceed(20 * MB)
    for _ in range(2):
        assert not watched.exceeds(20 * MB, small)
        assert watched.exceeds(3 * MB, small)
        assert not watched.may_exceed(20 * MB)
    assert Residence().exceeds(20 * MB, large)
    large.forget_pages()
    assert not Residence().exceeds(20 * MB, large)


def test_another_reader_of_the_same_file_does_not_count(small: Held, tmp_path: Path) -> None:
    other = read_all(tmp_path / "small", 4 * MB)
    assert not Residence().exceeds(6 * MB, small)
    small.forget_pages()
    assert not Residence().exceeds(3 * MB, small)
    assert Residence().exceeds(3 * MB, other)
    other.mapped.close()


def test_what_is_too_much_is_given_back_beside_the_caller(large: Held) -> None:
    watched = Residence()
    watched.keep_below(1 << 40, large)
    watched.wait()
    assert large.forgotten_by == []
    watched.keep_below(20 * MB, large)
    watched.wait()
    assert large.forgotten_by == ["memory"]


def test_an_index_tells_of_all_that_it_maps(folder: Path, analyzer: Analyzer) -> None:
    snapshot = Snapshot(open_generation(folder, analyzer.fingerprint))
    mapped = snapshot.mapped_at()
    again = Snapshot(open_generation(folder, analyzer.fingerprint))
    lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    here = [int(line.partition("-")[0], 16) for line in lines if f" {folder.resolve()}/" in line]
    assert mapped
    assert set(mapped) | set(again.mapped_at()) <= set(here)
    assert set(mapped).isdisjoint(again.mapped_at())
    assert len(set(mapped)) == sum(len(part.data.segment.checks) for part in snapshot.parts)
