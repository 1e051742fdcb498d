"""What a view function declares about itself, so that the API's description is read from the code that answers.

A JSON operation returns a value of `search.json_types`; its return annotation is the schema of the answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar, get_type_hints

from flask import Flask, Response, jsonify

from search.json_form import to_builtins
from web.api_parameters import Parameter

P = ParamSpec("P")
V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API.

    Args:
        name: the operationId, an ASCII identifier in camelCase.
        answer: the type of what is sent.
        can_miss: whether it answers 404 for an id that doesn't exist.
        form: parameters that may come as the fields of a form that is posted, being too long for an address.
    """

    name: str
    summary: str
    parameters: tuple[Parameter, ...]
    answer: Any
    media_type: str = "application/json"
    can_miss: bool = False
    form: tuple[Parameter, ...] = ()


def json_operation(
    summary: str,
    parameters: Sequence[Parameter] = (),
    *,
    can_miss: bool = False,
    form: Sequence[Parameter] = (),
) -> Callable[[Callable[P, object]], Callable[P, Response]]:
    """Send the value that the view returns as JSON, and describe it by the view's return annotation."""

    def decorate(view: Callable[P, object]) -> Callable[P, Response]:
        @wraps(view)
        def send(*args: P.args, **kwargs: P.kwargs) -> Response:
            return jsonify(to_builtins(view(*args, **kwargs)))

        answer = get_type_hints(view)["return"]
        operation = Operation(
            _camel_case(view), summary, tuple(parameters), answer, can_miss=can_miss, form=tuple(form)
        )
        _describe(send, operation)
        return send

    return decorate


def file_operation(
    summary: str, parameters: Sequence[Parameter], media_type: str, *, answer: Any = str
) -> Callable[[V], V]:
    """Describe a view that sends a file; `answer` is the type of what is in it."""

    def decorate(view: V) -> V:
        _describe(view, Operation(_camel_case(view), summary, tuple(parameters), answer, media_type))
        return view

    return decorate


def list_operations(app: Flask) -> dict[str, Operation]:
    """Path template -> operation, for every route whose view is described."""
    found = {}
    for rule in app.url_map.iter_rules():
        operation = getattr(app.view_functions[rule.endpoint], "operation", None)
        if operation is not None:
            found[_template(rule.rule)] = operation
    return found


def _describe(view: Callable[..., Any], operation: Operation) -> None:
    view.operation = operation  # type: ignore[attr-defined]


def _template(rule: str) -> str:
    """Flask's spelling of a path -> OpenAPI's.

    Example:
        >>> _template("/api/v1/reports/<path:report_id>")
        '/api/v1/reports/{id}'
    """
    return re.sub(r"<(?:\w+:)?(?:\w+_)?(\w+)>", r"{\1}", rule)


def _camel_case(view: Callable[..., Any]) -> str:
    first, *others = view.__name__.split("_")
    return first + "".join(word.capitalize() for word in others)
