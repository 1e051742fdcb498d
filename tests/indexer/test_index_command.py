"""`xiesou index` when something goes wrong: what it says, with which exit status, and what is left."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer import pipeline
from indexer.cli import index
from search.embedded.writing.writer import IndexWriter
from search.language.text import load_analyzer

TEXT = "四平市人民政府工作报告\n\n各位代表：\n\n{}，营商环境持续优化，群众十分满意。\n"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command over the folder `reports`, which has one report."""
    analyzer = load_analyzer()
    monkeypatch.setattr(pipeline, "load_analyzer", lambda user_dictionary=None: analyzer)
    monkeypatch.chdir(tmp_path)
    Path("reports").mkdir()
    Path("reports/一.txt").write_text(TEXT.format("第一年"), "utf-8")
    return lambda *options: CliRunner().invoke(index, ["reports", "--index", "index", *options])


def files_of_index() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path("index").iterdir() if path.suffix == ".toc"}


def test_summary_tells_exactly_what_was_edited_removed_added_and_renamed(run: Run) -> None:
    for name in ("二", "三", "四"):
        Path(f"reports/{name}.txt").write_text(TEXT.format(name), "utf-8")
    assert json.loads(run("--json").stdout)["added"] == 4
    Path("reports/一.txt").write_text(TEXT.format("改过"), "utf-8")
    Path("reports/二.txt").unlink()
    Path("reports/三.txt").rename("reports/叁.txt")
    Path("reports/五.txt").write_text(TEXT.format("新的"), "utf-8")
    counts = {"added": 2, "updated": 1, "removed": 2, "unchanged": 1, "renamed": 1, "reports": 4}
    foreseen = json.loads(run("--json", "--dry-run").stdout)
    assert {name: foreseen[name] for name in ("added", "updated", "removed", "unchanged", "renamed")} == {
        name: count for name, count in counts.items() if name != "reports"
    }
    summary = json.loads(run("--json").stdout)
    assert {name: summary[name] for name in counts} == counts
    again = json.loads(run("--json").stdout)
    assert (again["unchanged"], again["added"], again["updated"], again["removed"]) == (4, 0, 0, 0)


def test_file_that_went_bad_is_told_and_what_the_index_has_of_it_stays(run: Run) -> None:
    run()
    Path("reports/一.txt").write_bytes(b"")
    result = run("--json")
    summary = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (summary["reports"], summary["updated"]) == (1, 0)
    (problem,) = summary["problems"]
    assert problem["path"] == "reports/一.txt"
    assert problem["reason"].endswith("索引里原有的内容保留。")


def test_full_disk_is_said_and_the_old_index_stays(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    before = files_of_index()
    Path("reports/二.txt").write_text(TEXT.format("第二年"), "utf-8")

    def full(self: IndexWriter) -> bool:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(IndexWriter, "commit", full)
        result = run()
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert "请在磁盘上腾出空间" in result.stderr
    assert files_of_index() == before
    assert "新增 1" in run().stdout


def test_interrupted_run_says_so_and_leaves_the_index(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    before = files_of_index()
    Path("reports/二.txt").write_text(TEXT.format("第二年"), "utf-8")

    def interrupted(self: IndexWriter, file: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(IndexWriter, "add", interrupted)
        result = run()
    assert (result.exit_code, result.stdout) == (130, "")
    assert "已中断" in result.stderr
    assert files_of_index() == before


def test_name_of_a_file_can_do_nothing_to_a_terminal(run: Run) -> None:
    Path("reports/\x1b[31m红\n色.txt").write_bytes(b"")
    result = run()
    assert "reports/\\x1b[31m红\\n色.txt: 文件是空的。" in result.stderr


def test_index_within_the_folder_is_no_source(run: Run) -> None:
    inside = ["reports", "--index", "reports", "--json"]
    assert CliRunner().invoke(index, inside).exit_code == 0
    again = json.loads(CliRunner().invoke(index, inside).stdout)
    assert (again["unchanged"], again["added"], again["problems"]) == (1, 0, [])


def test_report_that_is_there_twice_is_told_by_the_path_that_was_given(run: Run) -> None:
    long = "".join(f"第{number}项工作圆满完成，群众满意。" for number in range(20))
    Path("reports/一.txt").write_text(TEXT.format(long), "utf-8")
    Path("reports/二.txt").write_text(TEXT.format(long), "utf-8")
    (problem,) = json.loads(run("--json").stdout)["problems"]
    assert problem["path"] == "reports/二.txt"
    assert problem["reason"].startswith("与 reports/一.txt 全文相同")
