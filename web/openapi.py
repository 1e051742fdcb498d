"""The HTTP interface as an OpenAPI 3.1 document: /api/v1/openapi.json, and /api to read.

One description for programs, people and tests: every answer in the tests is checked against it.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from search import __version__
from search.engine.concordance import MAX_CONTEXT
from search.model import FACETS, REPORT_TYPES, Query
from search.query.signs import MAX_CHARS
from web.params import MAX_HITS, MAX_PER_PAGE, MAX_SUGGESTIONS, MAX_VALUES, ORDERS, REPORT_SORTS, SORTS, VIEWS

reference = Blueprint("reference", __name__)

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
POSITIVE: Schema = {"type": "integer", "minimum": 1}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
NUMBER_OR_NULL: Schema = {"type": ["integer", "null"]}
RATE: Schema = {"type": ["number", "null"], "minimum": 0}
SPAN: Schema = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}


@reference.get("/api")
def read() -> str:
    """The interface, to read."""
    return render_template("api.html", api=describe_api(), query=Query())


def describe_api(*, server: str = "/") -> Schema:
    """The OpenAPI document.

    Args:
        server: where this interface is served, so that generated clients know whom to ask.
    """
    return {
        "openapi": "3.1.0",
        "servers": [{"url": server.rstrip("/") or "/"}],
        "info": {
            "title": "Xiesou",
            "version": __version__,
            "summary": "协搜：中国城市政协与政府工作报告的全文检索",
            "description": "全部接口均为 GET，不需要密钥。文本为 UTF-8；区间按码位从 0 计，左闭右开。计数规则见"
            " docs/counting.md，检索语言见 docs/query-language.md。",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            path: {"get": operation, "head": _without_body(operation)} for path, operation in _paths().items()
        },
        "components": {"schemas": _schemas(), "parameters": _parameters()},
    }


def _paths() -> dict[str, Schema]:
    search = ["q", *FACETS, "report", "sort", "synonyms"]
    lines = ["view", "order", "context"]
    paged = [*search, "group", "page", "per_page"]
    return {
        "/api/v1/search": _json("search", "一页命中的段落，附精确总数与分面", "SearchAnswer", paged),
        "/api/v1/suggest": _json(
            "suggest", "输入时的补全建议", "SuggestAnswer", ["prefix", *FACETS, "report", "limit"]
        ),
        "/api/v1/count": _json("count", "段、处、份三种计数", "CountAnswer", search),
        "/api/v1/trends": _json("trends", "按年、按城市、城市×年份的分布", "TrendsAnswer", search),
        "/api/v1/concordance": _json(
            "concordance",
            "逐处列出上下文",
            "ConcordanceAnswer",
            [*search, "page", "per_page", "order", "context"],
        ),
        "/api/v1/reports": _json("reports", "收录的报告", "ReportsAnswer", [*FACETS, "report_sort"]),
        "/api/v1/reports/{id}": _json("report", "一份报告的全文", "ReportAnswer", ["id"], missing=True),
        "/api/v1/openapi.json": _json("openapi", "本说明", "OpenApi", []),
        "/export.csv": _file(
            "exportCsv",
            "全部命中，每段一行；view=concordance 时每处一行",
            "text/csv",
            [*search, "group", *lines],
        ),
        "/export.xlsx": _file(
            "exportXlsx",
            "全部命中，工作簿；view=concordance 时每处一行",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            [*search, "group", *lines],
        ),
        "/distribution.csv": _file("distributionCsv", "城市×年份的分布", "text/csv", search),
        "/feed.atom": _file("feed", "最新的命中段落", "application/atom+xml", search),
    }


def _json(name: str, summary: str, schema: str, parameters: list[str], *, missing: bool = False) -> Schema:
    content = {"application/json": {"schema": _to(schema)}}
    error = {"application/json": {"schema": _to("Error")}}
    operation = _operation(name, summary, content, error, parameters)
    operation["responses"]["403"] = _answer("这个网站不在允许名单上", error)
    operation["responses"]["429"] = _answer("这个网站问得太频繁；Retry-After 说等几秒", error)
    if missing:
        operation["responses"]["404"] = _answer("没有这份报告", error)
    return operation


def _file(name: str, summary: str, media_type: str, parameters: list[str]) -> Schema:
    page = {"text/html": {"schema": TEXT}}
    return _operation(name, summary, {media_type: {"schema": TEXT}}, page, parameters)


def _operation(name: str, summary: str, content: Schema, error: Schema, parameters: list[str]) -> Schema:
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [{"$ref": f"#/components/parameters/{parameter}"} for parameter in parameters],
        "responses": {
            "200": _answer("成功", content),
            "304": {"description": "与 If-None-Match 所指的相同"},
            "400": _answer("参数无法识别；field 指出是哪一个", error),
            "503": _answer("索引暂时不能用", error),
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
            "city": "城市全名，可重复；“未知”指没有的",
            "province": "省份，可重复；“未知”指没有的",
            "type": f"类型，如{REPORT_TYPES[0]}，可重复；“未知”指没有的",
            "report": "报告编号，只在这些报告里找，可重复",
        }.items()
    }
    years = {
        "type": "array",
        "items": {"type": "string", "pattern": "^([0-9]{4}(\\.\\.[0-9]{4})?|未知)?$"},
        "maxItems": MAX_VALUES,
    }
    return {
        "q": _query("q", "检索式；空为全部段落", {"type": "string", "maxLength": MAX_CHARS}),
        "prefix": _query("q", "已输入的文字", {"type": "string", "maxLength": MAX_CHARS}),
        **choices,
        "year": _query("year", "年份 2023、区间 2020..2024 或“未知”，可重复", years),
        "sort": _query("sort", "排序", {"type": "string", "enum": list(SORTS)}),
        "report_sort": _query("sort", "排序", {"type": "string", "enum": list(REPORT_SORTS)}),
        "group": _query(
            "group", "report：每份报告只列最好的一段", {"type": "string", "enum": ["", "report"]}
        ),
        "synonyms": _query("synonyms", "是否连同近义词一起找", {"type": "string", "enum": ["on", "off"]}),
        "page": _query("page", f"页，从 1 起；page × per_page 不超过 {MAX_HITS:,}", _from_1(MAX_HITS)),
        "per_page": _query("per_page", "每页多少", _from_1(MAX_PER_PAGE)),
        "limit": _query("limit", "最多多少条", _from_1(MAX_SUGGESTIONS)),
        "order": _query("order", "按左文、右文或先后排列", {"type": "string", "enum": list(ORDERS)}),
        "context": _query("context", "每侧多少字", _from_1(MAX_CONTEXT)),
        "view": _query(
            "view",
            "concordance：不列段落，逐处列出左文、命中文字、右文",
            {"type": "string", "enum": list(VIEWS)},
        ),
        "id": {"name": "id", "in": "path", "required": True, "description": "报告编号", "schema": TEXT},
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
        "value": {"anyOf": [TEXT, NUMBER, {"type": "null"}]},
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
        "Error": _object({"error": _object({"code": TEXT, "message": TEXT, "field": TEXT_OR_NULL})}),
        "ReportRef": _object({"id": TEXT, "title": TEXT_OR_NULL, **place, "url": TEXT}),
        "Report": _object(record),
        "Paragraph": _object(paragraph),
        "FacetValue": _object(value),
        "Notice": _object({"code": TEXT, "message": TEXT, "position": NUMBER_OR_NULL}),
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
                "set_aside": _list(_object({"line": NUMBER_OR_NULL, "text": TEXT, "reason": TEXT})),
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
        "total": NUMBER,
        "query": {"type": "object", "required": ["q"]},
    }
    explanation = _object(
        {"code": TEXT, "sentences": _list(TEXT), "missing": _list(TEXT), "ways_out": _list(_object(way))}
    )
    offer = {"field": TEXT, "value": {"anyOf": [TEXT, NUMBER]}, "text": TEXT, "query_without": TEXT}
    return {
        "links": _to("Links"),
        "paragraphs": NUMBER_OR_NULL,
        "partial": NUMBER,
        "did_you_mean": _list(TEXT),
        "offers": _list(_object(offer)),
        "synonyms": _list(_object({"form": TEXT, "others": _list(TEXT)})),
        "explanation": {"anyOf": [explanation, {"type": "null"}]},
    }
