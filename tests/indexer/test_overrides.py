"""metadata.csv beside the files: what it may say, and what becomes a problem with its line."""

import random
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from indexer.overrides import OverrideRow, Overrides, load_overrides
from search.messages import metadata as says


def write(folder: Path, text: str, encoding: str = "utf-8") -> Overrides:
    (folder / "metadata.csv").write_bytes(text.encode(encoding))
    return load_overrides(folder)


def test_folder_without_the_file_has_no_overrides(tmp_path: Path) -> None:
    overrides = load_overrides(tmp_path)
    assert overrides.for_file("a.txt", 1) == {}
    assert overrides.problems == ()


def test_row_gives_its_values_and_where_they_stand(tmp_path: Path) -> None:
    overrides = write(tmp_path, "file,city,year,speaker\na.txt,四平市,2023,\n")
    assert overrides.problems == ()
    assert overrides.for_file("a.txt", 1) == {
        "city": "四平市",
        "year": "2023",
        "evidence": says.STATED_TABLE(table="metadata.csv", lines=[2]),
    }
    assert overrides.for_file("b.txt", 1) == {}


def test_file_is_found_by_absolute_and_by_relative_path(tmp_path: Path) -> None:
    overrides = write(tmp_path, "file,year\nold/a.txt,1996\n")
    assert overrides.for_file(tmp_path / "old" / "a.txt", 1)["year"] == "1996"
    assert overrides.for_file(Path("old/a.txt"), 1)["year"] == "1996"
    assert overrides.for_file(Path("a.txt"), 1) == {}


def test_number_wins_over_none_and_name_over_pattern_and_later_over_earlier(tmp_path: Path) -> None:
    text = "file,report,year,city\na.txt,2,2001,\na.txt,,2002,四平市\n*.txt,,2003,辽源市\na.txt,,2004,\n"
    overrides = write(tmp_path, text)
    assert overrides.problems == ()
    assert overrides.for_file("a.txt", 2)["year"] == "2001"
    assert overrides.for_file("a.txt", 2)["city"] == "四平市"
    assert overrides.for_file("a.txt", 1)["year"] == "2004"
    assert overrides.for_file("b.txt", 1)["city"] == "辽源市"


PARTS = ("四平", "a", "b", "*", "?", "[ab]", "[!a]", "[]]", "[", "]", "!", ".txt", "/", "[*]", "**")


def test_rows_of_a_file_are_those_that_holding_it_against_each_would_find() -> None:
    chance = random.Random(16)
    texts = ["".join(chance.choices(PARTS, k=chance.randrange(1, 5))) for _ in range(400)]
    rows = tuple(OverrideRow(line, text, None, {"year": "2023"}) for line, text in enumerate(texts, start=2))
    overrides = Overrides(Path("/reports"), rows)
    names = {
        Path(text.replace("*", "b").replace("?", "a").replace("[ab]", "a").strip("/")).as_posix()
        for text in texts
    }
    found = 0
    for name in names - {"."}:
        expected = [row for row in rows if row.file == name or fnmatchcase(name, row.file)]
        assert list(overrides.rows_for(name)) == expected
        found += len(expected)
    assert found > len(names)


def test_a_file_is_held_against_few_rows_of_a_long_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else 4,000 files and as many rows take seconds, at every run."""
    texts = [form.format(n) for n in range(1_000) for form in ("城市{}.txt", "{:04}*.txt", "*第{:04}份*")]
    rows = tuple(OverrideRow(line, text, None, {}) for line, text in enumerate(texts, start=2))
    overrides = Overrides(Path("/reports"), rows)
    tried: list[str] = []

    class Counted(str):
        def __eq__(self, other: object) -> bool:
            tried.append(str(other))
            return str(self) == other

        __hash__ = str.__hash__

    for row in rows:
        object.__setattr__(row, "file", Counted(row.file))
    (row,) = overrides.rows_for("0042_第七份.txt")
    assert row.file == "0042*.txt"
    assert len(tried) < 10


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_and_chinese_headers(tmp_path: Path, encoding: str) -> None:
    overrides = write(tmp_path, "文件,城市,年份\n四平.txt,四平市,2023年\n", encoding)
    assert overrides.problems == ()
    assert overrides.for_file("四平.txt", 1)["city"] == "四平市"


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("type,散文", "类型"),
        ("city,松湖市", "地名表"),
        ("province,四平市", "省级"),
        ("year,23", "四位数"),
        ("year,1800", "1949"),
        ("review_year,去年", "四位数"),
        ("date,2024年1月", "日期"),
        ("date,2024-02-30", "日期"),
    ],
)
def test_value_that_cannot_be_is_a_problem_with_its_line(tmp_path: Path, cell: str, word: str) -> None:
    column, value = cell.split(",")
    overrides = write(tmp_path, f"file,{column},speaker\n\na.txt,{value},林大海\n")
    (problem,) = overrides.problems
    assert problem.line == 3
    assert word in str(problem.reason)
    assert value in str(problem.reason)
    assert column not in overrides.for_file("a.txt", 1)
    assert overrides.for_file("a.txt", 1)["speaker"] == "林大海"


def test_unknown_column_is_listed_and_the_others_hold(tmp_path: Path) -> None:
    overrides = write(tmp_path, "file,yaer,city\na.txt,2023,四平市\n")
    (problem,) = overrides.problems
    assert (problem.line, "yaer" in str(problem.reason)) == (1, True)
    assert overrides.for_file("a.txt", 1)["city"] == "四平市"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("city,year\n四平市,2023\n", 1),
        ("file,year\n,2023\n", 2),
        ("file,report,year\na.txt,零,2023\n", 2),
        ("file,year\na.txt,2023,四平市\n", 2),
        ('file,year\n"a"x.txt,2023\n', 2),
    ],
)
def test_malformed_table_is_a_problem_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    overrides = write(tmp_path, text)
    assert [problem.line for problem in overrides.problems] == [line]


def test_line_numbers_count_through_cells_of_several_lines(tmp_path: Path) -> None:
    overrides = write(tmp_path, 'file,title,year\na.txt,"工作\n报告",2023\nb.txt,,xx\n')
    assert [problem.line for problem in overrides.problems] == [4]
    assert str(overrides.for_file("a.txt", 1)["evidence"]) == "metadata.csv 第2行"


def test_bytes_that_are_no_text_are_one_problem(tmp_path: Path) -> None:
    (tmp_path / "metadata.csv").write_bytes(b"\xff\xff\x81")
    overrides = load_overrides(tmp_path)
    assert overrides.rows == ()
    assert [problem.line for problem in overrides.problems] == [None]
