"""Following folders: a run for what changed, none for what a run itself does, none for what is no source."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer import watch
from indexer.cli import index
from indexer.watch import follow

QUIET_SECONDS = 0.05
LIMIT_SECONDS = 20


@pytest.fixture(autouse=True)
def limit() -> Iterator[None]:
    """A change that is never seen fails, and hangs nothing."""

    def too_late(signum: int, frame: object) -> None:
        raise TimeoutError("no run followed the change")

    before = signal.signal(signal.SIGALRM, too_late)
    signal.alarm(LIMIT_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def runs_of(folder: Path, *steps: Callable[[], object]) -> int:
    """How many runs there are when each run does the next step to the folder, until the steps are done."""
    count = 0

    def run() -> None:
        nonlocal count
        count += 1
        if count > len(steps):
            raise KeyboardInterrupt
        for path in sorted(folder.rglob("*.txt")):  # as a run does, which must not count as a change
            path.read_bytes()
        steps[count - 1]()

    with pytest.raises(KeyboardInterrupt):
        follow([folder], run, index=folder / "index", quiet_seconds=QUIET_SECONDS)
    return count


def test_each_change_has_a_run(tmp_path: Path) -> None:
    path = tmp_path / "sub" / "一.txt"
    path.parent.mkdir()

    def edit() -> None:
        path.write_text("改过", "utf-8")

    assert (
        runs_of(
            tmp_path,
            lambda: path.write_text("新的", "utf-8"),
            edit,
            lambda: path.rename(tmp_path / "二.txt"),
            lambda: (tmp_path / "metadata.csv").write_text("file,year\n", "utf-8"),
            lambda: (tmp_path / "二.txt").unlink(),
        )
        == 6
    )


def test_index_and_hidden_files_are_no_change(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "一.txt").write_text("正文", "utf-8")
    changes = watch._Changes([tmp_path], tmp_path / "index")
    for name in ("index/MAIN_a.seg", "index", ".一.txt.swp", "~$一.docx"):
        changes.on_any_event(watch.FileSystemEvent(str(tmp_path / name)))
    assert not changes.seen.is_set()
    changes.on_any_event(watch.FileSystemEvent(str(tmp_path / ".一.txt.new"), str(tmp_path / "一.txt")))
    assert changes.seen.is_set()


def test_system_that_cannot_tell_of_changes_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(watch.Observer, "start", full)
    assert runs_of(tmp_path, lambda: (tmp_path / "一.txt").write_text("新的", "utf-8")) == 2


def test_command_prints_a_line_a_run_and_ends_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    first = reports / "一.txt"
    first.write_text("四平市人民政府工作报告\n\n各位代表：\n\n营商环境持续优化，群众十分满意。\n", "utf-8")

    def follow_twice(paths: object, run: Callable[[], None], **options: object) -> None:
        run()
        (reports / "空.txt").touch()
        run()
        first.unlink()
        run()
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "follow", follow_twice)
    result = CliRunner().invoke(index, [str(reports), "--index", str(tmp_path / "index"), "--watch"])
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert ["新增 1" in lines[0], "未变 1" in lines[1], "移除 1" in lines[2]] == [True, True, True]
    assert len(lines) == 3
    assert result.stderr.count("文件是空的") == 1


def test_command_refuses_what_cannot_be_followed(tmp_path: Path) -> None:
    options = ["--index", str(tmp_path / "index"), "--watch"]
    missing = CliRunner().invoke(index, [str(tmp_path / "没有"), *options])
    assert (missing.exit_code, "不存在" in missing.stderr) == (2, True)
    assert CliRunner().invoke(index, [str(tmp_path), *options, "--dry-run"]).exit_code == 2
