"""Halves to paragraphs: what a page or column break cut in two, put together where the evidence is good.

Evidence, any one of: a word of the dictionary spans the seam (and the halves of it are no words, or the
sentence was visibly going on); the first half ends with a comma or a word that wants another; the second
begins with a mark or a word that wants one before; a quotation opened in the first closes at the start of the
second; a number runs on. Against it: a closed first half, or a second that begins as a heading, title,
greeting or new item does. Then, or in doubt, both stay as they are.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from indexer.model import SetAside
from indexer.structure import patterns
from indexer.structure.piece import Piece
from search.language.text.segment import HAN, ReferenceSegmenter
from search.messages import aside

WINDOW_CHARS = 8
HEADLINES_BETWEEN = 2
LONG_SENTENCE_CHARS = 60

_OPEN_MARK = "，、,“‘《（("
# fmt: off
_WANTS_ANOTHER = frozenset({
    "与", "和", "以", "的", "把", "将", "向", "从", "由", "被", "对", "在", "为", "于", "是", "并", "或",
    "而", "使", "让", "了", "以及", "并且", "通过", "围绕", "按照", "根据", "关于", "对于", "全面", "进一步",
    "不断", "切实", "大力", "着力", "我市", "我省", "我县", "我区", "我州",
})
_WANTS_BEFORE = frozenset({
    "的", "地", "得", "等", "左右", "和", "及", "以及", "以内", "之一", "之中", "者", "们",
})
_GOES_BEFORE = frozenset({"更", "更加", "较", "较为", "最"})
_FUNCTION_WORDS = frozenset({
    "关于", "对于", "由于", "至于", "在于", "位于", "基于", "用于", "等于", "为了", "因此", "所以", "其中",
    "并且", "以及", "其他", "同时", "此外",
})
# fmt: on
_STARTS_ANEW = re.compile(
    r"各位|同志们|一[是要方年]|[二三四五六七八九十][是要]|首先|其次|[（(][上下]?接|[—─-]{1,}|[-•●◆■▪]|□|过去[一的]年|回顾|展望|一年来|五年来"
)
_NEVER_BEGINS = re.compile(
    r"(?:建设|推进|兴起|明显|显著|提升|提高|增强|改善|发展|活动|工作|力度|行为|体系|水平|机制|制度|能力|环境)[，。；、,;]"
    r"|[0-9０-９]+(?:\.[0-9]+)?[户个家项条座所件]"
)
_ENDS_WITH_HEADING = re.compile(
    r"[。！？；](?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])[^。！？；]*$"
)
_ENDS_IN_PARTICLE = re.compile(
    r"(?:[是太已]|(?<![社大议])会|(?<![主重需首])要|(?<![智功职产])能(?![力源]))[^，。！？；：、]*[的了]$"
)
_CLOSING_MARK = "、，。；：？！”’》）】…％%,;:)]〉"
_NUMBER_GOES_ON = re.compile(r"[0-9０-９%％.．万亿元年月日个]")
_CUT_NUMBER = re.compile(r"(?<![。！？；”）0-9０-９])[0-9０-９]+$")
"""A number behind a closing mark is that of a footnote."""
_SENTENCE_END = re.compile(r"[。！？；;]")
_HAN_END = re.compile(rf"[{HAN}]{{1,{WINDOW_CHARS}}}$")
_HAN_START = re.compile(rf"[{HAN}]{{1,{WINDOW_CHARS}}}")
_PAIRS = (("“", "”"), ("《", "》"), ("（", "）"), ("(", ")"), ("‘", "’"))


def join_halves(pieces: Sequence[Piece]) -> tuple[list[Piece], list[SetAside]]:
    """The pieces with cut paragraphs joined, and the turn marks (下转第二版 …) that stood at the seams.

    A headline between two halves stays, after the joined paragraph.
    """
    waiting = list(pieces)
    done: list[Piece] = []
    marks: list[SetAside] = []
    at = 0
    while at < len(waiting):
        piece = waiting[at]
        if not _can_go_on(piece):
            done.append(piece)
            at += 1
            continue
        other = _second_half(piece, waiting, at)
        if other is None:
            done.append(piece)
            at += 1
            continue
        first, second = _without_turn_marks(piece, waiting[other], marks)
        waiting[other] = first.followed_by(second, joined=True)
        waiting[at : other + 1] = [waiting[other], *waiting[at + 1 : other]]
    return done, marks


def _can_go_on(piece: Piece) -> bool:
    if piece.hint is not None and piece.hint != "list":
        return False
    if patterns.turn_mark_at_end(piece.text) > 0:
        return True
    if piece.is_closed or len(piece.text) < 8:
        return False
    compact = piece.compact
    return not (
        patterns.is_session(compact)
        or patterns.is_date(compact)
        or patterns.is_speaker(compact)
        or patterns.is_title(compact)
        or patterns.is_source(compact)
        or patterns.is_table_row(piece.text)
    )


def _second_half(piece: Piece, pieces: Sequence[Piece], at: int) -> int | None:
    for distance in range(1, HEADLINES_BETWEEN + 2):
        other = at + distance
        if other >= len(pieces):
            return None
        candidate = pieces[other]
        if not _begins_anew(candidate):
            good = (
                goes_on(piece.text, candidate.text)
                if distance == 1
                else _surely_goes_on(piece.text, candidate.text)
            )
            return other if good or _turns(piece, candidate) else None
        if not _is_between(candidate):
            return None
    return None


def _turns(piece: Piece, candidate: Piece) -> bool:
    """Whether the paper itself says that the text goes on over the page."""
    if patterns.turn_mark_at_start(candidate.text) == 0:
        return False
    mark = patterns.turn_mark_at_end(piece.text)
    return mark > 0 and piece.text[:mark].rstrip()[-1:] not in "。！？；：”"


def _without_turn_marks(first: Piece, second: Piece, marks: list[SetAside]) -> tuple[Piece, Piece]:
    end = patterns.turn_mark_at_end(first.text)
    if end > 0:
        marks.append(SetAside(first.text[end:], first.lines[1], aside.TURN_MARK))
        first = replace(first, text=first.text[:end].rstrip())
    start = patterns.turn_mark_at_start(second.text)
    if 0 < start < len(second.text):
        marks.append(SetAside(second.text[:start], second.lines[0], aside.TURN_MARK))
        second = replace(second, text=second.text[start:].lstrip())
    return first, second


def _is_between(piece: Piece) -> bool:
    """Whether the piece can be a headline that was set between two halves."""
    compact = piece.compact
    return (
        patterns.is_headline(compact)
        and not patterns.number_level(piece.text)
        and not patterns.is_title(compact)
    )


def _begins_anew(piece: Piece) -> bool:
    text = piece.text
    if piece.hint is not None or text[0] == "|":
        return True
    if patterns.turn_mark_at_start(text):
        return False
    if _STARTS_ANEW.match(text) or patterns.number_level(text):
        return True
    if len(text) > 100:
        return patterns.is_news(text)
    compact = piece.compact
    return (
        (patterns.is_headline(compact) and "，" not in compact)
        or patterns.is_salutation(compact)
        or patterns.is_source(compact)
        or patterns.is_appendix_head(compact)
        or patterns.is_news(compact)
    )


def goes_on(first: str, second: str) -> bool:
    """Whether the text visibly runs from the end of one piece into the start of the next.

    Example:
        >>> goes_on("成绩显著。要推进城乡建", "设，补齐短板。"), goes_on("经济平稳较快增长", "财政收入增加。")
        (True, False)
    """
    if _surely_goes_on(first, second):
        return True
    if first[-1] in _OPEN_MARK:
        return True
    if "，" not in first and not _is_in_sentence(first):
        return False
    last = _last_words(first)
    if last and last[-1] in _WANTS_ANOTHER and not _may_end(first, last):
        return True
    if not _is_in_sentence(first) or _ENDS_WITH_HEADING.search(first):
        return False
    if _NEVER_BEGINS.match(second):
        return True
    return _first_word(second) in _WANTS_BEFORE or _spanning_word(first, second, compounds=True) != ""


def _may_end(text: str, last: Sequence[str]) -> bool:
    """Whether the last word, which mostly wants another, can end this sentence: 更加全面, 我们会这样做的."""
    if last[-1] in ("的", "了"):
        return _ENDS_IN_PARTICLE.search(text) is not None
    return len(last) > 1 and last[-2] in _GOES_BEFORE


def _is_in_sentence(text: str) -> bool:
    """Whether the text is no heading, left without a mark by right: it has sentences, or is a long one."""
    if _SENTENCE_END.search(text):
        return True
    return len(text) >= LONG_SENTENCE_CHARS and "，" in text and not patterns.number_level(text)


def _surely_goes_on(first: str, second: str) -> bool:
    """The evidence that stands even across a headline: a mark, a quotation, a number or a word that was
    cut."""
    if second[0] in _CLOSING_MARK or _closes_quotation(first, second):
        return True
    return _is_in_sentence(first) and surely_runs_over(first, second)


def surely_runs_over(first: str, second: str) -> bool:
    """Whether a word, a number or a mark was cut between two lines.

    Example:
        >>> surely_runs_over("面对复杂严峻的外", "部环境"), surely_runs_over("教育", "医疗")
        (True, False)
    """
    if second[0] in _CLOSING_MARK:
        return True
    if _CUT_NUMBER.search(first) and _NUMBER_GOES_ON.match(second):
        return True
    return _spanning_word(first, second, compounds=False) != ""


def _closes_quotation(first: str, second: str) -> bool:
    """Whether a quotation opened near the end of the first closes near the start of the second."""
    for opening, closing in _PAIRS:
        opened = first.rfind(opening, max(0, len(first) - 30))
        if opened >= 0 and first.find(closing, opened) < 0:
            closes = second.find(closing, 0, 30)
            if closes >= 0 and second.find(opening, 0, closes) < 0:
                return True
    return False


@lru_cache(maxsize=1)
def _load_cut() -> Callable[[str, bool], Sequence[str]]:
    """jieba's precise cut, with the plain dictionary and the same for every operator.

    rjieba's own instance serves: it is made with its package, and has no words but the dictionary's.
    """
    if importlib.util.find_spec("rjieba") is None:
        reference = ReferenceSegmenter({})
        return lambda run, _: reference.cut(run)
    import rjieba

    cut: Callable[[str, bool], Sequence[str]] = rjieba.cut
    return cut


def _cut(run: str) -> Sequence[str]:
    return _load_cut()(run, False)


def _last_words(text: str) -> Sequence[str]:
    found = _HAN_END.search(text[-WINDOW_CHARS:])
    return _cut(found.group()) if found else ()


def _first_word(text: str) -> str:
    found = _HAN_START.match(text)
    return _cut(found.group())[0] if found else ""


def _spanning_word(first: str, second: str, *, compounds: bool) -> str:
    """The dictionary word that stands on both sides of the seam, or "".

    Words whose two sides are words of their own (农业 | 科技) count only with `compounds`.
    """
    before, after = _HAN_END.search(first[-WINDOW_CHARS:]), _HAN_START.match(second)
    if before is None or after is None:
        return ""
    seam = len(before.group())
    position = 0
    for word in _cut(before.group() + after.group()):
        end = position + len(word)
        if position < seam < end:
            if word in _FUNCTION_WORDS:
                return ""
            left, right = word[: seam - position], word[seam - position :]
            whole = len(left) > 1 and len(right) > 1 and _is_word(left) and _is_word(right)
            return word if compounds or not whole else ""
        position = end
    return ""


def _is_word(text: str) -> bool:
    return len(_cut(text)) == 1
