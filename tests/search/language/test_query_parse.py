"""Limits, places and the finer points of parsing that the documentation's examples don't show."""

from __future__ import annotations

import pytest

from search.errors import QueryError
from search.language.query import (
    And,
    Chunk,
    Everything,
    Exact,
    InField,
    Node,
    Not,
    Or,
    Values,
    YearRange,
    all_of,
    any_of,
    describe,
    iter_leaves,
    parse_query,
    to_text,
)
from search.language.query.parse import _parse
from search.language.query.signs import MAX_CHARS, MAX_DEPTH, MAX_LEAVES


@pytest.mark.parametrize("typed", ["", " ", "\t\n", "　　", "\0"])
def test_blank_query_is_everything(typed: str) -> None:
    parsed = parse_query(typed)
    assert parsed.tree == Everything()
    assert parsed.notices == ()


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "建设",
            "营商环境 法治",
            " 四平\u3000 税  ",
            "或者",
            "税 或者",
            "的",
            "营 商 环 境",
            "“建设”",
            '"或者"',
            '"税"',
        ),
        *(
            "“建设",
            "”建设“",
            '"建设" 税',
            '""',
            "建设 OR 税",
            "-建设",
            "GDP 增长",
            "(建设 税)",
            "city:四平",
            "建设*",
        ),
    ],
)
def test_what_has_no_signs_is_read_as_all_other_text_is(typed: str) -> None:
    parsed = parse_query(typed)
    assert parsed == _parse(typed)
    leaves = parsed.tree.children if isinstance(parsed.tree, And) else (parsed.tree,)
    assert list(map(str, iter_leaves(parsed.tree))) == list(map(str, iter_leaves(_parse(typed).tree)))
    assert parsed.chunks == (leaves if all(isinstance(leaf, Chunk) for leaf in leaves) else ())


def test_leaves_point_into_the_text_as_typed() -> None:
    typed = '四平  -“营商 环境” title:法治 city:长春,"吉 林" year:2020,2022..2023 GD* "a b"~3'
    spans = [typed[slice(*leaf.span)] for leaf in iter_leaves(parse_query(typed).tree)]
    assert spans == [
        *["四平", "“营商 环境”", "法治", 'city:长春,"吉 林"', "2020", "2022..2023", "GD*", '"a b"~3'],
    ]


def test_field_points_at_name_and_operand() -> None:
    typed = "四平 标题：（营商 OR 环境）"
    tree = parse_query(typed).tree
    assert isinstance(tree, And)
    field = tree.children[1]
    assert isinstance(field, InField)
    assert typed[slice(*field.span)] == "标题：（营商 OR 环境）"


def test_span_takes_no_part_in_comparison() -> None:
    assert Chunk("四平", (0, 2)) == Chunk("四平", (5, 7))
    assert hash(Chunk("四平", (0, 2))) == hash(Chunk("四平"))


@pytest.mark.parametrize(
    ("fits", "too_much", "position"),
    [
        ("四" * MAX_CHARS, "四" * (MAX_CHARS + 1), MAX_CHARS),
        ("四平 " * MAX_LEAVES, "四平 " * (MAX_LEAVES + 1), 3 * MAX_LEAVES),
        ("city:" + "四," * MAX_LEAVES, "city:" + "四," * (MAX_LEAVES + 1), 5 + 2 * MAX_LEAVES),
        ("year:" + "2020," * MAX_LEAVES, "year:" + "2020," * (MAX_LEAVES + 1), 5 + 5 * MAX_LEAVES),
        ("(" * MAX_DEPTH + "四" + ")" * MAX_DEPTH, "(" * 21 + "四" + ")" * 21, MAX_DEPTH),
        ("NOT " * MAX_DEPTH + "四", "NOT " * (MAX_DEPTH + 1) + "四", 4 * MAX_DEPTH),
    ],
    ids=["length", "chunks", "cities", "years", "groups", "negations"],
)
def test_limit_is_refused_at_its_place(fits: str, too_much: str, position: int) -> None:
    parse_query(fits)
    with pytest.raises(QueryError) as refusal:
        parse_query(too_much)
    assert refusal.value.position == position
    assert refusal.value.field == "q"
    assert refusal.value.hint


