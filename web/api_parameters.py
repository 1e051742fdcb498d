"""The parameters of the API as OpenAPI describes them: name, meaning, schema.

`web.params` reads them and holds the limits. Their names in the document are ASCII identifiers, since generated
clients make types of them; two parameters may share a name in the query string (`q`, `sort`) and differ in meaning.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from search.answer.concordance import MAX_CONTEXT, MAX_SAMPLE
from search.instruments.collocates import ORDERS as COLLOCATE_ORDERS
from search.instruments.collocates import SIDES
from search.instruments.match_text import MOST_CHARS as MAX_PASTED
from search.language.query.signs import MAX_CHARS
from search.model import LEVELS, PARTS
from web.asked_views import ORDERS, VIEWS
from web.i18n import phrase
from web.params import (
    AXES,
    LANGUAGES,
    MATCHES,
    MAX_HITS,
    MAX_PER_PAGE,
    MAX_SEED,
    MAX_SUGGESTIONS,
    MAX_VALUE_CHARS,
    REPORT_SORTS,
    SORTS,
)
from web.time_values import MAX_VALUES, UNKNOWN

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_VALUE: Schema = {"type": "string", "maxLength": MAX_VALUE_CHARS}


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

    def reference(self) -> Schema:
        """The schema by its name."""
        return {"$ref": f"#/components/schemas/{self.name}"}


def _choices(name: str, values: Iterable[str]) -> Choices:
    names = {value: f"{value[1:]}_descending" if value.startswith("-") else value for value in values}
    return Choices(name, names)


SORT_CHOICES = _choices("Sort", SORTS)
REPORT_SORT_CHOICES = _choices("ReportSort", REPORT_SORTS)
GROUP_CHOICES = _choices("Group", ("report",))
ORDER_CHOICES = _choices("Order", ORDERS)
VIEW_CHOICES = _choices("View", VIEWS)
LANGUAGE_CHOICES = _choices("Language", LANGUAGES)
MATCH_CHOICES = _choices("Match", MATCHES)
SYNONYMS_CHOICES = _choices("Synonyms", ("on", "off"))
SWITCH_CHOICES = _choices("Ocr", ("on", "off"))
AXIS_CHOICES = _choices("Axis", AXES)
LEVEL_CHOICES = Choices(
    "Level",
    dict(zip((*LEVELS, UNKNOWN), ("nation", "province", "city", "county", "unknown"), strict=True)),
)
PART_CHOICES = Choices(
    "Part", dict(zip(PARTS, ("text", "headings", "glossary", "annexes", "comments"), strict=True))
)
SIDE_CHOICES = _choices("Side", SIDES)
COLLOCATE_ORDER_CHOICES = _choices("CollocateOrder", COLLOCATE_ORDERS)
ALL_CHOICES = (
    SIDE_CHOICES, COLLOCATE_ORDER_CHOICES,
    SORT_CHOICES, REPORT_SORT_CHOICES, GROUP_CHOICES, ORDER_CHOICES, VIEW_CHOICES, MATCH_CHOICES,
    SYNONYMS_CHOICES, LANGUAGE_CHOICES, SWITCH_CHOICES, AXIS_CHOICES, LEVEL_CHOICES, PART_CHOICES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation. `name` stands in the query string or path, `key` in the document's components."""

    key: str
    name: str
    description: str
    schema: Schema
    is_in_path: bool = False
    is_required: bool = False

    def to_openapi(self) -> Schema:
        """The Parameter Object."""
        return {
            "name": self.name,
            "in": "path" if self.is_in_path else "query",
            **({"required": True} if self.is_in_path or self.is_required else {}),
            "description": self.description,
            "schema": self.schema,
        }


def _text(name: str, description: str, *, key: str = "") -> Parameter:
    return Parameter(key or name, name, description, {"type": "string", "maxLength": MAX_CHARS})


def _choice(name: str, description: str, choices: Choices, *, key: str = "") -> Parameter:
    return Parameter(key or name, name, description, choices.reference())


def _number(name: str, description: str, highest: int, default: int) -> Parameter:
    schema = {"type": "integer", "minimum": 1, "maximum": highest, "default": default}
    return Parameter(name, name, description, schema)


def _values(name: str, description: str, items: Schema = _VALUE) -> Parameter:
    return Parameter(name, name, description, {"type": "array", "items": items, "maxItems": MAX_VALUES})


