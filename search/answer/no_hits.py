"""Why nothing was found: how the query was read, what occurs in no paragraph, and what would find something."""

from __future__ import annotations

import re
from typing import Literal

from search.answer.failed_query import FailedQuery, Totals
from search.answer.query_words import clipped, clipped_reading, shown_values
from search.answer.ways_out import WaysOut
from search.language.query import Chunk, InField, Near, Node, ParsedQuery, Values, YearRange
from search.language.query.describe import describe, name_field
from search.language.text import Analyzer
from search.messages import Message
from search.messages import answers as says
from search.model import Explanation, Query, filters_of

MOST_WAYS = 8
_LATIN = re.compile(r"[A-Za-zÀ-ɏ\s\"“”'’&.,/-]*")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]{4}")
"""GDP and 5G stand in Chinese texts too."""


def explain_nothing(
    parsed: ParsedQuery, query: Query, count: Totals, analyzer: Analyzer, paragraphs: int
) -> Explanation:
    """Why `query` finds nothing, which it does.

    Args:
        paragraphs: how many the collection has.
    """
    if not paragraphs:
        return Explanation("empty_collection", (says.EMPTY_COLLECTION(),))
    failed = FailedQuery(parsed.tree, query, count, analyzer, paragraphs)
    ways = WaysOut(failed).find()
    filters = [way for way in ways if way.code in ("drop_filter", "drop_filters")]
    sentences = [_read_as(parsed.tree, query), *_reasons(failed)]
    if len(sentences) == 1 and not filters:
        sentences.append(says.ONLY_APART() if len(failed.parts) > 1 else says.NOTHING_MATCHES())
    if _LATIN.fullmatch(query.text) and _LATIN_WORD.search(query.text):
        sentences.append(says.SEARCH_IN_CHINESE())
    sentences += [says.WAY_FINDS(way=way.text, n=way.total) for way in ways]
    code: Literal["missing_word", "filters", "combination"] = "combination"
    if failed.missing or filters:
        code = "missing_word" if failed.missing else "filters"
    return Explanation(code, tuple(sentences), failed.missing, tuple(ways[:MOST_WAYS]))


def _reasons(failed: FailedQuery) -> list[Message]:
    """What is in the way."""
    said = []
    if failed.missing:
        said.append(says.WORDS_MISSING(words=list(map(clipped, failed.missing))))
    for part in failed.lost:
        reading = clipped_reading(part)
        if isinstance(part, (Values, YearRange)):
            said.append(says.NO_REPORT_MATCHES(part=reading))
        elif failed.missing_of(part):
            continue
        elif isinstance(part, Chunk):
            said.append(says.WORDS_APART(part=reading))
        elif len(failed.parts) > 1 or isinstance(part, (InField, Near)):
            said.append(says.PART_MATCHES_NOTHING(part=reading))
    return said


def _read_as(tree: Node, query: Query) -> Message:
    """How the query was read, and what it is limited to."""
    conditions = [
        says.CONDITION(field=name_field(name), values=shown_values(query, name)) for name in filters_of(query)
    ]
    reading = describe(tree)
    return (
        says.READ_AS_LIMITED(reading=reading, conditions=conditions)
        if conditions
        else says.READ_AS(reading=reading)
    )
