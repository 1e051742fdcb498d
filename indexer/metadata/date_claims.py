"""Dates near the top and at the end of a report, and what each of them dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.metadata.dates import FoundDate, find_dates, find_years
from indexer.metadata.lines import HeadLine
from search.messages import Message
from search.messages import metadata as says

_NOT_SESSION = re.compile(
    r"就职|任职|上任|出生|生于|当选|参加工作|入党|备注|编者|修订|印发|征求意见|根据|决议|讨论稿|送审稿|选举产生|以来|召开的|举行的|审议通过|(?:常务委员会|常委会|主席会议).{0,12}通过"
)
_IN_SESSION = re.compile(
    r"(?:[上下]午)?[,，]?在?[^。,，]{0,40}(?:会议上(?!所|作出|提|通过|确定|强调)|会议(?:隆重|胜利)?(?:开幕|召开|举行))"
)
_PUBLICATION = re.compile(
    r"发布|发表|来源|时间[::]|日期[::]|更新|点击|浏览|字体|编辑|记者|日报|晚报|新华社|https?:|打印|刊登|阅读|访问|信息|网站|政府网"
)
_SESSION = re.compile(r"会议|大会|人大|政协|届")


@dataclass(frozen=True, slots=True)
class DateClaim:
    """A date and what it dates: 会议 (the session), 署日 (a date standing alone), 发布 (publication)."""

    date: FoundDate
    kind: str
    evidence: Message


def claims_of_date(lines: Sequence[HeadLine]) -> list[DateClaim]:
    """The dates near the top and at the end, the session's first."""
    claims: list[tuple[int, DateClaim]] = []
    for at, line in enumerate(lines):
        follow = lines[at + 1].text if at + 1 < len(lines) else ""
        if len(line.text) > 200 and line.zone != "顶":
            continue
        for found in find_dates(line.text):
            claim = _classify(found, line, follow)
            if claim is not None:
                claims.append(claim)
        if line.zone == "顶" and not find_dates(line.text):
            years = find_years(line.text)
            if len(years) == 1 and _IN_SESSION.match(line.text[years[0].span[1] :]):
                claims.append((1, DateClaim(years[0], "会议", line.evidence)))
    return [claim for _, claim in sorted(claims, key=lambda each: each[0])]


def _classify(found: FoundDate, line: HeadLine, follow: str) -> tuple[int, DateClaim] | None:
    start, end = found.span
    near = line.text[max(0, start - 12) : end + 40]
    if _NOT_SESSION.search(near):
        return None
    evidence = line.evidence
    rest = line.text[:start] + line.text[end:]
    if _PUBLICATION.search(line.text[max(0, start - 20) : end + 20]):
        return 5, DateClaim(found, "发布", says.PUBLICATION_DATE(evidence=evidence))
    after = line.text[end : end + 60].split("。")[0]
    if line.zone == "顶" and _SESSION.search(after):
        return 0, DateClaim(found, "会议", evidence)
    if line.zone == "开场" and start < 30 and _IN_SESSION.match(after):
        return 2, DateClaim(found, "会议", evidence)
    if len(rest.strip("—-()（）[]【】:：,，、")) <= 14:
        if line.zone == "顶":
            return (0 if _SESSION.match(follow) else 1), DateClaim(found, "署日", evidence)
        if line.zone == "尾":
            return 4, DateClaim(found, "发布", says.AT_THE_END(evidence=evidence))
    if line.zone == "顶" and _SESSION.search(rest):
        return 2, DateClaim(found, "会议", evidence)
    return None
