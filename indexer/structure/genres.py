"""The signs by which a text is told to be a report or something else: how it is titled, what it says first, who speaks.

Each is found when it is asked for; `kinds` decides by them.
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
LONG_CHARS = 1_000
LEAST_CHARS_WITHOUT_SIGNS = 300
LEAST_OWN_WORDS = 3
LEAST_ARTICLES = 3

_ADDRESS = re.compile(
    r"(?:我|现在|下面|谨)[，,]?(?:谨|受权|受命)?(?:代表|受)[^。]{2,80}?(?:报告|汇报|审议)"
    r"|受[^。，]{2,40}委托[，,](?:我|现|谨|向|就)[^。]{0,60}(?:报告|审议)"
    r"|现[将就把][^。]{2,80}(?:报告如下|汇报如下|请?予?以?审议|提请[^。]{0,12}审[议查])"
    r"|请(?:予以?|大会|各位(?:代表|委员|同志)?(?:予以?)?)(?:一并)?审[议查]"
    r"|向(?:大会|各位|本次)[^。]{0,16}(?:报告|汇报)[^。]{0,20}工作"
)
_GREETS = re.compile(r".{0,12}(?:各位|诸位|全体)(?:代表|委员|同志|领导)|(?:同志|委员|代表)们[：:，,！]")
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
