"""Opening, publishing and locking the index directory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from indexer.pipeline import index_sources
from search.addresses import begin_writing
from search.embedded import collection as embedded_collection
from search.embedded import store
from search.embedded.collection import EmbeddedCollection
from search.embedded.store import latest_generation, open_generation, read_toc, write_lock
from search.errors import IndexLocked, IndexUnwritable
from search.language.text import Analyzer


def test_no_folder_has_no_generation(tmp_path: Path) -> None:
    assert latest_generation(tmp_path / "nowhere") == -1
    assert latest_generation(tmp_path) == -1


def test_generations_count_up(folder: Path, analyzer: Analyzer) -> None:
    number = latest_generation(folder)
    generation = open_generation(folder, analyzer.fingerprint)
    assert generation.number == number == read_toc(folder).toc.generation
    assert sum(data.doc_count for data in generation.segments) > 20


def test_all_is_synced_before_the_list_of_segments_takes_its_place(
    tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Power may fail at any moment: what the TOC names is on the disk before the TOC has its name."""
    events: list[tuple[str, str]] = []
    fsync, rename = os.fsync, Path.rename

    def note_sync(descriptor: int) -> None:
        events.append(("sync", Path(os.readlink(f"/proc/self/fd/{descriptor}")).name))
        fsync(descriptor)

    def note_rename(self: Path, target: Any) -> Any:
        events.append(("rename", Path(target).name))
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "rename", note_rename)
    sources, folder = tmp_path / "reports", tmp_path / "index"
    sources.mkdir()
    (sources / "a.txt").write_text("政协四平市委员会常务委员会工作报告\n\n一段话。\n", encoding="utf-8")
    index_sources([sources], folder, jobs=1)
    (segment,) = read_toc(folder).toc.segments
    toc = f"_MAIN_{latest_generation(folder)}.toc"
    place = events.index(("rename", toc))
    assert {("sync", name) for name in segment.checks} <= set(events[:place])
    assert ("sync", f"{toc}.new") in events[:place]
    assert ("sync", folder.name) in events[place:]


def test_lock_is_held_by_one_and_let_go(folder: Path) -> None:
    with write_lock(folder), pytest.raises(IndexLocked, match="Another run"), write_lock(folder):
        pytest.fail("the lock was given twice")
    with write_lock(folder):
        assert latest_generation(folder) >= 0


def test_lock_is_let_go_when_the_run_fails(folder: Path) -> None:
    with pytest.raises(RuntimeError), write_lock(folder):
        raise RuntimeError
    with write_lock(folder):
        assert latest_generation(folder) >= 0


def test_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexUnwritable, match="--index DIR"), write_lock(tmp_path / "file"):
        pytest.fail("a file is no folder")


def test_folder_that_is_read_only_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, *arguments: Any, **options: Any) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "touch", refuse)
    with (
        pytest.raises(IndexUnwritable, match=r"can't be written: Permission denied.*permissions"),
        write_lock(folder),
    ):
        pytest.fail("the folder is read only")


def test_full_disk_leaves_the_old_generation(
    folder: Path, analyzer: Analyzer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = latest_generation(folder)
    held = {path.name for path in folder.iterdir()}
    sources = tmp_path / "more"
    sources.mkdir()
    (sources / "b.txt").write_text("政协四平市委员会常务委员会工作报告\n\n另一段话。\n", encoding="utf-8")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(IndexUnwritable, match=r"No space left.*--index DIR"):
            index_sources([sources], folder, jobs=1)
    assert latest_generation(folder) == before
    assert {path.name for path in folder.iterdir()} - {"MAIN_WRITELOCK"} == held - {"MAIN_WRITELOCK"}
    store.verify(folder, analyzer.fingerprint)
    index_sources([sources], folder, jobs=1)
    assert latest_generation(folder) == before + 1


def test_segments_that_stay_are_taken_over(folder: Path, analyzer: Analyzer, tmp_path: Path) -> None:
    old = {data.id: data for data in open_generation(folder, analyzer.fingerprint).segments}
    sources = tmp_path / "more"
    sources.mkdir()
    (sources / "b.txt").write_text("政协四平市委员会常务委员会工作报告\n\n另一段话。\n", encoding="utf-8")
    index_sources([sources], folder, jobs=1)
    new = open_generation(folder, analyzer.fingerprint, reuse=old).segments
    assert [data for data in new if data.id in old] == [old[data.id] for data in new if data.id in old]
    assert any(data.id in old for data in new)


def test_a_server_moves_to_another_index_in_its_folder_whatever_its_number(
    folder: Path, tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is known by its identity: one that was built anew begins to count at 0 again."""
    monkeypatch.setattr(embedded_collection, "_CHECK_SECONDS", 0.0)
    number = latest_generation(folder)
    assert number > 0
    collection = EmbeddedCollection(folder, analyzer.fingerprint)
    before = collection.at().version
    other = tmp_path / "other"
    with begin_writing(str(other), analyzer, rebuild=True) as writer:
        writer.commit()
    folder.rename(tmp_path / "old")
    other.rename(folder)
    now = collection.at()
    assert (now.version.number, now.stats().paragraphs) == (0, 0)
    assert now.version != before
    collection.close()
