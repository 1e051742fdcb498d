"""How the application writes JSON: UTF-8 without escapes, keys in order, any text."""

from __future__ import annotations

import re
from typing import Any

from flask.json.provider import DefaultJSONProvider

_HALF_PAIR = re.compile("[\ud800-\udfff]")


class JsonAnswers(DefaultJSONProvider):
    """Escapes lone surrogates, which UTF-8 can't encode, so that clients get the text as it is."""

    ensure_ascii = False
    sort_keys = False

    def dumps(self, obj: Any, **options: Any) -> str:
        return _HALF_PAIR.sub(lambda half: f"\\u{ord(half[0]):04x}", super().dumps(obj, **options))
