"""Plans as queries of a cluster. What it can't tell exactly comes as a list of ids; see `verified`.

A query both matches and scores: it scores by `term` clauses on fields of words, everything else is a filter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, combinations
from typing import Any, TypeAlias

from search.collection import Choice, Value
from search.language import plan as p
from search.language.plan.needles import string_text
from search.language.text import Token
from search.language.text.phrases import SENTENCE_ENDS, is_ideograph
from search.opensearch.encoding import BEGIN, END, escape, place_tokens, string_tokens, term_token
from search.opensearch.mapping import CHARS, LINE_GAP, UNQUOTED, WORDS

Query: TypeAlias = dict[str, Any]
Ids: TypeAlias = Mapping[p.Plan, Sequence[str]]
"""Of leaves that a cluster can't match exactly: the paragraphs that match beside those that it is sure of."""

NUMBERS = frozenset(("year", "plan_year"))
MOST_ABOVE = 3
"""Words of a sentence that may stand above it instead; for more, texts are looked at.

A query names each choice of such words, and a cluster takes 1,024 clauses unless it is told otherwise.
"""
NOTHING: Query = {"match_none": {}}
ALL: Query = {"constant_score": {"filter": {"match_all": {}}, "boost": 0.0}}
_ATOM_BEGIN = re.compile("[a-z0-9][a-z0-9.]*")


def query_of(plan: p.Plan, ids: Ids) -> Query:
    """The query of a plan."""
    if isinstance(plan, p.Every):
        return {"bool": {"must": [query_of(part, ids) for part in plan.parts]}} if plan.parts else NOTHING
    if isinstance(plan, p.Either):
        return any_of([query_of(part, ids) for part in plan.parts])
    if isinstance(plan, p.Without):
        return without(query_of(plan.wanted, ids), query_of(plan.unwanted, ids))
    if isinstance(plan, p.Favoured):
        return {"bool": {"must": [query_of(plan.wanted, ids)], "should": [query_of(plan.bonus, ids)]}}
    if isinstance(plan, p.Tiered):
        first, second = query_of(plan.first, ids), query_of(plan.second, ids)
        return any_of([first, without(second, first)])
    if isinstance(plan, p.Term):
        return term_query(plan.field, plan.text, plan.boost)
    if isinstance(plan, (p.String, p.Phrase, p.Above, p.Within)):
        return {"bool": {"filter": [_match(plan, ids)], "should": _words_of(plan)}}
    return {"bool": {"filter": [_match(plan, ids)]}}


def any_of(queries: Sequence[Query]) -> Query:
    """What any of the queries matches, scored by all that do."""
    return {"bool": {"should": list(queries), "minimum_should_match": 1}} if queries else NOTHING


def without(wanted: Query, unwanted: Query) -> Query:
    """What one matches and the other doesn't, scored by the first."""
    return {"bool": {"must": [wanted], "must_not": [unwanted]}}


def term_query(field: str, term: str, boost: float = 1.0) -> Query:
    """The paragraphs with a term, scored by what it is worth there."""
    return {"term": {WORDS[field]: {"value": term_token(term), "boost": boost}}}


def _words_of(plan: p.String | p.Phrase | p.Above | p.Within) -> list[Query]:
    if isinstance(plan, p.Within):
        parts = [(token, part.boost) for part in plan.strings for token in part.tokens]
        return [term_query("text", token.term, boost) for token, boost in parts]
    field = plan.field if isinstance(plan, p.Above) else "text"
    return [term_query(field, token.term, plan.boost) for token in plan.tokens]


# Leaves, without a score


def _match(plan: p.Plan, ids: Ids) -> Query:
    if plan in ids:
        known = {"ids": {"values": list(ids[plan])}}
        return any_of([sure(plan), known]) if isinstance(plan, p.Phrase) else known
    return sure(plan)


def sure(plan: p.Plan) -> Query:
    """What certainly matches a leaf; all that does, where `is_verified` says that it needs no look at texts."""
    if isinstance(plan, (p.String, p.Phrase)):
        return phrase_query("chars", string_tokens(token.term for token in plan.tokens))
    if isinstance(plan, p.Above):
        return _above(plan)
    if isinstance(plan, p.Within):
        return near("chars", [string_text(of.tokens) for of in plan.strings], plan.distance)
    if isinstance(plan, p.SameSentence):
        return _same_sentence(plan)
    if isinstance(plan, p.Starting):
        return {"prefix": {CHARS[plan.field]: plan.prefix}}
    return _condition(plan)


def is_verified(plan: p.Plan) -> bool:
    """Whether a leaf needs a look at texts, since a cluster can't tell all that it matches."""
    if isinstance(plan, p.Phrase):
        return len(string_tokens(token.term for token in plan.tokens).split(" ")) > 1
    if isinstance(plan, p.Starting):
        return bool(plan.before) or not _ATOM_BEGIN.fullmatch(plan.prefix)
    if isinstance(plan, p.Above):
        return plan.open_from is not None
    if isinstance(plan, p.SameSentence):
        strings = (string_text(string) for word in plan.words for string in word.strings)
        return (
            any(not SENTENCE_ENDS.isdisjoint(text) for text in strings)
            or sum(bool(word.above) for word in plan.words) > MOST_ABOVE
        )
    return False


