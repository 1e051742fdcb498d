"""The command line as it is promised: exit status 0 done, 1 done with problems, 2 could not; and the JSON's keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from search.embedded.store import write_lock
from xiesou import main

REPORT = """政协四平市委员会常务委员会工作报告

2023年1月10日在政协四平市第十届委员会第二次会议上

一、2022年工作回顾

优化营商环境，开展专题协商12次。

二、2023年工作安排

推动乡村振兴，服务5G基站建设。
"""
SUMMARY_KEYS = ["reports", "paragraphs", "added", "updated", "removed", "unchanged", "problems", "seconds"]
REPORT_KEYS = [
    "id", "source", "title", "type", "city", "province", "level", "year", "review_year", "plan_year", "date",
    "session", "speaker", "added", "paragraphs",
]  # fmt: skip


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "siping-2023.txt").write_text(REPORT, encoding="utf-8")
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def summary_of(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def build(sources: Path, index: Path) -> dict[str, Any]:
    result = run("index", sources, "--index", index, "--jobs", 1, "--json")
    assert result.exit_code == 0, result.output
    return summary_of(result)


# index


def test_index_prints_the_promised_json(sources: Path, index: Path) -> None:
    summary = build(sources, index)
    assert [key for key in summary if key in SUMMARY_KEYS] == SUMMARY_KEYS
    assert (summary["reports"], summary["added"], summary["problems"]) == (1, 1, [])
    assert summary["paragraphs"] > 4
    again = build(sources, index)
    assert (again["added"], again["unchanged"], again["paragraphs"]) == (0, 1, summary["paragraphs"])


def test_index_prints_a_summary_always(sources: Path, index: Path) -> None:
    result = run("index", sources, "--index", index, "--jobs", 1)
    assert result.exit_code == 0
    assert "新增 1" in result.output
    assert "1 份报告" in result.output


def test_index_of_a_missing_path_could_not(tmp_path: Path, index: Path) -> None:
    result = run("index", tmp_path / "nowhere", "--index", index)
    assert result.exit_code == 2
    assert "nowhere 不存在。请检查路径。" in result.output
    assert "Traceback" not in result.output
    assert not index.exists()


def test_index_of_an_empty_folder_could_not(tmp_path: Path, index: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run("index", tmp_path / "empty", "--index", index)
    assert result.exit_code == 2
    assert "没有可以索引的文件" in result.output
    assert ".txt" in result.output


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("blank.txt", " \n\n　\n".encode()),
        ("binary.txt", bytes(range(256)) * 40),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(2000)),
        ("broken.docx", b"PK\x03\x04 not a document"),
        ("broken.pdf", b"%PDF-1.7\n nothing"),
        ("broken.zip", b"PK\x03\x04"),
        ("broken.jsonl", b'{"id": 1, "title"'),
    ],
)
def test_a_file_that_cannot_be_read_is_listed_and_the_others_go_on(
    sources: Path, index: Path, name: str, content: bytes
) -> None:
    (sources / name).write_bytes(content)
    result = run("index", sources, "--index", index, "--jobs", 1, "--json")
    assert result.exit_code == 1, result.output
    summary = summary_of(result)
    assert (summary["reports"], summary["added"]) == (1, 1)
    assert [list(problem) for problem in summary["problems"]] == [
        ["path", "line", "reason", "code", "args"]
    ] * len(summary["problems"])
    assert {Path(problem["path"]).name.split("!")[0] for problem in summary["problems"]} == {name}
    assert all(len(problem["reason"]) > 5 for problem in summary["problems"])


def test_a_file_without_permission_is_listed_and_the_others_go_on(
    sources: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sources / "closed.txt").write_text(REPORT, encoding="utf-8")
    opened = Path.open

    def refuse(self: Path, *arguments: Any, **options: Any) -> Any:
        if self.name == "closed.txt":
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    result = run("index", sources, "--index", index, "--jobs", 1, "--json")
    assert result.exit_code == 1, result.output
    summary = summary_of(result)
    assert summary["added"] == 1
    assert ["读不出来：Permission denied" in problem["reason"] for problem in summary["problems"]] == [True]


def test_a_changed_file_that_cannot_be_read_keeps_what_the_index_has(sources: Path, index: Path) -> None:
    before = build(sources, index)
    (sources / "siping-2023.txt").write_bytes(bytes(range(256)) * 40)
    result = run("index", sources, "--index", index, "--jobs", 1, "--json")
    assert result.exit_code == 1
    summary = summary_of(result)
    assert (summary["removed"], summary["updated"]) == (0, 0)
    assert summary["paragraphs"] == before["paragraphs"]
    assert "索引里原有的内容保留" in summary["problems"][0]["reason"]


def test_dry_run_changes_nothing(sources: Path, index: Path) -> None:
    result = run("index", sources, "--index", index, "--dry-run", "--json")
    assert result.exit_code == 0
    assert summary_of(result)["added"] == 1
    assert not index.exists()
    build(sources, index)
    held = {path.name: path.read_bytes() for path in index.iterdir()}
    (sources / "more.txt").write_text(REPORT.replace("四平", "通化"), encoding="utf-8")
    (sources / "siping-2023.txt").write_text(REPORT + "\n补充一段。\n", encoding="utf-8")
    summary = summary_of(run("index", sources, "--index", index, "--dry-run", "--json"))
    assert (summary["added"], summary["updated"], summary["removed"]) == (1, 1, 0)
    assert {path.name: path.read_bytes() for path in index.iterdir()} == held


def test_index_adds_updates_and_removes(sources: Path, index: Path) -> None:
    build(sources, index)
    (sources / "tonghua.txt").write_text(REPORT.replace("四平", "通化"), encoding="utf-8")
    assert build(sources, index)["added"] == 1
    (sources / "tonghua.txt").write_text(REPORT.replace("四平", "通化") + "\n后来补上。\n", encoding="utf-8")
    assert build(sources, index)["updated"] == 1
    (sources / "tonghua.txt").unlink()
    summary = build(sources, index)
    assert (summary["removed"], summary["reports"]) == (1, 1)
    assert json.loads(run("search", "“后来补上”", "--index", index, "--json").stdout)["total"] == 0


def test_a_file_in_the_place_of_the_index_folder_could_not(sources: Path, index: Path) -> None:
    index.write_text("not a folder")
    result = run("index", sources, "--index", index, "--jobs", 1)
    assert result.exit_code == 2
    assert "写不进去" in result.output
    assert "--index DIR" in result.output


def test_a_folder_that_another_run_holds_could_not(sources: Path, index: Path) -> None:
    build(sources, index)
    with write_lock(index):
        result = run("index", sources, "--index", index, "--jobs", 1)
    assert result.exit_code == 2
    assert "另一次运行正在写" in result.output
    assert "再试" in result.output
    build(sources, index)


def test_a_damaged_index_is_not_continued_but_built_anew(sources: Path, index: Path) -> None:
    build(sources, index)
    next(index.glob("*.trm")).write_bytes(b"")
    result = run("index", sources, "--index", index, "--jobs", 1)
    assert result.exit_code == 2
    assert "--rebuild" in result.output
    assert run("index", sources, "--index", index, "--jobs", 1, "--rebuild").exit_code == 0
    assert run("verify", "--index", index).exit_code == 0


# search, reports, show, verify


COMMANDS = [
    ("search", "发展"),
    ("reports",),
    ("show", "0000000000"),
    ("verify",),
    ("numbers", "发展"),
    ("spread", "发展"),
    ("collocates", "发展"),
    ("keywords", "--of", "city:四平市"),
    ("concordance", "发展"),
    ("compare", "发展", "改革"),
    ("reuse", "0000000000"),
    ("diff", "0000000000"),
]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("as_json", [True, False])
def test_no_index_could_not(index: Path, command: tuple[str, ...], as_json: bool) -> None:
    result = run(*command, "--index", index, *(["--json"] if as_json else []))
    assert result.exit_code == 2
    assert "里没有索引" in result.stderr
    assert "xiesou index" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", COMMANDS)
def test_a_truncated_index_could_not(sources: Path, index: Path, command: tuple[str, ...]) -> None:
    build(sources, index)
    file = next(index.glob("*.pst"))
    file.write_bytes(file.read_bytes()[:-9])
    result = run(*command, "--index", index)
    assert result.exit_code == 2
    assert "索引已损坏" in result.stderr
    assert "--rebuild" in result.stderr


def test_search_prints_the_api_s_json(sources: Path, index: Path) -> None:
    build(sources, index)
    result = run(
        "search", "营商环境", "--city", "四平市", "--year", 2023, "--limit", 1, "--index", index, "--json"
    )
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert {"query", "total", "hits", "facets", "notices", "took_ms"} <= set(found)
    assert {"city", "year", "type", "province"} <= set(found["facets"])
    assert all(set(value) == {"value", "count", "selected"} for value in found["facets"]["city"])
    hit = found["hits"][0]
    assert {"id", "report", "heading", "text", "spans", "score", "tier", "url"} <= set(hit)
    assert {"id", "title", "city", "province", "year", "type", "url"} <= set(hit["report"])
    assert [hit["text"][start:end] for start, end in hit["spans"]] == ["营商环境"]
    assert found["query"]["city"] == ["四平市"]
    assert found["query"]["year"] == [2023]


@pytest.mark.parametrize(("option", "variable"), [(True, False), (False, True), (True, True)])
def test_search_prints_addresses_below_the_public_one(
    sources: Path, index: Path, monkeypatch: pytest.MonkeyPatch, option: bool, variable: bool
) -> None:
    run("index", sources, "--index", index)
    if variable:
        monkeypatch.setenv("XIESOU_PUBLIC_URL", f"https://{'other' if option else 'www'}.example.org/xiesou/")
    stated = ["--public-url", "https://www.example.org/xiesou"] if option else []
    found = json.loads(run("search", "营商环境", "--index", index, "--json", *stated).stdout)
    (hit, *_) = found["hits"]
    assert (
        hit["url"]
        == f"https://www.example.org/xiesou/reports/{hit['report']['id']}#{hit['id'].rpartition('-')[2]}"
    )
    assert hit["report"]["url"].startswith("https://www.example.org/xiesou/reports/")


def test_a_public_url_that_is_none_is_a_usage_error(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is no public address" in run("search", "x", "--index", index, "--public-url", "nowhere").output
    monkeypatch.setenv("XIESOU_PUBLIC_URL", "nowhere")
    done = run("search", "x", "--index", index)
    assert done.exit_code == 2
    assert "is no public address" in done.output


def test_search_with_a_bad_query_says_where(sources: Path, index: Path) -> None:
    build(sources, index)
    result = run("search", "year:昨天", "--index", index)
    assert result.exit_code == 2
    assert "昨天" in result.stderr
    assert "Traceback" not in result.output


def test_nothing_of_a_report_reaches_the_terminal_raw(sources: Path, index: Path) -> None:
    (sources / "a\x1b[2J\nb.txt").write_text(REPORT.replace("优化", "优\x9b31m化"), encoding="utf-8")
    run("index", sources, "--index", index)
    listed = run("reports", "--index", index).stdout
    assert "a\\x1b[2J\\nb.txt" in listed
    shown = run("show", listed.split()[0], "--index", index).stdout
    found = run("search", "营商环境", "--index", index).stdout
    for said in (listed, shown, found):
        assert [char for char in said if not char.isprintable() and char not in "\n\t\u3000"] == []


def test_reports_prints_the_promised_json(sources: Path, index: Path) -> None:
    build(sources, index)
    result = run("reports", "--index", index, "--json")
    assert result.exit_code == 0
    (report,) = json.loads(result.stdout)
    assert set(REPORT_KEYS) <= set(report)
    assert (report["city"], report["province"], report["year"]) == ("四平市", "吉林省", 2023)
    assert report["speaker"] is None
    assert report["id"] in run("reports", "--index", index).stdout


def test_show_prints_the_promised_json(sources: Path, index: Path) -> None:
    build(sources, index)
    (report,) = json.loads(run("reports", "--index", index, "--json").stdout)
    result = run("show", report["id"], "--index", index, "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["report"] == report
    assert len(found["paragraphs"]) == report["paragraphs"]
    for number, paragraph in enumerate(found["paragraphs"], start=1):
        assert {"id", "n", "kind", "heading", "text"} <= set(paragraph)
        assert (paragraph["n"], paragraph["id"]) == (number, f"{report['id']}-p{number}")
    assert ["一、2022年工作回顾"] in [paragraph["heading"] for paragraph in found["paragraphs"]]


def test_show_of_an_unknown_report_could_not(sources: Path, index: Path) -> None:
    build(sources, index)
    result = run("show", "0000000000", "--index", index)
    assert result.exit_code == 2
    assert "0000000000" in result.stderr
    assert "xiesou reports" in result.stderr


def test_verify_says_what_is_whole_and_what_was_altered(sources: Path, index: Path) -> None:
    build(sources, index)
    whole = run("verify", "--index", index, "--json")
    assert whole.exit_code == 0
    assert json.loads(whole.stdout)["ok"] is True
    file = next(index.glob("*.pst"))
    data = bytearray(file.read_bytes())
    data[20] ^= 1
    file.write_bytes(data)
    altered = run("verify", "--index", index)
    assert altered.exit_code == 2
    assert file.name in altered.stderr


@pytest.mark.parametrize(
    "command",
    [
        "index",
        "inspect",
        "search",
        "reports",
        "show",
        "verify",
        "numbers",
        "diff",
        "reuse",
        "match-text",
        "spread",
        "compare",
        "collocates",
        "keywords",
        "digest",
        "concordance",
        "serve",
    ],
)
def test_help_shows_an_example(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"xiesou {command}" in result.output
