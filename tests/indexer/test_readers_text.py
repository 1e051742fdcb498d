"""Text and Markdown: encodings, line ends, marks, escapes, front matter, page furniture."""

from __future__ import annotations

import contextlib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.model import Document
from indexer.readers import read
from indexer.readers.chrome import find_chrome
from indexer.readers.registry import decoded_text, read_source
from indexer.readers.source import Source
from search.errors import SourceError
from search.messages.aside import RELATED_LINKS
from search.messages.words import render
from tests.laws.counters import signs

FRAGMENTS = (
    "<!--|-->|**|&amp;|&|#|<br>|<U+00A0>|<U+003C>|\r\r\n|\n|\f|---|"
    "\\*|【字体：|大|】|当前位置：|首页|>|相关链接|·|[甲](乙)"
)
SIMPLIFIED = (
    "各位委员：\n我受政协四平市委员会常务委员会委托，向大会报告工作，请予审议。\n一、2023年工作回顾\n"
)
TRADITIONAL = "各位委員：\n過去一年，市政協堅持團結民主兩大主題，圍繞中心、服務大局，推動經濟發展。\n"


def read_bytes(data: bytes, name: str = "报告.txt") -> Document:
    (document,) = read_source(Source(data, name, name))
    assert kept(document) == signs([decoded_text(Source(data, name, name))])
    return document


def kept(document: Document) -> Counter[str]:
    texts = [line.text for line in document.lines] + [entry.text for entry in document.set_aside]
    return signs(texts)


def texts(document: Document) -> list[str]:
    return [line.text for line in document.lines if line.text.strip()]


def aside(document: Document, reason: str) -> list[str]:
    return [entry.text for entry in document.set_aside if render(entry.reason, "en") == reason]