def phrase_query(field: str, tokens: str) -> Query:
    """The paragraphs with these tokens at their distances; scored by how often."""
    return {"match_phrase": {field: tokens}}


def _above(plan: p.Above) -> Query:
    field = (UNQUOTED if plan.aside else CHARS)[plan.field]
    if plan.near:
        return near(field, plan.near, min(plan.distance, LINE_GAP // 2))
    tokens = place_tokens(plan.text)
    return phrase_query(field, f"{BEGIN} {tokens} {END}" if plan.is_whole else tokens)


def near(field: str, strings: Iterable[str], distance: int) -> Query:
    """The paragraphs in which one window has all the strings and at most `distance` characters more.

    A string that is named twice may stand there once, and gives its room: a cluster would look for two of it.
    """
    strings = tuple(strings)
    distinct = tuple(dict.fromkeys(strings))
    distance += sum(map(len, strings)) - sum(map(len, distinct))
    if len(distinct) == 1:
        return phrase_query(field, place_tokens(distinct[0]))
    parts = [_interval(place_tokens(text)) for text in distinct]
    return {"intervals": {field: {"all_of": {"intervals": parts, "max_gaps": distance, "mode": "unordered"}}}}


def _interval(tokens: str, field: str | None = None) -> Query:
    used = {} if field is None else {"use_field": field}
    return {"match": {"query": tokens, "max_gaps": 0, "mode": "ordered", **used}}


def _word(strings: Sequence[Sequence[Token]]) -> Query:
    """Where a word of a sentence stands; a single character only where it is a word of the cut."""
    found = []
    for string in strings:
        text = string_text(string)
        found.append(_interval(place_tokens(text), "singles" if is_ideograph(text) else None))
    return found[0] if len(found) == 1 else {"any_of": {"intervals": found}}


def _same_sentence(plan: p.SameSentence) -> Query:
    """Any choice of words that stand above, with the others in one sentence."""
    may_stand_above = [word for word in plan.words if word.above]
    choices = chain.from_iterable(
        combinations(may_stand_above, count) for count in range(len(may_stand_above) + 1)
    )
    found = []
    for above in choices:
        parts = [any_of([query_of(part, {}) for part in word.above]) for word in above]
        left: list[Query] = []
        for word in (_word(word.strings) for word in plan.words if word not in above):
            left += [] if word in left else [word]
        if left and plan.in_paragraph:
            parts += [{"intervals": {"chars": word}} for word in left]
        elif left:
            parts.append({"intervals": {"chars": _in_sentence(left)}})
        found.append({"bool": {"filter": parts}} if parts else ALL)
    return any_of(found)


def _in_sentence(words: Sequence[Query]) -> Query:
    if len(words) == 1:
        return words[0]
    ends = [_interval(place_tokens(mark)) for mark in sorted(SENTENCE_ENDS)]
    outside = {"not_containing": {"any_of": {"intervals": ends}}}
    return {"all_of": {"intervals": list(words), "mode": "unordered", "filter": outside}}


# Conditions


def _condition(plan: p.Plan) -> Query:
    if isinstance(plan, p.All):
        return {"match_all": {}}
    if isinstance(plan, p.Nothing):
        return NOTHING
    if isinstance(plan, p.Filter):
        return has_value(plan.field, plan.values)
    if isinstance(plan, p.YearFilter):
        return _between(plan.field, plan.first or None, plan.last or None)
    if isinstance(plan, p.ContextYears):
        until = {"range": {"first_year": {"lte": plan.last}}}
        return {"bool": {"filter": [until, {"range": {"last_year": {"gte": plan.first}}}]}}
    if isinstance(plan, p.AddedFilter):
        return _between("added", plan.first or None, plan.last or None)
    if isinstance(plan, p.Recognised):
        return {"term": {"recognised": True}}
    raise TypeError(f"{type(plan).__name__} is no condition")


def _between(field: str, first: str | int | None, last: str | int | None) -> Query:
    bounds = {name: bound for name, bound in (("gte", first), ("lte", last)) if bound is not None}
    return {"range": {field: bounds}} if bounds else {"exists": {"field": field}}


def has_value(field: str, values: Iterable[Value]) -> Query:
    """The paragraphs whose field has one of the values; None is unknown."""
    values = tuple(values)
    if field in NUMBERS:
        known: list[Any] = [of for of in values if isinstance(of, int) and abs(of) < 1 << 31]
    else:
        known = [escape(of) for of in values if isinstance(of, str)]
    found: list[Query] = [{"terms": {field: known}}] if known else []
    if None in values:
        found.append({"bool": {"must_not": [{"exists": {"field": field}}]}})
    return any_of(found)


def chosen_query(chosen: Choice, *, but: str = "") -> Query:
    """What a choice leaves; the group `but` is left out."""
    groups = [has_value(name, values) for name, values in chosen if values and name != but]
    return {"bool": {"filter": groups}} if groups else {"match_all": {}}
