"""Plans of an unquoted chunk, one for each tier (docs/counting.md).

`phrase` (tier 1): the chunk stands in the text uncut, marks aside; or the report says it: a place, a year, a type
`all`    (tier 2): or its words stand within one sentence, in a heading or title above, or in another form

What tier 2 matches holds all that tier 1 does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from search.language.plan.context import FIELD_BOOSTS, FORM_BOOST, STRING_BONUS, Context
from search.language.plan.nodes import (
    Above,
    All,
    Either,
    Favoured,
    Phrase,
    Plan,
    SameSentence,
    Term,
    Word,
    either,
    every,
    string,
)
from search.language.query.tree import Chunk, Understood
from search.language.text import Analyzer, Token, Unit, normalize_text
from search.language.text.marks import without_quotes
from search.language.text.normalize import IDEOGRAPHS
from search.language.text.phrases import LONG, is_ideograph, phrase_tokens
from search.language.text.units import join_units

_KEPT_UNITS = 64
_IDEOGRAPHS = re.compile(f"[{IDEOGRAPHS}]+")
PASTED_CHARS = 20
"""A longer chunk is pasted text: its words may stand anywhere in a paragraph."""


@lru_cache(maxsize=_KEPT_UNITS)
def chunk_units(text: str, analyzer: Analyzer) -> tuple[Unit, ...]:
    """What must be found of a chunk: words, runs of single characters, numbers with their sign or unit."""
    return join_units(analyzer.query_units(text), analyzer.query_tokens(text))


def plan_plain(text: str, analyzer: Analyzer) -> tuple[Plan, Plan]:
    """The plans of both tiers of a chunk that is looked for in all fields and of which no more is known.

    As `plan_chunk` makes them, in fewer steps: most of what is asked for are such chunks, and most of these are words.
    """
    tokens = analyzer.query_tokens(text)
    if len(tokens) == 1 and tokens[0].length > 1 and _IDEOGRAPHS.fullmatch(word := tokens[0].term):
        above = Term("heading", word, FIELD_BOOSTS["heading"]), Term("title", word, FIELD_BOOSTS["title"])
        string_of_word = Phrase(tokens, FIELD_BOOSTS["text"], len(word) >= LONG)
        anywhere = Either((Term("text", word, FIELD_BOOSTS["text"]), *above))
        return _both_tiers(string_of_word, anywhere, above)
    if not tokens:
        return All(), All()
    units = analyzer.query_units(text)
    aboves = [_in_lines_above(unit) for unit in units]
    joined = join_units(units, tokens)
    of_joined = aboves if joined == units else [_in_lines_above(unit) for unit in joined]
    parts = [
        either((_in_text(unit, FIELD_BOOSTS["text"]), *above))
        for unit, above in zip(joined, of_joined, strict=True)
    ]
    if len(parts) > 1 or (len(joined[0]) == 1 and is_ideograph(joined[0][0].term)):
        words = [Word((unit,), (_above("heading", unit, 1.0), _above("title", unit, 1.0))) for unit in joined]
        parts.append(SameSentence(tuple(words), len(normalize_text(text)) > PASTED_CHARS))
    bonus = tuple([plan for above in aboves for plan in above])
    return _both_tiers(_as_string(text, tokens, "text", analyzer), every(parts), bonus)


def _both_tiers(uncut: Plan, in_pieces: Plan, above: tuple[Plan, ...]) -> tuple[Plan, Plan]:
    bonus = either(above)
    return Favoured(uncut, bonus), Favoured(either((uncut, in_pieces)), bonus)


def _in_lines_above(unit: Unit) -> tuple[Plan, ...]:
    return tuple([_above(field, unit, FIELD_BOOSTS[field]) for field in ("heading", "title")])


def _in_text(tokens: tuple[Token, ...], boost: float) -> Plan:
    if len(tokens) > 1:
        return string(tokens, boost)
    term = tokens[0].term
    return Term("text", term, boost, not is_ideograph(term))


def plan_chunk(node: Chunk, context: Context) -> Plan:
    """The plan of a chunk in the context's tier."""
    instead = None
    if isinstance(node, Understood):
        instead = node.instead
        if instead is not None and node.only:
            return instead
    first, bonus = _uncut(node.text, context.analyzer, context.fields)
    if first is None:
        return All()
    if instead is not None:
        first = either([first, instead])
    plan = first if context.tier == "phrase" else either([first, _in_pieces(node, context)])
    return plan if bonus is None else Favoured(plan, bonus)


