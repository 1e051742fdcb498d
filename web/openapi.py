"""The API as an OpenAPI 3.1 document: /api/v1/openapi.json, and /api to read.

Paths, parameters and answers come from what the views declare (`web.operations`), schemas from the types of the
values that are sent (`search.json_types`), so the document can't promise what the code doesn't do.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from flask import Blueprint, Flask, current_app, render_template

from search import __version__
from search.json_types import ErrorAnswer
from search.model import Query
from web import urls
from web.api_parameters import ALL_CHOICES, LANGUAGE, Parameter, Schema
from web.i18n import phrase, translate
from web.operations import Operation, list_operations

api_docs = Blueprint("api_docs", __name__)

DESCRIPTION = phrase(
    "Everything is GET (a long text may be posted) and needs no key. Text is UTF-8; spans count code points from 0 and "
    "are half open. "
    "How things are counted is in docs/counting.md, the query language in docs/query-language.md."
)
_REFERENCE = "#/components/schemas/{name}"
_RETRY_AFTER = {
    "Retry-After": {
        "description": phrase("Seconds until it is worth asking again"),
        "schema": {"type": "integer", "minimum": 1},
    },
}


@api_docs.get("/api")
def reference() -> str:
    """The description of the API as a page."""
    api = describe_api(current_app, urls.server_url())
    return render_template("api.html", api=in_words(api), query=Query())


def describe_api(app: Flask, server_url: str) -> Schema:
    """The OpenAPI document of an application.

    Args:
        server_url: where the paths begin, without a slash at the end.
    """
    operations = list_operations(app)
    parameters: dict[str, Parameter] = {
        parameter.key: parameter for found in operations.values() for parameter in parameters_of(found)
    }
    answers = [found.answer for found in operations.values()]
    paths = {path: _path_item(path, found) for path, found in operations.items()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Xiesou API",
            "version": __version__,
            "summary": phrase("Full-text search of Chinese municipal CPPCC and government work reports"),
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server_url}],
        "paths": paths,
        "components": {
            "schemas": derive_schemas(ErrorAnswer, *answers),
            "parameters": {key: parameter.to_openapi() for key, parameter in parameters.items()},
        },
    }


def parameters_of(operation: Operation) -> tuple[Parameter, ...]:
    """Those of the operation, and the language that every answer can be in."""
    return (*operation.parameters, LANGUAGE)


def in_words(described: Schema) -> Schema:
    """The document with what it says to people in the language of the request."""
    return {name: _in_words(name, part) for name, part in described.items()}


def _in_words(name: str, part: Any) -> Any:
    if isinstance(part, dict):
        return in_words(part)
    if isinstance(part, list):
        return [_in_words("", one) for one in part]
    return translate(part) if part and name in ("summary", "description") and isinstance(part, str) else part


@cache
def derive_schemas(*types: Any) -> dict[str, Schema]:
    """Schema name -> schema, of these types, all that they refer to, and the choices of parameters."""
    _, schemas = msgspec.json.schema_components(types, ref_template=_REFERENCE)
    choices = {choice.name: choice.to_openapi() for choice in ALL_CHOICES}
    return choices | {name: _for_generators(schemas[name]) for name in sorted(schemas)}


def _for_generators(schema: Any) -> Any:
    """The schema in the form that client generators take.

    An enum says its type, or refers to the choices of a parameter if it has the same values. A title that repeats the
    name is left out: some generators name a class by it a second time.
    """
    if isinstance(schema, list):
        return [_for_generators(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: _for_generators(value)
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str))
    }
    if "enum" in kept:
        named = next((one.name for one in ALL_CHOICES if set(one.names) == set(kept["enum"])), None)
        kept = {"$ref": _REFERENCE.format(name=named)} if named else {"type": "string", **kept}
    return kept


def _path_item(path: str, operation: Operation) -> Schema:
    get = _describe_operation(path, operation)
    item = {"get": get, "head": _without_body(get)}
    if operation.form:
        item["post"] = _with_form(get, operation)
    return item


def _with_form(get: Schema, operation: Operation) -> Schema:
    """The same with some parameters as the fields of a form."""
    fields = {one.name: one.schema for one in operation.form}
    keys = {f"#/components/parameters/{one.key}" for one in operation.form}
    schema = {"type": "object", "properties": fields, "required": list(fields)}
    return {
        **get,
        "operationId": f"{operation.name}Post",
        "parameters": [one for one in get["parameters"] if one["$ref"] not in keys],
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": schema}},
        },
        "responses": {**get["responses"], "413": _too_large(get)},
    }


def _too_large(get: Schema) -> Schema:
    return {"description": phrase("The form is too large"), "content": get["responses"]["400"]["content"]}


def _describe_operation(path: str, operation: Operation) -> Schema:
    is_api = path.startswith("/api/")
    error = _content("application/json", ErrorAnswer) if is_api else _content("text/html", str)
    responses: Schema = {
        "200": {"description": phrase("Found"), "content": _content(operation.media_type, operation.answer)},
        "304": {"description": phrase("The same as If-None-Match names")},
        "400": {"description": phrase("A parameter can't be read; field names it"), "content": error},
    }
    if is_api:
        responses["403"] = {
            "description": phrase("This site is not on the list of allowed ones"),
            "content": error,
        }
    if operation.can_miss:
        responses["404"] = {"description": phrase("There is no such report"), "content": error}
    responses["422"] = {
        "description": phrase("It takes more than one question may; the message says what to ask for less"),
        "content": error,
    }
    if is_api:
        responses["429"] = {
            "description": phrase("Too many requests from this site"),
            "headers": _RETRY_AFTER,
            "content": error,
        }
    responses["503"] = {
        "description": phrase("The index can't be used for now"),
        "headers": _RETRY_AFTER,
        "content": error,
    }
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": ["api" if is_api else "files"],
        "parameters": [{"$ref": f"#/components/parameters/{one.key}"} for one in parameters_of(operation)],
        "responses": responses,
    }


@cache
def _content(media_type: str, answer: Any) -> Schema:
    (schema,), _ = msgspec.json.schema_components([answer], ref_template=_REFERENCE)
    return {media_type: {"schema": schema}}


def _without_body(operation: Schema) -> Schema:
    responses = {
        status: {name: value for name, value in answer.items() if name != "content"}
        for status, answer in operation["responses"].items()
    }
    return {**operation, "operationId": f"{operation['operationId']}Head", "responses": responses}
