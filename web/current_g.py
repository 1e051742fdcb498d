"""Flask's `g` and request themselves: a page looks at them hundreds of times, and a proxy costs more than the look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Request, g, request

current_g: Callable[[], Any] = g._get_current_object  # documented by Werkzeug, for `LocalProxy`
"""What holds the values of the request that is being answered; `getattr(current_g(), name, None)` looks at one."""
current_request: Callable[[], Request] = request._get_current_object  # type: ignore[attr-defined]  # as above
"""The request that is being answered."""
