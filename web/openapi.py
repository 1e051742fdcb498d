"""The HTTP interface as an OpenAPI 3.1 document: /api/v1/openapi.json, and /api to read.

One description for programs, people and tests: every answer in the tests is checked against it.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from search import __version__
from search.answer.concordance import MAX_CONTEXT
from search.language.query.signs import MAX_CHARS
from search.model import FACETS, Query
from web.i18n import phrase, translate
from web.params import (
    LANGUAGES,
    MAX_HITS,
    MAX_PER_PAGE,
    MAX_SUGGESTIONS,
    MAX_VALUES,
    ORDERS,
    REPORT_SORTS,
    SORTS,
    VIEWS,
)

reference = Blueprint("reference", __name__)

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
POSITIVE: Schema = {"type": "integer", "minimum": 1}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
NUMBER_OR_NULL: Schema = {"type": ["integer", "null"]}
RATE: Schema = {"type": ["number", "null"], "minimum": 0}
ARGS: Schema = {"type": "object"}
"""What fills the sentence of a code: texts, numbers, lists of these, or messages as `{code, args}`."""
SPAN: Schema = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}


@reference.get("/api")
def read() -> str:
    """The interface, to read."""
    return render_template("api.html", api=in_words(describe_api()), query=Query())


def describe_api() -> Schema:
    """The OpenAPI document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Xiesou",
            "version": __version__,
            "summary": phrase("Full-text search of Chinese municipal CPPCC and government work reports"),
            "description": phrase(
                "Everything is GET and needs no key. Text is UTF-8; spans count code points from 0 and are half "
                "open. How things are counted is in docs/counting.md, the query language in docs/query-language.md."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            path: {"get": operation, "head": _without_body(operation)} for path, operation in _paths().items()
        },
        "components": {"schemas": _schemas(), "parameters": _parameters()},
    }


def in_words(described: Any) -> Any:
    """A part of the document with what it says to people in the language of the request."""
    if isinstance(described, list):
        return [in_words(part) for part in described]
    if not isinstance(described, dict):
        return described
    said = ("summary", "description")
    return {
        name: translate(part) if name in said and isinstance(part, str) else in_words(part)
        for name, part in described.items()
    }


def _paths() -> dict[str, Schema]:
    search = ["q", *FACETS, "report", "sort", "synonyms"]
    lines = ["view", "order", "context"]
    paged = [*search, "group", "page", "per_page"]
    return {
        "/api/v1/search": _json(
            "search",
            phrase("One page of the paragraphs found, with exact totals and facets"),
            "SearchAnswer",
            paged,
        ),
        "/api/v1/suggest": _json(
            "suggest",
            phrase("What a query that is being typed may become"),
            "SuggestAnswer",
            ["prefix", "limit"],
        ),
        "/api/v1/count": _json(
            "count", phrase("How many paragraphs, occurrences and reports"), "CountAnswer", search
        ),
        "/api/v1/trends": _json(
            "trends",
            phrase("The distribution by year, by city, and by city and year"),
            "TrendsAnswer",
            search,
        ),
        "/api/v1/concordance": _json(
            "concordance",
            phrase("Every occurrence with what stands around it"),
            "ConcordanceAnswer",
            [*search, "page", "per_page", "order", "context"],
        ),
        "/api/v1/reports": _json(
            "reports", phrase("Reports held"), "ReportsAnswer", [*FACETS, "report_sort"]
        ),
        "/api/v1/reports/{id}": _json(
            "report", phrase("One report, whole"), "ReportAnswer", ["id"], missing=True
        ),
        "/api/v1/openapi.json": _json("openapi", phrase("This description"), "OpenApi", []),
        "/export.csv": _file(
            "exportCsv",
            phrase("Every hit, a row each paragraph; with view=concordance a row each occurrence"),
            "text/csv",
            [*search, "group", *lines],
        ),
        "/export.xlsx": _file(
            "exportXlsx",
            phrase("Every hit as a workbook; with view=concordance a row each occurrence"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            [*search, "group", *lines],
        ),
        "/distribution.csv": _file(
            "distributionCsv", phrase("The distribution by city and year"), "text/csv", search
        ),
        "/feed.atom": _file("feed", phrase("The newest paragraphs found"), "application/atom+xml", search),
    }


def _json(name: str, summary: str, schema: str, parameters: list[str], *, missing: bool = False) -> Schema:
    content = {"application/json": {"schema": _to(schema)}}
    error = {"application/json": {"schema": _to("Error")}}
    operation = _operation(name, summary, content, error, parameters)
    if missing:
        operation["responses"]["404"] = _answer(phrase("There is no such report"), error)
    return operation


def _file(name: str, summary: str, media_type: str, parameters: list[str]) -> Schema:
    page = {"text/html": {"schema": TEXT}}
    return _operation(name, summary, {media_type: {"schema": TEXT}}, page, parameters)


def _operation(name: str, summary: str, content: Schema, error: Schema, parameters: list[str]) -> Schema:
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [{"$ref": f"#/components/parameters/{one}"} for one in [*parameters, "lang"]],
        "responses": {
            "200": _answer(phrase("Found"), content),
            "304": {"description": phrase("The same as If-None-Match names")},
            "400": _answer(phrase("A parameter can't be read; field names it"), error),
            "503": _answer(phrase("The index can't be used for now"), error),
        },
    }


