"""Only an index's own files count against what it may keep in memory."""

from __future__ import annotations

import mmap
import sys
import threading
from pathlib import Path

import pytest

from search.index.resident import Residence

MB = 1024 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what is in memory")
def test_other_mapped_files_do_not_count(tmp_path: Path) -> None:
    large, small = tmp_path / "large", tmp_path / "small"
    maps = []
    for folder, size in ((large, 40 * MB), (small, 4 * MB)):
        folder.mkdir()
        (folder / "data").write_bytes(b"x" * size)
        with (folder / "data").open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        assert set(mapped[:: mmap.PAGESIZE]) == {ord("x")}
        maps.append(mapped)
    watched = Residence(small)
    assert watched.may_exceed(20 * MB)
    for _ in range(2):
        assert not watched.exceeds(20 * MB)
        assert watched.exceeds(3 * MB)
        assert not watched.may_exceed(20 * MB)
    assert Residence(large).exceeds(20 * MB)
    for mapped in maps:
        mapped.close()
    assert not Residence(large).exceeds(20 * MB)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what is in memory")
def test_what_is_too_much_is_given_back_beside_the_caller(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"x" * 40 * MB)
    with (tmp_path / "data").open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    assert set(mapped[:: mmap.PAGESIZE]) == {ord("x")}
    watched, forgotten = Residence(tmp_path), []
    watched.keep_below(1 << 40, lambda: forgotten.append("all"))
    watched.wait()
    assert forgotten == []
    watched.keep_below(20 * MB, lambda: forgotten.append(threading.current_thread().name))
    watched.wait()
    assert forgotten == ["memory"]
    mapped.close()
