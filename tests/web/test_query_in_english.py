"""How a query was read, said in English: every kind of node, what is quoted told apart from what is said about it."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from search.language.query import parse_query
from web.i18n import Piece
from web.query_in_english import read_in_english

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("query", "reading"),
    [
        ("", "every paragraph"),
        ("营商环境", "营商环境"),
        ("营商环境 -招商", "营商环境 and not 招商"),
        ("-招商 营商环境 民营", "营商环境 and 民营 and not 招商"),
        ('"有事好商量"', "exactly “有事好商量”"),
        ('"数字 产业"~10', "“数字” and “产业” within 10 characters"),
        ("(养老服务 OR 托育) 年份:2022..2024", "(养老服务 or 托育) and year 2022–2024"),
        ("年份:2020.. OR 年份:..2010", "year 2020 or later or 2010 or earlier"),
        ("城市:四平,长春 标题:提案", "city is 四平 or 长春 and title with 提案"),
        ("-城市:四平 -年份:2023 x", "x and city is not 四平 and year not 2023"),
        ("-标题:提案 x", "x and title without 提案"),
        ("GD*", "words that begin with GD"),
        ("NOT (a b)", "not (a and b)"),
        ("小标题:(a OR b)", "heading with (a or b)"),
    ],
)
def test_reading_in_english(query: str, reading: str) -> None:
    pieces = read_in_english(parse_query(query).tree)
    assert "".join(piece.text for piece in pieces) == reading
    assert not [piece for piece in pieces if not piece.is_source and HAN.search(piece.text)]


def test_what_is_quoted_is_told_apart() -> None:
    assert read_in_english(parse_query('-"招商"').tree) == (
        Piece("not ", is_source=False),
        Piece("exactly ", is_source=False),
        Piece("“", is_source=False),
        Piece("招商", is_source=True),
        Piece("”", is_source=False),
    )


def test_pages_say_it_in_their_language(client: FlaskClient) -> None:
    asked = "/search?q=营商环境 -招商"
    assert "读作：营商环境 且不含 招商</p>" in client.get(asked).text
    said = '<span lang="zh-Hans">营商环境</span> and not <span lang="zh-Hans">招商</span></p>'
    assert f"Read as: {said}" in client.get(f"{asked}&lang=en").text
    assert f"Read as: {said}" in client.get("/embed?q=营商环境 -招商&lang=en").text
