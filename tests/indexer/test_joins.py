"""Which halves of a paragraph are joined, and which neighbours are left alone."""

from __future__ import annotations

import importlib.util

import pytest

from indexer.model import Block, Document, Line
from indexer.structure import joins, structure
from indexer.structure.joins import goes_on

BEFORE = "去年，全市农业喜获丰收，仓廪充实。各地抢抓农时，精耕细作，"

SEAMS = (
    (BEFORE + "推进城乡建", "设，补齐短板。"),
    (BEFORE + "服务大局，以", "更好成效迎接新年。"),
    (BEFORE + "大力发展科学", "技术，让良种良法到田头。"),
    (BEFORE + "粮食平稳增长", "财政收入稳步增加。"),
    (BEFORE + "推进改革", "激发活力，再上台阶。"),
)


def blocks_of(*lines: str | Line) -> list[Block]:
    numbered = tuple(
        line if isinstance(line, Line) else Line(line, number) for number, line in enumerate(lines, start=1)
    )
    (draft,) = structure(Document("云川.txt", "text", "utf-8", numbered)).drafts
    return list(draft.blocks)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("大力推进城乡建", "设，补齐各项短板。"),
        ("办好委员培训", "班上布置的作业。"),
        ("当好粮食安全的“压", "舱石”，端牢饭碗。"),
        ("认真学习关于农村", "的意见，贯彻到底。"),
        ("服务全市大局，以", "更好成效迎接新年。"),
        ("发展养老助残", "、助学等各项事业。"),
        ("提前部署队伍、", "物资和装备。"),
        ("推动农业增产，", "农民增收，农村增绿。"),
        ("粮食产量达到149", "1.6万吨。"),
        ("粮食增产百分之3", "％左右。"),
        ("完成投资占全部投资的35%", "左右。农业投资继续增加。"),
        ("赢得全市人民的信赖与", "支持，凝聚起智慧和力量。"),
        ("夯实农业基础，强化产业基地", "建设，补齐短板。"),
        ("建成县级物流配送中心", "2个、乡镇商贸中心23个。"),
        ("落实提案协商主责主业的", "主题主线，创新协商方式。"),
        ("大力发展科学", "技术，让良种良法到田头。"),
    ],
)
def test_halves_are_joined_on_good_evidence(first: str, second: str) -> None:
    joined = blocks_of(BEFORE + first, second)
    assert [(block.text, block.joined, block.lines) for block in joined] == [
        (BEFORE + first + second, True, (1, 2))
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (BEFORE + "粮食平稳增长", "财政收入稳步增加，支出得到保障。"),
        (BEFORE + "粮食再获丰收。", "设施农业也有长足进步，棚室面积扩大。"),
        (BEFORE + "大力推进城乡建", "一、设施农业上台阶"),
        (BEFORE + "大力推进城乡建", "（二）设施农业上台阶"),
        (BEFORE + "推动农业增产，", "各位委员，农民增收更是大事。"),
        (BEFORE + "推动农业增产，", "——农民增收，日子红火。"),
        (BEFORE + "推动农业增产，", "各位代表："),
        (BEFORE + "推动农业增产，", "一是农民增收。"),
        ("（三）发展成果更加可感可及", "就业和收入稳定增长，城镇新增就业再创新高。"),
        ("（一）打造农业发展新极", "大力激发县域发展动能，推进强县富民。"),
        ("以开局作为开篇之作", "为了把好事办好，我们下了很大的功夫。"),
        (BEFORE + "粮仓满了。二、加强自身建设", "2个“一号工程”加快推进，成效显著。"),
        (BEFORE + "大家都说，每个人都会这样做的", "第十届展览会今天开幕，观众很多。"),
        ("奋力取得新突破", "等高对接先进地区，借力发展。"),
        (BEFORE + "城乡面貌更加全面", "工业增加值稳步提高，效益良好。"),
    ],
)
def test_neighbours_are_left_alone_without_good_evidence(first: str, second: str) -> None:
    blocks = blocks_of(first, second)
    assert [block.text for block in blocks] == [first, second]
    assert not any(block.joined for block in blocks)


def test_paragraph_cut_twice_is_joined_twice() -> None:
    (block,) = blocks_of(BEFORE + "推进城乡建", "设，完善配套设施，又推进交通建", "设，打通断头路。")
    assert block.text == BEFORE + "推进城乡建设，完善配套设施，又推进交通建设，打通断头路。"
    assert block.lines == (1, 3)


def test_headline_between_the_halves_stays_a_block_of_its_own() -> None:
    joined, headline = blocks_of(
        BEFORE + "推进城乡建", "踔厉奋发谱新篇", "设，补齐各项短板，让群众得到更多实惠。"
    )
    assert joined.text == BEFORE + "推进城乡建设，补齐各项短板，让群众得到更多实惠。"
    assert (joined.joined, joined.lines) == (True, (1, 3))
    assert (headline.text, headline.lines, headline.joined) == ("踔厉奋发谱新篇", (2, 2), False)


def test_comma_is_not_enough_across_a_headline() -> None:
    assert len(blocks_of(BEFORE, "踔厉奋发谱新篇", "商贸活跃，市场繁荣，消费回暖。")) == 3


def test_word_of_grammar_is_no_evidence_across_a_headline() -> None:
    assert (
        len(blocks_of(BEFORE + "这是振兴发展的关", "踔厉奋发谱新篇", "于各个环节，充分发挥作用，凝聚共识。"))
        == 3
    )


def test_heading_of_the_format_is_never_a_half() -> None:
    lines = [
        Line(BEFORE + "大力推进城乡建", 1),
        Line("设施农业", 2, hint="heading2"),
        Line("棚室面积扩大。", 3),
    ]
    assert not any(block.joined for block in blocks_of(*lines))


def test_turn_marks_at_the_seam_are_taken_out() -> None:
    document = Document(
        "云川.txt",
        "text",
        "utf-8",
        (Line(BEFORE + "推进城乡建（下转第二版）", 1), Line("（上接第一版）设，补齐短板。", 2)),
    )
    read = structure(document)
    assert [block.text for block in read.drafts[0].blocks] == [BEFORE + "推进城乡建设，补齐短板。"]
    assert [entry.text for entry in read.set_aside] == ["（下转第二版）", "（上接第一版）"]


def test_goes_on_needs_a_cut_word_and_not_only_two_whole_ones() -> None:
    assert goes_on("巩固提升。深入推进改", "革，激发活力。")
    assert not goes_on("巩固提升。深入推进改革", "激发活力，再上台阶。")


def test_joins_are_the_same_with_jieba_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    with_rjieba = [goes_on(*halves) for halves in SEAMS]
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "rjieba" else find_spec(name)
    )
    joins._load_cut.cache_clear()
    try:
        assert [goes_on(*halves) for halves in SEAMS] == with_rjieba == [True, True, True, False, False]
    finally:
        joins._load_cut.cache_clear()