def _answer(description: str, content: Schema) -> Schema:
    return {"description": description, "content": content}


def _without_body(operation: Schema) -> Schema:
    responses = {
        status: {"description": answer["description"]} for status, answer in operation["responses"].items()
    }
    name = operation["operationId"]
    return {**operation, "operationId": f"{name}Head", "responses": responses}


def _parameters() -> dict[str, Schema]:
    choices = {
        name: _query(name, label, {"type": "array", "items": TEXT, "maxItems": MAX_VALUES})
        for name, label in {
            "city": phrase("A city's full name; may be repeated; 未知 stands for unknown"),
            "province": phrase("A province; may be repeated; 未知 stands for unknown"),
            "type": phrase(
                "A type of report, as the reports name it; may be repeated; 未知 stands for unknown"
            ),
            "report": phrase("The id of a report to look in; may be repeated"),
        }.items()
    }
    years = {
        "type": "array",
        "items": {"type": "string", "pattern": "^([0-9]{4}(\\.\\.[0-9]{4})?|未知)?$"},
        "maxItems": MAX_VALUES,
    }
    return {
        "q": _query(
            "q", phrase("The query; empty: every paragraph"), {"type": "string", "maxLength": MAX_CHARS}
        ),
        "prefix": _query("q", phrase("What was typed so far"), {"type": "string", "maxLength": MAX_CHARS}),
        **choices,
        "year": _query(
            "year", phrase("A year 2023, a range 2020..2024, or 未知 for unknown; may be repeated"), years
        ),
        "sort": _query("sort", phrase("Order"), {"type": "string", "enum": list(SORTS)}),
        "report_sort": _query("sort", phrase("Order"), {"type": "string", "enum": list(REPORT_SORTS)}),
        "group": _query(
            "group",
            phrase("report: each report once, by its best paragraph"),
            {"type": "string", "enum": ["", "report"]},
        ),
        "synonyms": _query(
            "synonyms",
            phrase("Whether other forms are looked for too"),
            {"type": "string", "enum": ["on", "off"]},
        ),
        "page": _query(
            "page", phrase("The page, from 1; page × per_page is at most 10,000"), _from_1(MAX_HITS)
        ),
        "per_page": _query("per_page", phrase("How many a page"), _from_1(MAX_PER_PAGE)),
        "limit": _query("limit", phrase("How many at most"), _from_1(MAX_SUGGESTIONS)),
        "order": _query(
            "order",
            phrase("Sorted by left context, right context or in order"),
            {"type": "string", "enum": list(ORDERS)},
        ),
        "context": _query("context", phrase("How many characters on each side"), _from_1(MAX_CONTEXT)),
        "view": _query(
            "view",
            phrase("concordance: not paragraphs but occurrences, with what stands left and right of each"),
            {"type": "string", "enum": list(VIEWS)},
        ),
        "lang": _query(
            "lang", phrase("The language of what is said"), {"type": "string", "enum": list(LANGUAGES)}
        ),
        "id": {
            "name": "id",
            "in": "path",
            "required": True,
            "description": phrase("A report's id"),
            "schema": TEXT,
        },
    }


