"""How the application writes JSON: readable UTF-8, keys in the order given, any text whatever."""

from __future__ import annotations

import re
from typing import Any

from flask.json.provider import DefaultJSONProvider

_HALF_PAIR = re.compile("[\ud800-\udfff]")


class JsonAnswers(DefaultJSONProvider):
    """Half a surrogate pair, which UTF-8 can't hold, is written as its escape: readers get what the text has."""

    ensure_ascii = False
    sort_keys = False

    def dumps(self, obj: Any, **options: Any) -> str:
        return _HALF_PAIR.sub(lambda half: f"\\u{ord(half[0]):04x}", super().dumps(obj, **options))
