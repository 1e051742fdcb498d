"""A file that asks for more work than any real one is refused, by what it asks for, and each bound is a setting."""

from __future__ import annotations

import io
import json
import re
import struct
import time
import zipfile
import zlib
from dataclasses import fields, replace
from pathlib import Path

import pytest
import xlsxwriter

from benchmarks.pdf.drawing import Placed, draw_pdf
from indexer.bounds import DEFAULT, PREFIX, Bounds
from indexer.readers import read_source
from indexer.readers.source import Source
from search.errors import SourceError
from search.messages.words import render
from tests.indexer.test_pdf_bounds import page_of, stream

ROOT = Path(__file__).resolve().parents[2]
ROW = "四平市,2024,过去一年，营商环境持续优化，群众十分满意。\n"
SMALL = replace(
    DEFAULT, cell_chars=1000, document_chars=5000, cells=40, json_mb=1, tag_attributes=50, members=20
)


def read(name: str, data: bytes, bounds: Bounds = DEFAULT) -> tuple[list[str], list[str]]:
    """The lines of all documents, and their problems."""
    documents = list(read_source(Source(data, name, name, bounds)))
    lines = [line.text for document in documents for line in document.lines]
    return lines, [render(problem.reason, "en") for document in documents for problem in document.problems]


def refusal(name: str, data: bytes, bounds: Bounds = DEFAULT, *, seconds: float = 5) -> str:
    """What a file is refused with, in next to no time."""
    begun = time.process_time()
    with pytest.raises(SourceError) as caught:
        read(name, data, bounds)
    assert time.process_time() - begun < seconds
    assert caught.value.hint
    return str(caught.value)


def test_every_bound_is_a_setting() -> None:
    given = {f"{PREFIX}{bound.name.upper()}": str(number) for number, bound in enumerate(fields(Bounds), 2)}
    assert [getattr(Bounds.from_environment(given), bound.name) for bound in fields(Bounds)] == list(
        range(2, 2 + len(given))
    )
    assert Bounds.from_environment({}) == DEFAULT
    for wrong in ("0", "-1", "many", "1.5"):
        with pytest.raises(ValueError, match="XIESOU_MOST_PAGES has to be a whole number"):
            Bounds.from_environment({"XIESOU_MOST_PAGES": wrong})


def test_every_bound_is_told_with_its_default() -> None:
    manual = (ROOT / "docs" / "operating.md").read_text("utf-8")
    rows = re.findall(r"\| `(XIESOU_MOST_\w+)` \| (.+?) \| ([\d,]+) \|", manual)
    told = {name: int(default.replace(",", "")) for name, _, default in rows}
    assert told == {f"{PREFIX}{bound.name.upper()}": bound.default for bound in fields(Bounds)}


@pytest.mark.parametrize("tag", ["<p {} >", "<p x='>' {} >", "<p\n{}", "<div><p class=a {}>"])
def test_a_tag_of_endless_attributes_is_refused(tag: str) -> None:
    """It took 140 s."""
    attributes = " ".join(f"a{number}=1" for number in range(200_000))
    page = tag.replace("{}", attributes) + "四平市人民政府工作报告</p>"
    assert "attributes" in refusal("页.html", page.encode())


def test_what_stands_in_scripts_and_comments_is_no_tag() -> None:
    words = " ".join(f"b{number}" for number in range(100))
    page = f"<script>if (a <b {words}) c()</script><!-- <p {words}> --><style>a<b {words}</style><p>四平市工作报告</p>"
    assert read("页.html", page.encode(), SMALL)[0] == ["四平市工作报告"]


def test_a_long_text_is_refused() -> None:
    for name in ("长.txt", "长.html", "长.md"):
        assert "6,000 characters" in refusal(name, ("营商环境" * 1500).encode(), SMALL)


@pytest.mark.parametrize("cell", ["营商环境" * 500, '"' + "营商环境持续优化\n" * 500 + '"'])
def test_a_row_with_a_long_cell_is_told_and_the_others_are_read(cell: str) -> None:
    """A cell of 200 MB took 10 GB. No line of it may be taken for a row."""
    table = f"city,year,text\n{ROW}吉林市,2024,{cell}\n{ROW}"
    lines, problems = read("表.csv", table.encode(), SMALL)
    assert lines == [ROW.split(",")[2].strip()] * 2
    assert any("row 2: a cell has more than 1,000 characters" in problem for problem in problems)


