"""What the searcher is told about how a query was read: one notice a kind, at its first place."""

from __future__ import annotations

from search.model import Notice, Span

MESSAGES = {
    "mixed_quotes": "引号前后不一，已看作一对。",
    "unbalanced_quote": "引号没有成对，已按普通文字查找。",
    "unbalanced_parenthesis": "括号没有成对，已按普通文字查找。",
    "literal_parenthesis": "括号紧挨着文字，已按普通文字查找；要分组，请在括号外侧加空格。",
    "lone_sign": "单独的符号没有可作用的词，已略去。",
    "literal_minus": "减号没有用作排除，已按普通文字查找。",
    "literal_star": "“*”只能放在字母或数字之后（如 GD*），已按普通文字查找。",
    "literal_operator": "运算词（AND、OR、NOT）缺少前面或后面的词，已按普通文字查找。",
    "literal_word": "运算词要大写、前后留空格（AND、OR、NOT），已按普通文字查找。",
    "literal_dash": "要表示不含，请写减号（-）或 NOT；这里的符号已按普通文字查找。",
    "literal_tilde": '“~”和数字要紧跟在引号后面（如 "产业 转型"~10），已按普通文字查找。',
    "unknown_field": "没有这个字段，冒号已按普通文字查找；可用的有 city、year、type、title 等。",
    "list_end": "逗号后面有空格，列出的值到此为止；几个值之间不要留空格。",
    "empty_field": "冒号后面没有可用的值，已按普通文字查找。",
    "empty_quotes": "引号里没有文字，已略去。",
    "empty_group": "括号里没有可查的词，已略去。",
    "single_near": "“~”用于引号里空格分开的两段以上文字；这里只有一段，已按精确查找。",
    "reversed_years": "年份区间前后颠倒，已对调。",
    "invisible": "只有看不见的字符，已略去。",
    "invalid_character": "有无法识别的字符，已用 � 代替。",
}
"""A notice's code to what people read."""


class Notices:
    """Collects notices while a query is read."""

    def __init__(self) -> None:
        self._found: list[tuple[int, str]] = []

    def add(self, code: str, position: int) -> None:
        self._found.append((position, code))

    def replace(self, code: str, span: Span) -> None:
        """Add `code` at the start of `span` in place of all that was found within it."""
        self._found = [found for found in self._found if not span[0] <= found[0] < span[1]]
        self.add(code, span[0])

    def in_order(self) -> tuple[Notice, ...]:
        """One notice for each code, by place; the message says how often where that is more than once."""
        first: dict[str, int] = {}
        times: dict[str, int] = {}
        for position, code in sorted(self._found):
            first.setdefault(code, position)
            times[code] = times.get(code, 0) + 1
        return tuple(
            Notice(code, MESSAGES[code] + (f"（共 {times[code]} 处）" if times[code] > 1 else ""), position)
            for code, position in first.items()
        )
