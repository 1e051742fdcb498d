"""Law 4 for RTF: every character of text in the file is in a line or set aside, once, whatever group it stands in."""

from __future__ import annotations

import random

import pytest

from indexer.model import Document
from indexer.readers.registry import read_source
from indexer.readers.source import Source
from search.messages.words import render
from tests.laws.counters import difference, kept, rich_texts, signs

LONG = "全市上下锐意进取，地区生产总值增长百分之六，各项事业取得新的成绩。"
FONTS = r"{\fonttbl{\f0\fnil\fcharset0 Times New Roman;}{\f3\fnil\fcharset2 Symbol;}{\f13\fnil\fcharset134 SimSun;}}"


def gbk(text: str) -> str:
    """A text as Word writes it with a Chinese code page."""
    return "".join(f"\\'{byte:02x}" for byte in text.encode("gb18030"))


def unicode(text: str) -> str:
    """A text in code units, each with a fallback."""
    raw = text.encode("utf-16-le")
    units = (int.from_bytes(raw[at : at + 2], "little", signed=True) for at in range(0, len(raw), 2))
    return "".join(f"\\u{unit}?" for unit in units)


def make_rtf(body: str) -> bytes:
    return (r"{\rtf1\ansi\ansicpg936\uc1\deff0" + FONTS + body + "}").encode("latin-1")


def row(*cells: str) -> str:
    edges = "".join(f"\\cellx{1000 * (at + 1)}" for at in range(len(cells)))
    return f"\\trowd{edges}" + "".join(f"\\pard\\intbl {gbk(cell)}\\cell" for cell in cells) + "\\row\\pard "