def test_a_long_value_of_json_is_told_and_the_others_are_read() -> None:
    texts = ["过去一年，营商环境持续优化，群众十分满意，各项工作取得新进展。", "营商环境" * 500]
    lines = "\n".join(json.dumps({"city": "四平市", "text": text}) for text in texts)
    found, problems = read("表.jsonl", lines.encode(), SMALL)
    assert found == texts[:1]
    assert any("2,000 characters" in problem for problem in problems)


def test_json_that_is_one_large_value_is_refused() -> None:
    value = json.dumps([{"city": "四平市", "text": "营商环境"}] * 30_000)
    assert "larger than 1 MB" in refusal("表.json", value.encode(), SMALL)


def test_a_workbook_of_endless_cells_is_refused() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as workbook:
        sheet = workbook.add_worksheet()
        for number in range(30):
            sheet.write_row(number, 0, ["四平市", f"第{number}句话，营商环境持续优化。"])
    assert "more than 40 cells" in refusal("表.xlsx", file.getvalue(), SMALL)


@pytest.mark.parametrize("filled", [True, False])
def test_a_workbook_whose_last_cell_is_far_off_is_refused_where_it_is_filled(filled: bool) -> None:
    """Five kilobytes asked for 33 GB at once."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["city", "text"])
        sheet.write_row(1, 0, ["四平市", "过去一年，营商环境持续优化，群众十分满意。"])
        if filled:
            sheet.write(1_048_575, 16_383, "x")
        else:
            sheet.write_blank(1_048_575, 16_383, None, workbook.add_format({"bold": True}))
    if filled:
        assert "20,000,000 cells" in refusal("表.xlsx", file.getvalue())
    else:
        assert read("表.xlsx", file.getvalue())[0] == ["过去一年，营商环境持续优化，群众十分满意。"]


def overlapping(members: int, size: int) -> bytes:
    """A ZIP whose entries all share one body."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(b"a" * size) + packed.flush()
    checksum = zlib.crc32(b"a" * size)
    local = struct.pack("<4sHHHHHLLLHH", b"PK\3\4", 20, 0, 8, 0, 33, checksum, len(body), size, 5, 0)
    data = local + b"0.txt" + body
    names = [f"{number:05d}.txt".encode() for number in range(members)]
    directory = b"".join(
        struct.pack(
            "<4sHHHHHHLLLHHHHHLL",
            *(
                b"PK\1\2",
                20,
                20,
                0,
                8,
                0,
                33,
                checksum,
                len(body),
                size,
                len(name),
                0,
                0,
                0,
                0,
                0,
                0,
            ),
        )
        + name
        for name in names
    )
    end = struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, members, members, len(directory), len(data), 0)
    return data + directory + end


@pytest.mark.parametrize("name", ["档.zip", "档.docx", "档.xlsx", "档.epub", "档.odt"])
def test_entries_that_lie_over_one_another_are_refused(name: str) -> None:
    """104 kB gave 4.2 GB."""
    data = overlapping(1000, 10 << 20)
    assert len(data) < 104_000
    assert refusal(name, data)


def test_members_that_swell_together_are_bounded_by_the_archive() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(8):
            archive.writestr(f"{number}.txt", "营商环境持续优化。\n" * 20_000)
    lines, problems = read("档.zip", file.getvalue(), replace(DEFAULT, inflated_mb=1))
    assert lines
    assert any("swells" in problem for problem in problems)


def test_streams_that_swell_together_are_refused() -> None:
    packed = zlib.compress(bytes(20 << 20), 9)
    data = page_of(*[stream("/Filter /FlateDecode", packed)] * 12)
    assert "swells" in refusal("胀.pdf", data, replace(DEFAULT, streams_mb=100))


def test_a_box_that_refers_to_itself_ends() -> None:
    """213 bytes that were read for ever."""
    data = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox 4 0 R>>endobj\n4 0 obj 4 0 R endobj\ntrailer<</Root 1 0 R>>\n"
    )
    assert len(data) < 230
    assert refusal("环.pdf", data)


@pytest.mark.thorough
def test_a_long_pdf_is_read_whole() -> None:
    """Its pages took more seconds than a limit of the clock allowed under load, and more of them than it allowed."""
    pages = [[Placed(50.0, 700.0, f"第{number}页，营商环境持续优化。")] for number in range(3_100)]
    lines, problems = read("长.pdf", draw_pdf(pages))
    assert len(lines) == 3_100
    assert problems == []
