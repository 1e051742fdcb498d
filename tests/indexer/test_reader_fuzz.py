"""Whatever the bytes are, a reader gives Documents or a SourceError: no other exception, no hang, no loss.

Damage is dealt by seeded chance, so that a failure can be looked at again. PDFs are damaged in
`test_readers_pdf`, where they are drawn.
"""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections import Counter

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.model import Document
from indexer.readers.registry import SUPPORTED_SUFFIXES, read_source
from indexer.readers.source import Source
from search.errors import SourceError
from tests.cases import cases
from tests.indexer.odt_files import make_odt, note, p, table
from tests.laws.counters import counted, difference, kept
from tests.laws.test_law4_pages import make_epub, make_mht, xhtml
from tests.laws.test_law4_rtf import gbk, make_rtf

MAX_SECONDS = 10
COUNTED_WHOLE = (".rtf", ".epub", ".mht", ".mhtml")
"""What is left of a damaged one is another matter to their counters than to their readers."""
TEXT = "过去一年，市政协坚持团结和民主两大主题，认真履行政治协商、民主监督、参政议政职能。\n" * 4


def try_to_read(data: bytes, suffix: str) -> bool:
    """Read, and check what the laws ask for; whether it could be read."""
    source = Source(data, f"模糊{suffix}", f"模糊{suffix}")
    begun = time.monotonic()
    refusal: SourceError | None = None
    documents: tuple[Document, ...] = ()
    try:
        documents = tuple(read_source(source))
    except SourceError as error:
        refusal = error
    assert time.monotonic() - begun < MAX_SECONDS
    if refusal is not None:
        assert refusal.hint, f"{refusal} doesn't say what to do"
        return False
    entries = [line.text for document in documents for line in document.lines]
    entries += [entry.text for document in documents for entry in document.set_aside]
    if suffix not in COUNTED_WHOLE:
        assert not difference(counted(source), kept(documents))
    "".join(entries).encode("utf-8")
    return True


def make_docx() -> bytes:
    document = docx.Document()
    document.add_heading("报告", level=1)
    document.add_paragraph(TEXT)
    document.add_table(rows=2, cols=2).cell(0, 0).text = "表"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def make_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("甲.txt", TEXT)
        archive.writestr("乙.csv", f"title,text\n报告,{TEXT}")
    return buffer.getvalue()


def make_html() -> bytes:
    cells = "<table><tr><td>一</td><td>二</td></tr><tr><td>三</td><td>四</td></tr></table>"
    return (
        f"<html><head><title>题</title></head><body><h1>报告</h1><p>{TEXT}</p>{cells}</body></html>".encode()
    )


def make_csv() -> bytes:
    return f'title,text,year\n报告,"{TEXT}",2024\n报告二,"{TEXT}",2023\n'.encode()


def make_jsonl() -> bytes:
    return b'{"title": "a", "text": "\xe5\x8d\x8f\xe5\x95\x86", "year": 2024}\n' * 5


MAKERS = {
    ".odt": lambda: make_odt(p(TEXT, note("脚注")) + table(("一", "二"))),
    ".rtf": lambda: make_rtf(f"{gbk(TEXT)}\\par{{\\footnote {gbk('注')}}}"),
    ".epub": lambda: make_epub({"a.xhtml": xhtml(f"<p>{TEXT}</p>")}, ["a.xhtml"]),
    ".mht": lambda: make_mht(("text/html; charset=utf-8", "base64", f"<p>{TEXT}</p>")),
    ".docx": make_docx,
    ".zip": make_zip,
    ".html": make_html,
    ".csv": make_csv,
    ".jsonl": make_jsonl,
}


