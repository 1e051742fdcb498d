"""Which files a run is about: nothing hangs, nothing is dropped in silence, names differ, the index is no source."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from indexer.changes import Changes, Request, take_digests
from indexer.readers import iter_sources
from indexer.sources import Source, collect, digest, named
from search.collection import SourceRecord
from search.errors import SourceError
from search.messages.words import render
from search.rules import RULES_VERSION


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("甲/一.txt", "乙/一.txt", "丙/一.txt"):
        path = tmp_path / "报告" / name
        path.parent.mkdir(parents=True)
        path.write_text(f"这是{name}的正文。", "utf-8")
    return tmp_path / "报告"


def close(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Have a folder refuse to be listed, whoever runs the tests."""
    iterdir = Path.iterdir

    def refuse(self: Path) -> object:
        if self.name == folder.name:
            raise PermissionError(13, "Permission denied", str(self))
        return iterdir(self)

    monkeypatch.setattr(Path, "iterdir", refuse)


def compare(sources: list[Source], held: dict[str, SourceRecord], roots: list[Path]) -> Changes:
    return Request(sources, take_digests(sources), roots).changes(held)


def record(source: Source, digest: str) -> SourceRecord:
    return SourceRecord(str(source.path), source.name, digest, rules=RULES_VERSION, reports=1)


def known(sources: list[Source]) -> dict[str, SourceRecord]:
    """The collection's knowledge of sources, as they are now."""
    return {str(source.path): record(source, digest(source.path)) for source in sources}


def test_folder_that_cannot_be_listed_is_told_and_its_siblings_go_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(monkeypatch, folder / "乙")
    assert [path.name for path in iter_sources(folder)] == ["一.txt", "乙", "一.txt"]
    sources, _ = collect([folder])
    changes = compare(sources, {}, [folder])
    assert len(changes.fresh) == 2
    (problem,) = changes.problems
    assert problem.path.endswith("乙")
    assert "may not be listed. Give yourself read permission" in render(problem.reason, "en")


def test_files_of_a_folder_that_cannot_be_listed_stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = known(collect([folder])[0])
    close(monkeypatch, folder / "乙")
    changes = compare(collect([folder])[0], before, [folder])
    assert (changes.gone, changes.fresh, changes.unchanged) == ([], [], 2)


def test_files_behind_a_link_that_leads_nowhere_stay(folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    before = known(collect([link])[0])
    assert len(before) == 3
    folder.rename(tmp_path / "away")
    changes = compare(collect([link])[0], before, [link])
    assert (changes.gone, changes.fresh) == ([], [])
    assert "no such file" in render(changes.problems[0].reason, "en")


def test_files_of_a_share_that_does_not_answer_stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = known(collect([folder])[0])
    stat = Path.stat

    def stale(self: Path, **options: bool) -> os.stat_result:
        if self == folder:
            raise OSError(errno.ESTALE, "Stale file handle")
        return stat(self, **options)

    monkeypatch.setattr(Path, "stat", stale)
    changes = compare(collect([folder])[0], before, [folder])
    assert (changes.gone, changes.fresh) == ([], [])
    assert "Stale file handle" in render(changes.problems[0].reason, "en")


@pytest.mark.parametrize("kind", ["pipe", "device", "loop", "nothing"])
def test_what_is_no_ordinary_file_is_told_and_never_opened(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "报告.txt"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to({"device": "/dev/zero", "loop": path.name, "nothing": "没有.txt"}[kind])
    sources, problems = collect([tmp_path])
    changes = compare(sources, {}, [tmp_path])
    assert (problems, changes.fresh) == ([], [])
    (problem,) = changes.problems
    assert problem.path == str(path)
    assert render(problem.reason, "en").count(".") == 2  # what is wrong, and what to do


def test_path_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"does not exist\. Check the path"):
        collect([tmp_path / "没有"])


def test_file_given_twice_is_one_source(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    sources, _ = collect([Path("报告"), folder, Path("报告/../报告/甲"), folder / "乙" / "一.txt"])
    assert len(sources) == 3
    assert [source.name for source in sources] == ["报告/丙/一.txt", "报告/乙/一.txt", "报告/甲/一.txt"]


def test_problem_names_the_file_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "管道.txt")
    monkeypatch.chdir(tmp_path)
    sources, _ = collect([Path(".")])
    assert [problem.path for problem in compare(sources, {}, [tmp_path]).problems] == ["管道.txt"]


def test_files_of_the_index_are_no_sources_but_a_report_beside_them_is(folder: Path) -> None:
    for name in ("_MAIN_3.toc", "MAIN_abc.seg", "MAIN.txt"):
        (folder / name).write_text("正文", "utf-8")
    sources, _ = collect([folder], address=str(folder))
    assert "报告/MAIN.txt" in {source.name for source in sources}
    assert len(sources) == 4


def test_names_differ_where_folders_of_one_name_are_given(folder: Path) -> None:
    sources, _ = collect([folder / "甲", folder / "乙"])
    other = folder.parent / "别处" / "甲"
    other.mkdir(parents=True)
    (other / "一.txt").write_text("别处的正文", "utf-8")
    more, _ = collect([other, folder / "甲"])
    assert [source.name for source in named(more, {})] == ["别处/甲/一.txt", "报告/甲/一.txt"]
    kept = {str(source.path): source.name for source in sources}
    assert {source.name for source in named(more, kept)} == {"甲/一.txt", "别处/甲/一.txt"}


def test_known_file_keeps_its_name_however_it_is_given(folder: Path) -> None:
    before = {str(source.path): record(source, "old") for source in collect([folder])[0]}
    file = folder / "甲" / "一.txt"
    changes = compare(collect([file])[0], before, [file])
    ((source, replaced),) = changes.fresh
    assert source.name == "报告/甲/一.txt"
    assert replaced is not None


def test_changed_row_of_the_operator_has_its_file_alone_read_again(folder: Path) -> None:
    table = folder / "metadata.csv"
    table.write_text("file,year\n甲/*.txt,2001\n乙/一.txt,2002\n", "utf-8")
    sources, _ = collect([folder])
    first = compare(sources, {}, [folder])
    assert len(first.fresh) == 3
    digests = take_digests(sources).of
    before = {str(source.path): record(source, digests[str(source.path)]) for source in sources}
    table.write_text("file,year\n甲/*.txt,2001\n乙/一.txt,2003\n", "utf-8")
    changes = compare(sources, before, [folder])
    assert [source.name for source, _ in changes.fresh] == ["报告/乙/一.txt"]
    assert changes.unchanged == 2
