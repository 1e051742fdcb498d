"""What kind of text a draft is: a report, or something about one that stands in a file of its own.

title -> what only other texts are called; opening -> whom it speaks to; first paragraphs -> who speaks. A report
addresses an assembly in the first person; news tells of it in the third. A text without any sign of a report is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from indexer.structure import patterns
from indexer.structure.piece import Piece

HEAD_PIECES = 14
BODY_PIECES = 4
BODY_CHARS = 30
TITLE_PIECES = 4
LONG_CHARS = 1_000
LEAST_CHARS_WITHOUT_SIGNS = 300
LEAST_OWN_WORDS = 3
LEAST_NARRATED = 2
LEAST_ARTICLES = 3

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
_ADDRESS = re.compile(
    r"(?:我|现在|下面|谨)[，,]?(?:谨|受权|受命)?(?:代表|受)[^。]{2,80}?(?:报告|汇报|审议)"
    r"|受[^。，]{2,40}委托[，,](?:我|现|谨|向|就)[^。]{0,60}(?:报告|审议)"
    r"|现[将就把][^。]{2,80}(?:报告如下|汇报如下|请?予?以?审议|提请[^。]{0,12}审[议查])"
    r"|请(?:予以?|大会|各位(?:代表|委员|同志)?(?:予以?)?)(?:一并)?审[议查]"
    r"|向(?:大会|各位|本次)[^。]{0,16}(?:报告|汇报)[^。]{0,20}工作"
)
_GREETS = re.compile(r".{0,12}(?:各位|诸位|全体)(?:代表|委员|同志|领导)|(?:同志|委员|代表)们[：:，,！]")
_EXPLAINED = re.compile(r"解读|问答|图解|[“\"]?数[”\"]?[读说]|[读看]懂|划重点|干货|速览")
_REPORTS = re.compile(r"报告(?:政府)?工作|作(?:政府)?工作报告")
_EXPLAINS = re.compile(r"(?:作|做)(?:如下|以下|一|简要)?(?:的)?说明")
_NARRATES = re.compile(
    r"(?<!工作)(?<!经济)会议(?:强调|指出|认为|听取|审议|要求|决定|传达|研究|讨论|原则通过|由)"
    r"|[他她](?:说|表示|认为|告诉)|接受[^。，]{0,8}采访|今[天日](?:上午|下午)?[开闭]幕"
    r"|记者(?:从|在|了解|获悉|日前|近日)|据(?:悉|介绍|了解|报道)|本报记者|[（(]记者"
    r"|(?:\d{1,2}月\d{1,2}日|今天|昨天|昨日|今日|近日|日前|当天|当日)(?:上午|下午|晚)?[，,][^。]{0,70}"
    r"(?:召开|举行|开幕|闭幕|主持|出席|讨论|审议|参加|发布|听取|会见|调研)"
    r"|(?<![工所])作了?《?[^。我]{0,12}报告|(?:代表|委员|市长|省长|主任|书记|院长|教授|专家)[^。，我们]{1,12}(?:说|表示|认为|告诉记者)"
    r"|报告(?:指出|提出|强调|回顾了|全面总结|总结了|认为|显示|明确)"
)
_PASSED = re.compile(r"(?:会议)?(?:通过|修[正订]|公布|批准)[）)]*$")
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
_BYLINE = re.compile(r"(?:[一-龥]{2,10}[报台网])?(?:全媒体)?(?:见习)?记者[^。，]{2,20}")
_OWN = re.compile(r"[我全][省市县区州盟旗]|[省市县区州]委|自治[区州]党委")
_YEARLY = re.compile(r"[今去明]年|[一五这]年|[12]\d{3}年|[二一][〇零○九][〇零○一二三四五六七八九]{2}年")
_ARTICLE = re.compile(r"第[一二三四五六七八九十百零〇\d]{1,5}条")
_PUBLISHED = re.compile(
    r"原标题|原题|作者[:：丨]|网友|小编|消费者报|消息[，,]|[^，。]{2,8}[报网](?:讯|消息)|图源|版权所有|发布|通告|预警|监测|纪律审查"
)
_PARTS = re.compile(
    r"回顾|工作安排|主要任务|重点任务|工作总结|目标任务|总体要求|执行情况|主要工作|工作思路|工作部署|工作打算"
)


@dataclass(frozen=True)
class Genre:
    """The signs of a draft.

    Args:
        pieces: in the order of the text.
        titles: the indexes of those that are its title, as boundaries saw them.
        stated: the document's fields, where a table or front matter names title or type.
        name: the document's name.
    """

    pieces: Sequence[Piece]
    titles: frozenset[int]
    stated: Mapping[str, str]
    name: str

    @cached_property
    def body(self) -> list[Piece]:
        """The first paragraphs that are text."""
        found = [piece for piece in self.pieces[: 3 * HEAD_PIECES] if _is_text(piece)]
        return found[:BODY_PIECES]

    @cached_property
    def head(self) -> list[Piece]:
        """The short lines above them."""
        found: list[Piece] = []
        for piece in self.pieces[:HEAD_PIECES]:
            if _is_text(piece):
                break
            found.append(piece)
        return found

    @cached_property
    def title_at(self) -> int | None:
        """The piece that is the title, or may be: the first line that is none of the particulars."""
        if self.titles:
            return min(self.titles)
        for at, piece in enumerate(self.head):
            compact = piece.compact
            if (
                piece.is_short
                and len(compact) >= 2
                and not (
                    patterns.is_source(compact)
                    or patterns.is_date(compact)
                    or patterns.is_salutation(compact)
                    or patterns.is_chrome(compact)
                    or patterns.opens_session(compact)
                )
            ):
                return at
        return None

    @cached_property
    def has_title_of_report(self) -> bool:
        """Whether its title, or the line that may be one, is what a report is called."""
        at = self.titles or ({self.title_at} if self.title_at is not None else set())
        return any(patterns.names_report(self.pieces[index].compact) for index in at)

    @property
    def title(self) -> str:
        """The title in compact text, with the lines right below that may go on with it; "" where there is none."""
        return "" if self.title_at is None else self.pieces[self.title_at].compact

    @cached_property
    def opening(self) -> str:
        """What is said first, in compact text."""
        texts = [piece.text[:400] for piece in self.pieces[: HEAD_PIECES + BODY_PIECES]]
        return patterns.compacted("\n".join(texts))

    @cached_property
    def is_spoken(self) -> bool:
        """Whether it reports to an assembly in the first person."""
        return _ADDRESS.search(self.opening) is not None

    @cached_property
    def is_greeting(self) -> bool:
        """Whether it greets an assembly."""
        short = any(
            piece.is_short and patterns.is_salutation(piece.compact) for piece in self.pieces[:HEAD_PIECES]
        )
        return short or any(
            _GREETS.match(patterns.compacted(piece.text[:60])) for piece in (self.body or self.pieces)[:2]
        )

    @cached_property
    def has_session(self) -> bool:
        """Whether a line of its own names the session that it reports to, not the one that passed or heard it."""
        lines = [piece.compact for piece in self.head if _is_session(piece)]
        return any(not _PASSED.search(line) and not line.endswith("发言") for line in lines)

    @cached_property
    def was_passed(self) -> bool:
        """Whether a line of its own names the session that passed it: a law, a resolution."""
        return any(_is_session(piece) and _PASSED.search(piece.compact) for piece in self.head)

    @cached_property
    def narrated(self) -> int:
        """How many sentences of the first paragraphs tell of a meeting from outside."""
        text = patterns.compacted("".join(piece.text[:600] for piece in self.body))
        return len(set(_NARRATES.findall(text))) if text else 0

    @cached_property
    def has_dateline(self) -> bool:
        """Whether an agency, a paper or a reporter tells it."""
        if any(piece.is_short and _BYLINE.fullmatch(piece.compact) for piece in self.head):
            return True
        return any(patterns.is_news(piece.text) for piece in self.pieces[: HEAD_PIECES // 2])

    @cached_property
    def is_titled(self) -> bool:
        """Whether it is called a report by itself, by its table, or by its file's name."""
        stated = patterns.compacted(self.stated.get("title", "") + "\n" + self.stated.get("type", ""))
        name = re.sub(r"\.\w{2,5}$", "", self.name.rsplit("/", 1)[-1].partition("#")[0])
        named = any(patterns.names_report(each) for each in (*stated.split("\n"), patterns.compacted(name)))
        return named or any(piece.is_short and patterns.names_report(piece.compact) for piece in self.head)

    @cached_property
    def has_parts(self) -> bool:
        """Whether a heading names one of the great parts of a report."""
        return any(
            len(piece.text) <= 40 and _PARTS.search(piece.compact) and patterns.number_level(piece.text)
            for piece in self.pieces[:200]
        )

    @cached_property
    def speaks_for_itself(self) -> bool:
        """Whether the text speaks of its own place and of years: a report whose head is lost.

        Of a few sentences nobody can tell.
        """
        text = patterns.compacted("".join(piece.text for piece in self.pieces[:200]))[:6_000]
        if len(text) < LEAST_CHARS_WITHOUT_SIGNS or _PUBLISHED.search(text[:400]) or not _YEARLY.search(text):
            return False
        return len(_OWN.findall(text)) >= LEAST_OWN_WORDS

    @cached_property
    def is_law(self) -> bool:
        """Whether it is in articles, as laws and rules are."""
        return sum(_ARTICLE.match(piece.text) is not None for piece in self.pieces[:60]) >= LEAST_ARTICLES

    @property
    def speaks_at_length(self) -> bool:
        """Whether a long text speaks of its own place again and again: a report, or all that it says."""
        return sum(len(piece.text) for piece in self.pieces) >= LONG_CHARS and self.speaks_for_itself

    def kind(self) -> str:
        """report, or one of the kinds of texts that are none."""
        lines = [
            piece.compact for piece in self.head[:TITLE_PIECES] if not patterns.opens_session(piece.compact)
        ]
        for kind, pattern in _ALWAYS:
            if any(pattern.search(line) for line in lines):
                return kind
        explains = _EXPLAINS.search(self.opening[:400]) and not _REPORTS.search(self.opening[:400])
        if explains and not self.has_title_of_report:
            return "说明"
        titled, title = self.has_title_of_report, self.title
        if not self.has_session and any(_IS_A_KIND.search(piece.compact[:200]) for piece in self.body[:1]):
            return "其他"
        if self.is_spoken or (self.has_session and (self.is_greeting or titled)):
            return "report"
        if titled and self.speaks_at_length:
            return "report"
        if self.was_passed and not titled:
            return "决议" if _DECIDES.search(self.opening) else "其他"
        called = [kind for kind, pattern in _OTHERWISE if pattern.search(title)]
        called = [] if patterns.names_report(title) and not _EXPLAINED.search(title) else called
        if "社论" in called or "新闻" in called:
            return called[0]
        if (
            self.has_dateline
            or self.narrated >= LEAST_NARRATED
            or (self.narrated and _HEADLINE_TELLS.search(title))
        ):
            return "新闻"
        if called:
            return called[0]
        if self.narrated and not titled and not self.has_session:
            return "新闻"
        if (
            self.is_law
            or (not self.is_titled and any(_SPEAKS_OF.search(piece.compact) for piece in self.body[:2]))
            or any(_LEMMA.match(piece.compact) for piece in self.head)
            or any(_DEFINES.search(patterns.compacted(piece.text[:200])) for piece in self.body[:1])
        ):
            return "其他"
        if (
            not self.body
            and len({piece.compact for piece in self.head if patterns.names_report(piece.compact)}) > 1
        ):
            return "其他"
        greets = self.is_greeting and self.title_at is None  # beneath a title, so does any speech
        signs = self.is_titled or self.has_session or greets or self.has_parts
        return "report" if signs or self.speaks_for_itself else "其他"


def _is_session(piece: Piece) -> bool:
    compact = piece.compact
    return piece.is_short and patterns.is_session(compact) and patterns.opens_session(compact)


def _is_text(piece: Piece) -> bool:
    text = piece.text
    return (
        len(text) >= BODY_CHARS
        and (any(mark in text for mark in "。；") or not piece.is_short)
        and not (piece.is_short and (patterns.is_title(piece.compact) or patterns.is_session(piece.compact)))
    )
