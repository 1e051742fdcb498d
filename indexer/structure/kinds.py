"""What kind of text a draft is, by its signs: a report, or something about one that stands in a file of its own.

what it is called -> whom it speaks to -> who tells of it -> what else it is -> signs of a report. A report addresses
an assembly in the first person; news tells of it in the third. A text without any sign of a report is none.
"""

from __future__ import annotations

import re

from indexer.structure import patterns
from indexer.structure.genres import Genre

TITLE_PIECES = 4
LEAST_NARRATED = 2

_ALWAYS = (
    ("决议", re.compile(r"(?:的?决议|的决定|决议案)(?:[（(].{0,50}[）)])?$")),
    (
        "说明",
        re.compile(
            r"(?:的|起草|编制|情况|修改|草案[）)]?)说明(?:[（(].{0,12}[）)])?$|起草.{0,24}情况的(?:汇报|报告)$"
        ),
    ),
    (
        "其他",
        re.compile(
            r"审[查议](?:结果|情况|意见)?的?报告$|(?:议案|提案|资格|立案).{0,10}(?:审查|处理).{0,10}报告$|审查意见$"
            r"|(?:开幕|闭幕|主持)[词辞](?:[（(].{0,14}[）)])?$"
        ),
    ),
)
"""Whatever else such a text has: a drafting note greets the assembly, too."""
_OTHERWISE = (
    ("社论", re.compile(r"社论|评论员|短评|时评|快评|编者按|编后语?|[—－-]{1,2}.{0,20}论")),
    (
        "新闻",
        re.compile(
            r"关注两会|聚焦两会|两会[^，。]{0,4}[｜|·丨：:]|数字看|侧记|综述|特写|专访|访谈|答记者问|快讯|简讯|纪实|热议|花絮|连线|见闻|速览|速递|巡礼|掠影|反响"
            r"|[“\"]?数[”\"]?[读说]|[读看]懂|划重点|干货"
        ),
    ),
    (
        "其他",
        re.compile(
            r"(?:通知|公告|通告|公报|公示|意见|方案|办法|条例|规定|规则|细则|纲要|规划|讲话|致辞|致词|贺信|贺电|开幕[词辞]|闭幕[词辞]|"
            r"主持词|倡议书|答复|复函|的函|批复|提案|建议|议程|日程|名单|简介|名词解释|注释|解读|问答|图解|简报|纪要|要点|计划|总结|清单|"
            r"目录|汇编|须知|章程|指南|摘编|大事记|发言|心得|体会|手册|预案|责任书|合同|说明书|一览表|统计表|分工|任务分解|主持稿|"
            r"法|法典|的解释|悼词|唁电|[一公]?[封开]信|感谢信|慰问信|贺词|祝词|欢迎词|答谢词|演讲|寄语|倡议|邀请函|申请书|提纲|讲稿)"
            r"(?:[（(].{0,14}[）)]|全文)*$|百科|[（(](?:词语|词条|概念|术语|公文).{0,6}[）)]$"
        ),
    ),
)
_EXPLAINED = re.compile(r"解读|问答|图解|[“\"]?数[”\"]?[读说]|[读看]懂|划重点|干货|速览")
_REPORTS = re.compile(r"报告(?:政府)?工作|作(?:政府)?工作报告")
_EXPLAINS = re.compile(r"(?:作|做)(?:如下|以下|一|简要)?(?:的)?说明")
_DECIDES = re.compile(
    r"(?:作出?|特作|决定|决议)[^。]{0,20}(?:决定|决议)|(?:决定|决议)如下|会议决定[:：]|本决[定议]"
)
_HEADLINE_TELLS = re.compile(
    r"召开|举行|[开闭]幕(?![词辞])|讨论|审议|听取|征求|热议|解读|部署|传达|学习|贯彻|调研|亮点|关键词|来了|看点|聚焦|读懂|看懂|点赞|"
    r"出炉|数说|发布|全票|通过|作.{0,8}报告"
)
_LEMMA = re.compile(r"(?:中文名|外文名|词条|百科名片|发布机构|报告时间|报告人|发布单位)")
_DEFINES = re.compile(
    r"是[^。]{4,80}(?:所?作的|发布的)(?:政府)?[^。]{0,8}报告|是[^。]{2,60}(?:公文|文体|文书|文种)"
)
_IS_A_KIND = re.compile(r"是[^。]{2,40}(?:公文|文体|文种)")
_SPEAKS_OF = re.compile(
    r"(?:翻开|打开|细读|细看|细数|梳理|聆听|听完|通过学习|今年的?|这份|从)[^。，]{0,10}工作报告"
)


def kind_of(genre: Genre) -> str:
    """report, or one of the kinds of texts that are none."""
    stages = (
        _kind_by_its_name,
        _kind_by_its_address,
        _kind_by_what_tells_it,
        _kind_by_what_it_is,
    )
    said = next((kind for stage in stages if (kind := stage(genre))), "")
    if said:
        return said
    greets = genre.is_greeting and genre.title_at is None  # beneath a title, so does any speech
    signs = genre.is_titled or genre.has_session or greets or genre.has_parts
    return "report" if signs or genre.speaks_for_itself else "其他"


def _kind_by_its_name(genre: Genre) -> str:
    """What it is called, whatever else it has."""
    lines = [
        piece.compact for piece in genre.head[:TITLE_PIECES] if not patterns.opens_session(piece.compact)
    ]
    for kind, pattern in _ALWAYS:
        if any(pattern.search(line) for line in lines):
            return kind
    explains = _EXPLAINS.search(genre.opening[:400]) and not _REPORTS.search(genre.opening[:400])
    return "说明" if explains and not genre.has_title_of_report else ""


def _kind_by_its_address(genre: Genre) -> str:
    """A report by whom it speaks to, or by its title and length; what another session passed is none."""
    titled = genre.has_title_of_report
    if not genre.has_session and any(_IS_A_KIND.search(piece.compact[:200]) for piece in genre.body[:1]):
        return "其他"
    if genre.is_spoken or (genre.has_session and (genre.is_greeting or titled)):
        return "report"
    if titled and genre.speaks_at_length:
        return "report"
    if genre.was_passed and not titled:
        return "决议" if _DECIDES.search(genre.opening) else "其他"
    return ""


def _kind_by_what_tells_it(genre: Genre) -> str:
    """News and editorials by who tells of a report, and what is called something else."""
    titled, title = genre.has_title_of_report, genre.title
    called = [kind for kind, pattern in _OTHERWISE if pattern.search(title)]
    called = [] if patterns.names_report(title) and not _EXPLAINED.search(title) else called
    if "社论" in called or "新闻" in called:
        return called[0]
    tells = genre.narrated >= LEAST_NARRATED or (genre.narrated and _HEADLINE_TELLS.search(title))
    if genre.has_dateline or tells:
        return "新闻"
    if called:
        return called[0]
    return "新闻" if genre.narrated and not titled and not genre.has_session else ""


def _kind_by_what_it_is(genre: Genre) -> str:
    """Laws, talk of a report, entries of an encyclopedia, lists of reports."""
    speaks_of = any(_SPEAKS_OF.search(piece.compact) for piece in genre.body[:2])
    if (
        genre.is_law
        or (not genre.is_titled and speaks_of)
        or any(_LEMMA.match(piece.compact) for piece in genre.head)
        or any(_DEFINES.search(patterns.compacted(piece.text[:200])) for piece in genre.body[:1])
    ):
        return "其他"
    reports = {piece.compact for piece in genre.head if patterns.names_report(piece.compact)}
    return "其他" if not genre.body and len(reports) > 1 else ""
