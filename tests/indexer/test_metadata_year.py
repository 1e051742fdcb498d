"""When a report was delivered, and which year it reviews."""

import pytest

from indexer.metadata import describe
from indexer.model import Block, Document, Draft, Metadata


def read(text: str, *, name: str = "") -> Metadata:
    """Describe an invented text, each line a block."""
    blocks = tuple(Block("paragraph", 0, line, (n, n)) for n, line in enumerate(text.splitlines(), 1))
    return describe(Draft("report", blocks), Document("x.txt", "text", "utf-8", ()), file_name=name)


def test_session_date_decides_the_year_even_in_december() -> None:
    text = "——2021年12月29日在中卫市第五届人民代表大会第一次会议上\n一、2021年工作回顾\n二、2022年工作安排"
    metadata = read(text, name="中卫市_2022.txt")
    assert (metadata.year.value, metadata.date.value) == (2021, "2021-12-29")
    assert metadata.review_year.value == 2021
    (problem,) = metadata.problems
    assert "2022" in str(problem.reason)


def test_year_without_a_date_is_that_of_the_plan() -> None:
    metadata = read("政府工作报告\n各位代表：\n2023年工作回顾\n成绩来之不易。\n2024年工作安排")
    assert (metadata.year.value, metadata.review_year.value) == (2024, 2023)
    assert metadata.date.value is None
    assert str(metadata.year.evidence) == "第3行：2023年工作回顾；第5行：2024年工作安排"


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("（2024年1月8日）", "2024-01-08"),
        ("（一九九三年六月十九日）", "1993-06-19"),
        ("二 0 一 六 年 一 月 二 十 日", "2016-01-20"),
        ("——20261月5日在四平市第九届人民代表大会第五次会议上", "2026-01-05"),
        ("２００９年２月１０日", "2009-02-10"),
    ],
)
def test_date_of_the_session(line: str, date: str) -> None:
    metadata = read(f"政府工作报告\n{line}\n各位代表：")
    assert metadata.date.value == date
    assert metadata.year.value == int(date[:4])


@pytest.mark.parametrize(
    "line",
    [
        "本届政府2003年1月就职，现在向大会报告工作。",
        "本届政府自2002年3月市第十一届人民代表大会第一次会议选举产生以来，任期届满。",
        "我省第五届人民代表大会第一次会议，是在一九七七年十二月举行的。",
        "1994年3月，市十二届人大二次会议审议通过了奋斗目标。",
    ],
)
def test_other_dates_in_the_opening_words_are_not_the_session(line: str) -> None:
    metadata = read(f"各位代表：\n{line}")
    assert metadata.date.value is None
    assert metadata.year.value is None


def test_draft_date_is_not_the_session() -> None:
    assert read("政府工作报告\n（1999年12月29日，征求意见稿）\n各位代表：").date.value is None


def test_publication_date_gives_a_year_only_as_a_last_resort_and_says_so() -> None:
    metadata = read("工作报告\n发布日期：2024-02-06 字体：[大 中 小]\n各位代表：")
    assert metadata.date.value is None
    assert metadata.year.value == 2024
    assert str(metadata.year.evidence).startswith("仅有发布日期")
    assert read("工作报告\n发布日期：2024-02-06\n各位代表：\n一、2020年工作回顾").year.value == 2021


def test_published_field_is_a_last_resort_too() -> None:
    document = Document("x.csv", "csv", "utf-8", (), {"published": "2024-02-06"})
    metadata = describe(
        Draft("report", (Block("paragraph", 0, "各位代表：", (1, 1)),)), document, file_name=""
    )
    assert metadata.year.value == 2024
    assert str(metadata.year.evidence) == "仅有发布日期：字段 published：2024-02-06"


def test_upload_date_standing_alone_gives_way_to_the_headings() -> None:
    metadata = read("（2010年2月20日 林大海）\n各位代表：\n2002年工作回顾\n2003年工作安排\n2003年主要目标")
    assert (metadata.year.value, metadata.date.value) == (2003, None)
    assert "日期与内容不一致" in str(metadata.problems[0].reason)


def test_session_date_holds_against_the_headings_and_the_conflict_is_reported() -> None:
    text = "2014年1月8日在四平市第七届人民代表大会第三次会议上\n一、2016年工作回顾\n二、2017年工作安排"
    metadata = read(text)
    assert metadata.year.value == 2014
    assert "日期与内容不一致" in str(metadata.problems[0].reason)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("刚刚过去的2011年，成绩显著。\n做好2012年各项工作，意义重大。", 2012),
        ("一、1993年全省经济提前实现第二个翻番", 1994),
        ("二、2018年工作", 2018),
        ("1993年政府工作报告\n刚刚过去的1992年，很不平凡。", 1993),
        ("一九九九年工作回顾", 2000),
        ("**一、2011年工作回顾** 过去一年，全市人民奋发有为。", 2012),
        ("一、完成2013年目标任务情况", None),
        ("一、较好完成2013年目标任务", None),
        ("三、全面完成2006年的各项任务", 2006),
        ("三、2008年政府主要工作", 2008),
        ("二、“九五”计划和2010年远景目标的制定", None),
        ("到2035年的远景目标\n实现2035年远景目标。", None),
        ("办好2008年奥运会的协办工作。", None),
        ("预计2015年全市生产总值增长9%。", None),
    ],
)
def test_year_by_headings_and_sentences(text: str, year: int | None) -> None:
    assert read(text).year.value == year


def test_contradicting_headings_leave_the_year_unknown() -> None:
    assert read("各位代表：\n2013年工作回顾\n2017年工作安排").year.value is None


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("四平市_2023.txt", 2023),
        ("2023年报告.txt", 2023),
        ("002_1980ab8869d1f400.txt", None),
        ("四平市_2021至2023.txt", None),
    ],
)
def test_year_by_file_name_only_where_it_is_one(name: str, year: int | None) -> None:
    assert read("各位代表：", name=name).year.value == year


def test_review_year_by_the_past_year_of_a_dated_session() -> None:
    metadata = read("——2014年1月8日在四平市第七届人民代表大会上\n各位代表：\n过去五年，我们开拓前进。")
    assert metadata.review_year.value == 2013
    assert str(metadata.review_year.evidence) == "第3行：过去五年，我们开拓前进。（会议在2014年1月）"


def test_review_year_stays_unknown_without_words_for_it() -> None:
    assert (
        read("——2014年1月8日在四平市第七届人民代表大会上\n各位代表：\n开拓前进。").review_year.value is None
    )
