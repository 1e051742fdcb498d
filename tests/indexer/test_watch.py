"""Following folders: a run for what changed, none for what a run itself does, none for what is no source."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from watchdog.events import FileSystemEvent
from watchdog.observers import Observer

from indexer import watch
from indexer.cli import index
from indexer.watch import follow

SOON = {"quiet_seconds": 0.05, "look_seconds": 0.05}
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
        if folder.exists():
            for path in sorted(folder.rglob("*.txt")):  # as a run does, which must not count as a change
                path.read_bytes()
        steps[count - 1]()

    with pytest.raises(KeyboardInterrupt):
        follow([folder], run, address=str(folder / "index"), **SOON)
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
    changes = watch._Changes([tmp_path], str(tmp_path / "index"))
    for name in ("index/MAIN_a.seg", "index", ".一.txt.swp", "~$一.docx"):
        changes.on_any_event(FileSystemEvent(str(tmp_path / name)))
    assert not changes.seen.is_set()
    changes.on_any_event(FileSystemEvent(str(tmp_path / ".一.txt.new"), str(tmp_path / "一.txt")))
    assert changes.seen.is_set()


def test_folder_replaced_by_another_is_followed_on(tmp_path: Path) -> None:
    folder, old, new = tmp_path / "reports", tmp_path / "old", tmp_path / "new"
    for path in (folder, new):
        path.mkdir()
        (path / "一.txt").write_text("正文", "utf-8")

    def replace() -> None:
        folder.rename(old)
        new.rename(folder)

    edits = [lambda: (folder / "一.txt").write_text("改过", "utf-8"), lambda: (folder / "一.txt").unlink()]
    assert runs_of(folder, replace, *edits) == 4


def test_folder_removed_and_made_again_is_followed_on(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "一.txt").write_text("正文", "utf-8")

    def make() -> None:
        folder.mkdir()
        (folder / "一.txt").write_text("正文", "utf-8")

    def edit() -> None:
        (folder / "一.txt").write_text("改过", "utf-8")

    assert runs_of(folder, lambda: shutil.rmtree(folder), make, edit) == 4


def test_changes_behind_a_link_are_seen(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "reports", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (elsewhere / "一.txt").write_text("正文", "utf-8")
    (folder / "link").symlink_to(elsewhere)
    (folder / "二.txt").symlink_to(elsewhere / "一.txt")
    new = elsewhere / "三.txt"
    assert runs_of(folder, lambda: new.write_text("新的", "utf-8"), new.unlink) == 3


def test_file_given_by_itself_is_followed_on_when_it_is_replaced(tmp_path: Path) -> None:
    file, other = tmp_path / "一.txt", tmp_path / "二.txt"
    file.write_text("正文", "utf-8")
    other.write_text("别的", "utf-8")
    assert runs_of(file, lambda: other.replace(file), lambda: file.write_text("改过", "utf-8")) == 3


def test_system_that_cannot_tell_of_changes_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(Observer, "start", full)
    assert runs_of(tmp_path, lambda: (tmp_path / "一.txt").write_text("新的", "utf-8")) == 2


@pytest.mark.thorough
def test_many_runs_take_the_memory_of_two(tmp_path: Path) -> None:
    """Each loaded an analyzer of 80 MB, which stayed until the collector of cycles came by."""
    script = textwrap.dedent(
        """
        import resource, sys
        from click.testing import CliRunner
        from indexer import watch
        from indexer.cli import index

        def follow(paths, run, **options):
            peaks = []
            for number in range(20):
                run()
                peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
            print(peaks[1], peaks[-1], file=sys.__stderr__)
            raise KeyboardInterrupt

        watch.follow = follow
        reports, address = sys.argv[1:]
        print(CliRunner().invoke(index, [reports, "--index", address, "--watch", "--jobs", "1"]).output)
        """
    )
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "一.txt").write_text("四平市人民政府工作报告\n\n营商环境持续优化，群众十分满意。\n", "utf-8")
    run = subprocess.run(
        [sys.executable, "-c", script, str(reports), str(tmp_path / "index")],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.count("未变 1") == 19, run.stdout
    early_mb, late_mb = map(int, run.stderr.split())
    assert late_mb - early_mb < 40


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
