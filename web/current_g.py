"""Flask's `g` itself: a page looks at it hundreds of times, and its proxy costs more than the look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g

current_g: Callable[[], Any] = g._get_current_object  # documented by Werkzeug, for `LocalProxy`
"""What holds the values of the request that is being answered; `getattr(current_g(), name, None)` looks at one."""
