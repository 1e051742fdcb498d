"""The parameters of the API as OpenAPI describes them: name, meaning, schema.

`web.params` reads them and holds the limits. Their names in the document are ASCII identifiers, since generated
clients make types of them; two parameters may share a name in the query string (`q`, `sort`) and differ in meaning.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from search.answer.concordance import MAX_CONTEXT
from search.language.query.signs import MAX_CHARS
from search.model import REPORT_TYPES
from web.params import MAX_HITS, MAX_PER_PAGE, MAX_SUGGESTIONS, MAX_VALUES, ORDERS, REPORT_SORTS, SORTS, VIEWS

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}


@dataclass(frozen=True, slots=True)
class Choices:
    """The values of a parameter or a field, as one named schema: generated clients make one type of it.

    Args:
        names: value -> its name as an identifier, which `-year` and `year` would otherwise share.
    """

    name: str
    names: dict[str, str]

    def to_openapi(self) -> Schema:
        """The Schema Object."""
        return {"type": "string", "enum": list(self.names), "x-enum-varnames": list(self.names.values())}


def _choices(name: str, values: Iterable[str]) -> Choices:
    names = {value: f"{value[1:]}_descending" if value.startswith("-") else value for value in values}
    return Choices(name, names)


SORT_CHOICES = _choices("Sort", SORTS)
REPORT_SORT_CHOICES = _choices("ReportSort", REPORT_SORTS)
GROUP_CHOICES = _choices("Group", ("report",))
ORDER_CHOICES = _choices("Order", ORDERS)
VIEW_CHOICES = _choices("View", VIEWS)
SYNONYMS_CHOICES = _choices("Synonyms", ("on", "off"))
ALL_CHOICES = (
    SORT_CHOICES, REPORT_SORT_CHOICES, GROUP_CHOICES, ORDER_CHOICES, VIEW_CHOICES, SYNONYMS_CHOICES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation. `name` stands in the query string or path, `key` in the document's components."""

    key: str
    name: str
    description: str
    schema: Schema
    is_in_path: bool = False

    def to_openapi(self) -> Schema:
        """The Parameter Object."""
        return {
            "name": self.name,
            "in": "path" if self.is_in_path else "query",
            **({"required": True} if self.is_in_path else {}),
            "description": self.description,
            "schema": self.schema,
        }


def _text(name: str, description: str, *, key: str = "") -> Parameter:
    return Parameter(key or name, name, description, {"type": "string", "maxLength": MAX_CHARS})


def _choice(name: str, description: str, choices: Choices, *, key: str = "") -> Parameter:
    return Parameter(key or name, name, description, {"$ref": f"#/components/schemas/{choices.name}"})


def _number(name: str, description: str, highest: int, default: int) -> Parameter:
    schema = {"type": "integer", "minimum": 1, "maximum": highest, "default": default}
    return Parameter(name, name, description, schema)


def _values(name: str, description: str, items: Schema = _TEXT) -> Parameter:
    return Parameter(name, name, description, {"type": "array", "items": items, "maxItems": MAX_VALUES})


Q = _text("q", "检索式；空为全部段落")
PREFIX = _text("q", "已输入的文字", key="prefix")
CITY = _values("city", "城市全名，可重复；“未知”指没有的")
PROVINCE = _values("province", "省份，可重复；“未知”指没有的")
TYPE = _values("type", f"类型，如{REPORT_TYPES[0]}，可重复；“未知”指没有的")
YEAR = _values(
    "year",
    "年份 2023、区间 2020..2024 或“未知”，可重复",
    {"type": "string", "pattern": "^([0-9]{4}(\\.\\.[0-9]{4})?|未知)?$"},
)
REPORT = _values("report", "报告编号，只在这些报告里找，可重复")
SORT = _choice("sort", "排序", SORT_CHOICES)
REPORT_SORT = _choice("sort", "排序", REPORT_SORT_CHOICES, key="report_sort")
GROUP = _choice("group", "report：每份报告只列最好的一段", GROUP_CHOICES)
SYNONYMS = _choice("synonyms", "是否连同近义词一起找", SYNONYMS_CHOICES)
PAGE = _number("page", f"页，从 1 起；page × per_page 不超过 {MAX_HITS:,}", MAX_HITS, 1)
PER_PAGE = _number("per_page", "每页多少", MAX_PER_PAGE, 10)
LIMIT = _number("limit", "最多多少条", MAX_SUGGESTIONS, 10)
ORDER = _choice("order", "按左文、右文或先后排列", ORDER_CHOICES)
CONTEXT = _number("context", "每侧多少字", MAX_CONTEXT, 20)
VIEW = _choice("view", "concordance：不列段落，逐处列出左文、命中文字、右文", VIEW_CHOICES)
REPORT_ID = Parameter("id", "id", "报告编号", _TEXT, is_in_path=True)

FILTERS = (CITY, YEAR, TYPE, PROVINCE)
SEARCH = (Q, *FILTERS, REPORT, SORT, SYNONYMS)
PAGED = (PAGE, PER_PAGE)
