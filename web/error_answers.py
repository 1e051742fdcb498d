"""Errors -> answers: a page for people, `{"error": {…}}` under /api, each with its status."""

from __future__ import annotations

from flask import Flask, Response, current_app, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from search.errors import (
    BudgetExceeded,
    CollectionUnavailable,
    QueryError,
    ReportNotFound,
    StoreError,
    XiesouError,
)
from search.json_form import to_builtins
from search.json_types import Error, ErrorAnswer
from search.messages import Message, answers
from search.model import Query
from web import messages as says
from web.i18n import say
from web.params import read_typed
from web.request_notes import note_refusal

_MESSAGES = {
    400: ("bad_request", says.BAD_REQUEST),
    404: ("not_found", says.PAGE_NOT_FOUND),
    405: ("method_not_allowed", says.METHOD_NOT_ALLOWED),
    413: ("too_large", says.REQUEST_TOO_LARGE),
    414: ("too_large", says.ADDRESS_TOO_LONG),
    500: ("internal_error", says.SERVER_FAILED),
}


_STORE_MESSAGES = {
    "index_missing": says.RUN_INDEX_FIRST,
    "index_outdated": says.REBUILD_OUTDATED,
    "index_damaged": says.REBUILD_DAMAGED,
}


def register_error_handlers(app: Flask) -> None:
    """Answer every error in the application's own words."""
    app.register_error_handler(XiesouError, _answer_xiesou)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_unexpected)


def _answer_xiesou(error: XiesouError) -> Response:
    if isinstance(error, QueryError):
        return answer(400, error.code, error.said, field=error.field, position=error.position)
    if isinstance(error, ReportNotFound):
        if error.message.code == answers.NO_SUCH_PARAGRAPH.code:
            return answer(404, error.code, error.message)
        asked = (request.view_args or {}).get("report_id")
        named = error.message if asked is None else answers.REPORT_NOT_FOUND(id=asked)
        return answer(404, error.code, named)
    if isinstance(error, StoreError):
        current_app.logger.error("%s", error)
        trouble = _STORE_MESSAGES.get(error.code, says.INDEX_UNUSABLE)
        response = answer(503, error.code, trouble(detail=error.said))
        response.headers["Retry-After"] = "10"
        return response
    if isinstance(error, CollectionUnavailable):
        current_app.logger.error("%s", error)
        response = answer(503, error.code, error.said)
        response.headers["Retry-After"] = str(error.retry_after_s)
        return response
    if isinstance(error, BudgetExceeded):
        return answer(422, error.code, error.said)
    return _answer_unexpected(error)


def _answer_http(error: HTTPException) -> Response:
    status = error.code or 500
    if 300 <= status < 400:
        return Response(status=status, headers=dict(error.get_headers()))
    if status in _MESSAGES:
        code, kind = _MESSAGES[status]
        response = answer(status, code, kind())
    else:
        response = answer(status, "error", says.REQUEST_FAILED(status=status))
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _answer_unexpected(error: Exception) -> Response:
    current_app.logger.error("%s %s", request.method, request.path, exc_info=error)
    code, kind = _MESSAGES[500]
    return answer(500, code, kind())


def answer(
    status: int, code: str, message: Message, *, field: str | None = None, position: int | None = None
) -> Response:
    """The error as JSON under /api, as a page elsewhere, in the language of the request.

    `code` says which kind of error it is, `message_code` and `args` what exactly is said.
    """
    note_refusal(code)
    if request.path.startswith("/api/"):
        error = Error(code, say(message), message.code, message.args_to_json(), field, position)
        response = jsonify(to_builtins(ErrorAnswer(error)))
    else:
        response = Response(
            render_template("error.html", status=status, message=message, query=Query(read_typed())),
            mimetype="text/html",
        )
    response.status_code = status
    return response
