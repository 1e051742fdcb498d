"""Marks of notes on pages, and text that styles hide: what a reader sees is what is searched."""

from __future__ import annotations

import time

import pytest

from indexer.model import Document
from indexer.readers.registry import read_source
from indexer.readers.source import Source
from tests.indexer.odt_files import make_odt, p
from tests.indexer.word_files import make_docx
from tests.laws.counters import counted, difference, kept

PAGE = "<html><body><h1>端州区政府工作报告</h1><p>各位代表：</p>{}</body></html>"


def read_all(data: bytes, name: str) -> Document:
    source = Source(data, name, name)
    (document,) = read_source(source)
    assert not difference(counted(source), kept([document]))
    return document


def lines(document: Document) -> list[tuple[str, str | None]]:
    return [(line.text, line.hint) for line in document.lines if line.text.strip()]


@pytest.mark.parametrize(
    ("mark", "number"),
    [
        ('<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a>', "1"),
        ('<a style="mso-footnote-id:ftn1" href="#_ftn1" name="_ftnref1"><span>[1]</span></a>', "[1]"),
        ('<sup class="reference"><a href="#cite_note-3">[3]</a></sup>', "[3]"),
        ('<sup id="calledF2"><a epub:type="noteref" href="#dataF2">ii</a></sup>', "ii"),
        ('<a epub:type="noteref" href="notes.xhtml#n4">④</a>', "④"),
        ('<a href="#fn5" role="doc-noteref">5</a>', "5"),
    ],
)
def test_mark_of_a_note_is_no_text(mark: str, number: str) -> None:
    page = PAGE.format(f"<p>全区推行有事好商量{mark}，群众十分满意。</p>")
    document = read_all(page.encode(), "报告.html")
    assert lines(document)[-1] == ("全区推行有事好商量，群众十分满意。", None)
    assert [(entry.text, entry.reason.code) for entry in document.set_aside] == [(number, "note_mark")]


@pytest.mark.parametrize(
    "inner",
    [
        '<a href="#part2">2</a>023年',
        "面积3平方米<sup>2</sup>",
        '<a href="http://a.cn/x#top">第一章</a>',
        '<a href="#s1"><sup>一、</sup>总则</a>',
        '<a href="2023.html">2023</a>',
        '<sup><a href="#a">1</a><a href="#b">2</a></sup>',
    ],
)
def test_other_links_and_raised_digits_stay(inner: str) -> None:
    document = read_all(
        PAGE.format(f"<p>全区推行{inner}，群众十分满意，各项工作有序推进。</p>").encode(), "报告.html"
    )
    assert not document.set_aside


def test_notes_of_a_page_by_libreoffice_are_notes() -> None:
    note = '<div id="sdfootnote1"><p><a class="sdfootnotesym" href="#sdfootnote1anc">1</a>商量：议事平台。</p></div>'
    document = read_all(PAGE.format(f"<p>全区推行有事好商量。</p>{note}").encode(), "报告.html")
    assert lines(document)[-1] == ("商量：议事平台。", "footnote")


def test_marks_within_marks_cost_no_time() -> None:
    deep = "<sup>" * 20_000 + "1"
    begun = time.process_time()
    list(read_source(Source(PAGE.format(deep).encode(), "报告.html", "报告.html")))
    assert time.process_time() - begun < 5


def test_text_that_a_style_hides_is_set_aside_in_odt() -> None:
    styles = (
        '<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="T2" style:parent-style-name="T1"/>'
        '<style:style style:name="T3" style:parent-style-name="T1"><style:text-properties text:display="true"/>'
        "</style:style>"
    )
    body = p(
        "全市",
        '<text:span text:style-name="T2">隐藏的批示</text:span>',
        '<text:span text:style-name="T3">粮食</text:span>',
        "丰收。",
    )
    body += '<text:p text:style-name="T1">整段隐藏。</text:p>'
    document = read_all(make_odt(body, styles=styles), "报告.odt")
    assert lines(document) == [("全市粮食丰收。", None)]
    assert [(entry.text, entry.reason.code) for entry in document.set_aside] == [
        ("隐藏的批示", "hidden_text"),
        ("整段隐藏。", "hidden_text"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "ends"),
    [
        ("改造老旧小区一百二", "十八个，群众满意。", False),
        ("第一段到此为止。", "第二段另起一页。", True),
        ("会议指出：", "第二段另起一页。", True),
    ],
)
def test_page_break_within_a_sentence_ends_no_paragraph(first: str, second: str, ends: bool) -> None:
    run = '<w:p><w:r><w:t>{}</w:t></w:r><w:r><w:br w:type="page"/></w:r><w:r><w:t>{}</w:t></w:r></w:p>'
    document = read_all(make_docx(run.format(first, second)), "报告.docx")
    assert [(line.text, line.page, line.ends_paragraph) for line in document.lines] == [
        (first, 1, ends),
        (second, 2, True),
    ]