def test_values_in_a_group_count_once() -> None:
    options = " OR ".join(["四平"] * (MAX_LEAVES // 2 + 1))
    tree = parse_query(f"city:({options})").tree
    assert isinstance(tree, Values)


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("year:(2020 OR 2022..)", Or((YearRange(2020, 2020), YearRange(2022, None)))),
        ("CITY:四平", Values("city", ("四平",))),
        ("ｃｉｔｙ：四平", Values("city", ("四平",))),
        ('city:"四平, 市",长春', Values("city", ("四平, 市", "长春"))),
        ("(city:四平|year:2020)", Or((Values("city", ("四平",)), YearRange(2020, 2020)))),
        ("-(-四平)", Not(Not(Chunk("四平")))),
        ("-title:四平", Not(InField("title", Chunk("四平")))),
        ("-(四平|辽源)(教育)", And((Not(Or((Chunk("四平"), Chunk("辽源")))), Chunk("教育")))),
        ("NOT(四平 辽源)", Not(And((Chunk("四平"), Chunk("辽源"))))),
        ("四平 OR(辽源 长春)", Or((Chunk("四平"), And((Chunk("辽源"), Chunk("长春")))))),
        ("((四平))", Chunk("四平")),
        ("(四平 辽源) 长春", And((Chunk("四平"), Chunk("辽源"), Chunk("长春")))),
        ("四平 AND NOT 辽源", And((Chunk("四平"), Not(Chunk("辽源"))))),
        ("“十四五”（草案）", And((Exact("十四五"), Chunk("草案")))),
        ('"他说“好”"', Exact("他说“好”")),
        ("'四平' ‘辽源’", And((Chunk("'四平'"), Chunk("‘辽源’")))),
        ("R&D C++ 5G", And((Chunk("R&D"), Chunk("C++"), Chunk("5G")))),
        ("and not", And((Chunk("and"), Chunk("not")))),
        ("四平 \\or 辽源", And((Chunk("四平"), Chunk("or"), Chunk("辽源")))),
        (r"四平 \| 辽源", And((Chunk("四平"), Chunk("|"), Chunk("辽源")))),
        (r"城市\：四平市", Chunk("城市：四平市")),
        ("year:2020 -2024", And((YearRange(2020, 2020), Not(Chunk("2024"))))),
        ("ORANGE 四平OR", And((Chunk("ORANGE"), Chunk("四平OR")))),
        ("😀 四平", And((Chunk("😀"), Chunk("四平")))),
    ],
)
def test_query_is_read_as(typed: str, tree: Node) -> None:
    parsed = parse_query(typed)
    assert parsed.tree == tree
    assert parsed.notices == ()


def test_minus_glued_to_a_quote_denies_nothing() -> None:
    parsed = parse_query("「编辑」-「填充」-排版")
    assert parsed.tree == And((Exact("编辑"), Exact("填充"), Chunk("-排版")))
    assert [notice.code for notice in parsed.notices] == ["lone_sign", "literal_minus"]


@pytest.mark.parametrize("typed", ["->", "-。", "-\u200b"])
def test_minus_before_mere_punctuation_denies_nothing(typed: str) -> None:
    parsed = parse_query(typed)
    assert parsed.tree == Chunk(typed)
    assert [notice.code for notice in parsed.notices] == ["literal_minus"]


def test_lone_surrogate_is_replaced_with_a_notice() -> None:
    parsed = parse_query("四平 \ud800x")
    assert parsed.tree == And((Chunk("四平"), Chunk("\ufffdx")))
    assert parsed.text == "四平 \ufffdx"
    assert [(notice.code, notice.position) for notice in parsed.notices] == [("invalid_character", 3)]


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("\u200b", Everything()),
        ("\u200b 四平", Chunk("四平")),
        ('"\u2060"', Everything()),
        ('NOT "\u200b" 四平', And((Chunk("NOT"), Chunk("四平")))),
        ("title:\u200b 四平", InField("title", Chunk("四平"))),
        ('"四平 \u200b"~5', Exact("四平 \u200b")),
    ],
)
def test_what_nobody_can_see_is_left_out_with_a_notice(typed: str, tree: Node) -> None:
    parsed = parse_query(typed)
    assert parsed.tree == tree
    assert parsed.notices


def test_reading_shows_nothing_that_turns_or_hides_the_text() -> None:
    assert str(describe(parse_query("\u202e四平\u200b市").tree)) == "四平市"


@pytest.mark.parametrize("typed", ["”关于“", "印发”关于“的", "“四平 辽源", "四“平”"])
def test_a_piece_of_text_has_no_mixed_quotes(typed: str) -> None:
    assert "mixed_quotes" not in {notice.code for notice in parse_query(typed).notices}


def test_notice_of_a_kind_comes_once_and_counts() -> None:
    (notice,) = parse_query("a( b( c(").notices
    assert notice.code == "unbalanced_parenthesis"
    assert notice.position == 1
    assert "3 处" in str(notice.said)


def test_groups_are_put_in_normal_form() -> None:
    one, two, three = Chunk("一"), Chunk("二"), Chunk("三")
    assert all_of([one, all_of([two, three])]) == And((one, two, three))
    assert any_of([any_of([one, two]), three]) == Or((one, two, three))
    assert all_of([one]) == one
    assert any_of([]) == all_of([]) == Everything()


@pytest.mark.parametrize("tree", [Not(Everything()), Chunk("a b"), Chunk("")])
def test_tree_that_the_language_cannot_say_is_refused(tree: Node) -> None:
    with pytest.raises(ValueError, match=r"Everything|no chunk"):
        to_text(tree)


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("-招商 营商环境", "营商环境 且不含 招商"),
        ("-招商 -引资", "不含 招商 且不含 引资"),
        ("city:四平,辽源 OR 长春", "（城市为 四平 或 辽源） 或 长春"),
        ("四平 -year:2020 -title:提案", "四平 且年份不在 2020 且报告标题不含 提案"),
        ("四平 (year:2020,2021)", "四平 且 （年份 2020 或 2021）"),
        ("-(-四平)", "不含 （不含 四平）"),
    ],
)
def test_reading_says_what_was_understood(typed: str, reading: str) -> None:
    assert str(describe(parse_query(typed).tree)) == reading
