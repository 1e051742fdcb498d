"""The tables of docs/query-language.md, as rows: what the page, the command line and the API are held to."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def rows_of(page: str, header: str) -> list[tuple[str, ...]]:
    """The rows of every table of a page with this header, code marks and escaped bars undone."""
    rows: list[tuple[str, ...]] = []
    inside = False
    for line in (DOCS / page).read_text(encoding="utf-8").splitlines():
        if line == header:
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("|---"):
            cells = re.split(r"(?<!\\)\|", line)[1:-1]
            rows.append(
                tuple(cell.strip().removeprefix("`").removesuffix("`").replace("\\|", "|") for cell in cells)
            )
    return rows


EXAMPLES = rows_of("query-language.md", "| 写法 | 读作 | 树 | 提示 |")
REFUSALS = rows_of("query-language.md", "| 写法 | 位置 | 报错 | 怎么办 |")