Q = _text("q", phrase("The query; empty: every paragraph"))
PREFIX = _text("q", phrase("What was typed so far"), key="prefix")
CITY = _values("city", phrase("A city's full name; may be repeated; 未知 stands for unknown"))
PROVINCE = _values("province", phrase("A province; may be repeated; 未知 stands for unknown"))
TYPE = _values(
    "type", phrase("A type of report, as the reports name it; may be repeated; 未知 stands for unknown")
)
YEAR = _values(
    "year",
    phrase("A year 2023, a range 2020..2024, or 未知 for unknown; may be repeated"),
    {"type": "string", "pattern": "^([0-9]{4}(\\.\\.[0-9]{4})?|未知)?$"},
)
PLAN_YEAR = _values(
    "plan_year", phrase("The year whose work a report lays out; as year"), YEAR.schema["items"]
)
LEVEL = _values("level", phrase("The rank of the place; may be repeated"), LEVEL_CHOICES.reference())
PART = _values(
    "part",
    phrase("A part of a report; may be repeated. Without it all but the comments of a word processor"),
    PART_CHOICES.reference(),
)
ADDED = _text(
    "added",
    phrase("The day on which a report came in, UTC, or a range: 2026-01-01..2026-01-31, 2026-01-01.."),
)
OCR = _choice("ocr", phrase("off: leave out text that was recognised in a picture"), SWITCH_CHOICES)
AXIS = _choice(
    "axis", phrase("The year that distributions go by: plan (of the work) or delivered"), AXIS_CHOICES
)
REPORT = _values("report", phrase("The id of a report to look in; may be repeated"))
SORT = _choice("sort", phrase("Order"), SORT_CHOICES)
REPORT_SORT = _choice("sort", phrase("Order"), REPORT_SORT_CHOICES, key="report_sort")
GROUP = _choice("group", phrase("report: each report once, by its best paragraph"), GROUP_CHOICES)
FOLD = _choice(
    "fold", phrase("on: hits of a page that say the same are folded under the first"), SWITCH_CHOICES
)
SYNONYMS = _choice("synonyms", phrase("Whether other forms are looked for too"), SYNONYMS_CHOICES)
MATCH = _choice(
    "match",
    phrase("What is counted: phrase, chunks as written; all, their words apart or in other forms too"),
    MATCH_CHOICES,
)
PAGE = _number("page", phrase("The page, from 1; page × per_page is at most 10,000"), MAX_HITS, 1)
PER_PAGE = _number("per_page", phrase("How many a page"), MAX_PER_PAGE, 10)
LIMIT = _number("limit", phrase("How many at most"), MAX_SUGGESTIONS, 10)
ORDER = _choice(
    "order",
    phrase("Sorted by left or right context, from its first word or its second (left2, right2), or in order"),
    ORDER_CHOICES,
)
SAMPLE = Parameter(
    "sample",
    "sample",
    phrase("A random sample of so many occurrences; absent: all"),
    {"type": "integer", "minimum": 1, "maximum": MAX_SAMPLE},
)
SEED = _number("seed", phrase("Which random sample; the same number gives the same one"), MAX_SEED, 1)
CONTEXT = _number("context", phrase("How many characters on each side"), MAX_CONTEXT, 20)
VIEW = _choice(
    "view",
    phrase("concordance: not paragraphs but occurrences, with what stands left and right of each"),
    VIEW_CHOICES,
)
LANGUAGE = _choice("lang", phrase("The language of what is said"), LANGUAGE_CHOICES)
WINDOW = Parameter(
    "window",
    "window",
    phrase("Characters on each side, 1 to 50, or sentence; 10 if absent"),
    {"type": "string", "pattern": "^([1-9]|[1-4][0-9]|50|sentence)?$"},
)
SIDE = _choice("side", phrase("On which side of the occurrences"), SIDE_CHOICES)
COLLOCATE_ORDER = _choice("by", phrase("The measure that the list is ordered by"), COLLOCATE_ORDER_CHOICES)
QUERIES = Parameter(
    "queries",
    "q",
    phrase("A query; repeated for each, at most eight"),
    {"type": "array", "items": {"type": "string", "maxLength": MAX_CHARS}, "maxItems": 8, "minItems": 1},
    is_required=True,
)
SPLIT = Parameter(
    "split",
    "split",
    phrase(
        "A series for each level, province or city that is chosen; of levels and provinces else for all held"
    ),
    {"type": "string", "enum": ["level", "province", "city"]},
)
OF = Parameter("of", "of", phrase("The id of the report that is asked about"), _TEXT, is_required=True)
OF_SIDE = _text(
    "of",
    phrase("The part whose keywords are looked for, by filters such as plan_year:2024"),
    key="of_side",
)
AGAINST = _text("against", phrase("The part that it is compared with; absent: all the rest"))
EMERGING = Parameter(
    "emerging",
    "emerging",
    phrase("A year: what came up in it, against all years before; then of holds on both sides"),
    {"type": "string", "pattern": "^([0-9]{4})?$"},
)
LEAST_PLACES = Parameter(
    "least_places",
    "least_places",
    phrase("How many places at least must say a keyword or what is new; 1 if absent, of a year 2"),
    {"type": "integer", "minimum": 1, "maximum": 1000},
)
OTHER = _text("other", phrase("The id of the other report; absent: the last one of the same place and type"))
PASTED = Parameter(
    "pasted",
    "text",
    phrase("The text whose source is looked for"),
    {"type": "string", "maxLength": MAX_PASTED},
    is_required=True,
)
REPORT_ID = Parameter("id", "id", phrase("A report's id"), _TEXT, is_in_path=True)

REPORT_FILTERS = (CITY, YEAR, TYPE, PROVINCE, PLAN_YEAR, LEVEL)
FILTERS = (*REPORT_FILTERS, PART, ADDED, OCR)
SEARCH = (Q, *FILTERS, REPORT, SORT, SYNONYMS, MATCH, AXIS)
PAGED = (PAGE, PER_PAGE)
