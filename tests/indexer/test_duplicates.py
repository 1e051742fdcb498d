"""Reports that the collection has twice are told, whole or nearly, and both stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.pipeline import index_sources
from search.embedded.view import EmbeddedView

HEAD = "政协漳平市第八届委员会常务委员会工作报告\n——2023年1月6日在政协漳平市第八届委员会第二次会议上\n"


def report(*, changed: int) -> str:
    """Ten paragraphs of about forty characters; the first `changed` of them differ from every other report's."""
    lines = [
        f"这是第{n}段，说的是第{n}项工作在全市各乡镇街道推进落实的情况以及取得的成效和存在的不足。"
        for n in range(10)
    ]
    for n in range(changed):
        lines[n] = f"这里另写了{changed}篇里第{n}段的内容，与别处的文字完全不同，谈的是其他方面的安排和打算。"
    return HEAD + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("changed", "said"), [(0, "全文相同"), (1, "有 9"), (5, None)], ids=["whole", "nearly", "different"]
)
def test_report_found_twice_is_told_with_how_near(tmp_path: Path, changed: int, said: str | None) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text(report(changed=0), encoding="utf-8")
    index_sources([folder], tmp_path / "index", jobs=1)
    (folder / "b.txt").write_text(report(changed=changed), encoding="utf-8")
    summary = index_sources([folder], tmp_path / "index", jobs=1)
    assert (summary.added, summary.unchanged, summary.reports) == (1, 1, 2)
    told = [str(problem.reason) for problem in summary.problems if "a.txt" in str(problem.reason)]
    assert len(told) == (said is not None)
    if said is not None:
        assert said in told[0]


def test_reports_that_differ_in_a_short_line_are_not_called_the_same_throughout(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text(report(changed=0), encoding="utf-8")
    (folder / "b.txt").write_text(report(changed=0).replace("1月6日", "1月7日"), encoding="utf-8")
    (folder / "c.txt").write_text(report(changed=0) + "谢谢大家！\n", encoding="utf-8")
    summary = index_sources([folder], tmp_path / "index", jobs=1)
    told = [str(problem.reason) for problem in summary.problems if "相同" in str(problem.reason)]
    assert len(told) == 2
    assert not [reason for reason in told if "全文相同" in reason]


def test_two_fresh_reports_of_one_text_are_told_once(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(report(changed=0), encoding="utf-8")
    summary = index_sources([folder], tmp_path / "index", jobs=1)
    told = [problem for problem in summary.problems if "全文相同" in str(problem.reason)]
    assert len(told) == 1


@pytest.mark.parametrize("changed", [0, 1], ids=["whole", "nearly"])
def test_however_many_copies_each_is_told(tmp_path: Path, changed: int) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for n in range(60):
        own = f"这是第{n:02}份自己的一段话，别的报告里没有，写在这里只是为了让它与别的不完全一样。\n"
        text = report(changed=0) + changed * own
        (folder / f"{n:02}.txt").write_text(text, encoding="utf-8")
    summary = index_sources([folder], tmp_path / "index", jobs=1)
    told = sorted(Path(problem.path).name for problem in summary.problems if "相同" in str(problem.reason))
    assert told == [f"{n:02}.txt" for n in range(1, 60)]


def test_removed_report_is_no_duplicate(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text(report(changed=0), encoding="utf-8")
    index_sources([folder], tmp_path / "index", jobs=1)
    (folder / "a.txt").rename(folder / "b.txt")
    summary = index_sources([folder], tmp_path / "index", jobs=1)
    assert (summary.added, summary.removed, summary.renamed) == (1, 1, 1)
    assert not [problem for problem in summary.problems if "相同" in str(problem.reason)]


def test_telling_copies_reads_no_report_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report is read with all that its file set aside: of a table with thousands of rows, a second's work each."""
    monkeypatch.setattr(EmbeddedView, "report", None)
    folder = tmp_path / "reports"
    folder.mkdir()
    rows = "".join(f"四平市,{2000 + n},{report(changed=0).splitlines()[2]}\n" for n in range(20))
    (folder / "a.csv").write_text("city,year,text\n" + rows, encoding="utf-8")
    summary = index_sources([folder], tmp_path / "index", jobs=1)
    assert summary.paragraphs == 20
    assert len([problem for problem in summary.problems if "全文相同" in str(problem.reason)]) == 19