@pytest.mark.parametrize(
    ("text", "codec", "expected"),
    [
        (SIMPLIFIED, "utf-8", "utf-8 (valid"),
        (SIMPLIFIED, "utf-8-sig", "utf-8 (byte order mark"),
        (SIMPLIFIED, "utf-16", "utf-16-le (byte order mark"),
        (SIMPLIFIED, "utf-32", "utf-32-le (byte order mark"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le (zero bytes"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be (zero bytes"),
        (SIMPLIFIED, "gb18030", "gb18030 ("),
        (TRADITIONAL, "gb18030", "gb18030 ("),
        (TRADITIONAL, "big5", "cp950 ("),
    ],
)
def test_encoding_is_told_and_recorded(text: str, codec: str, expected: str) -> None:
    document = read_bytes(text.encode(codec))
    assert texts(document) == text.split("\n")[:-1]
    assert document.encoding.startswith(expected)


def test_big5_that_is_valid_gb18030_is_still_big5() -> None:
    data = "過去一年市政協工作報告".encode("big5")
    data.decode("gb18030")
    assert texts(read_bytes(data)) == ["過去一年市政協工作報告"]


def test_a_few_damaged_bytes_are_said_and_cost_no_more_than_themselves() -> None:
    data = bytearray((SIMPLIFIED * 20).encode("utf-8"))
    data[40:41] = b"\xff"
    document = read_bytes(bytes(data))
    assert document.encoding.startswith("utf-8 (but for")
    assert "not valid utf-8" in render(document.problems[0].reason, "en")
    assert sum(line.text.count("\ufffd") for line in document.lines) <= 3


def test_file_cut_in_the_middle_of_a_character_is_read() -> None:
    document = read_bytes(SIMPLIFIED.strip().encode("utf-8")[:-1])
    assert texts(document)[-1].startswith("一、2023年工作回")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n", "\u2028"])
def test_every_line_end_is_one_line_end(end: str) -> None:
    document = read_bytes(end.join(["甲", "乙", "丙"]).encode())
    assert [(line.text, line.number) for line in document.lines] == [("甲", 1), ("乙", 2), ("丙", 3)]


def test_form_feed_begins_a_page_and_no_line_number() -> None:
    document = read_bytes("压\f舱石\n完".encode())
    assert [(line.text, line.number, line.page) for line in document.lines] == [
        ("压", 1, 1),
        ("舱石", 1, 2),
        ("完", 2, 2),
    ]


def test_escapes_become_characters_and_comments_are_set_aside() -> None:
    text = "<U+00A0><U+00A0>一&mdash;&#x4E8C; A&amp;B<!-- 殷勇&amp;作\n报告 -->完\n<!-- 没有结束\n末"
    document = read_bytes(text.encode())
    assert [line.text.strip() for line in document.lines] == ["一—二 A&B", "完", "没有结束", "末"]
    assert aside(document, "HTML comment") == ["<!-- 殷勇&作\n报告 -->"]
    assert document.set_aside[0].line == 1


def test_tags_break_lines_but_not_rows() -> None:
    document = read_bytes("甲<br>乙</p>\n| 1 | 丙<br/>丁 |\n税收<5%，投资>8%".encode())
    assert [(line.text, line.hint) for line in document.lines if line.text] == [
        ("甲", None),
        ("乙", None),
        ("| 1 | 丙 丁 |", "table"),
        ("税收<5%，投资>8%", None),
    ]


@pytest.mark.parametrize(
    ("raw", "text", "hint"),
    [
        ("# 工作报告", "工作报告", "heading1"),
        ("### **一、回顾** ###", "一、回顾", "heading3"),
        ("**一、2023年工作回顾**", "一、2023年工作回顾", "bold"),
        ("***政府工作报告**", "政府工作报告", "bold"),
        ("**一是**抓协商。**二是**抓监督。", "一是抓协商。二是抓监督。", None),
        ("- 把党的领导贯穿始终", "- 把党的领导贯穿始终", "list"),
        ("| 序号 | **领域** |", "| 序号 | 领域 |", "table"),
        ("电话138****1234", "电话138****1234", None),
        ("张**、李**等委员", "张**、李**等委员", None),
        ("3*5=15，2*4=8", "3*5=15，2*4=8", None),
        ("2.82（\\*）", "2.82（*）", None),
        ("——在政协四平市委员会会议上", "——在政协四平市委员会会议上", None),
        ("#1楼改造完成", "#1楼改造完成", None),
        ("> 引文", "引文", None),
    ],
)
def test_marks_become_hints(raw: str, text: str, hint: str | None) -> None:
    (line,) = read_bytes(raw.encode()).lines
    assert (line.text, line.hint) == (text, hint)


def test_bold_over_several_lines_is_stripped_and_a_masked_name_is_not() -> None:
    document = read_bytes("**——2021年1月29日在会议上\n市长 温国辉**\n记者 张**\n安全支撑**。**\n".encode())
    assert texts(document) == ["——2021年1月29日在会议上", "市长 温国辉", "记者 张**", "安全支撑。"]


def test_links_are_marks_only_in_markdown() -> None:
    raw = "见[市政协](http://zx.gov.cn)，*网站*".encode()
    assert texts(read_bytes(raw, "a.md")) == ["见市政协，网站"]
    assert texts(read_bytes(raw, "a.txt")) == [raw.decode()]


def test_front_matter_gives_fields_and_lists_unknown_keys() -> None:
    document = read_bytes(
        '---\ntitle: 工作报告\n城市：四平市\ncolour: red\nyear: "2023"\n---\n各位委员：'.encode(), "a.md"
    )
    assert document.fields == {"title": "工作报告", "city": "四平市", "year": "2023"}
    assert [(problem.line, "colour" in render(problem.reason, "en")) for problem in document.problems] == [
        (4, True)
    ]
    assert [(line.text, line.number) for line in document.lines] == [("各位委员：", 7)]


def test_rule_at_the_top_is_no_front_matter() -> None:
    document = read_bytes("---\n过去一年，成绩显著。\n---\n一、回顾".encode())
    assert texts(document) == ["过去一年，成绩显著。", "一、回顾"]
    assert not document.fields


def test_page_furniture_is_set_aside_and_text_is_not() -> None:
    lines = [
        "当前位置：首页 > 政务",
        "【字体：",
        "大",
        "中",
        "小",
        "】",
        "发布日期:2024-01-02 字体:[ 大 中 小 ]",
    ]
    lines += ["相关报道：", "· 另一篇报道", "【", "打印本页", "】", "上一篇：某某通知"]
    body = [
        "来源：四平日报",
        "小",
        "分享改革成果，打印民生答卷。",
        "一、下载应用数量增长",
        "关于首页建设的说明",
    ]
    document = read_bytes("\n".join(lines + body).encode())
    assert texts(document) == body
    assert len(document.set_aside) == len(lines)


def test_control_characters_are_set_aside() -> None:
    document = read_bytes(
        "协\x00商\u200b民\x07主".encode() + "，团结民主是人民政协的两大主题。".encode() * 20
    )
    assert document.lines[0].text.startswith("协商民主")
    assert aside(document, "control characters") == ["\x00\u200b\x07"]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("空.txt", b"", "empty"),
        ("白.txt", b" \n\t\n", "only blanks"),
        ("乱.txt", bytes(range(256)) * 8, "not text"),
        ("图.txt", b"\x89PNG\r\n\x1a\n123", r"image \(.png\)"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"\.doc"),
        ("金山.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"\.wps"),
        ("版式.ofd", b"not even a zip", r"\.ofd"),
        ("富文本.rtf", b"{\\rtf1 }", "no text"),
        ("改名.txt", b"{\\rtf1 }", "no text"),
        (
            "密.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "password",
        ),
        ("图.jpg", b"\xff\xd8\xff\xe0", "image"),
        ("表.xlsx", b"x", "spreadsheet"),
        ("怪.xyz", b"x", r"\.xyz"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name_with_advice(
    tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(SourceError, match=says) as caught:
        read(path)
    assert caught.value.hint
    assert caught.value.path == str(path)


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        read(tmp_path / "无.txt")
    with pytest.raises(SourceError, match="folder"):
        read(tmp_path)


def test_content_beats_a_wrong_suffix(tmp_path: Path) -> None:
    path = tmp_path / "网页.txt"
    path.write_text("<!DOCTYPE html><html><body><p>各位委员：</p></body></html>", encoding="utf-8")
    assert read(path)[0].format == "html"


@given(
    st.lists(
        st.one_of(
            st.text(max_size=20),
            st.sampled_from([*FRAGMENTS.split("|"), "|"]),
        ),
        max_size=30,
    ),
    st.sampled_from(["a.txt", "a.md"]),
)
def test_no_character_is_lost(parts: list[str], name: str) -> None:
    text = "".join(parts).encode("utf-8", "replace").decode("utf-8")
    if not text or text.isspace() or text.lstrip().startswith("<"):
        text = f"协商{text}"
    with contextlib.suppress(SourceError):  # all too many control characters: binary
        read_bytes(text.encode("utf-8"), name)


@pytest.mark.corpus
@pytest.mark.parametrize("folder", ["seeds", "reports", "encodings", "csv"])
def test_no_character_of_the_corpus_is_lost(shared: Path, folder: str) -> None:
    files = sorted((shared / "corpus" / folder).iterdir())
    assert files
    for path in files:
        source = Source(path.read_bytes(), path.name, str(path))
        found: Counter[str] = Counter()
        for document in read(path):
            found += kept(document)
        assert found == signs([decoded_text(source)]), path.name


@pytest.mark.corpus
@pytest.mark.parametrize("folder", ["encodings", "csv"])
def test_dirty_files_are_read_cleanly(shared: Path, folder: str) -> None:
    for path in sorted((shared / "corpus" / folder).iterdir()):
        for document in read(path):
            text = "\n".join(line.text for line in document.lines)
            assert "<U+" not in text
            assert "<!--" not in text
            for furniture in (
                "当前位置",
                "【字体",
                "【字号",
                "E-mail推荐",
                "相关链接",
                "相关报道",
                "打印本页",
                "责任编辑",
            ):
                assert furniture not in text, path.name
            assert "各位代表" in text


def test_furniture_of_news_apps_is_set_aside() -> None:
    text = "四平市人民政府工作报告|各位代表：|今年要抓好全民阅读，粮食生产再创新高。"
    furniture = "在看 阅读 1.2万|阅读 10万+|点赞 12 在看 3|长按识别二维码关注我们|购物车|登录 注册|导航"
    links = "推荐阅读：2022年甘肃省人民政府工作报告|往期推荐|2021年陕西省人民政府工作报告|2020年山西省人民政府工作报告"
    lines = f"{text}|{furniture}|{links}|阅读原文".split("|")
    found = find_chrome(lines)
    assert sorted(found) == list(range(3, len(lines)))
    assert {found[at] for at in (10, 11, 12, 13)} == {RELATED_LINKS}


def test_report_under_a_label_of_links_keeps_its_head() -> None:
    assert sorted(find_chrome(["推荐阅读", "四平市人民政府工作报告", "（2024年1月10日）", "各位代表："])) == [
        0
    ]
