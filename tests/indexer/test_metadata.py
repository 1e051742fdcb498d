"""What is read of a report, rule by rule, on texts invented for the purpose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from indexer.metadata import describe
from indexer.metadata.where import _named_body
from indexer.model import Block, Document, Draft, Metadata, Overridden
from search.messages import metadata as says


def read(
    text: str,
    *,
    name: str = "",
    kind: str = "report",
    fields: Mapping[str, str] | None = None,
    overrides: Overridden | None = None,
    siblings: Sequence[Metadata] = (),
) -> Metadata:
    """Describe a text, each line a block that structure has not understood."""
    lines = enumerate(text.strip().splitlines(), 1)
    blocks = tuple(Block("paragraph", 0, line, (number, number)) for number, line in lines if line.strip())
    document = Document("invented.txt", "text", "utf-8", (), fields or {})
    return describe(Draft(kind, blocks), document, file_name=name, overrides=overrides, siblings=siblings)


CPPCC = """
中国人民政治协商会议 四平市第九届委员会常务委员会工作报告（摘要）
——在政协四平市第九届委员会第二次会议上
（二〇二三年一月五日）
林 大 海
各位委员：
我受政协四平市第九届委员会常务委员会委托，向大会报告工作，请予审议。
一、2022年工作回顾
一年来，常委会团结各界，履职尽责。
二、2023年工作安排
"""


def test_every_field_of_a_well_formed_report() -> None:
    metadata = read(CPPCC)
    assert metadata.title.value == "中国人民政治协商会议四平市第九届委员会常务委员会工作报告（摘要）"
    assert metadata.type.value == "政协常委会工作报告"
    assert (metadata.city.value, metadata.code.value) == ("四平市", "220300")
    assert (metadata.province.value, metadata.level.value) == ("吉林省", "市")
    assert (metadata.year.value, metadata.review_year.value) == (2023, 2022)
    assert metadata.date.value == "2023-01-05"
    assert metadata.session.value == "政协四平市第九届委员会第二次会议"
    assert metadata.speaker.value == "林大海"
    assert metadata.problems == ()


def test_evidence_quotes_the_words_and_their_line() -> None:
    metadata = read(CPPCC)
    assert str(metadata.session.evidence) == "第2行：——在政协四平市第九届委员会第二次会议上"
    assert str(metadata.date.evidence) == "第3行：（二〇二三年一月五日）"
    assert str(metadata.speaker.evidence) == "第4行：林 大 海"
    assert str(metadata.review_year.evidence) == "第7行：一、2022年工作回顾"


def test_evidence_of_a_title_block_says_so() -> None:
    draft = Draft("report", (Block("title", 0, "四平市政府工作报告", (1, 1)),))
    metadata = describe(draft, Document("x", "text", "utf-8", ()), file_name="")
    assert str(metadata.title.evidence) == "标题：四平市政府工作报告"


def test_what_is_not_stated_is_unknown() -> None:
    metadata = read("全文如下\n天气很好，大家都很高兴。")
    for value in (
        metadata.type,
        metadata.city,
        metadata.province,
        metadata.level,
        metadata.year,
        metadata.date,
    ):
        assert value.value is None
        assert value.evidence is None


def test_an_empty_draft_is_all_unknown() -> None:
    metadata = describe(Draft("report", ()), Document("x", "text", "utf-8", ()), file_name="")
    assert metadata == Metadata()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("政协四平市委员会常务委员会关于提案工作情况的报告", "政协提案工作报告"),
        ("四平市第九届委员会常务委员会关于九届一次会议以来提案工作情况的报告", "政协提案工作报告"),
        ("政协第十三届新乡市委员会常务委员会工作报告解读", "政协常委会工作报告"),
        ("四平市人民代表大会常务委员会工作报告", "人大常委会工作报告"),
        ("四平市中级人民法院工作报告", "法院工作报告"),
        ("四平市人民检察院工作报告", "检察院工作报告"),
        ("2024年四平市政府工作报告", "政府工作报告"),
        ("各位代表：现在，我代表市人民政府，向大会报告工作，请予审议。", "政府工作报告"),
        ("各位代表：受市人大常委会委托，我向大会报告工作，请予审议。", "人大常委会工作报告"),
        ("代市长 王大海\n各位代表：", "政府工作报告"),
    ],
)
def test_type_of_report(text: str, kind: str) -> None:
    assert read(text).type.value == kind


@pytest.mark.parametrize("kind", ["新闻", "社论", "其他"])
def test_text_that_is_no_report_keeps_its_kind(kind: str) -> None:
    first = read(CPPCC)
    metadata = read("市政协召开座谈会\n会议认为，成绩来之不易。2022年工作回顾", kind=kind, siblings=[first])
    assert metadata.type.value == kind
    assert metadata.year.value is None
    assert metadata.city.value is None


@pytest.mark.parametrize(
    ("title", "opening"),
    [
        (
            "关于2023年度市级预算执行和其他财政收支的审计工作报告",
            "我受市人民政府委托，报告审计情况，请予审议。",
        ),
        ("关于2023年度环境状况的报告", "受市人民政府委托，我向市人大常委会报告环境状况，请审议。"),
        ("关于国有资产管理情况的报告", "我代表市人民政府，报告国有资产管理情况，请予审议。"),
    ],
)
def test_report_of_a_government_on_something_else_has_no_type(title: str, opening: str) -> None:
    head = (
        f"{title}\n——2024年4月25日在四平市第九届人民代表大会常务委员会第十八次会议上\n市长 郑某\n各位委员：\n"
    )
    assert read(head + opening).type.value is None
    assert (
        read("关于工作情况的报告\n各位代表：\n我代表市人民政府向大会报告工作。").type.value == "政府工作报告"
    )


def test_report_to_a_party_congress_has_its_date_and_speaker() -> None:
    metadata = read(
        "在中国共产党四平市第七次代表大会上的报告\n（2021年9月26日）\n王建国\n同志们：\n"
        "现在，我代表中国共产党四平市第六届委员会向大会作报告。\n一、过去五年的工作\n"
    )
    assert metadata.title.value == "在中国共产党四平市第七次代表大会上的报告"
    assert (metadata.type.value, metadata.city.value) == (None, "四平市")
    assert (metadata.date.value, metadata.speaker.value) == ("2021-09-26", "王建国")


def test_type_by_file_name_when_the_text_says_none() -> None:
    metadata = read("全文", name="四平市2023年政协提案工作报告.txt")
    assert metadata.type.value == "政协提案工作报告"
    assert str(metadata.type.evidence) == "文件名：四平市2023年政协提案工作报告.txt"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("市长 沈 大 海", "沈大海"),
        ("松湖市人民政府代市长王海", "王海"),
        ("平顶山市政协主席 黄大海", "黄大海"),
        ("自治州州长吾肉孜·海", "吾肉孜·海"),
        ("（2024年1月5日 林大海）", "林大海"),
        ("报告人：林大海", "林大海"),
        ("云川市财政局局长 王大海", "王大海"),
        ("省发展和改革委员会主任　沈海", "沈海"),
        ("云川省财政厅厅长：林大海", "林大海"),
        ("林大海", "林大海"),
        ("市长", None),
        ("打印全文", None),
        ("工作报告", None),
    ],
)
def test_speaker_without_office_and_blanks(line: str, name: str | None) -> None:
    assert read(f"政府工作报告\n{line}\n各位代表：").speaker.value == name


def test_speaker_in_the_words_of_a_newspaper() -> None:
    text = """常务委员会工作报告解读
    2月20日，政协第十三届新乡市委员会第二次会议隆重开幕，市政协主席王大海代表常务委员会报告工作。"""
    metadata = read(text)
    assert metadata.speaker.value == "王大海"
    assert metadata.session.value == "政协第十三届新乡市委员会第二次会议"


@pytest.mark.parametrize("office", ["市长", "检察长"])
def test_name_before_a_particle_is_not_longer_by_it(office: str) -> None:
    text = f"关于工作报告的决议\n松原市第七届人民代表大会第三次会议审议了{office}李海所作的工作报告，决定批准这个报告。"
    assert read(text).speaker.value == "李海"


@pytest.mark.parametrize(
    ("line", "session"),
    [
        ("——2024年1月28日在上海市第十六届人民代表大会第二次会议上", "上海市第十六届人民代表大会第二次会议"),
        ("——一月十五日在江苏省第十三届人民代表大会第三次会议上", "江苏省第十三届人民代表大会第三次会议"),
        ("2015年1月19日在市十五届人大四次会议上", "市十五届人大四次会议"),
        ("——1993年3月15日在第八届全国人民代表大会第一次会议上", "第八届全国人民代表大会第一次会议"),
        ("（2023年1月3日在政协第十届平顶山市委员会第一次会议上）", "政协第十届平顶山市委员会第一次会议"),
        ("——在乌鲁木齐市第十五届人民代表大会\n第三次会议上", "乌鲁木齐市第十五届人民代表大会第三次会议"),
    ],
)
def test_session_as_the_text_names_it(line: str, session: str) -> None:
    assert read(f"工作报告\n{line}\n各位代表：").session.value == session


def test_earlier_sessions_in_the_opening_words_are_not_this_one() -> None:
    text = """各位代表：
    一年来，市政府完成了市十四届人大四次会议确定的任务，从省六届人大第一次会议召开到现在已有一年。"""
    assert read(text).session.value is None


def test_session_that_is_held_wins_over_one_that_a_title_mentions() -> None:
    text = (
        "政府工作报告（十一届人大三次会议）\n——2010年3月5日在第十一届全国人民代表大会第三次会议上\n各位代表："
    )
    assert read(text).session.value == "第十一届全国人民代表大会第三次会议"


def test_session_over_two_lines_wins_over_an_earlier_one_in_the_first() -> None:
    text = "政协四平市第八届委员会第五次会议之后，政协四平市第九届委员会第\n一次会议隆重开幕\n各位代表："
    assert read(text).session.value == "政协四平市第九届委员会第一次会议"


def test_title_over_several_blocks_and_doubled() -> None:
    texts = ["中国人民政治协商会议", "四平市委员会常务委员会工作报告", "四平市委员会常务委员会工作报告"]
    blocks = tuple(Block("title", 0, text, (n, n)) for n, text in enumerate(texts, 1))
    metadata = describe(Draft("report", blocks), Document("x", "text", "utf-8", ()), file_name="")
    assert metadata.title.value == "中国人民政治协商会议四平市委员会常务委员会工作报告"


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("**政府工作报告**", "政府工作报告"),
        ("原标题：政府工作报告", "政府工作报告"),
        ("政府工作报告（2023年1月15日在吉林省第十四届人民代表大会第一次会议上省长韩海）", "政府工作报告"),
        ("1997年政府工作报告——１９９７年３月１日在第八届全国人民代表大会第五次会议上", "1997年政府工作报告"),
        ("市长王大海作政府工作报告", None),
    ],
)
def test_title_without_markup_and_session(line: str, title: str | None) -> None:
    assert read(f"{line}\n各位代表：").title.value == title


def test_second_report_inherits_what_it_does_not_state() -> None:
    first = read(CPPCC)
    second = read("关于提案工作情况的报告\n王小海\n各位委员：\n提案工作成绩显著。", siblings=[first])
    assert (second.city.value, second.year.value) == ("四平市", 2023)
    assert second.session.value == "政协四平市第九届委员会第二次会议"
    assert str(second.city.evidence).startswith("同一文件的另一篇报告（")
    assert second.speaker.value == "王小海"
    assert second.date.value is None


def test_undated_second_report_of_a_december_session_shares_its_year() -> None:
    first = read("政府工作报告\n——2021年12月29日在中卫市第五届人民代表大会第一次会议上\n各位代表：")
    second = read("计划报告\n一、2021年工作回顾\n二、2022年工作安排\n三、2022年主要任务", siblings=[first])
    assert second.year.value == 2021


def test_fields_are_stronger_than_the_text_and_overrides_than_both() -> None:
    fields = {"city": "辽源市", "year": "2021"}
    by_fields = read(CPPCC, fields=fields)
    assert (by_fields.city.value, by_fields.year.value) == ("辽源市", 2021)
    assert str(by_fields.city.evidence) == "字段 city：辽源市"
    assert [str(problem.reason)[:5] for problem in by_fields.problems] == ["年份不一致", "地点不一致"]
    overrides: Overridden = {
        "city": "新乡市",
        "speaker": "某某",
        "evidence": says.STATED_TABLE(table="metadata.csv", lines=[2]),
    }
    by_operator = read(CPPCC, fields=fields, overrides=overrides)
    assert by_operator.city.value == "新乡市"
    assert str(by_operator.city.evidence) == "metadata.csv 第2行：新乡市"
    assert by_operator.speaker.value == "某某"


@pytest.mark.parametrize(
    "year", ["2021", "2021年", "2021年度", "２０２１", "2021.0", "二〇二一年", "二零二一", "二○二一年度"]
)
def test_year_of_a_column_may_be_written_in_any_numerals(year: str) -> None:
    assert read(CPPCC, fields={"year": year}).year.value == 2021


def test_field_that_cannot_be_used_is_a_problem_and_the_text_decides() -> None:
    metadata = read(CPPCC, fields={"city": "松湖", "year": "去年", "type": "散文", "date": "正月初一"})
    assert (metadata.city.value, metadata.year.value) == ("四平市", 2023)
    assert (metadata.type.value, metadata.date.value) == ("政协常委会工作报告", "2023-01-05")
    assert len(metadata.problems) == 4


def test_province_alone_narrows_but_does_not_replace_the_city() -> None:
    metadata = read(CPPCC, fields={"province": "吉林省"})
    assert (metadata.city.value, metadata.level.value) == ("四平市", "市")


def test_traditional_script_is_read_too() -> None:
    metadata = read("中國人民政治協商會議四平市第九屆委員會常務委員會工作報告\n（2023年1月5日）\n各位委員：")
    assert (metadata.type.value, metadata.city.value) == ("政协常委会工作报告", "四平市")


def test_adoption_by_the_standing_committee_is_not_the_session() -> None:
    text = "政协四平市委员会常务委员会工作报告\n（2023年12月20日政协四平市第九届常务委员会第十次会议通过）\n各位委员："
    metadata = read(text)
    assert (metadata.date.value, metadata.session.value) == (None, None)


def test_a_stated_title_says_the_place_where_the_text_does_not_begin_with_one() -> None:
    silent = "各位代表：\n过去一年，全市上下锐意进取。"
    assert read(silent, fields={"title": "四平市政府工作报告"}).city.value == "四平市"
    assert read(CPPCC, fields={"title": "辽源市政府工作报告"}).city.value == read(CPPCC).city.value


def test_a_body_named_in_full_is_quoted_with_its_surroundings() -> None:
    claim = _named_body("过去一年，在中共忻州市委的坚强领导下，我们办成了许多大事。", "市")
    assert claim is not None
    assert (claim.place.name, claim.evidence) == (
        "忻州市",
        says.TEXT_NAMES(quote="去一年，在中共忻州市委的坚强领导下，我"),
    )
