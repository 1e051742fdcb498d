"""Whatever is typed, the query parses or is refused with its place; and a tree printed parses to itself.

XIESOU_FUZZ_EXAMPLES sets how much is tried (500 where it is not set).
"""

from __future__ import annotations

import json
import os
import re
from unittest import mock

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from search.errors import QueryError
from search.language.query import (
    And,
    Chunk,
    Everything,
    Exact,
    InField,
    Near,
    Node,
    Not,
    Or,
    Prefix,
    Values,
    YearRange,
    all_of,
    any_of,
    describe,
    iter_leaves,
    parse_query,
    to_text,
)
from search.language.query.signs import MAX_CHARS, is_blank, is_visible
from tests.cases import cases

EXAMPLES = int(os.environ.get("XIESOU_FUZZ_EXAMPLES", cases(500)))
PIECES = st.sampled_from(
    [
        *'"＂“”「」『』()（）|｜-－−*＊~～\\:：,，、 　\t\0《》.。…—–\ud800😀',
        *[
            "OR",
            "AND",
            "NOT",
            "OR ",
            " NOT ",
            " AND ",
            "title:",
            "city:",
            "标题：",
            "年份：",
            "year:",
            "text:",
        ],
        *[
            "year:2020..2024",
            "year:2020 - 2024",
            "年份:二〇二三、 ",
            "ＯＲ",
            " ＮＯＴ ",
            "或",
            "author:",
            "\u200b",
            "!",
            "2023",
            "２０２０-２０２４",
            "~10",
            "GD*",
            "营商环境",
            "四平",
            "一般公共预算（草案）",
            "a",
            "b",
        ],
    ]
)
TYPED = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=40)

LITERAL = [
    "or",
    "或",
    "NOT四平",
    "ＯＲ",
    "~5",
    "转型~10",
    "~",
    "–四平",
    "!四平",
    "author:四平",
    "3~5年",
    "\\或",
    "”",
]
"""Text that is taken for a sign."""
ANY_CHAR = st.characters(exclude_categories=["Cs"]) | st.sampled_from('"“”（）()|-*\\:：~,OR')
CHUNK_TEXT = st.text(ANY_CHAR.filter(lambda char: not is_blank(char)), min_size=1, max_size=12).filter(
    is_visible
) | st.sampled_from(
    [
        *LITERAL,
        "OR",
        "NOT",
        "title:x",
        "标题：x",
        "-x",
        "GD*",
        "（草案）",
        "预算（草案）",
        "\\OR",
        "city:",
        "(",
        "“",
    ]
)
QUOTED_TEXT = st.text(ANY_CHAR, min_size=1, max_size=12).filter(is_visible)
YEAR = st.integers(1000, 2999)


def years(first: int | None, last: int | None) -> YearRange:
    if first is None or last is None:
        return YearRange(first, last)
    return YearRange(min(first, last), max(first, last))


FILTERING = (Values, YearRange)

WORDS = st.one_of(
    st.builds(Chunk, CHUNK_TEXT),
    st.builds(Exact, QUOTED_TEXT),
    st.builds(
        Near, QUOTED_TEXT.filter(lambda text: sum(map(is_visible, text.split())) > 1), st.integers(0, 1000)
    ),
    st.builds(Prefix, st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,6}", fullmatch=True)),
)
FILTERS = st.one_of(
    st.builds(
        Values,
        st.sampled_from(["city", "province", "type", "report"]),
        st.lists(QUOTED_TEXT, min_size=1, max_size=3).map(tuple),
    ),
    st.builds(years, YEAR, st.none() | YEAR),
    st.builds(years, st.none(), YEAR),
)


