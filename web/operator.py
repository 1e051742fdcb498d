"""The operator's page, behind a token: what was asked, what the collection lacks, what could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, render_template

from search.errors import OperatorStateError
from search.model import Query, Report
from search.operating.quality import (
    METADATA_COLUMNS,
    MOST_LISTED,
    Unknown,
    find_quality,
    metadata_lines,
)
from search.operating.questions import AskedOften, QuestionLog, Questions
from search.operating.runs import Run, read_runs
from web import urls
from web.current_budget import current_budget
from web.current_searcher import current_searcher
from web.i18n import phrase, say, translate
from web.labels import name_place, name_report
from web.long_work import compute_once
from web.operator_token import require_operator
from web.question_notes import EXTENSION, read_filters
from web.table_files import send_csv

operator = Blueprint("operator", __name__, url_prefix="/operator")

_UNKNOWN_NAMES = {
    "place": phrase("No place known"),
    "year": phrase("No year of delivery known"),
    "plan_year": phrase("No work year known"),
    "type": phrase("No type known"),
}


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A question in a table; its filters as they can be read."""

    question: AskedOften
    filters: str
    url: str


@operator.get("")
@require_operator
def show() -> Response:
    """Questions, runs and the collection, each with what to do about it."""
    questions, runs, trouble = _read_state()
    quality = compute_once(find_quality)
    page = render_template(
        "operator.html",
        query=Query(),
        questions=questions,
        asked=_tables(questions) if questions else (),
        runs=runs,
        trouble=trouble,
        quality=quality,
        unknown=[(translate(_UNKNOWN_NAMES[one.field]), one, _rows(one)) for one in quality.unknown],
        has_lines=any(one.count for one in quality.unknown if one.field != "plan_year"),
        most=MOST_LISTED,
        report_url=urls.report_url,
    )
    return Response(page, content_type="text/html; charset=utf-8")


@operator.get("/metadata.csv")
@require_operator
def metadata_csv() -> Response:
    """A line for each report whose place, year or type is unknown, to fill in and put beside the files."""
    searcher, budget = current_searcher(), current_budget()
    return send_csv(METADATA_COLUMNS, lambda: metadata_lines(searcher, budget=budget), "metadata.csv")


def _read_state() -> tuple[Questions | None, Sequence[Run], str]:
    """What is kept, and why it can't be read; no questions where there is no state."""
    log: QuestionLog | None = current_app.extensions.get(EXTENSION)
    if log is None:
        return None, (), ""
    try:
        return log.read(), read_runs(log.folder), ""
    except OperatorStateError as error:
        return None, (), say(error.message)


def _tables(questions: Questions) -> list[tuple[str, str, list[AskedRow]]]:
    """(name in the page, heading, rows) of each table of questions."""
    return [
        ("empty", translate("Found nothing"), _asked_rows(questions.empty)),
        ("often", translate("Asked most"), _asked_rows(questions.often)),
        ("slow", translate("Slow, or refused"), _asked_rows(questions.slow)),
    ]


def _asked_rows(questions: Sequence[AskedOften]) -> list[AskedRow]:
    return [_find_again(one) for one in questions]


def _find_again(question: AskedOften) -> AskedRow:
    args = read_filters(question.filters)
    values = (each for value in args.values() for each in (value if isinstance(value, list) else [value]))
    return AskedRow(
        question, " · ".join(map(str, values)), urls.endpoint_url("pages.search", q=question.text, **args)
    )


def _rows(unknown: Unknown) -> list[tuple[str, str, Report]]:
    return [(name_report(report), name_place(report), report) for report in unknown.reports]
