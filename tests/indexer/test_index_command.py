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
from search.cli import reports
from search.embedded.writing import writer
from search.embedded.writing.writer import EmbeddedWriter
from search.language.text import Analyzer
from search.operating.runs import read_runs

TEXT = "四平市人民政府工作报告\n\n各位代表：\n\n{}，营商环境持续优化，群众十分满意。\n"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command over the folder `reports`, which has one report."""
    monkeypatch.chdir(tmp_path)
    Path("reports").mkdir()
    Path("reports/一.txt").write_text(TEXT.format("第一年"), "utf-8")
    return lambda *options: CliRunner().invoke(
        index, ["reports", "--index", "index", "--jobs", "1", *options]
    )


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


def test_state_keeps_what_the_last_run_could_not_read(run: Run) -> None:
    Path("reports/坏.pdf").write_bytes(b"%PDF-1.7 nothing")
    assert run("--state", "state", "--dry-run").exit_code == 0
    assert not Path("state").exists()
    assert run("--state", "state").exit_code == 1
    (kept,) = read_runs(Path("state"))
    assert (kept.address, kept.roots) == (str(Path("index").absolute()), (str(Path("reports").absolute()),))
    assert [Path(one.path).name for one in kept.problems] == ["坏.pdf"]
    assert "PDF" in str(kept.problems[0].reason)
    Path("reports/坏.pdf").unlink()
    assert run("--state", "state").exit_code == 0
    assert [one.problems for one in read_runs(Path("state"))] == [()]


def test_state_that_cannot_be_written_is_told_and_the_run_holds(run: Run) -> None:
    Path("state").write_text("a file")
    result = run("--state", "state/below")
    assert result.exit_code == 1
    assert "operator.sqlite3" in result.stderr
    assert files_of_index()


def test_full_disk_is_said_and_the_old_index_stays(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    before = files_of_index()
    Path("reports/二.txt").write_text(TEXT.format("第二年"), "utf-8")

    def full(*_: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(writer, "publish", full)
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

    def interrupted(self: EmbeddedWriter, file: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(EmbeddedWriter, "add", interrupted)
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


# Many files that are gone


def index_many(run: Run, count: int) -> list[Path]:
    files = [Path(f"reports/{number:02}.txt") for number in range(count)]
    for number, file in enumerate(files):
        file.write_text(TEXT.format(f"第{number}份"), "utf-8")
    assert json.loads(run("--json").stdout)["reports"] == count + 1
    return files


@pytest.mark.parametrize("options", [(), ("--rebuild",)], ids=["update", "rebuild"])
def test_many_files_gone_are_kept_and_told_while_the_rest_is_done(run: Run, options: tuple[str, ...]) -> None:
    files = index_many(run, 20)
    for file in files[:11]:
        file.unlink()
    Path("reports/一.txt").write_text(TEXT.format("改过"), "utf-8")
    Path("reports/新.txt").write_text(TEXT.format("新的"), "utf-8")
    foreseen = json.loads(run("--json", "--dry-run", *options).stdout)
    result = run("--json", *options)
    summary = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (summary["reports"], summary["added"], summary["removed"]) == (22, 1, 0)
    assert summary["updated"] == (10 if options else 1)
    (problem,) = summary["problems"]
    assert problem["reason"].startswith("这些路径下收录的 21 个文件里，有 11 个已不在")
    assert "--allow-removals" in problem["reason"]
    assert foreseen["problems"] == summary["problems"]
    allowed = run("--json", "--allow-removals", *options)
    assert allowed.exit_code == 0
    assert json.loads(allowed.stdout)["reports"] == 11


@pytest.mark.parametrize("options", [(), ("--rebuild",)], ids=["update", "rebuild"])
def test_empty_folder_empties_nothing_unless_that_is_meant(run: Run, options: tuple[str, ...]) -> None:
    """As a share looks that isn't mounted."""
    index_many(run, 14)
    for file in Path("reports").iterdir():
        file.unlink()
    result = run("--json", *options)
    assert (result.exit_code, json.loads(result.stdout)["reports"]) == (1, 15)
    assert json.loads(run("--json", "--allow-removals").stdout)["reports"] == 0


@pytest.mark.parametrize(("held", "gone", "kept"), [(20, 10, False), (54, 11, False), (53, 11, True)])
def test_few_files_or_less_than_a_fifth_are_removed(run: Run, held: int, gone: int, kept: bool) -> None:
    for file in index_many(run, held)[:gone]:
        file.unlink()
    result = run("--json")
    assert json.loads(result.stdout)["removed"] == (0 if kept else gone)
    assert result.exit_code == kept


def test_renamed_files_are_not_lost(run: Run) -> None:
    for file in index_many(run, 20):
        file.rename(file.with_stem("新" + file.stem))
    result = run("--json")
    assert result.exit_code == 0
    summary = json.loads(result.stdout)
    assert (summary["renamed"], summary["removed"], summary["reports"]) == (20, 20, 21)


def test_only_files_under_the_paths_given_count(run: Run) -> None:
    """The fifth is of what is held there, not of all: one of two folders may be the share that isn't mounted."""
    files = index_many(run, 12)
    others = Path("others")
    others.mkdir()
    for number in range(60):
        (others / f"{number}.txt").write_text(TEXT.format(f"别处第{number}份"), "utf-8")
    into = ["--index", "index", "--json"]
    CliRunner().invoke(index, ["others", *into])
    for file in files:
        file.unlink()
    assert json.loads(run("--json").stdout)["reports"] == 73
    assert CliRunner().invoke(index, ["others", *into]).exit_code == 0


def test_name_of_a_kept_file_is_not_given_to_another(run: Run) -> None:
    """Else both would have one id."""
    for file in index_many(run, 15):
        file.unlink()
    other = Path("elsewhere/reports/00.txt")
    other.parent.mkdir(parents=True)
    other.write_text(TEXT.format("另一份"), "utf-8")
    result = CliRunner().invoke(index, ["reports", "elsewhere/reports", "--index", "index", "--json"])
    assert json.loads(result.stdout)["reports"] == 17
    sources = json.loads(CliRunner().invoke(reports, ["--index", "index", "--json"]).stdout)
    assert len({report["id"] for report in sources}) == 17


def test_rebuild_that_cannot_keep_what_is_gone_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index of another dictionary can't be continued, and a new one would have nothing of the files."""
    files = index_many(run, 12)
    for file in files:
        file.unlink()
    other = Analyzer({"梅花鹿之乡": 100})
    monkeypatch.setattr(pipeline, "load_analyzer", lambda user_dictionary=None: other)
    before = files_of_index()
    assert run("--rebuild", "--dry-run").exit_code == 0
    result = run("--rebuild")
    assert result.exit_code == 2
    assert "13 个文件里，有 12 个已不在" in result.stderr
    assert "--allow-removals" in result.stderr
    assert files_of_index() == before
    assert run("--rebuild", "--allow-removals").exit_code == 0
