"""What the index says of how a value was found, and why a text was set aside -> the language of the page.

The index keeps evidence in Chinese and most reasons in English; what is quoted from the source stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from web.i18n import CHINESE, Piece, current_language, phrase, translate

_LABELS = (
    (re.compile(r"第([0-9]+)行："), "Line {0}: "),
    (re.compile(r"标题："), "Title: "),
    (re.compile(r"文件名："), "File name: "),
    (re.compile(r"正文："), "Text: "),
    (re.compile(r"字段 ([^：]+)："), "Field {0}: "),
    (re.compile(r"仅有发布日期："), "Only a date of publication: "),
    (re.compile(r"同一文件的另一篇报告（"), "Another report of the same file ("),
    (re.compile(r"按结构判断$"), "From its structure"),
    (re.compile(r"多次提到所属的"), "often names places that belong to it: "),
    (re.compile(r"我国，而非我省或我市$"), "says 我国, not 我省 or 我市"),
)
"""What evidence may begin with; what follows is looked at again, and what is no label is quoted."""
_ENDS = (
    (re.compile(r"（发布日期）$"), " (date of publication)"),
    (re.compile(r"（文末）$"), " (at the end)"),
    (re.compile(r"（会议在([0-9]+)年([0-9]+)月）$"), " (the session was in month {1} of {0})"),
)
_TABLE = re.compile(r"([^：]+ 第[0-9、]+行)：")
_MANY_TIMES = re.compile(r"“([^”]*)”([0-9]+)次，如“(.*)”")
_BETWEEN = re.compile(r"；(?=第[0-9]+行：|标题：|文件名：)")

_REASONS = {
    "page furniture": phrase("版面杂项"),
    "page number": phrase("页码"),
    "page path": phrase("页面路径"),
    "page buttons": phrase("页面按钮"),
    "font size buttons": phrase("字号按钮"),
    "reading count": phrase("阅读次数"),
    "next and previous page": phrase("上一篇、下一篇"),
    "editor": phrase("编辑署名"),
    "page note": phrase("页面说明"),
    "page header": phrase("页头"),
    "page footer": phrase("页脚"),
    "page title": phrase("网页标题"),
    "index of links": phrase("链接目录"),
    "list of links": phrase("链接列表"),
    "navigation": phrase("导航"),
    "sidebar": phrase("侧栏"),
    "running header": phrase("页眉"),
    "running footer": phrase("页底"),
    "turn mark": phrase("转版提示"),
    "Markdown mark": phrase("Markdown 标记"),
    "HTML comment": phrase("HTML 注释"),
    "control characters": phrase("控制字符"),
    "front matter": phrase("文件头字段"),
    "deleted text": phrase("已删除的文字"),
    "hidden text": phrase("隐藏的文字"),
    "placeholder": phrase("占位文字"),
    "ruby": phrase("注音"),
    "table of contents": phrase("目录"),
    "symbol of a font": phrase("字体符号"),
    "copy for older programs": phrase("给旧版软件的副本"),
    "building block": phrase("文档部件"),
    "automatic number": phrase("自动编号"),
    "mark of a note": phrase("注释标号"),
    "separator of notes": phrase("注释分隔线"),
    "author of a comment or change": phrase("批注或修订的作者"),
    "description of a picture": phrase("图片说明文字"),
    "source of a formula": phrase("公式源码"),
    "unknown part": phrase("不认识的部分"),
    "page outside of the book's order": phrase("不在阅读顺序里的页"),
    "part that nothing refers to": phrase("没有引用的部分"),
    "field instruction": phrase("域代码"),
    "text outside of paragraphs": phrase("段落以外的文字"),
    "script": phrase("脚本"),
    "noscript": phrase("脚本替代内容"),
    "style": phrase("样式"),
    "template": phrase("网页模板"),
    "frame": phrase("内嵌框"),
    "form": phrase("表单"),
    "HTML tag": phrase("HTML 标签"),
    "related links": phrase("相关链接"),
}
_REPEATED = phrase("重复的段落")


def say_reason(reason: str) -> str:
    """Why a text was set aside; a reason without a name here is said as the index has it."""
    chinese = _REASONS.get(reason)
    if chinese is None:
        return translate(reason)
    return chinese if current_language() == CHINESE else translate(chinese)


def say_evidence(evidence: str) -> tuple[Piece, ...]:
    """What a value was read from, its label in the language of the page, what is quoted as it stands.

    Example: 第2行：——2020年1月8日在 … becomes `Line 2: ` and the words quoted.
    """
    if current_language() == CHINESE:
        return (Piece(evidence, is_source=True),)
    return tuple(_say_all(evidence))


def _say_all(evidence: str) -> list[Piece]:
    parts = [tuple(_say(part)) for part in _BETWEEN.split(evidence)]
    pieces = list(parts[0])
    for part in parts[1:]:
        pieces += [Piece("; ", is_source=False), *part]
    return pieces


_PROBLEMS = (
    (
        re.compile(r"(?P<what>地点|年份|日期)不一致：采用(.*?)（(.*)），不采用(.*?)（(.*)）"),
        ("Conflicting {what}s: taken is ", " (", "), not ", " (", ")"),
    ),
    (
        re.compile(r"日期与内容不一致：(.*?)（(.*)），而内容像(.*?)年（(.*)）"),
        ("Date and text conflict: ", " (", "), while the text is like that of ", " (", ")"),
    ),
)
_WHAT = {"地点": "place", "年份": "year", "日期": "date"}


def say_problem(problem: str) -> tuple[Piece, ...]:
    """A contradiction in the source and what was taken, in the language of the page; what is quoted as it stands."""
    if current_language() == CHINESE:
        return (Piece(problem, is_source=True),)
    for pattern, said in _PROBLEMS:
        if found := pattern.fullmatch(problem):
            what = _WHAT.get(found.groupdict().get("what", ""), "")
            value, basis, other, other_basis = found.groups()[-4:]
            groups = ((_say_value(value), _say_all(basis)), (_say_value(other), _say_all(other_basis)))
            pieces: list[Piece] = []
            texts = iter(said)
            for group in (part for pair in groups for part in pair):
                pieces += [Piece(next(texts).format(what=what), is_source=False), *group]
            return (*pieces, Piece(next(texts), is_source=False))
    return (Piece(problem, is_source=True),)


def _say_value(value: str) -> list[Piece]:
    return [Piece(value, is_source=not value.isascii())]


def _say(evidence: str) -> Iterator[Piece]:
    for label, english in _LABELS:
        if found := label.match(evidence):
            yield Piece(english.format(*found.groups()), is_source=False)
            rest = evidence[found.end() :]
            if english.endswith("("):
                yield from _say(rest.removesuffix("）"))
                yield Piece(")", is_source=False)
            elif rest:
                yield from _say(rest)
            return
    if found := _TABLE.match(evidence):
        tables = re.sub(
            r" 第([0-9、]+)行、?", lambda line: f" line {line[1].replace('、', ', ')}, ", found[1]
        )
        yield Piece(f"{tables.rstrip(', ')}: ", is_source=False)
        yield Piece(evidence[found.end() :], is_source=True)
        return
    if found := _MANY_TIMES.fullmatch(evidence):
        yield Piece(found[1], is_source=True)
        yield Piece(f", {found[2]} times, as in “", is_source=False)
        yield Piece(found[3], is_source=True)
        yield Piece("”", is_source=False)
        return
    for end, english in _ENDS:
        if found := end.search(evidence):
            yield Piece(evidence[: found.start()], is_source=True)
            yield Piece(english.format(*found.groups()), is_source=False)
            return
    yield Piece(evidence, is_source=True)
