"""What the frame says, in the language that its host chose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_CHINESE = {
    "html_lang": "zh-Hans",
    "title": "检索报告",
    "box": "检索词",
    "go": "检索",
    "hint": "词语、“整句”、-排除",
    "city": "城市",
    "year": "年份",
    "type": "类型",
    "province": "省份",
    "reading": "读作：",
    "found": "段",
    "from": " · 来自 {} 份报告",
    "drop": "去掉",
    "none": "没有找到。换一个说法，或去掉一些条件再试。",
    "open": "打开原文",
    "previous": "上一页",
    "next": "下一页",
    "page": "第 {} / {} 页",
    "pages": "翻页",
    "full": "在协搜中打开",
    "chosen": "已选，再点取消",
    "filters": "筛选",
    "by_year": "逐年",
    "measures": {"count": "次数", "paragraphs": "段数", "rate": "每万字次数", "share": "占报告比例"},
    "hatched": "斜线：那一年没有收录报告。空白：收录了，没有提到。",
    "stop": "。",
    "source": "来源：",
    "counted": "协搜，{} 段，在收录的 {} 份报告里",
    "refused": "检索服务没有允许 {} 嵌入这个页面。",
    "refused_hint": "请这项服务的管理员把它加入名单：",
}
_ENGLISH = {
    "html_lang": "en",
    "title": "Search reports",
    "box": "Search terms",
    "go": "Search",
    "hint": "words, “a phrase”, -without",
    "city": "City",
    "year": "Year",
    "type": "Type",
    "province": "Province",
    "reading": "Read as: ",
    "found": "paragraphs",
    "from": " from {} reports",
    "drop": "Remove",
    "none": "Nothing found. Try other words or fewer filters.",
    "open": "Open in report",
    "previous": "Previous",
    "next": "Next",
    "page": "Page {} of {}",
    "pages": "Pages",
    "full": "Open in Xiesou",
    "chosen": "chosen; again to drop it",
    "filters": "Filters",
    "by_year": "by year",
    "measures": {
        "count": "occurrences",
        "paragraphs": "paragraphs",
        "rate": "per 10,000 characters",
        "share": "share of reports",
    },
    "hatched": "Hatched: no report held of that year. Blank: held, not mentioned.",
    "stop": ". ",
    "source": "Source: ",
    "counted": "Xiesou, {} paragraphs in the {} reports held",
    "refused": "The search service does not allow {} to embed this page.",
    "refused_hint": "Its operator can add it to the list:",
}


def words_of(lang: str) -> Mapping[str, Any]:
    """The words of a language of `embed_options.LANGUAGES`."""
    return _ENGLISH if lang == "en" else _CHINESE
