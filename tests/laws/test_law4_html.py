"""Law 4 for HTML: every text node and comment that a browser would make of a page is in a line or set aside, once.

Counted by html5lib, an independent parser of the same standard.
"""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.model import Document
from indexer.readers.encoding import Decoded
from indexer.readers.html import read_page
from indexer.readers.source import Source
from search.errors import SourceError
from search.messages.words import render
from tests.cases import cases
from tests.laws.counters import difference, html_texts, kept, signs

LONG = "全市上下锐意进取，地区生产总值增长百分之六，各项事业取得新的成绩。"
NAMES = (
    "table|tr|td|th|tbody|p|div|br|ul|ol|li|a|h1|h2|pre|script|style|nav|header|footer|title|b|i|span|form|select|option",
    "article|main|head|body|html|noscript|textarea|button|iframe|svg|math|section|aside|ruby|rt|rp",
    "del|ins|s|details|summary|dl|dt|dd|caption|colgroup|col|frameset|frame|noframes|plaintext|center|font|img|hr|em",
)
"""All but template, which html5lib does not know."""
TAGS = "|".join(NAMES).split("|")
MARKUP = (
    '<a href="x">链接</a>',
    '<div class="nav">',
    "<!-- 注 -->",
    "<![CDATA[数据]]>",
    "<?php 代码 ?>",
    "<!doctype html>",
    "<p hidden>",
    '<p style="display:none">',
    '<span style="text-decoration: line-through">',
    "&amp;",
    "&amp;mdash;",
    "&#x534F;",
    "&#0;",
    "<",
    ">",
    "</",
    "<!--",
    "-->",
    "]]>",
)  # fmt: skip


BRACKETED = {("ruby", "("), ("ruby", "duān"), ("ruby", ")")}


def page(body: str, head: str = "") -> str:
    return f'<!doctype html><html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def read_text(text: str) -> Document:
    return read_page(Source(b"", "页.html", "页.html"), Decoded(text, "utf-8"))


def read(text: str) -> Document:
    document = read_text(text)
    assert not difference(signs(html_texts(text)), kept([document]))
    return document


def lines(document: Document) -> list[str]:
    return [line.text for line in document.lines]


def aside(document: Document) -> set[tuple[str, str]]:
    return {(render(entry.reason, "en"), entry.text) for entry in document.set_aside}


@pytest.mark.parametrize(
    ("body", "text", "set_aside"),
    [
        ("支持<ruby>端<rt>duān</rt>州<rt>zhōu</rt></ruby>砚", "支持端州砚", {("ruby", "duān"), ("ruby", "zhōu")}),
        ("<ruby>端<rp>(</rp><rt>duān</rt><rp>)</rp></ruby>砚", "端砚", BRACKETED),
        ("<ruby><rb>端<rb>州<rtc><rt>duān<rt>zhōu</rtc></ruby>砚", "端州砚", {("ruby", "duān\nzhōu")}),
        ("达到<del>八十</del><ins>九十</ins>亿斤", "达到九十亿斤", {("deleted text", "八十")}),
        ("达到<s>八十</s>九十亿斤", "达到九十亿斤", {("deleted text", "八十")}),
        ("达到<strike>八十</strike>九十亿斤", "达到九十亿斤", {("deleted text", "八十")}),
        (
            '达到<span style="text-decoration:line-through">八十</span>九十亿斤',
            "达到九十亿斤",
            {("deleted text", "八十")},
        ),
        ('公开<span style="display: none">内部</span>', "公开", {("hidden text", "内部")}),
        ("公开<span hidden>内部</span>", "公开", {("hidden text", "内部")}),
    ],
)  # fmt: skip
def test_what_is_no_running_text_is_set_aside(body: str, text: str, set_aside: set[tuple[str, str]]) -> None:
    document = read(page(f"<p>{body}</p>"))
    assert lines(document) == [text]
    assert aside(document) == set_aside


def test_deleted_paragraph_is_no_line() -> None:
    document = read(page(f"<p>{LONG}</p><del><p>旧的一段</p></del><p>新的一段</p>"))
    assert lines(document) == [LONG, "新的一段"]


@pytest.mark.parametrize(
    "tail", ["<p>附则</p>", "附则", "<table><tr><td>附则</td></tr></table>", "<div>附则"]
)
def test_text_behind_the_end_of_the_page_is_text(tail: str) -> None:
    assert lines(read(page(f"<p>{LONG}</p>") + tail)) == [LONG, "附则"]
    assert lines(read(f"<html><body><p>{LONG}</p></body>{tail}</html>")) == [LONG, "附则"]


def test_second_page_in_one_file_is_text() -> None:
    assert lines(read(page(f"<p>{LONG}</p>") + page("<p>第二页</p>", "<title>题</title>")))[0] == LONG
    assert "第二页" in lines(read(page(f"<p>{LONG}</p>") + page("<p>第二页</p>")))


@pytest.mark.parametrize("tag", ["div", "span", "b", "table", "ul", "section", "blockquote", "a"])
@pytest.mark.parametrize("depth", [600, 2_100, 9_000])
def test_text_is_kept_at_any_depth(tag: str, depth: int) -> None:
    text = page(f"<{tag}>" * depth + LONG + f"</{tag}>" * depth + "<p>尾</p>")
    document = read(text) if depth < 1_000 else read_text(text)
    assert lines(document) == [LONG, "尾"]


def test_many_open_elements_are_no_trap() -> None:
    assert lines(read_text("<div><span>" * 60_000 + LONG)) == [LONG]


def test_template_and_frames_and_instructions_are_set_aside() -> None:
    document = read(
        page(f"<p>{LONG}</p><template><p>模板<template>内</template></p></template><?php 代码 ?>")
    )
    assert lines(document) == [LONG]
    assert aside(document) == {("template", "模板\n内"), ("HTML comment", "?php 代码 ?")}
    read("<html><frameset><frame src='a.htm'><noframes>无框</noframes></frameset></html>")


def test_list_of_nothing_but_links_is_no_text() -> None:
    titles = ("推荐阅读：2022年甘肃省人民政府工作报告", "2021年陕西省人民政府工作报告")
    items = "".join(f'<li><a href="#">{title}</a></li>' for title in titles)
    document = read(page(f"<p>{LONG}</p><ul>{items}</ul>"))
    assert lines(document) == [LONG]
    assert {reason for reason, _ in aside(document)} == {"list of links"}


@settings(deadline=None, max_examples=cases(400))
@given(
    st.lists(
        st.one_of(
            st.sampled_from([f"<{tag}>" for tag in TAGS]),
            st.sampled_from([f"</{tag}>" for tag in TAGS]),
            st.sampled_from(MARKUP),
            st.text("协商民主 \n&<>\x00\x07", max_size=6),
        ),
        min_size=1,
        max_size=60,
    )
)
@example(["<table>", "甲", "<tr>", "乙", "<td>", "丙", "</table>"])
@example(["<select>", "甲", "<option>", "乙", "</select>", "丙"])
def test_tag_soup_loses_no_character(parts: list[str]) -> None:
    """Of ideographs: where tags are text, the standard has changed since html5lib was written."""
    text = "".join(["<html>", *parts])
    try:
        documents = [read_text(text)]
    except SourceError:
        documents = []
    counted, found = signs(html_texts(text)), kept(documents)
    assert not difference(
        *(
            Counter({c: n for c, n in chars.items() if "\u4e00" <= c <= "\u9fff"})
            for chars in (counted, found)
        )
    )
