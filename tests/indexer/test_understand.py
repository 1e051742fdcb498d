"""The three stages together: files are read, divided and described."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.understand import UnderstoodDocument, UnderstoodReport, understand
from search.errors import SourceError

FIRST = """\
政协四平市第九届委员会常务委员会工作报告

——在政协四平市第九届委员会第九次会议上

（2029年1月8日）

江 南

各位委员：

我受常务委员会委托，向大会报告工作，请予审议。

一、2028年工作回顾

这一年，我们围绕粮食安全“压

舱石”建言献策，办成了许多大事，群众十分满意。

打印
"""
SECOND = """
政协四平市第九届委员会常务委员会关于提案工作情况的报告

山 北

各位委员：

一年来，共收到提案三百件，经审查立案二百件，办复率百分之百，委员们对办理结果表示满意。
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "报告.txt"
    path.write_text(FIRST + SECOND, encoding="utf-8")
    return path


def test_file_is_read_divided_and_described(path: Path) -> None:
    (document,) = understand(path)
    first, second = document.reports
    assert first.metadata.type.value == "政协常委会工作报告"
    assert first.metadata.city.value == "四平市"
    assert first.metadata.year.value == 2029
    assert first.metadata.date.value == "2029-01-08"
    assert first.metadata.speaker.value == "江南"
    assert second.metadata.type.value == "政协提案工作报告"
    assert second.metadata.speaker.value == "山北"
    assert "粮食安全“压舱石”建言献策" in "".join(block.text for block in first.draft.blocks)
    assert document.format == "text"
    assert document.encoding


def test_second_report_learns_the_year_of_the_first(path: Path) -> None:
    (document,) = understand(path)
    assert document.reports[1].metadata.year.value == 2029


def test_what_readers_and_structure_set_aside_is_together_in_order(tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_text("<!-- 图 -->\n" + FIRST, encoding="utf-8")
    (document,) = understand(path)
    assert [entry.text for entry in document.set_aside] == ["<!-- 图 -->", "打印"]


def test_overrides_of_the_operator_win(path: Path) -> None:
    (document,) = understand(path, overrides=lambda number: {"year": "2031"})
    assert document.reports[0].metadata.year.value == 2031


def test_hidden_name_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "辽源市_2030.txt"
    path.write_text("现在报告工作。" * 20, encoding="utf-8")
    (named,) = understand(path)
    (hidden,) = understand(path, name="")
    assert named.reports[0].metadata.city.value == "辽源市"
    assert hidden.reports[0].metadata.city.value is None


def test_empty_file_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "空.txt"
    path.write_bytes(b"")
    with pytest.raises(SourceError) as refused:
        understand(path)
    assert "空.txt" in refused.value.path


def seed_documents(shared: Path) -> dict[str, UnderstoodDocument]:
    return {path.name: understand(path)[0] for path in sorted((shared / "corpus" / "seeds").iterdir())}


def value_of(report: UnderstoodReport, name: str) -> object:
    value: object = getattr(report.metadata, name).value
    return value


@pytest.mark.corpus
def test_seeds_hold_the_reports_that_a_person_found_in_them(shared: Path) -> None:
    gold = json.loads((shared / "gold" / "seeds.json").read_text(encoding="utf-8"))["files"]
    wrong: list[tuple[str, str, object]] = []
    for name, document in seed_documents(shared).items():
        reports = [report for report in document.reports if report.draft.kind == "report"]
        expected = gold[name]["reports"]
        if len(reports) != len(expected):
            wrong.append((name, "reports", len(reports)))
            continue
        for report, wanted in zip(reports, expected, strict=True):
            if wanted["title_contains"] not in str(value_of(report, "title")):
                wrong.append((name, "title", value_of(report, "title")))
            for field, value in wanted.items():
                if field != "title_contains" and value_of(report, field) != value:
                    wrong.append((name, field, value_of(report, field)))
    assert wrong == []


@pytest.mark.corpus
def test_seeds_are_joined_where_a_person_joined_them(shared: Path) -> None:
    gold = json.loads((shared / "gold" / "seeds.json").read_text(encoding="utf-8"))["files"]
    missing = []
    for name, document in seed_documents(shared).items():
        texts = [block.text for report in document.reports for block in report.draft.blocks]
        wanted = gold[name]["joined"] + gold[name]["also_searchable"]
        missing += [(name, string) for string in wanted if not any(string in text for text in texts)]
    assert missing == []


@pytest.mark.corpus
def test_seeds_are_joined_nowhere_else(shared: Path) -> None:
    """Each join of the five files was looked at; these are the lines of all of them."""
    joined = {
        name[:3]: [
            block.lines for report in document.reports for block in report.draft.blocks if block.joined
        ]
        for name, document in seed_documents(shared).items()
    }
    assert joined == {
        "000": [(19, 21), (25, 27), (33, 35), (43, 45), (67, 69), (73, 75), (81, 83), (87, 89), (93, 95)],
        "001": [(20, 22), (26, 28), (30, 32), (48, 50)],
        "002": [(66, 68)],
        "003": [(99, 101), (121, 123), (127, 129)],
        "004": [(23, 25), (31, 33), (39, 41), (53, 55)],
    }


@pytest.mark.corpus
def test_other_texts_of_the_seeds_are_kept_apart_from_the_reports(shared: Path) -> None:
    kinds = {
        name[:3]: [report.draft.kind for report in document.reports]
        for name, document in seed_documents(shared).items()
    }
    assert kinds["001"] == ["report", "其他", "新闻", "新闻", "社论"]
    assert kinds["003"] == ["report", "report", "新闻", "社论"]


def test_problem_names_the_file_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("报告").mkdir()
    path = Path("报告") / "四平市_2030.txt"
    path.write_text(
        "四平市人民政府工作报告\n\n——2029年1月8日在四平市第十届人民代表大会第九次会议上\n\n各位代表：\n\n一年来工作有序。\n",
        "utf-8",
    )
    (document,) = understand(path)
    (problem,) = document.problems
    assert problem.path == "报告/四平市_2030.txt"
    table = Path("报告") / "表.csv"
    table.write_text("text,city,year\n各位代表：一年来工作有序。,火星市,2029\n", "utf-8")
    (row,) = understand(table)
    assert {problem.path for problem in row.problems} == {"报告/表.csv#row 1"}