T = gbk
BOXED = f"{{\\shptxt\\pard {T('专栏一')}\\par {T('十大工程')}\\par}}"
BOX = f"{{\\shp{{\\*\\shpinst{{\\sp{{\\sn a}}{{\\sv 1}}}}{BOXED}}}{{\\shprslt {T('专栏一旧')}}}}}"
BOXED_ROW = (
    f"\\trowd\\cellx1\\cellx2\\pard\\intbl {T('甲')}{{\\shptxt\\pard {T('框')}\\par}}\\cell "
    f"{T('乙')}\\cell\\row\\pard "
)
FOOTNOTE = f"{{\\super\\chftn{{\\footnote\\pard {T('脚注一段')}\\par {T('脚注二段')}}}}}"
COMMENT = f"{{\\*\\atnauthor {T('甲某')}}}{{\\*\\annotation {T('此数待核')}}}"
PAGE = r"{\field{\*\fldinst PAGE}{\fldrslt 3}}"
READING = rf"{{\field{{\*\fldinst EQ \\o\\ad(\\s\\up 11(du),{T('端')})}}{{\fldrslt }}}}"
FILES: dict[str, tuple[str, list[tuple[str, str | None]], set[tuple[str, str]]]] = {
    "code_page": (
        f"\\f13 {T('推动高质量')}{{\\b {T('发展')}}}\\par {T(LONG)}\\par",
        [("推动高质量发展", None), (LONG, None)],
        set(),
    ),
    "code_units": (f"{unicode('推动𠮷祥')}\\par", [("推动𠮷祥", None)], set()),
    "fallback_of_two_bytes": (
        f"\\uc2\\u25512{T('推')}\\u21160{T('动')}\\uc1\\par",
        [("推动", None)],
        set(),
    ),
    "bytes_over_lines": (f"{T('推动')}\r\n{T('发展')}\\par", [("推动发展", None)], set()),
    "outline": (
        f"\\pard\\outlinelevel0 {T('一、回顾')}\\par\\pard {T(LONG)}\\par",
        [("一、回顾", "heading1"), (LONG, None)],
        set(),
    ),
    "automatic_numbers": (
        f"{{\\listtext\\pard {T('一、')}\\tab}}{T('回顾')}\\par{{\\*\\pn{{\\pntxta {T('、')}}}}}"
        f"{{\\pntext\\f0 1.\\tab}}{T('就业')}\\par{{\\listtext\\u8226?\\tab}}{T('条目')}\\par",
        [("一、回顾", None), ("1. 就业", None), ("条目", None)],
        {("automatic number", "、"), ("automatic number", "•")},
    ),
    "notes": (
        f"{T('研发')}{FOOTNOTE}{T('投入')}{COMMENT}\\par {T(LONG)}\\par",
        [
            ("研发投入", None), ("脚注一段", "footnote"), ("脚注二段", "footnote"), ("此数待核", "comment"),
            (LONG, None),
        ],
        {("author of a comment or change", "甲某")},
    ),
    "boxes": (
        f"{T('前')}{BOX}{T('后')}\\par",
        [("前后", None), ("专栏一", "textbox"), ("十大工程", "textbox")],
        {("copy for older programs", "专栏一旧")},
    ),
    "tables": (
        row("项目", "数量") + row("提案", "") + f"{T('表后')}\\par" + row("专栏") + f"{T('末')}\\par",
        [("项目\t数量", "table"), ("提案\t", "table"), ("表后", None), ("专栏", None), ("末", None)],
        set(),
    ),
    "box_in_a_cell": (
        f"{BOXED_ROW}{T('后')}\\par",
        [("甲\t乙", "table"), ("框", "textbox"), ("后", None)],
        set(),
    ),
    "deleted_and_hidden": (
        f"{T('产量')}{{\\deleted {T('八十')}}}{{\\revised {T('九十')}}}{{\\v {T('内部')}}}{T('亿斤')}\\par",
        [("产量九十亿斤", None)],
        {("deleted text", "八十"), ("hidden text", "内部")},
    ),
    "fields": (
        f"{T('第')}{PAGE}{T('页，支持')}{READING}{T('砚')}\\par",
        [("第3页，支持端砚", None)],
        {("field instruction", "PAGEEQ \\o\\ad(\\s\\up 11(),)"), ("ruby", "du")},
    ),
    "running": (
        f"{{\\header\\pard {T('四平市政府')}\\par}}{{\\footerf {T('第一页')}}}{T(LONG)}\\par",
        [(LONG, None)],
        {("running header", "四平市政府"), ("running footer", "第一页")},
    ),
    "unknown_parts": (
        f"{{\\*\\futureword {T('未来')}}}{T(LONG)}\\par",
        [(LONG, None)],
        {("unknown part", "未来")},
    ),
    "font_of_symbols": (
        f"{{\\listtext\\f3 \\'b7\\tab}}{T('条目')}\\par",
        [("条目", None)],
        {("automatic number", "·")},
    ),
    "symbols": (f"a\\{{b\\}}\\\\c{T('，')}d\\par", [("a{b}\\c，d", None)], set()),
    "breaks": (
        f"{T('一行')}\\line {T('二行')}\\page {T('三行')}",
        [("一行", None), ("二行", None), ("三行", None)],
        set(),
    ),
}  # fmt: skip


UNCOUNTED = ("font_of_symbols",)
"""The counter knows one code page."""


def read(data: bytes) -> Document:
    (document,) = read_source(Source(data, "报告.rtf", "报告.rtf"))
    return document


@pytest.mark.parametrize("name", FILES)
def test_feature_of_rtf_is_read_or_set_aside(name: str) -> None:
    body, lines, aside = FILES[name]
    data = make_rtf(body)
    document = read(data)
    assert [(line.text, line.hint) for line in document.lines] == lines
    assert {(render(entry.reason, "en"), entry.text.strip()) for entry in document.set_aside} == aside
    if name not in UNCOUNTED:
        assert not difference(signs(rich_texts(data)), kept([document]))


def test_groups_shuffled_and_cut_off_keep_every_sign() -> None:
    chance = random.Random(4)
    bodies = [
        body for name, (body, _, _) in FILES.items() if name not in (*UNCOUNTED, "fallback_of_two_bytes")
    ]
    for _ in range(60):
        data = make_rtf("{" + "}{".join(chance.sample(bodies, 6)) + "}")
        assert not difference(signs(rich_texts(data)), kept([read(data)]))


def test_rtf_is_told_by_its_content() -> None:
    (document,) = read_source(Source(make_rtf(FILES["code_page"][0]), "报告.doc", "报告.doc"))
    assert document.format == "rtf"
