"""Law 4 for EPUB and MHT: every text node of every page in them is in a line or set aside, once."""

from __future__ import annotations

import base64
import io
import quopri
import zipfile

import pytest

from indexer.model import Document
from indexer.readers.registry import read_source
from indexer.readers.source import Source
from search.errors import SourceError
from search.messages.words import render
from tests.laws.counters import book_texts, difference, kept, mail_texts, signs

LONG = "全市上下锐意进取，地区生产总值增长百分之六，各项事业取得新的成绩。"


def xhtml(body: str, title: str = "<title/>") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">'
        f'<head>{title}<script src="a.js"/></head><body>{body}</body></html>'
    )


def make_epub(pages: dict[str, str], spine: list[str], *, more: dict[str, str] | None = None) -> bytes:
    kind = "application/xhtml+xml"
    items = "".join(
        f'<item id="i{at}" href="{name}" media-type="{kind}" properties="{"nav" if name == "nav.xhtml" else ""}"/>'
        for at, name in enumerate(pages)
        if name != "漏.xhtml"
    )
    order = "".join(f'<itemref idref="i{list(pages).index(name)}"/>' for name in spine)
    opf = f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{items}</manifest><spine>{order}</spine></package>'
    root = "urn:oasis:names:tc:opendocument:xmlns:container"
    container = (
        f'<container xmlns="{root}"><rootfiles><rootfile full-path="OPS/a.opf"/></rootfiles></container>'
    )
    members = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "OPS/a.opf": opf}
    members |= {f"OPS/{name}": text for name, text in pages.items()} | (more or {})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def make_mht(*parts: tuple[str, str, str], boundary: str = "----=_Part_0") -> bytes:
    """A saved page; a part is its type, its encoding for the way, and its text."""
    first = ["From: <Saved by Blink>", "Subject: a", "MIME-Version: 1.0", "Content-Type: multipart/related;"]
    text = "\r\n".join([*first, '\ttype="text/html";', f'\tboundary="{boundary}"', "", ""])
    data = text.encode()
    for kind, coding, content in parts:
        charset = "gb18030" if "gb18030" in kind else "utf-8"
        raw = content.encode(charset)
        body = quopri.encodestring(raw) if coding == "quoted-printable" else base64.encodebytes(raw)
        head = f"--{boundary}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {coding}\r\n\r\n"
        data += head.encode() + body + b"\r\n"
    return data + f"--{boundary}--\r\n".encode()


def read(data: bytes, name: str) -> Document:
    (document,) = read_source(Source(data, name, name))
    return document


def texts(document: Document) -> list[str]:
    return [line.text for line in document.lines]


def test_chapters_come_in_the_order_of_the_book() -> None:
    pages = {
        "nav.xhtml": xhtml("<nav><ol><li><a href='b.xhtml'>第一章</a></li></ol></nav>"),
        "b.xhtml": xhtml(f"<h1>一、工作回顾</h1><p>{LONG}</p>", "<title>题</title>"),
        "a.xhtml": xhtml("<h1>二、工作安排</h1><p>今年<ruby>端<rt>duān</rt></ruby>州</p>"),
        "闲.xhtml": xhtml("<p>版权页</p>"),
        "漏.xhtml": xhtml("<p>没有登记的一页</p>"),
    }
    data = make_epub(pages, ["b.xhtml", "a.xhtml"])
    document = read(data, "书.epub")
    assert texts(document) == ["一、工作回顾", LONG, "二、工作安排", "今年端州"]
    assert [line.number for line in document.lines] == [1, 2, 3, 4]
    aside = {(render(entry.reason, "en"), entry.text) for entry in document.set_aside}
    assert ("page outside of the book's order", "版权页") in aside
    assert ("page outside of the book's order", "没有登记的一页") in aside
    assert ("ruby", "duān") in aside
    assert not difference(signs(book_texts(data)), kept([document]))


def test_damaged_chapter_is_told_and_the_rest_is_read() -> None:
    data = make_epub({"a.xhtml": xhtml(f"<p>{LONG}</p>"), "b.xhtml": ""}, ["a.xhtml", "b.xhtml"])
    document = read(data, "书.epub")
    assert texts(document) == [LONG]
    assert ["b.xhtml" in render(problem.reason, "en") for problem in document.problems] == [True]


def test_protected_book_is_refused() -> None:
    lock = {"META-INF/encryption.xml": '<encryption><CipherReference URI="OPS/a.xhtml"/></encryption>'}
    with pytest.raises(SourceError, match="protected"):
        read(make_epub({"a.xhtml": xhtml(f"<p>{LONG}</p>")}, ["a.xhtml"], more=lock), "书.epub")


@pytest.mark.parametrize("coding", ["quoted-printable", "base64"])
@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "text/html; charset=gb18030", "text/html"])
def test_saved_page_is_read(coding: str, kind: str) -> None:
    page = f"<html><head><title>题</title></head><body><p>{LONG}</p><del>旧</del></body></html>"
    data = make_mht(
        (kind, coding, page), ("text/css", coding, "p { color: red }"), ("image/png", coding, "PNG")
    )
    document = read(data, "页.mht")
    assert texts(document) == [LONG]
    assert document.format == "mht"
    assert not difference(signs(mail_texts(data)), kept([document]))
    assert texts(read(data, "没有后缀")) == [LONG]


def test_text_in_a_frame_is_the_text() -> None:
    frameset = "<html><frameset><frame src='cid:b'><noframes>无框架</noframes></frameset></html>"
    data = make_mht(
        ("text/html; charset=utf-8", "base64", frameset),
        ("text/html; charset=utf-8", "quoted-printable", f"<html><body><p>{LONG}</p></body></html>"),
        ("text/html; charset=utf-8", "quoted-printable", "<html><body><p>广告</p></body></html>"),
    )
    document = read(data, "页.mhtml")
    assert texts(document) == [LONG]
    assert ("frame", "广告") in {(render(entry.reason, "en"), entry.text) for entry in document.set_aside}
    assert not difference(signs(mail_texts(data)), kept([document]))


def test_archive_without_a_page_is_refused() -> None:
    with pytest.raises(SourceError, match="no page"):
        read(make_mht(("image/png", "base64", "PNG")), "页.mht")
