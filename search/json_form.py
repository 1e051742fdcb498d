"""What the API and the command line print: results as the promised JSON.

What is said is a string in the language asked for; its code and arguments stand beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from search.messages import Message
from search.messages.words import LANGUAGES, render
from search.model import (
    FACETS,
    Explanation,
    Hit,
    Notice,
    Paragraph,
    Query,
    Report,
    ReportText,
    SearchResult,
    Suggestion,
)

ReportUrl = Callable[[str, int | None], str]
"""(report id, paragraph number or None) -> where it can be read."""


def report_url(report_id: str, n: int | None = None) -> str:
    """A report's address on the server's own root; `n` leads to a paragraph."""
    return f"/reports/{report_id}" + ("" if n is None else f"#p{n}")


def said_to_json(name: str, message: Message, lang: str) -> dict[str, Any]:
    """Words under `name`, with `<name>_code` and `<name>_args` beside them."""
    return {
        name: render(message, lang),
        f"{name}_code": message.code,
        f"{name}_args": message.args_to_json(),
    }


def reason_to_json(message: Message, lang: str) -> dict[str, Any]:
    """The one thing that an object says: `reason`, `code` and `args`."""
    return {"reason": render(message, lang), **message.to_json()}


def notice_to_json(notice: Notice, lang: str = LANGUAGES[0]) -> dict[str, Any]:
    """Something the searcher should be told; `times` is in how many places of the query."""
    return {
        "code": notice.code,
        "message": render(notice.said, lang),
        "args": notice.message.args_to_json(),
        "position": notice.position,
        "times": notice.times,
    }


def search_to_json(
    result: SearchResult, url: ReportUrl = report_url, *, lang: str = LANGUAGES[0]
) -> dict[str, Any]:
    """The answer of `/api/v1/search` and `xiesou search --json`."""
    explanation = result.explanation
    return {
        "query": query_to_json(result.query, result.reading, lang),
        "total": result.total,
        "reports": result.reports,
        "partial": result.partial,
        "hits": [hit_to_json(hit, url) for hit in result.hits],
        "facets": {
            field: [
                {"value": value.value, "count": value.count, "selected": value.selected}
                for value in result.facets.get(field, ())
            ]
            for field in FACETS
        },
        "notices": [notice_to_json(notice, lang) for notice in result.notices],
        "did_you_mean": list(result.did_you_mean),
        "offers": [asdict(offer) for offer in result.offers],
        "synonyms": [{"form": form, "others": list(others)} for form, others in result.synonyms],
        "explanation": None if explanation is None else explanation_to_json(explanation, lang),
        "took_ms": round(result.took_ms, 3),
    }


def explanation_to_json(explanation: Explanation, lang: str = LANGUAGES[0]) -> dict[str, Any]:
    """Why nothing was found, and what would find something; `messages` are the sentences as codes."""
    return {
        "code": explanation.code,
        "sentences": [render(sentence, lang) for sentence in explanation.sentences],
        "messages": [sentence.to_json() for sentence in explanation.sentences],
        "missing": list(explanation.missing),
        "ways_out": [
            {
                "code": way.code,
                "field": way.field,
                **said_to_json("text", way.text, lang),
                "total": way.total,
                "query": {
                    "q": way.query.text,
                    **{field: list(getattr(way.query, field)) for field in FACETS},
                },
            }
            for way in explanation.ways_out
        ],
    }


def suggestions_to_json(found: Sequence[Suggestion], url: ReportUrl = report_url) -> dict[str, Any]:
    """The answer of `/api/v1/suggest`."""
    return {
        "suggestions": [
            {
                "text": suggestion.text,
                "kind": suggestion.kind,
                "count": suggestion.count,
                "url": None if suggestion.report is None else url(suggestion.report, None),
            }
            for suggestion in found
        ]
    }


def query_to_json(query: Query, reading: Message, lang: str = LANGUAGES[0]) -> dict[str, Any]:
    """The query as it was taken, with how it was read."""
    return {
        "q": query.text,
        **said_to_json("reading", reading, lang),
        **{field: list(getattr(query, field)) for field in FACETS},
        "report": list(query.report),
        "sort": query.sort,
        "synonyms": query.synonyms,
        "page": query.page,
        "per_page": query.per_page,
    }


def hit_to_json(hit: Hit, url: ReportUrl = report_url) -> dict[str, Any]:
    """A paragraph that matches."""
    report = hit.report
    return {
        "id": hit.id,
        "report": {
            "id": report.id,
            "title": report.title,
            "city": report.city,
            "province": report.province,
            "year": report.year,
            "type": report.type,
            "url": url(report.id, None),
        },
        "heading": list(hit.heading),
        "text": hit.text,
        "spans": [list(span) for span in hit.spans],
        "score": hit.score,
        "tier": hit.tier,
        "url": url(report.id, hit.n),
    }


def report_to_json(report: Report) -> dict[str, Any]:
    """A catalogue record, as `xiesou reports --json` lists it."""
    return {name: value for name, value in asdict(report).items() if name != "code"}


def report_text_to_json(found: ReportText, *, lang: str = LANGUAGES[0]) -> dict[str, Any]:
    """A whole report, as `/api/v1/reports/<id>` and `xiesou show --json` give it."""
    return {
        "report": report_to_json(found.report),
        "paragraphs": [paragraph_to_json(paragraph) for paragraph in found.paragraphs],
        "evidence": {field: render(said, lang) for field, said in found.evidence.items()},
        "evidence_code": {field: said.code for field, said in found.evidence.items()},
        "evidence_args": {field: said.args_to_json() for field, said in found.evidence.items()},
        "problems": [reason_to_json(problem, lang) for problem in found.problems],
        "set_aside": [
            {"line": line, "text": text, **reason_to_json(reason, lang)}
            for line, text, reason in found.set_aside
        ],
    }


def paragraph_to_json(paragraph: Paragraph) -> dict[str, Any]:
    """A block of a report."""
    return {
        "id": paragraph.id,
        "n": paragraph.n,
        "kind": paragraph.kind,
        "heading": list(paragraph.heading),
        "text": paragraph.text,
    }