def damage(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, a stretch cut out or doubled, or the end cut off."""
    broken = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(broken)) if broken else 0
        kind = chance.randrange(4)
        if kind == 0 and broken:
            broken[at] = chance.randrange(256)
        elif kind == 1:
            del broken[at : at + chance.randint(1, 40)]
        elif kind == 2:
            broken[at:at] = broken[at : at + chance.randint(1, 40)]
        else:
            broken[at:at] = bytes(chance.randrange(256) for _ in range(4))
    return bytes(broken[: chance.randrange(1, len(broken) + 1)] if chance.random() < 0.2 else broken)


@pytest.mark.parametrize("suffix", sorted(MAKERS))
def test_whole_file_is_read(suffix: str) -> None:
    assert try_to_read(MAKERS[suffix](), suffix)


@pytest.mark.parametrize("suffix", sorted(MAKERS))
def test_damaged_file_is_read_or_refused(suffix: str) -> None:
    whole = MAKERS[suffix]()
    chance = random.Random(suffix)
    for _ in range(60):
        try_to_read(damage(whole, chance), suffix)


@pytest.mark.parametrize("suffix", sorted(MAKERS))
def test_truncated_file_is_read_or_refused(suffix: str) -> None:
    whole = MAKERS[suffix]()
    for length in range(1, len(whole), max(1, len(whole) // 25)):
        try_to_read(whole[:length], suffix)


@given(st.binary(min_size=1, max_size=400), st.sampled_from(SUPPORTED_SUFFIXES))
@settings(deadline=None, max_examples=cases(150))
def test_random_bytes_are_read_or_refused(data: bytes, suffix: str) -> None:
    try_to_read(data, suffix)


@given(st.text(min_size=1, max_size=300), st.sampled_from([".txt", ".md", ".html", ".csv", ".jsonl"]))
@settings(deadline=None, max_examples=cases(200))
def test_random_text_is_read_or_refused(text: str, suffix: str) -> None:
    try_to_read(text.encode("utf-8", "replace"), suffix)


def test_deeply_nested_html_is_read() -> None:
    assert try_to_read(("<div>" * 3000 + TEXT).encode(), ".html")


TAGS = (
    "table|tr|td|th|p|div|br|ul|li|a|h1|pre|script|style|nav|header|footer|title|b|span|form|select|article"
)
MORE_TAGS = "main|head|body|html|noscript|template|textarea|button|iframe|svg|tbody|section|aside"
TAG_NAMES = f"{TAGS}|{MORE_TAGS}".split("|")


@given(
    st.lists(
        st.one_of(
            st.sampled_from([f"<{tag}>" for tag in TAG_NAMES] + [f"</{tag}>" for tag in TAG_NAMES]),
            st.sampled_from(
                ['<a href="x">链接</a>', '<div class="nav">', "<!-- 注 -->", "<![CDATA[x]]>", "<?php x ?>"]
            ),
            st.text("协商民主 \n&<>\x00\x07", max_size=6),
        ),
        min_size=1,
        max_size=40,
    )
)
@settings(deadline=None, max_examples=cases(300))
def test_tag_soup_loses_no_character(parts: list[str]) -> None:
    try_to_read("".join(["<html>", *parts]).encode(), ".html")


def test_docx_with_damaged_parts_is_read_or_refused() -> None:
    whole = make_docx()
    chance = random.Random("parts")
    outcomes: Counter[bool] = Counter()
    for _ in range(60):
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(buffer, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                hit = name == "word/document.xml" and chance.random() < 0.8
                new.writestr(name, _swap_elements(data, chance) if hit else damage(data, chance))
        outcomes[try_to_read(buffer.getvalue(), ".docx")] += 1
    assert outcomes[True]
    assert outcomes[False]


def _swap_elements(data: bytes, chance: random.Random) -> bytes:
    """XML that still parses: one kind of element renamed to another."""
    names = [
        b"w:p",
        b"w:r",
        b"w:t",
        b"w:tbl",
        b"w:tr",
        b"w:tc",
        b"w:del",
        b"w:txbxContent",
        b"w:br",
        b"w:body",
    ]
    old, new = chance.sample(names, 2)
    for opening, closing in ((b"<", b">"), (b"<", b" "), (b"</", b">"), (b"<", b"/>")):
        data = data.replace(opening + old + closing, opening + new + closing)
    return data


@given(
    st.lists(
        st.one_of(
            st.sampled_from(['"', ",", "\n", "\r\n", "\t", ";", "|", "text", "title", "<br>", "&amp;"]),
            st.text(max_size=8),
        ),
        max_size=30,
    ),
    st.sampled_from(["text,title\n", "title\ttext\n", "full_text\n", ""]),
)
@settings(deadline=None, max_examples=cases(200))
def test_table_soup_loses_no_character(parts: list[str], head: str) -> None:
    try_to_read((head + "".join(parts)).encode("utf-8", "replace") or b" ", ".csv")
