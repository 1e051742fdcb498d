"""One report in every format: the same title, place, year, headings and paragraphs, the notes among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.understand import understand
from tests.indexer.odt_files import items, level, make_odt, note
from tests.indexer.odt_files import p as odt_p
from tests.indexer.word_files import level as word_level
from tests.indexer.word_files import make_docx, numbered, numbering
from tests.indexer.word_files import p as word_p
from tests.laws.test_law4_pages import make_epub, make_mht, xhtml
from tests.laws.test_law4_rtf import gbk, make_rtf

HEAD = [
    "四平市人民政府工作报告",
    "——2024年1月10日在四平市第九届人民代表大会第三次会议上",
    "四平市市长　王立新",
    "各位代表：",
]
OPENING = "现在，我代表市人民政府向大会报告工作，请予审议，并请市政协委员和列席人员提出意见。"
PAST = "过去一年，我们坚持民生优先，新增城镇就业一万二千人，改造老旧小区三十六个，研发投入强度明显提高。"
FUTURE = "今年要扎实办好民生实事，建设高标准农田二十万亩，粮食总产量稳定在九十亿斤以上。"
NOTE = "研发投入强度：研究与试验发展经费支出与地区生产总值之比。"
HEADINGS = ("2023年工作回顾", "2024年工作安排")
REFERENCE = '<w:r><w:footnoteReference w:id="2"/></w:r>'


def as_docx() -> bytes:
    body = "".join(word_p(text) for text in (*HEAD, OPENING))
    body += numbered(HEADINGS[0]) + word_p(PAST, REFERENCE) + numbered(HEADINGS[1]) + word_p(FUTURE)
    parts = {
        "numbering.xml": numbering(word_level(0, "chineseCounting", "%1、")),
        "footnotes.xml": f'<w:footnote w:id="2">{word_p(NOTE)}</w:footnote>',
    }
    return make_docx(body, parts)


def as_odt() -> bytes:
    body = "".join(odt_p(text) for text in (*HEAD, OPENING))
    again = 'text:continue-numbering="true"'
    body += items("L1", odt_p(HEADINGS[0])) + odt_p(PAST, note(NOTE))
    body += items("L1", odt_p(HEADINGS[1]), more=again) + odt_p(FUTURE)
    rule = level(1, "一, 二, 三, ...", "", "、")
    return make_odt(body, styles=f'<text:list-style style:name="L1">{rule}</text:list-style>')


def as_rtf() -> bytes:
    texts = [*HEAD, OPENING, "\n一、" + HEADINGS[0], PAST + "\v" + NOTE, "\n二、" + HEADINGS[1], FUTURE]
    body = ""
    for text in texts:
        if text.startswith("\n"):
            body += f"{{\\listtext\\pard {gbk(text[1:3])}\\tab}}{gbk(text[3:])}\\par "
        else:
            running, _, footnote = text.partition("\v")
            body += gbk(running) + (f"{{\\footnote {gbk(footnote)}}}" if footnote else "") + "\\par "
    return make_rtf(body)


def paragraphs() -> str:
    texts = (*HEAD, OPENING, f"一、{HEADINGS[0]}", PAST, f"二、{HEADINGS[1]}", FUTURE)
    notes = f'<aside epub:type="footnote"><p>{NOTE}</p></aside>'
    return "".join(f"<p>{text}</p>" for text in texts) + notes


def as_epub() -> bytes:
    return make_epub({"a.xhtml": xhtml(paragraphs())}, ["a.xhtml"])


def as_mht() -> bytes:
    page = f"<html><body>{paragraphs()}</body></html>".replace('aside epub:type="', 'div style="mso-element:')
    return make_mht(("text/html; charset=gb18030", "quoted-printable", page))


def as_markdown() -> bytes:
    lines = [
        f"# {HEAD[0]}",
        *HEAD[1:],
        OPENING,
        f"## 一、{HEADINGS[0]}",
        PAST.replace("民生优先", "*民生优先*[^1]"),
    ]
    return "\n\n".join([*lines, f"## 二、{HEADINGS[1]}", FUTURE, f"[^1]: {NOTE}"]).encode()


MAKERS = {
    "docx": as_docx, "odt": as_odt, "rtf": as_rtf, "epub": as_epub, "mht": as_mht, "md": as_markdown,
}  # fmt: skip


@pytest.mark.parametrize("suffix", MAKERS)
def test_report_is_understood_alike_in_every_format(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(MAKERS[suffix]())
    (document,) = understand(path)
    (report,) = document.reports
    found = report.metadata
    assert (found.title.value, found.type.value) == (HEAD[0], "政府工作报告")
    assert (found.city.value, found.year.value, found.date.value) == ("四平市", 2024, "2024-01-10")
    assert found.speaker.value == "王立新"
    blocks = report.draft.blocks
    assert [block.text for block in blocks if block.kind == "heading"] == [
        f"{sign}、{text}" for sign, text in zip("一二", HEADINGS, strict=True)
    ]
    assert [block.text for block in blocks if block.kind == "paragraph"] == [OPENING, PAST, FUTURE]
    assert [block.text for block in blocks if block.kind == "footnote"] == [NOTE]
    assert document.problems == ()
