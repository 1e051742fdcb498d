"""Where a report begins and ends within a file, on small texts written for each phenomenon."""

from __future__ import annotations

import pytest

from indexer.model import Document, Draft, Line
from indexer.structure import boundaries, structure
from indexer.structure.piece import Piece

LONG = (
    "这一年，全市上下齐心协力，办成了许多大事，群众的日子一天比一天好，"
    "城乡的面貌一年比一年新，各项工作都迈上了台阶。"
)
OTHER = (
    "那一年，提案的办理快了许多，委员提出的建议件件有着落，"
    "承办的单位都上门说明了情况，委员们对结果表示满意，还会再看。"
)
HEAD = ("——2021年1月8日在云川市第五届人民代表大会第二次会议上", "云川市市长 江 南", "各位代表：")
END = "各位委员，让我们携起手来，为建设美好云川作出新的更大贡献！"
FIRST = (
    "政协云川市第六届委员会常务委员会工作报告",
    "——在政协云川市第六届委员会第二次会议上",
    "江南",
    "一、工作回顾",
    LONG,
)
SECOND = (
    "政协云川市第六届委员会常务委员会关于提案工作情况的报告",
    "——在政协云川市第六届委员会第二次会议上",
    "山北",
    OTHER,
)


def drafts_of(*lines: str) -> tuple[Draft, ...]:
    numbered = tuple(Line(line, number) for number, line in enumerate(lines, start=1))
    return structure(Document("云川.txt", "text", "utf-8", numbered)).drafts


def test_second_report_begins_with_its_title() -> None:
    first, second = drafts_of(*FIRST, *SECOND)
    assert [first.kind, second.kind] == ["report", "report"]
    assert [block.kind for block in second.blocks] == ["title", "session", "speaker", "paragraph"]


def test_second_report_takes_the_headline_above_its_title() -> None:
    first, second = drafts_of(*FIRST, "凝心聚力谱新篇 同心同德开新局", *SECOND)
    assert [block.kind for block in second.blocks[:3]] == ["title", "title", "session"]
    assert first.blocks[-1].text == LONG


def test_title_printed_within_its_text_comes_first_in_the_report() -> None:
    cut = OTHER.replace("。", "，还要继续努力，把好事办好，把实事办实，把难事办妥，让委员放心")
    first, second = drafts_of(
        *FIRST, "2020年提案办理情况", cut, "市政协常委会提案工作报告（摘要）", "一是" + OTHER
    )
    assert [block.kind for block in second.blocks] == ["title", "heading", "paragraph", "paragraph"]
    assert second.blocks[0].text == "市政协常委会提案工作报告（摘要）"
    assert first.blocks[-1].text == LONG


def test_sentence_about_a_report_begins_none() -> None:
    assert len(drafts_of(*FIRST, "大会听取并审议了政协云川市委员会常务委员会工作报告", LONG + "又。")) == 1
    assert len(drafts_of(*FIRST, "江南作政协常委会工作报告", LONG + "又。")) == 1


def test_news_behind_a_report_becomes_its_own_draft_with_its_headline() -> None:
    report, news = drafts_of(
        *FIRST, END, "我市部署防汛工作", f"本报讯（记者 山北）{OTHER}", "会议要求，早作准备。"
    )
    assert (report.kind, news.kind) == ("report", "新闻")
    assert [block.kind for block in news.blocks] == ["title", "paragraph", "paragraph"]
    assert report.blocks[-1].text == END


def test_editorial_becomes_its_own_draft_with_the_headline_that_follows() -> None:
    report, editorial = drafts_of(*FIRST, END, "社论", LONG + "又。", "扬帆奋进再出发", "预祝大会圆满成功！")
    assert (report.kind, editorial.kind) == ("report", "社论")
    assert editorial.blocks[0].kind == "title"
    assert editorial.blocks[0].text == "扬帆奋进再出发"


def test_rest_of_a_text_from_another_page_is_not_mixed_into_a_finished_report() -> None:
    report, rest = drafts_of(*FIRST, END, f"（上接第一版）{OTHER}")
    assert (report.kind, rest.kind) == ("report", "其他")


def test_rest_of_an_editorial_is_known_by_its_wishes() -> None:
    assert drafts_of(*FIRST, END, f"（上接第一版）{OTHER}", "预祝大会圆满成功！")[1].kind == "社论"


def test_report_that_turns_over_the_page_stays_one_report() -> None:
    read = structure(
        Document(
            "云川.txt",
            "text",
            "utf-8",
            tuple(
                Line(text, number)
                for number, text in enumerate(
                    [
                        *FIRST,
                        "（下转第二版）",
                        "（上接第一版）二是抓好工业。" + OTHER,
                        "三是抓好商贸。（下转第三版）",
                    ],
                    start=1,
                )
            ),
        )
    )
    (report,) = read.drafts
    assert report.blocks[-2].text == "二是抓好工业。" + OTHER
    assert report.blocks[-1].text == "三是抓好商贸。"
    assert [entry.text for entry in read.set_aside] == ["（下转第二版）", "（上接第一版）", "（下转第三版）"]


def test_page_head_that_repeats_the_title_begins_no_report() -> None:
    assert len(drafts_of(*FIRST, "政府工作报告", f"（上接第一版）{OTHER}")) == 1


def test_letter_that_sends_a_report_round_is_no_report() -> None:
    letter, report = drafts_of(
        "云川市人民政府关于印发政府工作报告的通知",
        "各区、县人民政府：",
        LONG,
        "云川市人民政府",
        "2021年3月1日",
        "（此件公开发布）",
        "政府工作报告",
        *HEAD,
        OTHER,
    )
    assert letter.blocks[0].kind == "title"
    assert (letter.kind, report.kind) == ("其他", "report")
    assert letter.blocks[-1].text == "（此件公开发布）"
    assert [block.text for block in report.blocks[:2]] == ["政府工作报告", HEAD[0]]


def test_report_whose_head_is_lost_speaks_of_its_own_place_at_some_length() -> None:
    (draft,) = drafts_of(*[f"2023年，全市上下{LONG}" for _ in range(6)])
    assert draft.kind == "report"
    (draft,) = drafts_of(LONG, OTHER)
    assert draft.kind == "其他"


def test_report_printed_again_is_one_report_with_repeated_blocks() -> None:
    (draft,) = drafts_of(*FIRST, OTHER, *FIRST, OTHER)
    assert [block.repeated for block in draft.blocks] == [False] * 6 + [True] * 6


def test_report_that_an_agency_sent_is_a_report() -> None:
    (draft,) = drafts_of("政府工作报告", "新华社云川3月15日电", *FIRST[1:])
    assert draft.kind == "report"
    assert [block.kind for block in draft.blocks[:3]] == ["title", "source", "session"]


def test_lines_without_any_text_are_each_looked_at_a_few_times_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at = 0
    is_body = boundaries._is_body

    def count(piece: Piece) -> bool:
        nonlocal looked_at
        looked_at += 1
        return is_body(piece)

    monkeypatch.setattr(boundaries, "_is_body", count)
    drafts_of(*(f"第{number}项" for number in range(1000)))
    assert looked_at < 10_000