def _query(name: str, description: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _from_1(highest: int) -> Schema:
    return {"type": "integer", "minimum": 1, "maximum": highest}


def _to(schema: str) -> Schema:
    return {"$ref": f"#/components/schemas/{schema}"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _object(properties: Schema, *, optional: Schema | None = None) -> Schema:
    """An object with these properties and no others; all are there but the optional ones."""
    return {
        "type": "object",
        "properties": {**properties, **(optional or {})},
        "required": list(properties),
        "additionalProperties": False,
    }


def _schemas() -> dict[str, Schema]:
    place = {"city": TEXT_OR_NULL, "province": TEXT_OR_NULL, "year": NUMBER_OR_NULL, "type": TEXT_OR_NULL}
    found = {"paragraphs": NUMBER, "occurrences": NUMBER, "reports": NUMBER}
    filters = {name: _list(NUMBER_OR_NULL if name == "year" else TEXT_OR_NULL) for name in FACETS}
    value = {
        "value": {"type": ["string", "integer", "null"]},
        "count": NUMBER,
        "selected": {"type": "boolean"},
    }
    paragraph = {"id": TEXT, "n": POSITIVE, "kind": TEXT, "heading": _list(TEXT), "text": TEXT}
    hit = {
        "id": TEXT,
        "report": _to("ReportRef"),
        "heading": _list(TEXT),
        "text": TEXT,
        "spans": _list(SPAN),
        "score": {"type": "number"},
        "tier": POSITIVE,
        "url": TEXT,
    }
    line = {
        "id": TEXT,
        "n": POSITIVE,
        "report": _to("ReportRef"),
        "left": TEXT,
        "keyword": TEXT,
        "right": TEXT,
        "url": TEXT,
    }
    record = {
        "id": TEXT, "source": TEXT, "title": TEXT_OR_NULL, "type": TEXT_OR_NULL, "city": TEXT_OR_NULL,
        "province": TEXT_OR_NULL, "level": TEXT_OR_NULL, "year": NUMBER_OR_NULL, "review_year": NUMBER_OR_NULL,
        "date": TEXT_OR_NULL, "session": TEXT_OR_NULL, "speaker": TEXT_OR_NULL, "paragraphs": NUMBER,
    }  # fmt: skip
    query = {
        "q": TEXT,
        "reading": TEXT,
        "reading_code": TEXT,
        "reading_args": ARGS,
        **filters,
        "report": _list(TEXT),
        "sort": TEXT,
        "page": POSITIVE,
        "per_page": POSITIVE,
    }
    cell = {
        "city": TEXT_OR_NULL,
        "year": NUMBER_OR_NULL,
        **found,
        "held": _object({"paragraphs": NUMBER, "characters": NUMBER, "reports": NUMBER}),
        "per_10k_chars": RATE,
        "report_share": RATE,
    }
    answer = {
        "query": _to("Query"),
        "total": NUMBER,
        "reports": NUMBER_OR_NULL,
        "hits": _list(_to("Hit")),
        "facets": _object({name: _list(_to("FacetValue")) for name in FACETS}),
        "notices": _list(_to("Notice")),
        "took_ms": {"type": "number"},
    }
    return {
        "Error": _object(
            {
                "error": _object(
                    {
                        "code": TEXT,
                        "message": TEXT,
                        "message_code": TEXT,
                        "args": ARGS,
                        "field": TEXT_OR_NULL,
                        "position": NUMBER_OR_NULL,
                    }
                )
            }
        ),
        "ReportRef": _object({"id": TEXT, "title": TEXT_OR_NULL, **place, "url": TEXT}),
        "Report": _object(record),
        "Paragraph": _object(paragraph),
        "FacetValue": _object(value),
        "Notice": _object(
            {"code": TEXT, "message": TEXT, "args": ARGS, "position": NUMBER_OR_NULL, "times": POSITIVE}
        ),
        "Links": _object({"prev": TEXT_OR_NULL, "next": TEXT_OR_NULL}),
        "Query": _object(query, optional={"synonyms": {"type": "boolean"}, "group": TEXT}),
        "Hit": _object(hit, optional={"of_report": {"type": ["integer", "null"]}}),
        "SearchAnswer": _object(answer, optional=_advice()),
        "SuggestAnswer": _object(
            {
                "suggestions": _list(
                    _object({"text": TEXT, "kind": TEXT, "count": NUMBER, "url": TEXT_OR_NULL})
                )
            }
        ),
        "CountAnswer": _object({"query": _to("Query"), **found, "repeated": NUMBER}),
        "Cell": _object(cell),
        "TrendsAnswer": _object(
            {
                "query": _to("Query"),
                "total": _to("Cell"),
                "years": _list(_to("Cell")),
                "cities": _list(_to("Cell")),
                "matrix": _list(_to("Cell")),
            }
        ),
        "ConcordanceLine": _object(line),
        "ConcordanceAnswer": _object(
            {
                "query": _to("Query"),
                "order": TEXT,
                "total": NUMBER,
                "lines": _list(_to("ConcordanceLine")),
                "notices": _list(_to("Notice")),
                "links": _to("Links"),
            }
        ),
        "ReportsAnswer": _object({"total": NUMBER, "reports": _list(_to("Report"))}),
        "ReportAnswer": _object(
            {
                "report": _to("Report"),
                "paragraphs": _list(_to("Paragraph")),
                "evidence": {"type": "object", "additionalProperties": TEXT},
                "evidence_code": {"type": "object", "additionalProperties": TEXT},
                "evidence_args": {"type": "object", "additionalProperties": ARGS},
                "problems": _list(_object({"reason": TEXT, "code": TEXT, "args": ARGS})),
                "set_aside": _list(
                    _object(
                        {"line": NUMBER_OR_NULL, "text": TEXT, "reason": TEXT, "code": TEXT, "args": ARGS}
                    )
                ),
            }
        ),
        "OpenApi": {"type": "object", "required": ["openapi", "info", "paths"]},
    }


def _advice() -> Schema:
    """What a search may say beside its hits."""
    way = {
        "code": TEXT,
        "field": TEXT_OR_NULL,
        "text": TEXT,
        "text_code": TEXT,
        "text_args": ARGS,
        "total": NUMBER,
        "query": {"type": "object", "required": ["q"]},
    }
    explanation = _object(
        {
            "code": TEXT,
            "sentences": _list(TEXT),
            "messages": _list(_object({"code": TEXT, "args": ARGS})),
            "missing": _list(TEXT),
            "ways_out": _list(_object(way)),
        }
    )
    offer = {"field": TEXT, "value": {"type": ["string", "integer"]}, "text": TEXT, "query_without": TEXT}
    return {
        "links": _to("Links"),
        "paragraphs": NUMBER_OR_NULL,
        "partial": NUMBER,
        "did_you_mean": _list(TEXT),
        "offers": _list(_object(offer)),
        "synonyms": _list(_object({"form": TEXT, "others": _list(TEXT)})),
        "explanation": {"anyOf": [explanation, {"type": "null"}]},
    }
