"""How a query was read, in both languages from one walk of the tree."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import QueryError
from search.language.query import describe, parse_query
from search.messages import from_json
from search.messages.words import LANGUAGES, Piece, render, render_pieces

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("query", "english", "chinese"),
    [
        ("", "every paragraph", "全部段落"),
        ("营商环境", "营商环境", "营商环境"),
        ("营商环境 -招商", "营商环境 and not 招商", "营商环境 且不含 招商"),
        ("-招商 营商环境 民营", "营商环境 and 民营 and not 招商", "营商环境 且 民营 且不含 招商"),
        ("-a -b", "not a and not b", "不含 a 且不含 b"),
        ('"有事好商量"', "exactly “有事好商量”", "精确“有事好商量”"),
        ('"数字 产业"~10', "“数字” and “产业” within 10 characters", "“数字”“产业”相距不超过 10 字"),
        (
            "(养老服务 OR 托育) 年份:2022..2024",
            "(养老服务 or 托育) and year 2022–2024",
            "（养老服务 或 托育） 且 年份 2022–2024",
        ),
        (
            "年份:2020.. OR 年份:..2010",
            "year 2020 or later or 2010 or earlier",
            "年份 2020 及以后 或 2010 及以前",
        ),
        (
            "城市:四平,长春 标题:提案",
            "city is 四平 or 长春 and title with 提案",
            "城市为 四平 或 长春 且 报告标题含 提案",
        ),
        (
            "-城市:四平 -年份:2023 x",
            "x and city is not 四平 and year not 2023",
            "x 且城市不为 四平 且年份不在 2023",
        ),
        ("-标题:提案 x", "x and title without 提案", "x 且报告标题不含 提案"),
        ("GD*", "words that begin with GD", "以 GD 开头的词"),
        ("NOT (a b)", "not (a and b)", "不含 （a 且 b）"),
        ("小标题:(a OR b)", "heading with (a or b)", "小标题含 （a 或 b）"),
    ],
)
def test_reading_in_both_languages(query: str, english: str, chinese: str) -> None:
    reading = describe(parse_query(query).tree)
    assert (render(reading, "en"), render(reading, "zh")) == (english, chinese)
    said = [piece.text for piece in render_pieces(reading, "en") if not piece.is_source]
    assert not [text for text in said if HAN.search(text)]


def test_what_is_quoted_is_told_apart() -> None:
    assert render_pieces(describe(parse_query('-"招商"').tree), "en") == (
        Piece("not exactly “", is_source=False),
        Piece("招商", is_source=True),
        Piece("”", is_source=False),
    )


@given(st.text('营商 "-()~*:城市年份OR23.\u202e', max_size=20))
def test_any_reading_survives_json_and_has_words(text: str) -> None:
    try:
        tree = parse_query(text).tree
    except QueryError:
        return
    reading = describe(tree)
    assert from_json(json.loads(json.dumps(reading.to_json()))) == reading
    for language in LANGUAGES:
        said = render(reading, language)
        assert said
        assert "\u202e" not in said