def groups_of(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(nodes, min_size=2, max_size=4)
    return st.one_of(several.map(all_of), several.map(any_of), st.builds(Not, nodes))


WORD_TREES = st.recursive(WORDS, groups_of, max_leaves=6)
TREES = st.recursive(
    WORDS | FILTERS | st.builds(InField, st.sampled_from(["text", "title", "heading"]), WORD_TREES),
    groups_of,
    max_leaves=12,
)


def assert_placed(refusal: QueryError, typed: str) -> None:
    assert refusal.position is not None
    assert 0 <= refusal.position < len(typed)
    assert refusal.message
    assert refusal.hint


@given(TYPED)
@settings(max_examples=EXAMPLES, deadline=None)
@example("“" * MAX_CHARS)
@example("(" * (MAX_CHARS // 2) + ")" * (MAX_CHARS // 2))
@example("()" * (MAX_CHARS // 2))
@example("NOT " * 400)
@example("-(" * 400)
@example("year:" + "9" * 900)
@example('"a b"~' + "9" * 900)
def test_any_string_parses_or_is_refused_with_its_place(typed: str) -> None:
    try:
        parsed = parse_query(typed)
    except QueryError as refusal:
        assert_placed(refusal, typed)
        return
    assert len(parsed.text) == len(typed)
    str(describe(parsed.tree)).encode()
    for notice in parsed.notices:
        assert notice.position is not None
        assert 0 <= notice.position < len(typed)
    for leaf in iter_leaves(parsed.tree):
        start, end = leaf.span
        assert 0 <= start < end <= len(typed)
    if isinstance(parsed.tree, Everything):
        assert parsed.notices or all(is_blank(char) for char in typed)


def read_or_refused(typed: str) -> str:
    """All that reading gives, places too, which leaves don't compare."""
    try:
        return repr(parse_query(typed))
    except QueryError as refusal:
        return f"{refusal} {refusal.position}"


@given(
    st.lists(
        st.sampled_from(
            [*'"“”()（）|-*~\\:：, 　\t\x00', "营商", "或", "不含", "城市", "OR", "ab", "〇", "商 "]
        ),
        max_size=12,
    )
)
@settings(max_examples=EXAMPLES, deadline=None)
def test_chunks_of_ideographs_alone_are_read_as_all_others_are(pieces: list[str]) -> None:
    typed = "".join(pieces)
    shortly = read_or_refused(typed)
    never, lexer = re.compile("(?!)"), "search.language.query.lex"
    with mock.patch(f"{lexer}.PLAIN", never), mock.patch(f"{lexer}.ALL_PLAIN", never):
        assert read_or_refused(typed) == shortly


@given(
    st.lists(
        st.sampled_from([*'"＂“”「」『』()（）|｜-－*＊~～\\:：,，《》。 　\t', "营商", "四平", "ab"]),
        max_size=25,
    )
)
@settings(max_examples=EXAMPLES, deadline=None)
def test_no_word_is_lost_whatever_signs_stand_around_it(pieces: list[str]) -> None:
    typed = "".join(pieces)
    found = "".join(
        leaf.text for leaf in iter_leaves(parse_query(typed).tree) if not isinstance(leaf, FILTERING)
    )
    assert [char for char in found if char.isalnum()] == [char for char in typed if char.isalnum()]


@given(TYPED)
@settings(max_examples=EXAMPLES, deadline=None)
def test_what_was_typed_prints_as_text_with_the_same_tree(typed: str) -> None:
    try:
        tree = parse_query(typed).tree
    except QueryError:
        assume(False)
    again = parse_query(to_text(tree))
    assert again.tree == tree
    assert again.notices == ()


@given(TREES)
@settings(max_examples=EXAMPLES, deadline=None)
@example(all_of([YearRange(1000, None), Chunk("0000")]))
@example(all_of([Not(YearRange(2020, 2020)), Chunk("..2024"), Chunk("四平")]))
@example(all_of([years(2020, 2020), Chunk("至"), Chunk("2024")]))
@example(any_of([all_of([any_of([years(2020, 2020), years(2022, 2022)]), Chunk("、2024")]), Chunk("四平")]))
def test_any_tree_prints_as_text_that_parses_to_it(tree: Node) -> None:
    text = to_text(tree)
    again = parse_query(text)
    assert again.tree == tree, json.dumps(text, ensure_ascii=False)
    assert again.notices == ()


@given(TREES)
@settings(max_examples=cases(200), deadline=None)
def test_normal_form_holds_no_group_in_its_like(tree: Node) -> None:
    pending = [parse_query(to_text(tree)).tree]
    while pending:
        node = pending.pop()
        if isinstance(node, (And, Or)):
            assert len(node.children) > 1
            assert not any(type(child) is type(node) for child in node.children)
            pending.extend(node.children)
        elif isinstance(node, (Not, InField)):
            pending.append(node.child)
