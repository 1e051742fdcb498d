"""The pages' modules -> the one script that browsers get: each request costs more than each module.

Our own modules only: they import names from beside them, in one line, and export functions and constants.
"""

from __future__ import annotations

import re
from pathlib import Path

_IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "\./([\w-]+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:(?:async )?function|const|class) (\w+))", re.MULTILINE)


def join_modules(folder: Path, main: str) -> str:
    """A module and all that it imports as one, each in a scope of its own, in the order in which they would run."""
    joined: dict[str, str] = {}

    def add(module: str) -> None:
        if module in joined:
            return
        source = (folder / f"{module}.js").read_text("utf-8")
        for _, other in _IMPORT.findall(source):
            add(other)
        body = _IMPORT.sub(lambda found: f"const {{ {found[1]} }} = {_scope(found[2])};", source)
        exported = ", ".join(_EXPORT.findall(body))
        joined[module] = (
            f"const {_scope(module)} = (() => {{\n{_EXPORT.sub('', body)}return {{ {exported} }};\n}})();\n"
        )

    add(main)
    return "".join(joined.values())


def _scope(module: str) -> str:
    return "$" + module.replace("-", "_")
