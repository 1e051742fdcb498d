"""Places and years among a query's words, offered as filters; never imposed.

四平 2023 乡村振兴 -> city 四平市 ("2023 乡村振兴" is left), plan_year 2023 ("四平 乡村振兴" is left)

A year is offered as the one that the query's axis goes by.

Only what the collection holds is offered, and only for words that are asked for on their own: neither quoted, nor
denied, nor alternatives, nor in a field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from search.answer.version_data import HeldValues
from search.language.query import And, Chunk, Node, ParsedQuery, Values, YearRange, iter_leaves, to_text
from search.language.query.signs import MAX_CHARS, is_visible
from search.language.query.years import HAN_DIGITS
from search.language.text import Analyzer, Token, normalize, normalize_text
from search.model import YEAR_FIELDS, Offer, Query, Span, YearField

_YEAR = re.compile(
    r"(?<![0-9])(?:(?P<digits>(?:19|20)[0-9]{2})(?:年度?)?|(?P<han>[一二][〇零○0一二三四五六七八九]{3})年度?)"
)


def find_offers(parsed: ParsedQuery, query: Query, held: HeldValues, analyzer: Analyzer) -> tuple[Offer, ...]:
    """The filters that words of the query could be, in their order."""
    named = [
        (chunk, stretches)
        for chunk in parsed.chunks or _own_chunks(parsed.tree)
        if (stretches := list(_recognise(chunk.text, held, analyzer, query.year_field)))
    ]
    return _offers(parsed, query, named) if named else ()


def _offers(
    parsed: ParsedQuery, query: Query, named: Sequence[tuple[Chunk, list[tuple[Span, Filters]]]]
) -> tuple[Offer, ...]:
    taken = {field for field in ("city", "province") if getattr(query, field)}
    if any(getattr(query, field) for field in YEAR_FIELDS):
        taken.update(YEAR_FIELDS)
    for leaf in iter_leaves(parsed.tree):
        if isinstance(leaf, Values):
            taken.add(leaf.field)
        elif isinstance(leaf, YearRange):
            taken.update(YEAR_FIELDS)
    offers: dict[tuple[str, str | int], Offer] = {}
    for chunk, stretches in named:
        for (start, end), filters in stretches:
            without = _without(parsed.text, chunk, start, end)
            for field, value in filters:
                if field not in taken and without is not None:
                    offer = Offer(field, value, chunk.text[start:end], without)
                    offers.setdefault((field, value), offer)
    return tuple(offers.values())


def _own_chunks(tree: Node) -> Iterator[Chunk]:
    for node in tree.children if isinstance(tree, And) else (tree,):
        if isinstance(node, Chunk):
            yield node


Filters = list[tuple[Literal["city", "province", "year", "plan_year"], str | int]]


def _recognise(
    text: str, held: HeldValues, analyzer: Analyzer, year_field: YearField
) -> Iterator[tuple[Span, Filters]]:
    """Stretches of a chunk, in characters of it as typed, that name a place or a year; both only at its ends."""
    form = normalize_text(text)
    if len(tokens := analyzer.query_tokens(text)) == 1 and form not in held.places and not _YEAR.search(form):
        return
    found = list(_iter_named(form, tokens, held, year_field))
    if found:
        normal = normalize(text)
        for start, end, filters in found:
            yield normal.to_original(start, end), filters


def _iter_named(
    form: str, tokens: Sequence[Token], held: HeldValues, year_field: YearField
) -> Iterator[tuple[int, int, Filters]]:
    """The same in places of the normal form."""
    borders = [len(form), *[token.start for token in reversed(tokens)]]
    at = 0
    while at < len(form):
        found = _at(form, at, borders, held, year_field)
        if found is None:
            break
        yield at, *found
        at = found[0]
    for match in _YEAR.finditer(form, at):
        if match.end() == len(form) and match.start() > at:
            filters = _year(match, held, year_field)
            if filters:
                yield *match.span(), filters


def _at(
    form: str, at: int, borders: Sequence[int], held: HeldValues, year_field: YearField
) -> tuple[int, Filters] | None:
    match = _YEAR.match(form, at)
    if match is not None and match.end() in borders:
        filters = _year(match, held, year_field)
        if filters:
            return match.end(), filters
    for end in borders:  # descending
        if end <= at:
            break
        places = held.places.get(form[at:end])
        if places:
            return end, [(field, value) for field, value in places]
    return None


def _year(match: re.Match[str], held: HeldValues, year_field: YearField) -> Filters:
    digits = match["digits"] or "".join(HAN_DIGITS[char] for char in match["han"])
    return [(year_field, int(digits))] if int(digits) in held.by_field[year_field] else []


def _without(text: str, chunk: Chunk, start: int, end: int) -> str | None:
    """The query text without a stretch of a chunk; None where the chunk isn't written as it reads."""
    first, last = chunk.span
    written = text[first:last]
    if written == chunk.text:
        rest = written[:start] + written[end:]
        # What is left may begin like a sign: -01-08 of 2012-01-08 denies nothing.
        rest = to_text(Chunk(rest)) if is_visible(rest) else ""
    elif (start, end) == (0, len(chunk.text)):
        rest = ""
    else:
        return None
    without = " ".join(f"{text[:first]}{rest}{text[last:]}".split())
    return without if len(without) <= MAX_CHARS else None
