"""Footnotes, text boxes and comments beside the running text: kept where they belong, in nobody's way."""

from __future__ import annotations

from indexer.metadata import describe
from indexer.model import Document, Line, StructuredFile
from indexer.structure import structure

LONG = "过去一年，全市上下锐意进取，地区生产总值增长百分之六，各项事业取得新的成绩，人民生活水平继续提高。"
HEAD = ["四平市人民政府工作报告", "——2024年1月10日在四平市第九届人民代表大会第三次会议上", "各位代表："]


def understood(*rows: str | tuple[str, str]) -> tuple[Document, StructuredFile]:
    lines = tuple(
        Line(text, number, None, hint, ends_paragraph=True)
        for number, (text, hint) in enumerate(
            (row if isinstance(row, tuple) else (row, None) for row in rows), start=1
        )
    )
    document = Document("报告.docx", "docx", "", lines)
    return document, structure(document)


def kinds(read: StructuredFile, draft: int = 0) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read.drafts[draft].blocks]


def test_note_stands_behind_its_paragraph() -> None:
    _, read = understood(
        *HEAD, LONG, ("研发投入强度是一个比例。", "footnote"), ("此数待核", "comment"), LONG + "再"
    )
    assert kinds(read)[3:] == [
        ("paragraph", LONG),
        ("footnote", "研发投入强度是一个比例。"),
        ("comment", "此数待核"),
        ("paragraph", LONG + "再"),
    ]


def test_a_very_long_note_is_divided_and_another_is_whole() -> None:
    _, read = understood(*HEAD, LONG, ("一条注。", "footnote"), (LONG * 100, "footnote"), LONG + "再")
    pieces = [block.piece for block in read.drafts[0].blocks if block.kind == "footnote"]
    assert pieces[:3] == [0, 1, 2]
    assert {block.level for block in read.drafts[0].blocks if block.kind == "footnote"} == {0}


def test_note_neither_divides_a_report_nor_says_whose_it_is() -> None:
    rows: list[str | tuple[str, str]] = [
        *HEAD,
        LONG,
        ("2019年吉林省人民政府工作报告", "footnote"),
        LONG + "再",
        LONG + "三",
    ]
    document, read = understood(*rows)
    assert len(read.drafts) == 1
    metadata = describe(read.drafts[0], document)
    assert (metadata.city.value, metadata.year.value) == ("四平市", 2024)


def test_halves_are_joined_over_a_note() -> None:
    lines = (
        Line(LONG, 1),
        Line("今年要统筹推进城乡建", 2, 1, None, ends_paragraph=False),
        Line("专栏一", 3, 1, "textbox", ends_paragraph=True),
        Line("设，补齐短板。", 4, 2, None, ends_paragraph=True),
    )
    read = structure(Document("报告.docx", "docx", "", lines))
    assert kinds(read) == [
        ("paragraph", LONG),
        ("paragraph", "今年要统筹推进城乡建设，补齐短板。"),
        ("textbox", "专栏一"),
    ]


def test_title_in_a_text_box_is_the_title_where_the_text_has_none() -> None:
    _, read = understood((HEAD[0], "textbox"), ("内部资料", "textbox"), *HEAD[1:], LONG)
    assert kinds(read)[0] == ("title", HEAD[0])
    assert ("textbox", "内部资料") in kinds(read)
    _, read = understood(("2019年吉林省人民政府工作报告", "textbox"), *HEAD, LONG)
    assert ("title", HEAD[0]) in kinds(read)
    assert ("textbox", "2019年吉林省人民政府工作报告") in kinds(read)


def test_note_goes_with_its_own_report_of_two() -> None:
    second = ["辽源市人民政府工作报告", "——2023年1月9日在辽源市第八届人民代表大会第二次会议上", "各位代表："]
    _, read = understood(
        *HEAD, LONG, ("第一个注", "footnote"), LONG + "完", *second, "辽源" + LONG, ("第二个注", "footnote")
    )
    assert len(read.drafts) == 2
    assert ("footnote", "第一个注") in kinds(read, 0)
    assert ("footnote", "第二个注") in kinds(read, 1)


def test_notes_alone_are_kept() -> None:
    _, read = understood(("只有一条脚注。", "footnote"), ("  ", "comment"))
    assert kinds(read) == [("footnote", "只有一条脚注。")]
    assert [draft.kind for draft in read.drafts] == ["其他"]


def test_long_note_is_divided_as_a_long_paragraph_is() -> None:
    _, read = understood(*HEAD, LONG, (LONG * 60, "textbox"))
    notes = [block for block in read.drafts[0].blocks if block.kind == "textbox"]
    assert [block.piece for block in notes] == list(range(1, len(notes) + 1))
    assert "".join(block.text for block in notes) == LONG * 60


def test_paragraph_is_as_sure_as_its_least_sure_line() -> None:
    lines = (
        Line("今年要统筹推进城乡建", 1, 1, None, ends_paragraph=False, confidence=0.9),
        Line("设，补齐短板，" + LONG, 2, 2, None, ends_paragraph=True, confidence=0.7),
        Line(LONG + "再", 3, 2, None, ends_paragraph=True),
        Line("专栏一", 4, 2, "textbox", ends_paragraph=True, confidence=0.5),
    )
    read = structure(Document("扫描.pdf", "pdf", "", lines))
    assert [block.confidence for block in read.drafts[0].blocks] == [0.7, None, 0.5]
