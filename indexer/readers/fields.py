"""The names under which files state metadata: columns of a table, keys of front matter.

One place for the English and the Chinese names. What a value means and whether it is valid is for
`indexer.metadata` to say.
"""

from __future__ import annotations

TEXT = "text"

_NAMES = {
    "id": "id 编号 序号",
    "title": "title 标题 题目 名称",
    "text": "text full_text fulltext content body 正文 全文 内容",
    "city": "city place 城市 地点 地区 市",
    "province": "province 省 省份",
    "year": "year 年份 年度 年",
    "review_year": "review_year 回顾年份",
    "date": "date 日期",
    "type": "type 类型 种类",
    "source": "source 来源",
    "url": "url source_url link 网址 链接",
    "published": "published publish_date pub_date 发布日期 发布时间",
    "session": "session 届次",
    "speaker": "speaker 报告人",
}
_BY_NAME = {name: field for field, names in _NAMES.items() for name in names.split()}


def field_for(name: str) -> str | None:
    """The field that a column or key names, or None for an unknown one.

    Example:
        >>> field_for(" Full_Text "), field_for("城市"), field_for("colour")
        ('text', 'city', None)
    """
    return _BY_NAME.get(name.strip().strip("\ufeff").lower().replace(" ", "_").replace("-", "_"))


def known_names() -> str:
    """The English names, for a hint."""
    return ", ".join(_NAMES)
