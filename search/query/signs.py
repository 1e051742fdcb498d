"""The signs and names of the query language: data alone, read by `lex`, `parse` and `render`."""

from __future__ import annotations

import unicodedata
from typing import Literal, TypeAlias

from search.query.tree import TextField, ValueField

FieldName: TypeAlias = TextField | ValueField | Literal["year"]

MAX_CHARS = 2000
"""The longest query, in characters."""
MAX_LEAVES = 64
"""The most chunks, strings and values in one query."""
MAX_DEPTH = 20
"""The deepest nesting of groups and negations."""
MAX_DISTANCE = 1000
"""The widest `~n`, in characters."""

QUOTES = {'"': '"＂', "＂": '"＂', "“": "”", "「": "」", "『": "』"}
"""An opening quote to the marks that close it."""
QUOTE_SIGNS = frozenset('"＂“”「」『』')
OPEN_SIGNS = frozenset("(（")
CLOSE_SIGNS = frozenset(")）")
OR_SIGNS = frozenset("|｜")
MINUS_SIGNS = frozenset("-－−")
COLON_SIGNS = frozenset(":：")
STAR_SIGNS = frozenset("*＊")
TILDE_SIGNS = frozenset("~～")
COMMA_SIGNS = frozenset(",，、")
ESCAPE = "\\"
WORDS: dict[str, Literal["and", "or", "not"]] = {"AND": "and", "OR": "or", "NOT": "not"}

SIGNS = QUOTE_SIGNS | OPEN_SIGNS | CLOSE_SIGNS | OR_SIGNS | MINUS_SIGNS | STAR_SIGNS
"""Signs that mean nothing when they stand alone."""
ESCAPABLE = SIGNS | COLON_SIGNS | TILDE_SIGNS | COMMA_SIGNS | {ESCAPE}
"""What a backslash makes into text; before any other character it is text itself."""

FIELD_NAMES: dict[str, FieldName] = {
    "text": "text",
    "正文": "text",
    "title": "title",
    "标题": "title",
    "报告标题": "title",
    "heading": "heading",
    "小标题": "heading",
    "标题路径": "heading",
    "章节": "heading",
    "city": "city",
    "城市": "city",
    "province": "province",
    "省份": "province",
    "type": "type",
    "类型": "type",
    "报告类型": "type",
    "report": "report",
    "报告": "report",
    "报告编号": "report",
    "year": "year",
    "年份": "year",
    "年度": "year",
}
"""What may stand before a colon, to the field it names; ASCII names in any case and width."""

LONGEST_NAME = max(map(len, FIELD_NAMES))


def field_of(name: str) -> FieldName | None:
    """The field that `name` names, or None."""
    return FIELD_NAMES.get(unicodedata.normalize("NFKC", name).lower())


def is_blank(char: str) -> bool:
    """Whether `char` separates chunks: any blank (U+3000 too) or control character."""
    return char.isspace() or unicodedata.category(char) == "Cc"
