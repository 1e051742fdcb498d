"""The synonym file is sound, and a broken one is refused at its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import SourceError
from search.language.synonyms import Match, Synonyms, load_synonyms, read_synonyms
from search.language.text.normalize import normalize_text


@pytest.fixture(scope="module")
def synonyms() -> Synonyms:
    return load_synonyms()


def test_shipped_file_holds_the_register(synonyms: Synonyms) -> None:
    assert len(synonyms.others) > 200
    assert synonyms.of("政协") == ("人民政协", "中国人民政治协商会议")
    assert synonyms.of("人民政协") == ("政协", "中国人民政治协商会议")
    assert "双随机、一公开" in synonyms.of("双随机一公开")
    assert "第十四个五年规划" in synonyms.of("十四五")
    assert "“十四五”规划" in synonyms.of("十四五规划")


def test_form_never_leads_to_itself(synonyms: Synonyms) -> None:
    for form, others in synonyms.others.items():
        assert others
        assert form not in {normalize_text(other) for other in others}
        assert len(set(others)) == len(others)


def test_arrow_leads_one_way(synonyms: Synonyms) -> None:
    assert synonyms.of("医保") == ("医疗保险", "医疗保障")
    assert synonyms.of("医疗保险") == ()


def test_form_in_both_kinds_of_line_has_both() -> None:
    synonyms = read_synonyms(["甲 = 乙", "甲 > 丙, 丁"], name="x")
    assert synonyms.of("甲") == ("乙", "丙", "丁")
    assert synonyms.of("乙") == ("甲",)


def test_lookup_is_by_normal_form(synonyms: Synonyms) -> None:
    assert synonyms.of("ＧＤＰ") == synonyms.of("gdp") == ("地区生产总值", "国内生产总值")
    assert synonyms.of("人民政協") == synonyms.of("人民政协")
    assert synonyms.of("营商环境") == ()


@pytest.mark.parametrize(
    ("form", "others"),
    [
        ("十四届二次会议", ("第十四届委员会第二次会议", "第十四届人民代表大会第二次会议")),
        ("14届2次会议", ("第14届委员会第2次会议", "第14届人民代表大会第2次会议")),
        ("第九届委员会第三次会议", ("九届三次会议",)),
        ("二次会议", ()),
    ],
)
def test_session_numbers_are_filled_in(synonyms: Synonyms, form: str, others: tuple[str, ...]) -> None:
    assert synonyms.of(form) == others


def test_find_takes_the_longest_at_each_place(synonyms: Synonyms) -> None:
    found = list(synonyms.find("四平人大常委会和政协十四届二次会议"))
    assert [(match.form, match.span) for match in found] == [
        ("人大常委会", (2, 7)),
        ("政协", (8, 10)),
        ("十四届二次会议", (10, 17)),
    ]


@given(st.text("国内生产总值城管一二届第次会议gdp 2023年", max_size=12))
def test_what_may_not_stand_in_a_text_is_not_found_there(synonyms: Synonyms, text: str) -> None:
    form = normalize_text(text)
    assert synonyms.may_stand_in(form) or not list(synonyms.find(form))


def test_some_texts_are_known_to_have_no_other_forms(synonyms: Synonyms) -> None:
    assert not synonyms.may_stand_in("")
    assert not synonyms.may_stand_in("自定义")
    assert all(synonyms.may_stand_in(f"在{form}的") for form in synonyms.others)


def test_find_cuts_no_ascii_word(synonyms: Synonyms) -> None:
    assert list(synonyms.find("said ai2")) == []
    assert list(synonyms.find("发展ai产业")) == [Match((2, 4), "ai", ("人工智能",))]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("政协", "至少"),
        ("政协 =", "空的"),
        ("> 政协", "空的"),
        ("政协 = 政協", "两遍"),
        ("甲 = 乙 > 丙", "混用"),
        ("乙 = 丁", "已有"),
        ("戊 > 己", "已有"),
        ("第{届}届 = 届", "一一对应"),
        ("{届}届{届}次 = {届}次{届}届", "一一对应"),
        ("{届届 = 届{届", "成对"),
    ],
)
def test_broken_line_is_refused_with_its_number(line: str, complaint: str) -> None:
    with pytest.raises(SourceError) as refusal:
        read_synonyms(["# 注释", "甲 = 乙", "戊 > 庚", line], name="synonyms.txt")
    assert complaint in str(refusal.value.said)
    assert refusal.value.line == 4
    assert refusal.value.path == "synonyms.txt"


def test_unreadable_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        load_synonyms(tmp_path / "none.txt")
    (tmp_path / "gbk.txt").write_bytes("政协 = 人民政协".encode("gb18030"))
    with pytest.raises(SourceError):
        load_synonyms(tmp_path / "gbk.txt")


def test_comments_and_blank_lines_say_nothing() -> None:
    assert read_synonyms(["", "  # 甲 = 乙", "甲 = 丙  # 乙"], name="x").others == {
        "甲": ("丙",),
        "丙": ("甲",),
    }


@pytest.mark.parametrize(
    ("form", "others"),
    [
        ("1993年", ("一九九三年",)),
        ("２０２３年", ("二〇二三年", "二零二三年")),
        ("一九九三年", ("1993年",)),
        ("二〇二三年", ("2023年", "二零二三年")),
        ("二○○八年", ("2008年", "二零零八年")),
        ("二零零八年", ("2008年", "二〇〇八年")),
    ],
)
def test_a_year_is_written_in_several_ways(form: str, others: tuple[str, ...]) -> None:
    assert load_synonyms().of(form) == others


@pytest.mark.parametrize(
    "text", ["12023年", "3023年", "2023", "2023.5年", "十二〇二三年", "三年", "一九三年"]
)
def test_what_is_no_year_has_no_other_writing(text: str) -> None:
    assert [match for match in load_synonyms().find(text) if "年" in match.form] == []


def test_a_numbered_form_is_none_within_a_word(synonyms: Synonyms) -> None:
    assert [match.form for match in synonyms.find("14届2次会议")] == ["14届2次会议"]
    assert [match.form for match in synonyms.find("a14届2次会议")] == []
