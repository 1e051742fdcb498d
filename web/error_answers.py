"""Errors -> answers: a page for people, `{"error": {…}}` under /api, each with its status."""

from __future__ import annotations

from flask import Flask, Response, current_app, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from search.errors import QueryError, ReportNotFound, StoreError, XiesouError
from search.json_form import to_builtins
from search.json_types import Error, ErrorAnswer
from search.model import Query
from web.params import read_typed

_MESSAGES = {
    400: ("bad_request", "请求无法识别。"),
    404: ("not_found", "没有这个页面。"),
    405: ("method_not_allowed", "这个地址不接受这种请求方法。"),
    413: ("too_large", "请求太大。"),
    414: ("too_large", "地址太长。"),
    500: ("internal_error", "服务器内部出错，已记入日志。"),
}


_STORE_MESSAGES = {
    "index_missing": "还没有索引，请先运行 xiesou index。",
    "index_outdated": "索引由别的版本或别的词典写成，请用 xiesou index --rebuild 重建。",
    "index_damaged": "索引已损坏，请用 xiesou index --rebuild 重建。",
}


def register_error_handlers(app: Flask) -> None:
    """Answer every error in the application's own words."""
    app.register_error_handler(XiesouError, _answer_xiesou)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_unexpected)


def _answer_xiesou(error: XiesouError) -> Response:
    if isinstance(error, QueryError):
        return answer(400, error.code, str(error), field=error.field)
    if isinstance(error, ReportNotFound):
        asked = (request.view_args or {}).get("report_id", "")
        return answer(404, error.code, f"没有编号为 {asked} 的报告。")
    if isinstance(error, StoreError):
        current_app.logger.error("%s", error)
        response = answer(
            503, error.code, f"{_STORE_MESSAGES.get(error.code, '索引暂时不能用。')}（{error}）"
        )
        response.headers["Retry-After"] = "10"
        return response
    return _answer_unexpected(error)


def _answer_http(error: HTTPException) -> Response:
    status = error.code or 500
    if 300 <= status < 400:
        return Response(status=status, headers=dict(error.get_headers()))
    code, message = _MESSAGES.get(status, ("error", f"请求未能完成（{status}）。"))
    response = answer(status, code, message)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _answer_unexpected(error: Exception) -> Response:
    current_app.logger.error("%s %s", request.method, request.path, exc_info=error)
    return answer(500, *_MESSAGES[500])


def answer(status: int, code: str, message: str, *, field: str | None = None) -> Response:
    """The error as JSON under /api, as a page elsewhere."""
    if request.path.startswith("/api/"):
        response = jsonify(to_builtins(ErrorAnswer(Error(code, message, field))))
    else:
        response = Response(
            render_template("error.html", status=status, message=message, query=Query(read_typed())),
            mimetype="text/html",
        )
    response.status_code = status
    return response
