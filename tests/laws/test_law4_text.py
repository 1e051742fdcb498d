"""Law 4 for plain text and Markdown: every character of the file is in a line or set aside, once.

Entities and literal <U+00A0> count as the character that they stand for; nothing else is anything but itself.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.model import Document
from indexer.readers.registry import read_source
from indexer.readers.source import Source
from search.errors import SourceError
from search.messages.words import render
from tests.cases import cases
from tests.laws.counters import difference, kept, signs

ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});|<U\+([0-9A-F]{4,6})>")
MARKS = (
    "*", "**", "***", "_", "__", "~~", "`", "``", "```", "#", "## ", "> ", "- ", "* ", "1. ", "[", "](x)", "![", "[^1]",
    "[^1]: ", "[a]: http://x", "====", "---", "|", "| --- |", "\\*", "\n", "\n\n", "<rt>", "</rt>", "<del>", "</del>",
    "<ruby>", "</ruby>", "<s>", "</s>", "<p>", "<br>", "<!--", "-->", "&amp;", "&mdash;", "<U+00A0>", "5*6*7",
)  # fmt: skip


def read(text: str, name: str) -> Document:
    (document,) = read_source(Source(text.encode(), name, name))
    assert not difference(counted(text), kept([document]))
    return document


def counted(text: str) -> Counter[str]:
    plain = ENTITY.sub(lambda m: chr(int(m.group(1), 16)) if m.group(1) else html.unescape(m.group()), text)
    return signs([plain])


def lines(document: Document) -> list[str]:
    return [line.text for line in document.lines if line.text.strip()]


def aside(document: Document) -> dict[str, str]:
    return {render(entry.reason, "en"): entry.text for entry in document.set_aside}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("推动*高质量*发展", "推动高质量发展"),
        ("*推动*高质量*发展*", "推动高质量发展"),
        ("推动**高质量**发展", "推动高质量发展"),
        ("推动***高质量***发展", "推动高质量发展"),
        ("**“十四五”**规划", "“十四五”规划"),
        ("坚持`稳中求进`工作总基调", "坚持稳中求进工作总基调"),
        ("写成``双`反引号``的", "写成双`反引号的"),
        ("坚持 _稳中求进_ 工作", "坚持 稳中求进 工作"),
        ("由~~八十~~九十亿斤", "由九十亿斤"),
        ("见[全文](http://a.b/c \"题\")。", "见全文。"),
        ("见[全文][1]。", "见全文。"),
        ("见![图](a.png)。", "见图。"),
        ("强度[^1]提高", "强度提高"),
        ("5*6*7=210", "5*6*7=210"),
        ("snake_case_name", "snake_case_name"),
        ("`a*b*c`", "a*b*c"),
        ("费率*见附表", "费率*见附表"),
        (r"带\*星\*号", "带*星*号"),
        ("支持<ruby>端<rt>duān</rt>州<rt>zhōu</rt></ruby>砚", "支持端州砚"),
        ("支持<ruby>端<rp>(</rp><rt>duān<rp>)</rp></ruby>砚", "支持端砚"),
        ("达到<del>八十</del><ins>九十</ins>亿斤", "达到九十亿斤"),
    ],
)  # fmt: skip
def test_marks_of_markdown_are_no_text(written: str, text: str) -> None:
    assert lines(read(f"{written}\n", "报告.md")) == [text]


def test_deleted_text_and_readings_are_no_text_of_plain_files_either() -> None:
    document = read("达到<s>八十</s>九十，支持<ruby>端<rt>duān</rt></ruby>砚，5*6*7，`a`\n", "报告.txt")
    assert lines(document) == ["达到九十，支持端砚，5*6*7，`a`"]
    assert {"deleted text": "八十", "ruby": "duān"}.items() <= aside(document).items()


def test_footnotes_and_underlined_headings_of_markdown_are_told() -> None:
    document = read(
        "工作回顾\n====\n正文[^1]。\n\n民生\n---\n[^1]: 脚注的内容。\n[a]: http://x\n```py\n码\n```\n",
        "报告.md",
    )
    assert [(line.text, line.hint) for line in document.lines if line.text] == [
        ("工作回顾", "heading1"),
        ("正文。", None),
        ("民生", "heading2"),
        ("脚注的内容。", "footnote"),
        ("码", None),
    ]


@settings(deadline=None, max_examples=cases(400))
@given(
    st.lists(
        st.one_of(st.sampled_from(MARKS), st.text("协商民主一二 ab1", max_size=4)), min_size=1, max_size=40
    ),
    st.sampled_from(["汤.md", "汤.txt"]),
)
def test_mark_soup_loses_no_character(parts: list[str], name: str) -> None:
    text = "".join(parts)
    try:
        documents = tuple(read_source(Source(text.encode(), name, name)))
    except SourceError:
        assert not text.strip("\n ")
        return
    assert not difference(counted(text), kept(documents))


@pytest.mark.corpus
@pytest.mark.parametrize("folder", ["seeds", "reports", "encodings"])
def test_real_files_lose_no_character(shared: Path, folder: str) -> None:
    paths = sorted((shared / "corpus" / folder).iterdir())
    assert paths
    for path in paths:
        data = path.read_bytes()
        encoding = "utf-8-sig" if _is_utf8(data) else "gb18030"
        documents = tuple(read_source(Source(data, path.name, str(path))))
        assert not difference(counted(data.decode(encoding)), kept(documents)), path.name


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
