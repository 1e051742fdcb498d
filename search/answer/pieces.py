"""Chunks that are found nowhere as they were typed, in pieces: places, years and types glued to an end, joining words.

苏州数字经济 -> 苏州 | 数字经济        2023年政府工作报告 -> 2023年 | 政府工作报告
教育和医疗   -> 教育 | 医疗           哪些城市提到了新质生产力 -> 新质生产力
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from search.language.query.tree import Chunk
from search.language.text import Analyzer, Token, normalize

LONGEST = 24
"""Longer chunks are pasted text and are left whole."""

_JOINING = frozenset(["的", "和", "与", "及", "以及", "或", "或者", "暨", "、", ",", "/", "了"])
_ASKING_WORDS = """
什么 哪 哪些 哪个 哪里 哪儿 哪一 谁 何时 何地 为何 为什么 如何 怎么 怎样 怎么样 怎么办 多少 多久 吗 呢 吧 请问 是否
有没有 提到 提及 提出 指 意思 含义 关于 有关 情况 问题 做法 经验 措施 进展 有 是
"""
_ASKING = frozenset(_ASKING_WORDS.split())
_SAYING_NOTHING = _JOINING | _ASKING
_ASKED = frozenset(["城市", "省份", "地方", "地区", "省", "市", "县", "年", "年份", "报告"])
"""What is asked for behind 哪些, 哪个."""
_WHICH = frozenset(["哪", "哪些", "哪个", "哪一", "什么", "多少", "有"])
_SAYS = re.compile(r"\w")
_SEPARATING = re.compile(r"[\s?!.。；;:]")


def cut_ends(chunk: Chunk, analyzer: Analyzer, has_role: Callable[[str], bool]) -> tuple[Chunk, ...]:
    """A chunk with the places, years and types at its ends as chunks of their own; () if there are none.

    Args:
        has_role: whether a piece of the text names a place that is known, or a year or type that is held.
    """
    tokens = analyzer.query_tokens(chunk.text)
    if len(tokens) < 2 or tokens[-1].start + tokens[-1].length > LONGEST:
        return ()
    form = "".join([token.term for token in tokens])
    borders = [*(token.start for token in tokens), len(form)]
    first, last = 0, len(borders) - 1
    cuts = {0, len(form)}
    while first < last:
        end = next(
            (at for at in range(last, first, -1) if has_role(form[borders[first] : borders[at]])), None
        )
        if end is None:
            break
        first = end
        cuts.add(borders[first])
    while first < last:
        start = next((at for at in range(first, last) if has_role(form[borders[at] : borders[last]])), None)
        if start is None:
            break
        last = start
        cuts.add(borders[last])
    places = sorted(cuts)
    return _chunks(chunk, list(pairwise(places))) if len(places) > 2 else ()


def split_words(chunk: Chunk, analyzer: Analyzer) -> tuple[Chunk, ...]:
    """A chunk without joining and asking words, split where they stood; () if it has none or nothing else."""
    tokens = analyzer.query_tokens(chunk.text)
    if len(tokens) < 2 or tokens[-1].start + tokens[-1].length > LONGEST:
        return ()
    runs: list[list[Token]] = [[]]
    before = ""
    for token in tokens:
        if _is_joining(token.term, before):
            runs.append([])
        else:
            runs[-1].append(token)
        before = token.term
    spans = [(run[0].start, run[-1].start + run[-1].length) for run in runs if run]
    whole = (0, tokens[-1].start + tokens[-1].length)
    return () if not spans or spans == [whole] else _chunks(chunk, spans)


def only_asks(chunk: Chunk, analyzer: Analyzer) -> bool:
    """Whether a chunk has nothing but joining and asking words."""
    before = ""
    for token in analyzer.query_tokens(chunk.text):
        if not _is_joining(token.term, before):
            return False
        before = token.term
    return True


def _is_joining(term: str, before: str) -> bool:
    return (
        term in _SAYING_NOTHING
        or (term in _ASKED and before in _WHICH)
        or (not term.isalpha() and _SEPARATING.match(term) is not None)
    )


def _chunks(chunk: Chunk, spans: Sequence[tuple[int, int]]) -> tuple[Chunk, ...]:
    """The pieces of a chunk at places of its normal form; nothing but marks is no piece."""
    normal = normalize(chunk.text)
    pieces = [chunk.text[slice(*normal.to_original(*span))] for span in spans]
    return tuple(Chunk(piece, chunk.span) for piece in pieces if _SAYS.search(piece))
