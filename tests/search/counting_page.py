"""The table of docs/counting.md, as rows."""

from __future__ import annotations

from tests.search.language_page import rows_of

EXAMPLES = rows_of("counting.md", "| 检索 | 一段文字 | 档 | 处 |")
