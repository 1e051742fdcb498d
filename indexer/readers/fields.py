"""The names under which files state metadata: columns of a table, keys of front matter and of JSON objects.

One place for the English and the Chinese names. What a value means and whether it is valid is for
`indexer.metadata` to say.
"""

from __future__ import annotations

import re

TEXT = "text"

_NAMES = {
    "id": "id 编号 序号",
    "title": "title 标题 题目 名称 报告标题 题名 篇名 报告名称",
    "text": "text full_text fulltext content body 正文 全文 内容",
    "city": "city place 城市 地点 地区 市 城市名称 城市名 地市 地级市 所在城市 地区名称 市州",
    "province": "province 省 省份 省份名称 所在省份 所属省份 省级 省市",
    "year": "year 年份 年度 年 报告年份 报告年度 所属年份",
    "review_year": "review_year 回顾年份",
    "plan_year": "plan_year 工作年度 工作年份 计划年份",
    "date": "date 日期 报告日期 会议日期",
    "type": "type 类型 种类 报告类型",
    "source": "source 来源 数据来源 文章来源",
    "url": "url source_url link 网址 链接 原文链接 来源链接 网页链接",
    "published": "published publish_date pub_date 发布日期 发布时间",
    "session": "session 届次 会议届次",
    "speaker": "speaker 报告人",
    "file": "file file_name filename 文件名 文件名称",
}
_BY_NAME = {name: field for field, names in _NAMES.items() for name in names.split()}

_LIKE = (
    (TEXT, "全文|正文|内容|文本|段落|句子|paragraph|sentence|full.?text|content|body"),
    ("published", "发布|刊登|上传|publish"),
    ("date", "日期|date"),
    ("year", "年份|年度|year"),
    ("province", "省|province"),
    ("city", "城市|地市|市名|市州|地名|地区|地点|城区|city|place|region"),
    ("title", "标题|题目|题名|篇名|title|headline"),
    ("type", "类型|类别|种类|type"),
    ("url", "网址|链接|url|link"),
)
_MEANINGLESS = frozenset(
    [
        "是否待查文件",
        "是否重复文件",
        "文件大小",
        "simhash",
        "最长段落长度",
        "段落数",
        "去重段落数",
        "低质量段落数",
        "扩展字段",
        "时间",
        "行号",
        "md5",
    ]
)


def field_for(name: str) -> str | None:
    """The field that a column or key names, or None for an unknown one.

    Example:
        >>> field_for(" Full_Text "), field_for("城市"), field_for("meta.year"), field_for("colour")
        ('text', 'city', 'year', None)
    """
    plain = re.sub(r"[(（\[【].*", "", name.strip().strip("\ufeff").lower()).strip()
    plain = plain.replace(" ", "_").replace("-", "_")
    return _BY_NAME.get(plain) or _BY_NAME.get(last_key(name).lower())


def last_key(name: str) -> str:
    """The last key of a path in JSON: 段落[].内容 -> 内容."""
    return name.rsplit(".", 1)[-1].replace("[]", "")


def field_like(name: str) -> str | None:
    """The field that a name without a place in the list seems to mean: 工作报告（全文本） is text; None if unknown."""
    plain = name.lower()
    return next((field for field, words in _LIKE if re.search(words, plain)), None)


def is_meaningless(name: str) -> bool:
    """Whether a column is known to say nothing of a report: counts and digests of public text collections."""
    return last_key(name).lower() in _MEANINGLESS


def known_names() -> str:
    """The English names, for a hint."""
    return ", ".join(_NAMES)
