"""The signs and names of the query language: data alone, read by `lex`, `parse` and `render`."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, TypeAlias

from search.language.query.tree import TextField, ValueField
from search.language.text.normalize import normalize_text
from search.model import YearField

FieldName: TypeAlias = TextField | ValueField | YearField

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
COMMA_SIGNS = frozenset(",，、;；")
ESCAPE = "\\"
WORDS: dict[str, Literal["and", "or", "not"]] = {
    "AND": "and",
    "OR": "or",
    "NOT": "not",
    "ＡＮＤ": "and",
    "ＯＲ": "or",
    "ＮＯＴ": "not",
}
OPERATORS = tuple(WORDS)
NEARLY_WORDS = frozenset({"and", "or", "not", "或", "或者", "且", "并且", "不含"})
"""What people write for an operator, in lower case; it is text, and they are told."""
NEARLY_MINUS = frozenset("–—!！")
"""What stands before a word where a minus may have been meant."""

SIGNS = QUOTE_SIGNS | OPEN_SIGNS | CLOSE_SIGNS | OR_SIGNS | MINUS_SIGNS | STAR_SIGNS
"""Signs of the language; `LONE_SIGNS` mean nothing when they stand alone."""
LONE_SIGNS = SIGNS | TILDE_SIGNS
ESCAPABLE = SIGNS | COLON_SIGNS | TILDE_SIGNS | COMMA_SIGNS | NEARLY_MINUS | {ESCAPE}
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
    "plan_year": "plan_year",
    "工作年度": "plan_year",
    "level": "level",
    "层级": "level",
    "part": "part",
    "部分": "part",
}
"""What may stand before a colon, to the field it names; ASCII names in any case and width."""
EITHER_YEAR = "年度"
"""A name of `year` that may have been meant for `plan_year`; people are told."""

LITERAL_TILDE = re.compile(r"^[~～][0-9０-９]|[^0-9０-９%％年月日时点个\\][~～][0-9０-９]+字?$")
"""A `~n` that no quotes stand before; 3~5年 is none."""
UNKNOWN_FIELD = re.compile(r"[A-Za-z]{3,12}[:：](?![/\\:：0-9０-９]|$)")
"""What looks like a field; addresses (http://) and numbers (1:10) don't."""
LONGEST_NAME = max(map(len, FIELD_NAMES))


_CONTROLS = frozenset(map(chr, (*range(0x20), *range(0x7F, 0xA0))))


def field_of(name: str) -> FieldName | None:
    """The field that `name` names, or None."""
    return FIELD_NAMES.get(unicodedata.normalize("NFKC", name).lower())


def is_taken_for_word(text: str) -> bool:
    """Whether `text` is an operator written out, or what people write for one: OR, or, 或, NOT四平."""
    if text.startswith(OPERATORS):
        glued = any(text.startswith(word) and "\u3400" <= text[len(word) :][:1] <= "\u9fff" for word in WORDS)
        return glued or text in WORDS or text.lower() in NEARLY_WORDS
    return text.lower() in NEARLY_WORDS


def is_blank(char: str) -> bool:
    """Whether `char` separates chunks: any blank (U+3000 too) or control character."""
    return char.isspace() or char in _CONTROLS


def is_visible(text: str) -> bool:
    """Whether anything of `text` is left to look for: not of blanks and zero-width characters alone."""
    return "\u3400" <= text[:1] <= "\u9fff" or bool(normalize_text(text))
