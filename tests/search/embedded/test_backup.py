"""Snapshots of an index: taken while it is written, restored while it is searched."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from indexer.pipeline import index_sources
from search import open_searcher
from search.embedded import backup, collection
from search.embedded.backup import restore_snapshot, take_snapshot
from search.embedded.store import latest_version, verify, write_lock
from search.errors import IndexDamaged, IndexLocked, IndexMissing, IndexUnwritable, StoreError
from search.language.text import Analyzer
from search.model import Query
from xiesou import main


def _write(sources: Path, name: str, text: str) -> None:
    sources.mkdir(exist_ok=True)
    (sources / name).write_text(f"政协四平市委员会常务委员会工作报告\n\n{text}\n", encoding="utf-8")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    found = tmp_path / "reports"
    _write(found, "a.txt", "优化营商环境。")
    return found


@pytest.fixture
def index(tmp_path: Path, sources: Path) -> Path:
    found = tmp_path / "index"
    index_sources([sources], found, jobs=1)
    return found


def _found(folder: Path, analyzer: Analyzer, text: str) -> int:
    return open_searcher(folder, analyzer=analyzer).count(Query(text)).paragraphs


def test_a_snapshot_outlives_what_the_index_drops(
    tmp_path: Path, sources: Path, index: Path, analyzer: Analyzer
) -> None:
    kept = tmp_path / "kept"
    assert take_snapshot(index, kept) == latest_version(index)
    _write(sources, "a.txt", "改写了。")
    index_sources([sources], index, jobs=1)
    assert (_found(index, analyzer, "营商环境"), _found(kept, analyzer, "营商环境")) == (0, 1)
    verify(kept, analyzer.fingerprint)
    linked = next(kept.glob("*.pst"))
    assert linked.stat().st_nlink == 1, "the index has dropped it; the snapshot's name is the last"


@pytest.mark.parametrize("failure", [None, errno.EXDEV, errno.EPERM])
def test_a_snapshot_is_linked_or_copied(
    tmp_path: Path, index: Path, analyzer: Analyzer, failure: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(failure, "no links here")

    if failure is not None:
        monkeypatch.setattr(os, "link", refuse)
    take_snapshot(index, tmp_path / "kept")
    (list_of_segments,) = (tmp_path / "kept").glob("*.toc")
    assert list_of_segments.stat().st_nlink == (2 if failure is None else 1)
    verify(tmp_path / "kept", analyzer.fingerprint)


def test_a_copy_shares_nothing(tmp_path: Path, index: Path) -> None:
    take_snapshot(index, tmp_path / "kept", copy=True)
    assert {file.stat().st_nlink for file in (tmp_path / "kept").iterdir()} == {1}


def test_a_commit_meanwhile_doesnt_matter(
    tmp_path: Path, sources: Path, index: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, times = backup._put, iter(range(100))

    def put_late(source: Path, target: Path, *, copy: bool) -> None:
        if next(times) == 2:
            _write(sources, "a.txt", "改写了。")
            index_sources([sources], index, jobs=1)
        put(source, target, copy=copy)

    monkeypatch.setattr(backup, "_put", put_late)
    assert take_snapshot(index, tmp_path / "kept") == latest_version(index)
    verify(tmp_path / "kept", analyzer.fingerprint)
    assert _found(tmp_path / "kept", analyzer, "改写") == 1
    assert {f.name for f in (tmp_path / "kept").iterdir()} <= {f.name for f in index.iterdir()}


def test_a_running_searcher_moves_to_what_is_restored(
    tmp_path: Path,
    sources: Path,
    index: Path,
    analyzer: Analyzer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(collection, "_CHECK_SECONDS", 0)
    before = take_snapshot(index, tmp_path / "kept")
    for text in ("改写了。", "又改写了。", "再改写了。"):
        _write(sources, "a.txt", text)
        index_sources([sources], index, jobs=1)
    searcher = open_searcher(index, analyzer=analyzer)
    assert searcher.count(Query("营商环境")).paragraphs == 0
    after = restore_snapshot(tmp_path / "kept", index)
    assert searcher.count(Query("营商环境")).paragraphs == 1
    assert searcher.version == after
    assert after.number > before.number
    assert after.id != before.id
    verify(index, analyzer.fingerprint)
    index_sources([sources], index, jobs=1)
    assert searcher.count(Query("再改写")).paragraphs == 1, (
        "the sources are as they are: the next run reads them"
    )


def test_restoring_mends_a_damaged_index_and_makes_a_lost_one(
    tmp_path: Path, index: Path, analyzer: Analyzer
) -> None:
    take_snapshot(index, tmp_path / "kept", copy=True)
    next(index.glob("*.pst")).write_bytes(b"")
    with pytest.raises(StoreError):
        verify(index, analyzer.fingerprint)
    restore_snapshot(tmp_path / "kept", index)
    verify(index, analyzer.fingerprint)
    shutil.rmtree(index)
    restore_snapshot(tmp_path / "kept", index)
    assert _found(index, analyzer, "营商环境") == 1


def test_a_damaged_snapshot_is_refused_and_nothing_changes(
    tmp_path: Path, index: Path, analyzer: Analyzer
) -> None:
    take_snapshot(index, tmp_path / "kept", copy=True)
    damaged = next((tmp_path / "kept").glob("*.pst"))
    data = bytearray(damaged.read_bytes())
    data[len(data) // 2] ^= 1
    damaged.write_bytes(bytes(data))
    before = sorted((file.name, file.read_bytes()) for file in index.iterdir())
    with pytest.raises(IndexDamaged):
        restore_snapshot(tmp_path / "kept", index)
    assert sorted((file.name, file.read_bytes()) for file in index.iterdir()) == before


@pytest.mark.parametrize("at", range(3))
def test_a_full_disk_leaves_the_index_as_it_was(
    tmp_path: Path,
    sources: Path,
    index: Path,
    analyzer: Analyzer,
    at: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take_snapshot(index, tmp_path / "kept")
    _write(sources, "a.txt", "改写了。")
    index_sources([sources], index, jobs=1)
    copyfile, times = shutil.copyfile, iter(range(100))

    def fill(source: Path, target: Path) -> None:
        if next(times) == at:
            raise OSError(errno.ENOSPC, "No space left on device")
        copyfile(source, target)

    monkeypatch.setattr(shutil, "copyfile", fill)
    with pytest.raises(IndexUnwritable, match="unharmed"):
        restore_snapshot(tmp_path / "kept", index)
    verify(index, analyzer.fingerprint)
    assert _found(index, analyzer, "改写") == 1
    index_sources([sources], index, jobs=1)
    assert not list(index.glob("*.new")), "the next run clears away what was left"


def test_what_cant_be_done_is_said(tmp_path: Path, index: Path) -> None:
    with pytest.raises(IndexMissing):
        take_snapshot(tmp_path / "none", tmp_path / "kept")
    with pytest.raises(IndexMissing):
        restore_snapshot(tmp_path / "none", index)
    with pytest.raises(IndexUnwritable):
        take_snapshot(index, index)
    with pytest.raises(IndexUnwritable):
        restore_snapshot(index, index)
    take_snapshot(index, tmp_path / "kept")
    with write_lock(index), pytest.raises(IndexLocked):
        restore_snapshot(tmp_path / "kept", index)


def test_the_commands(tmp_path: Path, index: Path) -> None:
    runner, kept = CliRunner(), str(tmp_path / "kept")
    taken = runner.invoke(main, ["snapshot", kept, "--index", str(index), "--json"])
    assert (taken.exit_code, json.loads(taken.output)["snapshot"]) == (0, kept)
    again = runner.invoke(main, ["snapshot", kept, "--index", str(index)])
    assert (again.exit_code, "不是空的" in again.output) == (2, True)
    restored = runner.invoke(main, ["restore", kept, "--index", str(tmp_path / "other")])
    assert restored.exit_code == 0, restored.output
    assert runner.invoke(main, ["verify", "--index", str(tmp_path / "other")]).exit_code == 0
