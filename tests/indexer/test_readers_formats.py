"""HTML, DOCX, tables, archives and folders: known text in, the same text out."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from indexer.model import Document
from indexer.readers import SUPPORTED_SUFFIXES, iter_sources, read
from indexer.readers.registry import read_source
from indexer.readers.source import Source
from search.errors import SourceError
from search.messages.words import render
from tests.laws.counters import counted, difference, kept

BODY = (
    "过去一年，市政协坚持团结和民主两大主题，认真履行政治协商、民主监督、参政议政职能，各项工作取得新进展。"
)
PAGE = f"""<!DOCTYPE html><html><head><meta charset="gb2312"><title>工作报告_四平市人民政府</title>
<meta name="ArticleTitle" content="政协工作报告"><meta name="PubDate" content="2024-01-12">
<style>p {{ color: red }}</style><script>var a = "<p>假</p>";</script></head>
<body><div class="header"><a href="/">首页</a><a href="/a">政务</a><a href="/b">服务</a></div>
<div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="/x">政协</a></div>
<h1>四平市政协常委会工作报告</h1>
<div>发布日期：2024-01-12 来源：四平日报 字体：[<a>大</a> <a>中</a> <a>小</a>]
<a>打印</a></div>
<div id="content"><p>各位委员：</p><p>{BODY}<br>　　{BODY}</p>
<h2>一、2023年工作&nbsp;回顾</h2><p>{BODY}<b>加粗</b>。</p>
<!-- 编者注 -->
<table><tr><th>项目</th><th>数量</th></tr><tr><td>提案</td><td><p>432</p></td></tr></table></div>
<ul><li><a href="1">上届报告全文</a></li><li><a href="2">委员风采展示</a></li><li><a href="3">通知公告</a></li></ul>
<p>上一篇：<a href="9">某某通知</a></p><footer>版权所有：四平市政协</footer></body></html>"""


def read_one(data: bytes, name: str) -> Document:
    source = Source(data, name, name)
    documents = tuple(read_source(source))
    assert not difference(counted(source), kept(documents))
    return documents[0]


def reasons(document: Document) -> set[str]:
    return {render(entry.reason, "en") for entry in document.set_aside}


def test_html_text_comes_without_its_page() -> None:
    document = read_one(PAGE.encode("gb18030"), "报告.html")
    assert [(line.text, line.hint) for line in document.lines] == [
        ("四平市政协常委会工作报告", "heading1"),
        ("各位委员：", None),
        (BODY, None),
        (f"　　{BODY}", None),
        ("一、2023年工作\xa0回顾", "heading2"),
        (f"{BODY}加粗。", None),
        ("项目\t数量", "table"),
        ("提案\t432", "table"),
    ]
    assert [line.text for line in document.lines if line.ends_paragraph is None] == [BODY]  # before a <br>
    assert all(line.ends_paragraph for line in document.lines if line.text != BODY)
    assert document.encoding == "gb18030 (declared as gb2312)"
    assert document.fields == {"title": "政协工作报告", "published": "2024-01-12"}
    assert {"script", "style", "page title", "navigation", "HTML comment", "list of links"} <= reasons(
        document
    )


def test_html_layout_table_is_no_table_of_data() -> None:
    page = f"<table><tr><td>栏目</td><td><p>{BODY * 5}</p><p>{BODY}</p></td></tr></table>"
    document = read_one(f"<html><body>{page}</body></html>".encode(), "a.htm")
    assert [line.text for line in document.lines] == ["栏目", BODY * 5, BODY]


def test_html_with_a_wrong_charset_says_so() -> None:
    page = f'<html><head><meta charset="gb2312"></head><body><p>{BODY}再</p></body></html>'
    document = read_one(page.encode("utf-8"), "a.html")
    assert document.lines[0].text == f"{BODY}再"
    assert "declared as gb2312" in render(document.problems[0].reason, "en")


def make_docx() -> bytes:
    document = docx.Document()
    document.add_heading("政协工作报告", level=0)
    document.add_heading("一、2023年工作回顾", level=1)
    paragraph = document.add_paragraph("推动高质")
    paragraph.add_run("量发展").bold = True
    paragraph.add_run("\n第二行")
    deleted = OxmlElement("w:del")
    run = OxmlElement("w:r")
    text = OxmlElement("w:delText")
    text.text = "删去的话"
    run.append(text)
    deleted.append(run)
    paragraph._p.append(deleted)
    document.add_page_break()  # type: ignore[no-untyped-call]
    table = document.add_table(rows=2, cols=2)
    for cell, value in zip(
        (c for row in table.rows for c in row.cells), ("项目", "数量", "提案", "432"), strict=True
    ):
        cell.text = value
    item = document.add_paragraph("下一页", style="List Bullet")
    box = OxmlElement("w:txbxContent")
    inner = OxmlElement("w:p")
    inner_run = OxmlElement("w:r")
    inner_text = OxmlElement("w:t")
    inner_text.text = "文本框"
    inner_run.append(inner_text)
    inner.append(inner_run)
    box.append(inner)
    item.runs[0]._r.append(box)
    document.sections[0].header.paragraphs[0].text = "四平市政协"
    document.sections[0].footer.paragraphs[0].text = "第1页"
    buffer = io.BytesIO()
    document.save(buffer)
    assert paragraph._p.find(qn("w:del")) is not None
    return buffer.getvalue()


def test_docx_paragraphs_come_back_with_what_its_styles_say() -> None:
    document = read_one(make_docx(), "报告.docx")
    assert [(line.text, line.hint, line.page) for line in document.lines if line.text] == [
        ("政协工作报告", "heading1", 1),
        ("一、2023年工作回顾", "heading1", 1),
        ("推动高质量发展", None, 1),
        ("第二行", None, 1),
        ("项目\t数量", "table", 2),
        ("提案\t432", "table", 2),
        ("下一页", "list", 2),
        ("文本框", "textbox", 2),
    ]
    found = {(render(entry.reason, "en"), entry.text.strip()) for entry in document.set_aside}
    assert found == {
        ("deleted text", "删去的话"),
        ("running header", "四平市政协"),
        ("running footer", "第1页"),
    }


def test_docx_that_swells_beyond_measure_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "炸弹.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (65 << 20))
    with pytest.raises(SourceError, match="swells"):
        read(path)


def test_csv_row_is_a_document(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    text = "id,标题,full_text,place,year,颜色\n"
    text += f'7,报告一,"各位委员：\n打印\n{BODY}",四平市,2024,红\n8,报告二,,四平市,2023,\n'
    path.write_text(f"{text}9,报告三,{BODY},辽源市,2022,,多余\n", encoding="utf-8-sig")
    first, second, third = read(path)
    assert (first.name, first.fields) == (
        "表.csv#row 1",
        {"id": "7", "title": "报告一", "city": "四平市", "year": "2024"},
    )
    assert [(line.text, line.number) for line in first.lines] == [("各位委员：", 2), (BODY, 4)]
    assert "page buttons" in reasons(first)
    assert ["颜色" in render(problem.reason, "en") for problem in first.problems] == [True]
    assert second.lines == ()
    assert [(problem.line, "no text" in render(problem.reason, "en")) for problem in second.problems] == [
        (5, True)
    ]
    assert third.name == "表.csv#row 3"
    assert any("7 cells for 6 columns" in render(problem.reason, "en") for problem in third.problems)


@pytest.mark.parametrize("sign", [",", "\t", ";"])
@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16"])
def test_csv_signs_and_encodings(sign: str, codec: str) -> None:
    data = f"title{sign}text\r\n报告{sign}{BODY}\r\n".encode(codec)
    document = read_one(data, "表.csv")
    assert document.fields["title"] == "报告"
    assert [line.text for line in document.lines] == [BODY]


def test_big_cell_is_read() -> None:
    document = read_one(f'title,text\n报告,"{BODY * 5000}"\n'.encode(), "表.csv")
    assert len(document.lines[0].text) == len(BODY) * 5000


def test_table_without_a_text_column_is_refused() -> None:
    with pytest.raises(SourceError, match="no column for the text") as caught:
        read_one("city,year\n四平市,2024\n".encode(), "表.csv")
    assert "full_text" in str(caught.value.hint)


def test_jsonl_goes_on_after_bad_rows() -> None:
    rows = [json.dumps({"title": "报告", "text": BODY, "year": 2024}, ensure_ascii=False), "{", "[1]", ""]
    rows += ['{"text": "四平\\ud800市", "city": null}', '{"year": 2020}', "nonsense"]
    source = Source("\n".join(rows).encode(), "行.jsonl", "行.jsonl")
    documents = tuple(read_source(source))
    assert [document.name for document in documents] == ["行.jsonl#row 1", "行.jsonl#row 4", "行.jsonl#row 5"]
    assert documents[0].fields == {"title": "报告", "year": "2024"}
    assert documents[1].lines[0].text == "四平\ufffd市"
    lines = [problem.line for document in documents for problem in document.problems]
    assert lines == [2, 3, 6, 7]
    assert documents[2].lines == ()


def pack(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_archive_reads_each_member_by_its_kind() -> None:
    members = {
        "b/报告.docx": make_docx(),
        "a.txt": BODY.encode("gb18030"),
        "c.zip": pack({"x.txt": b"x"}),
        "d.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "../../e.md": f"# {BODY}".encode(),
        "__MACOSX/._a.txt": b"x",
        "空.txt": b"",
    }
    source = Source(pack(members), "全部.zip", "全部.zip")
    documents = tuple(read_source(source))
    assert [document.name for document in documents] == [
        "全部.zip!/../../e.md",
        "全部.zip!/a.txt",
        "全部.zip!/b/报告.docx",
    ]
    problems = [render(problem.reason, "en") for document in documents for problem in document.problems]
    assert len(problems) == 3
    assert "archive in an archive" in problems[0]
    assert ".doc" in problems[1]
    assert "empty" in problems[2]


def test_archive_names_in_gbk_are_decoded() -> None:
    data = pack({"XXXXXXXX.txt": BODY.encode()}).replace(b"XXXXXXXX", "四平报告".encode("gb18030"))
    assert read_one(data, "a.zip").name == "a.zip!/四平报告.txt"


def test_archive_bomb_and_password_are_problems_and_the_rest_goes_on() -> None:
    data = pack({"a.txt": BODY.encode(), "炸弹.txt": b"0" * (40 << 20)})
    (document,) = read_source(Source(data, "a.zip", "a.zip"))
    assert ["swells" in render(problem.reason, "en") for problem in document.problems] == [True]
    locked = bytearray(pack({"a.txt": BODY.encode()}))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(SourceError, match="password"):
        tuple(read_source(Source(bytes(locked), "b.zip", "b.zip")))


def test_folder_is_walked_in_order_and_loops_end(tmp_path: Path) -> None:
    for name in (
        "乙.txt",
        "甲/2.md",
        "甲/1.txt",
        "旧.doc",
        ".hidden",
        "metadata.csv",
        ".git/x.txt",
        "~$甲.docx",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("文", encoding="utf-8")
    os.symlink(tmp_path, tmp_path / "甲" / "loop")
    os.symlink(tmp_path / "nowhere.txt", tmp_path / "断.txt")
    names = [path.relative_to(tmp_path).as_posix() for path in iter_sources(tmp_path)]
    assert names == ["乙.txt", "断.txt", "旧.doc", "甲/1.txt", "甲/2.md"]
    assert list(iter_sources(tmp_path / "乙.txt")) == [tmp_path / "乙.txt"]
    with pytest.raises(SourceError, match="no such file"):
        list(iter_sources(tmp_path / "无"))


def test_suffixes_promised_are_registered() -> None:
    assert {".txt", ".md", ".html", ".docx", ".pdf", ".csv", ".jsonl", ".zip"} <= set(SUPPORTED_SUFFIXES)


@pytest.mark.parametrize("body", ["<w:p><w:r><w:t>甲&x;乙</w:t></w:r></w:p>", "&x;<w:p/>", "<w:p>&x;</w:p>"])
def test_word_file_with_entities_of_its_own_is_refused(body: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(make_docx())) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                start, end = data.index(b"<w:document"), data.index(b"<w:body>") + len(b"<w:body>")
                head = '<!DOCTYPE w [<!ENTITY x "文">]>'.encode() + data[start:end]
                data = head + body.encode() + b"</w:body></w:document>"
            new.writestr(name, data)
    with pytest.raises(SourceError) as refused:
        read_one(buffer.getvalue(), "a.docx")
    assert "&x;" in render(refused.value.message, "en")
