"""Law 4 for tables: every cell is in the lines or the set-aside of its file's documents, counted from the raw file.

The counters here share nothing with the readers: Python's own csv and json, and the XML parts of a workbook.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.readers.registry import read, read_source
from indexer.readers.source import Source
from search.errors import SourceError
from tests.cases import cases

PLAIN = st.text("各位代表现在我市人民政府工作报告年，。、（）12 ab\n", min_size=0, max_size=60)
LONG = st.text("各位代表现在我市人民政府工作报告年，。", min_size=30, max_size=80)
NAMES = st.lists(
    st.sampled_from(
        ["城市", "年份", "标题", "备注", "段落序号", "来源", "发布日期", "甲", "工作报告全文", "text2"]
    ),
    unique=True,
    min_size=1,
    max_size=5,
)


def counted(texts: Iterable[str]) -> Counter[str]:
    return Counter(c for text in texts for c in text if not c.isspace())


def kept(data: bytes, name: str) -> Counter[str]:
    """What the readers made of the file."""
    documents = list(read_source(Source(data, name, name)))
    lines = counted(line.text for document in documents for line in document.lines)
    return lines + counted(entry.text for document in documents for entry in document.set_aside)


def cells_of_csv(text: str, delimiter: str) -> Counter[str]:
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    return counted(cell for row in rows for cell in row)


def leaves(value: Any) -> Iterable[str]:
    """The leaves of a JSON value as JSON writes them."""
    if isinstance(value, dict):
        for entry in value.values():
            yield from leaves(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from leaves(entry)
    elif value is not None:
        yield value if isinstance(value, str) else json.dumps(value)


def texts_of_workbook(data: bytes) -> Counter[str]:
    """Every string and number of every sheet, from the parts themselves."""
    found: list[str] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        shared = [
            "".join(text.text or "" for text in item.iter() if text.tag.endswith("}t"))
            for item in ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
        ]
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/sheet"):
                continue
            for cell in ElementTree.fromstring(archive.read(name)).iter():
                if not cell.tag.endswith("}c"):
                    continue
                value = next((part.text or "" for part in cell if part.tag.endswith("}v")), "")
                found.append(shared[int(value)] if cell.get("t") == "s" else value)
    return counted(found)


@given(
    NAMES,
    st.lists(st.tuples(LONG, st.lists(PLAIN, min_size=5, max_size=5)), min_size=1, max_size=6),
    st.sampled_from(",\t"),
)
@settings(max_examples=cases(200), deadline=None)
def test_cells_of_csv_and_tsv_are_kept(
    names: list[str], rows: list[tuple[str, list[str]]], delimiter: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow([*names, "正文"])
    writer.writerows([*cells[: len(names)], text] for text, cells in rows)
    suffix = "tsv" if delimiter == "\t" else "csv"
    assert kept(out.getvalue().encode(), f"表.{suffix}") == cells_of_csv(out.getvalue(), delimiter)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9999, 9999) | PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PLAIN.filter(str.strip), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["城市", "年份", "段落", "内容", "meta", "备注"]), JSON_VALUES),
        max_size=4,
    ),
    LONG,
)
@settings(max_examples=cases(200), deadline=None)
def test_leaves_of_json_and_json_lines_are_kept(objects: list[dict[str, Any]], text: str) -> None:
    objects = [{**entry, "正文": text} for entry in objects] or [{"正文": text}]
    expected = counted(leaves(objects))
    assert kept(json.dumps(objects, ensure_ascii=False).encode(), "报告.json") == expected
    assert kept("\n".join(map(json.dumps, objects)).encode(), "报告.jsonl") == expected
    wrapped = {"说明": "数据集", "data": objects}
    assert kept(json.dumps(wrapped).encode(), "报告.json") == counted(leaves(wrapped))


@given(
    NAMES,
    st.lists(
        st.tuples(LONG, st.lists(PLAIN | st.integers(0, 99999), min_size=5, max_size=5)),
        min_size=1,
        max_size=5,
    ),
    st.lists(st.lists(PLAIN.filter(str.strip), min_size=1, max_size=2), max_size=2),
)
@settings(max_examples=cases(60), deadline=None)
def test_cells_of_workbooks_are_kept(
    names: list[str], rows: list[tuple[str, list[Any]]], other: list[list[str]]
) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_numbers": False, "strings_to_formulas": False}) as workbook:
        for title, table in (
            ("报告", [[*names, "正文"], *([*cells[: len(names)], text] for text, cells in rows)]),
            ("备注", other),
        ):
            sheet = workbook.add_worksheet(title)
            for at, cells in enumerate(table):
                sheet.write_row(at, 0, cells)
    data = out.getvalue()
    assert kept(data, "表.xlsx") == texts_of_workbook(data)


@given(st.text('各位代表工作报告,"\n\t 年2024。', max_size=200))
@settings(max_examples=cases(300), deadline=None)
def test_broken_csv_loses_nothing_but_its_own_signs(text: str) -> None:
    data = f"城市,年份,正文\n四平市,2024,{'各位代表现在报告工作' * 4}\n{text}"
    made = kept(data.encode(), "表.csv")
    given_ones = counted([data])
    for sign in ',"':
        made.pop(sign, None)
        given_ones.pop(sign, None)
    assert made == given_ones


def own_count(path: Path) -> Counter[str]:
    text = path.read_bytes().decode("utf-8-sig")
    return cells_of_csv(text, ",")


@pytest.mark.corpus
def test_cells_of_real_tables_are_kept(shared: Path) -> None:
    paths = sorted((shared / "corpus" / "csv").glob("*.csv"))
    assert paths
    csv.field_size_limit(1 << 27)
    for path in paths:
        documents = read(path)
        made = counted(line.text for document in documents for line in document.lines)
        made += counted(entry.text for document in documents for entry in document.set_aside)
        assert made == own_count(path), path.name


def test_refused_tables_are_refused_aloud() -> None:
    with pytest.raises(SourceError):
        kept("城市,年份\n四平市,2024\n".encode(), "表.csv")
