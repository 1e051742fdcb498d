"""What kind of report a text is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.metadata.lines import HeadLine
from indexer.model import UNKNOWN, Value
from search.messages import metadata as says
from search.model import REPORT_TYPES

_TITLE_RULES = (
    ("计划报告", re.compile(r"社会发展(?!.{0,8}五年).{0,8}计划(?!纲要).{0,40}报告")),
    (
        "预算报告",
        re.compile(
            r"(?<!计划)(?:财政|[预决]算)(?!.{0,30}审计).{0,40}(?:[预决]算|收支).{0,30}报告|[预决]算(?!.{0,30}审计).{0,30}报告"
        ),
    ),
    ("政协提案工作报告", re.compile(r"提案.{0,12}(?:报告|解读)|提案工作(?:情况)?")),
    ("法院工作报告", re.compile(r"法院(?:的)?工作(?:的)?报告|法院(?:工作)?报告")),
    ("检察院工作报告", re.compile(r"检察院?(?:的)?工作(?:的)?报告")),
    ("政协常委会工作报告", re.compile(r"(?:政协|政治协商会议).{0,40}(?:工作(?:情况)?的?报告|工作报告)")),
    (
        "人大常委会工作报告",
        re.compile(r"(?:人大|人民代表大会).{0,6}(?:常委会|常务委员会).{0,6}(?:工作(?:情况)?的?)?报告"),
    ),
    ("政府工作报告", re.compile(r"政府.{0,8}(?:工作|施政).{0,8}报告")),
)
_OTHER_SUBJECT = re.compile(r"审计|关于(?!.{0,16}政府工作).{2,60}(?:情况|状况|进展|成效|实施|管理)的?报告")
"""A report of a government that is not the one on its work: on its audit, its environment, its debts."""
_OWN_WORK = re.compile(r"报告(?:政府)?工作(?!情况)|政府工作报告")
_COMMITTEE = re.compile(r"(?:常务委员会|常委会).{0,8}报告")
_SPEAKING = (
    ("政协提案工作报告", re.compile(r"报告.{0,20}提案(?:工作|办理)")),
    (
        "政府工作报告",
        re.compile(
            r"(?:(?<!人民)代表|受).{0,20}(?:人民政府|国务院|市政府|省政府|人民委员会|革命委员会).{0,60}(?:报告|审议)"
        ),
    ),
    (
        "政协常委会工作报告",
        re.compile(
            r"(?:(?<!人民)代表|受).{0,30}(?:政协|政治协商会议).{0,40}(?:常务委员会|常委会|委托).{0,40}(?:报告|审议)"
        ),
    ),
    (
        "人大常委会工作报告",
        re.compile(
            r"(?:(?<!人民)代表|受)[^向，,]{0,20}(?:人大|人民代表大会)(?:常委会|常务委员会).{0,40}(?:报告|审议)"
        ),
    ),
    ("法院工作报告", re.compile(r"(?<!人民)代表.{0,20}法院.{0,40}报告")),
    ("检察院工作报告", re.compile(r"(?<!人民)代表.{0,20}检察院.{0,40}报告")),
)
_SPEAKER = re.compile(
    r"(?:代理?)?(?:市长|省长|州长|盟长|县长|区长|总理|人民政府主席|自治区主席|自治区代主席)[^、，。]{0,8}$"
)
_ASSEMBLIES = (
    ("政协常委会工作报告", re.compile("政协|政治协商会议")),
    ("人大常委会工作报告", re.compile("人大|人民代表大会")),
)
_OF_GOVERNMENT = "政府工作报告"
_REPORTISH = re.compile(r"报告|讲话|解读")


def type_of_title(title: Value) -> Value:
    """The type that a title states, by the title's own evidence."""
    found = _named_by(_TITLE_RULES, str(title.value))
    return Value(found, title.evidence) if found else UNKNOWN


def read_type(kind: str, head: Sequence[HeadLine], file_name: str = "", *, stated: Value = UNKNOWN) -> Value:
    """The type by title, else by what the speaker says, else by the speaker's office, else by the file name.

    Args:
        kind: the Draft's; 新闻, 社论 and 其他 are their own types.
        head: the report's first lines.
        file_name: "" where it is hidden.
        stated: the type of the title that a table or front matter states; it goes before the file's name.
    """
    if kind in REPORT_TYPES:
        first = head[0] if head else None
        return first.value(kind) if first else Value(kind, says.FROM_STRUCTURE())
    top = [line for line in head if line.zone == "顶"]
    titles = [line for line in top if line.kind == "title"] or [
        line for line in top if _REPORTISH.search(line.text)
    ]
    found = _by_title(titles, head)
    if found is None:
        found = _by_words(head, top, of_its_work=not _has_another_subject(titles))
    if found is not None:
        return found
    if stated.value is not None:
        return stated
    named = _named_by(_TITLE_RULES, file_name)
    return Value(named, says.FROM_FILE_NAME(text=file_name)) if named else UNKNOWN


def _named_by(rules: Sequence[tuple[str, re.Pattern[str]]], text: str) -> str | None:
    return next((name for name, pattern in rules if pattern.search(text)), None)


def _by_title(titles: Sequence[HeadLine], head: Sequence[HeadLine]) -> Value | None:
    """The type that one of the title's lines names, or all together."""
    for line in titles:
        if name := _named_by(_TITLE_RULES, line.text):
            return line.value(name)
    if name := _named_by(_TITLE_RULES, "".join(line.text for line in titles)):
        return titles[0].value(name)
    committee = next((line for line in titles if _COMMITTEE.search(line.text)), None)
    if committee is None:
        return None
    around = "".join(each.text for each in head)
    name = _named_by(_ASSEMBLIES, around)
    return committee.value(name) if name else None


def _has_another_subject(titles: Sequence[HeadLine]) -> bool:
    joined = "".join(line.text for line in titles)
    return any(_OTHER_SUBJECT.search(text) for text in (joined, *(line.text for line in titles)))


def _by_words(head: Sequence[HeadLine], top: Sequence[HeadLine], *, of_its_work: bool) -> Value | None:
    """The type by what the speaker says, else by the office.

    Args:
        of_its_work: whether a government may be taken to report on its work, though it doesn't say so.
    """
    for line in head:
        name = _named_by(_SPEAKING, line.text)
        if name and (of_its_work or name != _OF_GOVERNMENT or _OWN_WORK.search(line.text)):
            return line.value(name)
    offices = (line for line in top if len(line.text) <= 30 and _SPEAKER.search(line.text))
    office = next(offices, None) if of_its_work else None
    return None if office is None else office.value(_OF_GOVERNMENT)
