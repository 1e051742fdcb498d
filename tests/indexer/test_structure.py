"""What the lines of a report are taken for, on small texts written for each phenomenon."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from indexer.model import Block, Document, Line, StructuredFile
from indexer.structure import structure
from search.messages.words import render

LONG = (
    "这一年，全市上下齐心协力，办成了许多大事，群众的日子一天比一天好，"
    "城乡的面貌一年比一年新，各项工作都迈上了台阶。"
)
HEAD = (
    "云川市人民政府工作报告",
    "——2021年1月8日在云川市第五届人民代表大会第二次会议上",
    "云川市市长 江 南",
    "各位代表：",
)


def read_lines(lines: Iterable[str | Line]) -> StructuredFile:
    numbered = [
        line if isinstance(line, Line) else Line(line, number) for number, line in enumerate(lines, start=1)
    ]
    return structure(Document("云川.txt", "text", "utf-8", tuple(numbered)))


def blocks_of(*lines: str | Line) -> list[Block]:
    drafts = read_lines(lines).drafts
    assert len(drafts) == 1
    return list(drafts[0].blocks)


def kinds_of(*lines: str | Line) -> list[str]:
    return [block.kind for block in blocks_of(*lines)]


def test_head_of_a_report_is_recognised_line_by_line() -> None:
    assert kinds_of(*HEAD, LONG) == ["title", "session", "speaker", "salutation", "paragraph"]


def test_document_without_text_gives_no_draft() -> None:
    assert read_lines(["", "  ", "\u3000"]).drafts == ()


def test_title_over_two_lines_is_one_block() -> None:
    title, *_ = blocks_of(
        "中国人民政治协商会议", "云川市第六届委员会常务委员会工作报告（摘要）", "江南", LONG
    )
    assert title.kind == "title"
    assert title.text == "中国人民政治协商会议云川市第六届委员会常务委员会工作报告（摘要）"
    assert title.lines == (1, 2)
    assert not title.joined


def test_doubled_title_is_kept_twice_in_one_report() -> None:
    assert kinds_of(HEAD[0], HEAD[0], *HEAD[1:], LONG)[:3] == ["title", "title", "session"]


def test_report_without_title_begins_with_its_session() -> None:
    assert kinds_of(*HEAD[1:], LONG) == ["session", "speaker", "salutation", "paragraph"]


def test_session_over_two_lines_is_one_block() -> None:
    blocks = blocks_of(
        "政府工作报告", "2024年1月17日在云川市", "第六届人民代表大会第四次会议上", *HEAD[2:], LONG
    )
    assert [block.kind for block in blocks[:3]] == ["title", "session", "speaker"]
    assert blocks[1].text == "2024年1月17日在云川市第六届人民代表大会第四次会议上"


@pytest.mark.parametrize(
    "date",
    [
        "（2024年1月8日）",
        "(2024 年 1 月 8 日)",
        "（２０２４年１月８日）",
        "二〇二四年一月八日",
        "一九九三年六月十九日",
        "（二0一六年一月八日）",
        "20261月5日",
        "（2006年1月10日 江 南）",
        "2006年1月",
    ],
)
def test_date_line_is_recognised(date: str) -> None:
    assert kinds_of(HEAD[0], date, "各位代表：", LONG)[1] == "date"


@pytest.mark.parametrize(
    "speaker",
    [
        "江 南",
        "江　南　山",
        "市长 江南",
        "云川市人民政府代市长　江 南",
        "国务院总理　江南",
        "自治区主席 阿布都·江南",
        "市委副书记、市长 江南",
        "市长：江南",
        "云川市政协主席 江南山",
        "市人民政府市长",
        "报告人：江南",
        "云川市财政局局长 江 南",
        "云川省财政厅厅长",
    ],
)
def test_speaker_line_is_recognised(speaker: str) -> None:
    assert kinds_of(HEAD[0], HEAD[1], speaker, "各位代表：", LONG)[2] == "speaker"


@pytest.mark.parametrize("salutation", ["各位委员：", "各位代表！", "各位委员、同志们：", "同志们："])
def test_salutation_is_recognised(salutation: str) -> None:
    assert kinds_of(*HEAD[:3], salutation, LONG)[3] == "salutation"


def test_greeting_that_goes_on_is_a_paragraph() -> None:
    assert kinds_of(*HEAD[:3], "各位代表，现在我向大会报告工作，请予审议。")[3] == "paragraph"


def test_journalist_is_a_source_and_no_speaker() -> None:
    assert kinds_of(HEAD[0], "云川日报全媒体记者 江南", LONG)[1] == "source"


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("第一章 总体要求", 1),
        ("一、2020年工作回顾", 1),
        ("（二）城乡面貌焕然一新", 2),
        ("(三)民生福祉持续增进", 2),
        ("1.着力稳住农业", 3),
        ("2．着力稳住工业", 3),
        ("3、着力稳住商贸", 3),
        ("（4）深化改革", 4),
        ("2021年工作安排", 1),
        ("在攻坚中奋进", 2),
    ],
)
def test_heading_of_every_style_has_its_level(line: str, level: int) -> None:
    heading = blocks_of(*HEAD, LONG, line, LONG + "又。")[5]
    assert (heading.kind, heading.level) == ("heading", level)


@pytest.mark.parametrize(
    "line",
    [
        "一是抓好春耕。二是抓好秋收，确保颗粒归仓。",
        "（一）抓好春耕。早谋划、早动手，确保不误农时，全年粮食再获丰收。",
        "一年来，我们做了以下工作：",
        "2.5万户居民喝上了放心水。",
        "——农业稳中有进。粮食产量再创新高。",
    ],
)
def test_sentence_with_a_number_before_it_is_a_paragraph(line: str) -> None:
    assert blocks_of(*HEAD, LONG, line, LONG + "又。")[5].kind == "paragraph"


def test_hinted_heading_takes_the_level_of_the_format_where_the_format_has_several() -> None:
    lines = [
        Line("云川市人民政府工作报告", 1, hint="heading1"),
        Line("2020年工作回顾", 2, hint="heading2"),
        Line(LONG, 3),
        Line("一、农业", 4, hint="heading3"),
        Line(LONG + "又。", 5),
    ]
    assert [block.level for block in blocks_of(*lines)] == [0, 2, 0, 3, 0]


def test_list_items_and_table_rows_keep_their_kind() -> None:
    lines = ["- 农业丰收。", "• 工业增长。", "| 指标 | 单位 |", "| --- | --- |", "| 粮食 | 万吨 |"]
    read = read_lines([*HEAD, LONG, *lines])
    kinds = [block.kind for block in read.drafts[0].blocks][5:]
    assert kinds == ["list", "list", "table", "table"]
    assert [entry.text for entry in read.set_aside] == ["| --- | --- |"]


def test_blocks_after_the_head_of_an_appendix_are_appendix() -> None:
    blocks = blocks_of(
        *HEAD, LONG, "名词解释", "1.“三个一”：指一张网、一扇门、一次办。", "2.双减：指减轻作业负担。"
    )
    assert [block.kind for block in blocks[5:]] == ["heading", "appendix", "appendix"]
    assert blocks[5].level == 1


@pytest.mark.parametrize(
    "furniture",
    [
        "打印",
        "【字号：",
        "字体:[ 大 中 小 ]",
        "上一篇：云川简讯",
        "下一篇",
        "首页 > 政务公开",
        "---",
        "- 12 -",
        "报告全文.pdf",
    ],
)
def test_page_furniture_is_set_aside_with_the_reason(furniture: str) -> None:
    read = read_lines([*HEAD, LONG, furniture])
    assert [(entry.text, entry.line, render(entry.reason, "en")) for entry in read.set_aside] == [
        (furniture, 6, "page furniture")
    ]


@pytest.mark.parametrize(
    "source",
    [
        "来源：云川日报",
        "责任编辑：江南",
        "发布日期:2021-01-09 字体:[ 大 中 小 ]",
        "（新华社云川1月9日电）",
        "江南作政府工作报告",
    ],
)
def test_source_line_is_a_source(source: str) -> None:
    assert kinds_of(*HEAD, LONG, source)[5] == "source"


def test_comments_are_set_aside_though_they_run_over_lines() -> None:
    read = read_lines(["<!-- 图：", "会场 -->政府工作报告", LONG])
    assert [block.text for block in read.drafts[0].blocks] == ["政府工作报告", LONG]
    assert [(entry.text, entry.line) for entry in read.set_aside] == [("<!-- 图：", 1), ("会场 -->", 2)]


def test_running_headers_and_page_numbers_are_set_aside() -> None:
    lines = [
        Line("云川年鉴", 1, 1, "header"),
        Line(LONG, 2, 1),
        Line("17", 3, 1),
        Line("内部", 4, 1, "footer"),
    ]
    assert [render(entry.reason, "en") for entry in read_lines(lines).set_aside] == [
        "running header",
        "page number",
        "running footer",
    ]


def test_lines_that_the_format_says_go_on_are_one_paragraph() -> None:
    lines = [
        Line("这一年，我们", 1, 1, None, False),
        Line("办成了大事。", 2, 1, None, True),
        Line("又一年。", 3, 2, None, True),
    ]
    blocks = blocks_of(*lines)
    assert [(block.text, block.lines) for block in blocks] == [
        ("这一年，我们办成了大事。", (1, 2)),
        ("又一年。", (3, 3)),
    ]


def test_paragraph_that_the_format_carries_over_a_page_is_joined_around_the_header() -> None:
    lines = [
        Line("这一年，我们推进城乡建", 1, 1, None, False),
        Line("云川年鉴", 2, 2, "header", None),
        Line("设，补齐短板。", 3, 2, None, True),
    ]
    assert [(block.text, block.joined) for block in blocks_of(*lines)] == [
        ("这一年，我们推进城乡建设，补齐短板。", True)
    ]


def test_text_wrapped_at_a_width_is_put_together() -> None:
    sentence = "今年我们要把稳增长放在更加突出的位置扎扎实实办好民生实事让群众得到更多实惠"
    paragraph = "".join(f"第{number:02d}句：{sentence}，" for number in range(1, 22)) + "再接再厉。"
    width = 30
    wrapped = [paragraph[at : at + width] for at in range(0, len(paragraph), width)]
    blocks = blocks_of(*wrapped, "一、农业", *wrapped[:-1], "完了。")
    assert blocks[0].text == paragraph
    assert blocks[0].lines == (1, len(wrapped))
    assert [block.kind for block in blocks] == ["paragraph", "heading", "paragraph"]


def test_short_lines_that_end_as_they_please_are_not_put_together() -> None:
    assert len(blocks_of(*[f"第{number}件实事已经办好" for number in range(10, 40)])) == 30


def test_passage_that_stood_before_is_marked_repeated() -> None:
    other = "另一段话说的是别的事情，与上面的那一段没有半点关系，只是为了把两段隔开而已。"
    repeated = [block.repeated for block in blocks_of(*HEAD, LONG, other, LONG, LONG.replace("，", "， "))]
    assert repeated[4:] == [False, False, True, True]


def test_passage_within_an_earlier_one_is_marked_repeated() -> None:
    first = "".join(f"第{number}项工作圆满完成，群众十分满意。" for number in range(1, 20))
    blocks = blocks_of(*HEAD, first, first[40:])
    assert [block.repeated for block in blocks][4:] == [False, True]


def test_short_lines_that_recur_are_not_called_repeated() -> None:
    assert not any(
        block.repeated for block in blocks_of(*HEAD, LONG, "各位代表：", "一、农业", "各位代表：", "一、农业")
    )


def test_very_long_paragraph_is_divided_at_sentence_ends() -> None:
    text = "".join(f"第{number}项工作圆满完成，群众十分满意。" for number in range(200))
    parts = blocks_of(*HEAD, text)[4:]
    assert "".join(part.text for part in parts) == text
    assert [part.piece for part in parts] == list(range(1, len(parts) + 1))
    assert all(len(part.text) <= 800 and part.text.endswith("。") for part in parts)
    assert {part.lines for part in parts} == {(5, 5)}


def test_paragraph_without_sentence_ends_is_cut_at_the_hard_limit() -> None:
    text = "长" * 20_000
    parts = blocks_of(*HEAD, text)[4:]
    assert [len(part.text) for part in parts] == [8_000, 8_000, 4_000]


def test_ordinary_paragraph_is_no_part() -> None:
    assert blocks_of(*HEAD, LONG)[4].piece == 0


def test_traditional_script_is_read_as_simplified_and_kept_as_it_is() -> None:
    lines = [
        "中國人民政治協商會議南平市第六屆委員會常務委員會工作報告",
        "——2021年1月14日在政協南平市第六屆委員會第五次會議上",
        "各位委員：",
        "現在，我向大會報告工作，請予審議。",
    ]
    document = Document("a.txt", "text", "", tuple(Line(text, n) for n, text in enumerate(lines, start=1)))
    (draft,) = structure(document).drafts
    assert [block.kind for block in draft.blocks] == ["title", "session", "salutation", "paragraph"]
    assert [block.text for block in draft.blocks] == lines
