"""Which sentences say again what another said; the cases are kinds that reading real reports brought up."""

from __future__ import annotations

import pytest

from search.instruments.restated import Statement, restates, stands_whole


def is_restated(ours: str, theirs: str, *, is_own: bool = False) -> bool:
    return restates(Statement(ours), Statement(theirs), least=0.6, surely=0.7, is_own=is_own) > 0


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("坚持生态优先，推动绿色发展。", "推动绿色发展。"),
        ("（24）加快保障性安居工程建设。", "加快保障性安居工程建设。"),
        ("城镇居民人均可支配收入、农民人均纯收入均增长12%；", "城镇居民人均可支配收入和农民人均纯收入均增长12%；"),
        ("整顿和规范市场经济秩序，经济发展环境进一步优化。", "四是进一步整顿和规范市场经济秩序。"),
        ("“十四五”时期是凉山开启现代化新征程的关键时期。", "“十四五”时期是重庆开启现代化新征程的关键时期。"),
    ],
)  # fmt: skip
def test_the_same_statement_in_other_words(ours: str, theirs: str) -> None:
    assert is_restated(ours, theirs)
    assert is_restated(theirs, ours)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("城市绿化亮化水平进一步提升。", "城市管理水平进一步提升。"),
        ("就业和社会保障体系不断健全。", "住房保障体系不断健全。"),
        ("全省智能制造现场会在我市召开。", "全省水利建设现场会在我市召开。"),
        ("“双碳”工作稳步推进。", "“三农”工作稳步推进。"),
    ],
)
def test_the_same_of_another_subject_is_another_statement(ours: str, theirs: str) -> None:
    assert not is_restated(ours, theirs)
    assert not is_restated(theirs, ours)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("城镇常住居民人均可支配收入30458元，增长7.9%；", "城镇常住居民人均可支配收入25768元，增长7.9%；"),
        ("地方财政一般预算收入增长15.5%；", "地方财政一般预算收入增长10%；"),
        ("国内生产总值比上年增长9.5%。", "国内生产总值比1992年增长97.9%。"),
    ],
)
def test_figures_change_from_year_to_year_but_are_not_taken_from_another_place(
    ours: str, theirs: str
) -> None:
    assert is_restated(ours, theirs, is_own=True)
    assert not is_restated(ours, theirs)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("第六次全国人口普查工作有序推进。", "做好第五次全国人口普查工作。"),
        ("规模以上工业总产值突破千亿元，增长19.5%；", "规模以上工业总产值突破万亿元。"),
        ("成功举办第八届国际旅游节。", "首届国际旅游节成功举办。"),
    ],
)
def test_numbers_in_words_are_figures_where_both_give_one(ours: str, theirs: str) -> None:
    assert not is_restated(ours, theirs)
    assert not is_restated(theirs, ours)


def test_a_number_in_words_that_one_leaves_out_is_no_other_figure() -> None:
    assert is_restated("抓好第二轮中央生态环保督察反馈问题整改。", "推进中央生态环保督察反馈问题整改。")
    assert is_restated("办好第八届国际旅游节。", "办好第七届国际旅游节。", is_own=True)


@pytest.mark.parametrize("is_own", [True, False])
def test_what_is_wanting_is_not_what_is_aimed_at(is_own: bool) -> None:
    ours = "融入京津冀协同发展战略先导区建设进展不快，“六个对接”仍需加强。"
    theirs = "在融入京津冀协同发展战略先导区建设上实现新突破。"
    assert not is_restated(ours, theirs, is_own=is_own)
    assert not is_restated(theirs, ours, is_own=is_own)
    again = "融入京津冀协同发展战略先导区建设进展仍然不快。"
    assert is_restated(ours, again, is_own=is_own)


def test_how_alike_two_sentences_are_is_dice_of_pairs() -> None:
    one, other = Statement("营商环境持续优化"), Statement("持续优化营商环境")
    pairs = [
        {"营商", "商环", "环境", "境持", "持续", "续优", "优化"},
        {"持续", "续优", "优化", "化营", "营商", "商环", "环境"},
    ]
    expected = 2 * len(pairs[0] & pairs[1]) / 14
    assert restates(one, other, least=0.6, surely=0.7, is_own=True) == pytest.approx(expected)


def test_years_and_ordinals_are_no_figures() -> None:
    assert is_restated(
        "2022年是新一届政府的开局之年。", "2002年是新一届政府的开局之年，做好今年的工作意义重大。"
    )
    assert is_restated("6.小街区规制：是指开放街区模式。", "7.小街区规制：是指开放型街区。")


def test_only_equal_letters_are_equal() -> None:
    one, other = Statement("农牧民人均纯收入增长14.2%。"), Statement("农牧民人均纯收入增长16%；")
    assert 0.6 < restates(one, other, least=0.6, surely=0.7, is_own=True) < 1
    assert restates(one, Statement("农牧民人均纯收入，增长14.2%"), least=0.6, surely=0.7, is_own=True) == 1


@pytest.mark.parametrize(
    ("form", "string", "is_whole"),
    [
        ("地区生产总值增长12%以上,", "地区生产总值增长12%", False),
        ("力争会理撤县设市获批,", "会理撤县设市获批", False),
        ("(六)发展活力不断增强.", "发展活力不断增强", True),
        ("文化产业发展活力不断增强,发展活力不断增强", "发展活力不断增强", True),
        ("发展活力不断增强", "发展活力不断增强", True),
    ],
)
def test_a_sentence_stands_whole_from_border_to_border(form: str, string: str, is_whole: bool) -> None:
    assert stands_whole(form, string) is is_whole