@lru_cache(maxsize=_KEPT_UNITS)
def _uncut(text: str, analyzer: Analyzer, fields: tuple[str, ...]) -> tuple[Plan | None, Plan | None]:
    """A chunk as one string in the first of the fields, and its words in the others, where they only favour.

    None for a chunk without words. Both tiers ask for it.
    """
    tokens = analyzer.query_tokens(text)
    if not tokens:
        return None, None
    above = fields[1:] if fields[0] == "text" else ()
    units = analyzer.query_units(text) if above else ()
    bonus: list[Plan] = [_above(field, unit, FIELD_BOOSTS[field]) for unit in units for field in above]
    return _as_string(text, tokens, fields[0], analyzer), either(bonus) if bonus else None


def _as_string(text: str, tokens: tuple[Token, ...], field: str, analyzer: Analyzer) -> Plan:
    if field != "text":
        bare = analyzer.query_tokens(without_quotes(normalize_text(text)))
        return _above(field, bare or tokens, FIELD_BOOSTS[field], aside=bool(bare))
    boost = FIELD_BOOSTS["text"] * (1.0 + STRING_BONUS if len(tokens) > 1 else 1.0)
    phrase = phrase_tokens(text, analyzer)
    if phrase is None:
        return string(tokens, boost)
    found, is_long = phrase
    if len(found) == 1 and _is_one_piece(found[0].term):
        return Term("text", found[0].term, boost)
    return Phrase(found, boost, is_long)


def _is_one_piece(term: str) -> bool:
    """Whether no mark can stand within a term."""
    return len(term) == 1 or term.isascii()


def _in_pieces(node: Chunk, context: Context) -> Plan:
    """The chunk's words within one sentence, above, or in another form."""
    units = chunk_units(node.text, context.analyzer)
    stretches = node.stretches if isinstance(node, Understood) else ()
    parts: list[Plan] = []
    words: list[list[tuple[Token, ...]]] = []
    if len(units) == 1 and not stretches and not (len(units[0]) == 1 and is_ideograph(units[0][0].term)):
        return _anywhere(units[0], context, 1.0)
    at = 0
    for begin, end, others in (*((*s.units, s.others) for s in stretches), (len(units), len(units), ())):
        for unit in units[at:begin]:
            _add(parts, words, (unit,), (), context)
        if others:
            _add(parts, words, units[begin:end], others, context)
        at = end
    if "text" in context.fields and (len(words) > 1 or _is_single(words)):
        in_paragraph = len(normalize_text(node.text)) > PASTED_CHARS
        each = tuple(Word(tuple(strings), tuple(_aboves(strings, context))) for strings in words)
        parts.append(SameSentence(each, in_paragraph))
    return every(parts)


def _is_single(words: Iterable[Sequence[tuple[Token, ...]]]) -> bool:
    return any(len(of) == 1 and is_ideograph(of[0].term) for strings in words for of in strings)


def _add(
    parts: list[Plan],
    words: list[list[tuple[Token, ...]]],
    units: tuple[Unit, ...],
    others: tuple[str, ...],
    context: Context,
) -> None:
    """Add what is looked for of a unit, or of units that have other forms together."""
    forms = [context.analyzer.query_tokens(other) for other in others]
    if len(units) > 1:
        # Each unit for itself, or all of them in another form.
        as_asked = every([_anywhere(unit, context, 1.0) for unit in units])
        parts.append(either([as_asked, *(_anywhere(form, context, FORM_BOOST) for form in forms)]))
    elif not forms:
        parts.append(_anywhere(units[0], context, 1.0))
    else:
        choices = [
            _anywhere(units[0], context, 1.0),
            *(_anywhere(form, context, FORM_BOOST) for form in forms),
        ]
        parts.append(either([part for choice in choices for part in _parts(choice)]))
    words.append([_joined(units), *forms])


def _parts(plan: Plan) -> tuple[Plan, ...]:
    return plan.parts if type(plan) is Either else (plan,)


def _joined(units: tuple[Unit, ...]) -> tuple[Token, ...]:
    return tuple(token for unit in units for token in unit)


def _anywhere(tokens: tuple[Token, ...], context: Context, factor: float) -> Plan:
    """A string in any of the context's fields."""
    parts: list[Plan] = []
    for field in context.fields:
        boost = FIELD_BOOSTS[field] * factor
        parts.append(_in_text(tokens, boost) if field == "text" else _above(field, tokens, boost))
    return either(parts)


def _aboves(strings: Iterable[tuple[Token, ...]], context: Context) -> Iterable[Plan]:
    for tokens in strings:
        for field in context.fields:
            if field != "text":
                yield _above(field, tokens, 1.0)


def _above(field: str, tokens: tuple[Token, ...], boost: float, *, aside: bool = False) -> Plan:
    """A string in a heading above, or in the title."""
    if len(tokens) == 1 and (not aside or _is_one_piece(tokens[0].term)):
        return Term(field, tokens[0].term, boost)
    return Above(field, tokens, "".join(token.term for token in tokens), boost, aside=aside)
