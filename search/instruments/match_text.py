"""Where a pasted text comes from: the paragraphs that share most with it, and which words they share.

text -> pieces -> the paragraphs that have them, rare pieces first -> read -> blocks that both have -> share

A piece that was edited tells nothing, the others still do: a few changed words change nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import log

from search.answer.searcher import Searcher
from search.collection import Ref, StoredParagraph, Top
from search.errors import QueryError
from search.instruments.alignment import shared_blocks
from search.instruments.answers import MatchedParagraph, MatchTextAnswer
from search.instruments.matched import date_of, place_of, time_of
from search.instruments.sentences import pieces_of
from search.language.text import Normalized, normalize
from search.limits import UNLIMITED, Budget
from search.messages import answers as says
from search.model import Query

MOST_CHARS = 10_000
MOST_PARAGRAPHS = 50
LEAST_BLOCK = 4
_PER_PIECE = 200
_READ = 200


def match_text(
    searcher: Searcher,
    text: str,
    filters: Query = Query(),  # noqa: B008 -- frozen
    *,
    most: int = 20,
    budget: Budget = UNLIMITED,
) -> MatchTextAnswer:
    """The paragraphs that share most of `text`, the largest share first, then the oldest.

    Args:
        text: at most 10,000 characters.
        filters: a query whose filters hold; its text is not read.
        most: at most 50 paragraphs.

    Raises:
        QueryError: the text is too long.
        BudgetExceeded: it takes more than `budget`.
    """
    if len(text) > MOST_CHARS:
        raise QueryError(says.PASTED_TOO_LONG(length=len(text), most=MOST_CHARS), field="text")
    pieces = list(dict.fromkeys(pieces_of(text)))
    if not pieces:
        return MatchTextAnswer([])
    view, found = searcher.find_strings(pieces, filters, budget=budget, top=Top(_PER_PIECE))
    weights: defaultdict[Ref, float] = defaultdict(float)
    for piece, answer in zip(pieces, found, strict=True):
        weight = len(piece) / (1 + log(1 + answer.total))
        for place in answer.top:
            weights[place.ref] += weight
    best = sorted(weights, key=lambda ref: -weights[ref])[:_READ]
    normal = normalize(text)
    rows = [_compare(text, normal, paragraph) for paragraph in view.paragraphs(best)]
    rows.sort(key=lambda row: (-row[0].share, row[1]))
    return MatchTextAnswer([row for row, _ in rows[: min(most, MOST_PARAGRAPHS)] if row.share > 0])


def _compare(
    text: str, normal: Normalized, paragraph: StoredParagraph
) -> tuple[MatchedParagraph, tuple[object, ...]]:
    theirs = normalize(paragraph.text)
    blocks = shared_blocks(normal.text, theirs.text, least=LEAST_BLOCK)
    letters = sum(map(str.isalnum, normal.text))
    shared = sum(sum(map(str.isalnum, normal.text[b.a : b.a + b.length])) for b in blocks)
    report = paragraph.report
    row = MatchedParagraph(
        report.id,
        f"{report.id}-p{paragraph.n}",
        place_of(report),
        date_of(report),
        shared / letters if letters else 0.0,
        paragraph.text,
        _spans(theirs, [(b.b, b.b + b.length) for b in blocks]),
        _spans(normal, [(b.a, b.a + b.length) for b in blocks]),
    )
    return row, (time_of(report), report.id, paragraph.n)


def _spans(normal: Normalized, blocks: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Blocks of a normal form as spans of the text, touching ones put together."""
    merged: list[list[int]] = []
    for start, end in sorted(blocks):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([start, end])
    return [list(normal.to_original(start, end)) for start, end in merged]
