"""What a plan of tier 2 finds beside tier 1: plans without the alternatives that tier 1 has.

Pure work on plans; `search.embedded.tier_difference` carries them out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from search.embedded.phrase_matching import strict
from search.embedded.words import without_bonus
from search.language import plan as p


def is_term_of(plan: p.Plan, phrase: p.Plan) -> bool:
    """Whether a plan is a term that a phrase consists of, or that it is itself: whatever has that matches both."""
    if type(phrase) is p.Phrase and len(phrase.tokens) == 1:
        phrase = strict(phrase)
    if type(plan) is not p.Term or type(phrase) is not p.Term:
        return False
    return plan.text == phrase.text and plan.field == phrase.field


def adds_nothing(wanted: p.Plan, unwanted: p.Plan, holds: Callable[[p.Term], bool]) -> bool:
    """Whether `wanted` surely matches nothing that `unwanted` doesn't; False where that takes more to know.

    So it is where each part of `wanted` has no alternative besides its part of `unwanted` but terms that nothing has,
    and conjunctions of which a part has none either.

    Args:
        holds: whether any document has a term.
    """
    if type(unwanted) is p.Favoured:
        unwanted = unwanted.wanted
    of_wanted = wanted.parts if type(wanted) is p.Every else (wanted,)
    of_unwanted = unwanted.parts if type(unwanted) is p.Every else (unwanted,)
    if len(of_wanted) != len(of_unwanted):
        return False
    for part, missing in zip(of_wanted, of_unwanted, strict=True):
        if type(missing) is p.Favoured:
            missing = missing.wanted
        if not _is_missing(part.wanted if type(part) is p.Favoured else part, missing, holds):
            return False
    return True


def _is_missing(plan: p.Plan, missing: p.Plan, holds: Callable[[p.Term], bool]) -> bool:
    """Whether a plan surely matches nothing where one doesn't that is `missing`."""
    waiting = [plan]
    while waiting:
        choice = waiting.pop()
        if type(choice) is p.Either:
            waiting += choice.parts
        elif type(choice) is p.Term:
            if holds(choice) and not is_term_of(choice, missing):
                return False
        elif choice != missing:
            if type(choice) is not p.Every:
                return False
            for part in choice.parts:
                if _is_missing(part, missing, holds):
                    break
            else:
                return False
    return True


def beside_term(plan: p.Plan, term: p.Plan) -> p.Plan | None:
    """A plan with the same matches and scores among documents that lack a term, without that as an alternative.

    None where it matches none of those; the plan itself where `term` is no term.
    """
    if type(term) is p.Phrase and len(term.tokens) == 1:
        term = strict(term)
    if type(term) is not p.Term:
        return plan
    if is_term_of(plan, term):
        return None
    if type(plan) is not p.Every and type(plan) is not p.Either:
        return plan
    parts = [left for part in plan.parts if (left := beside_term(part, term)) is not None]
    if len(parts) < len(plan.parts) and (type(plan) is p.Every or not parts):
        return None
    is_same = all(one is other for one, other in zip(parts, plan.parts, strict=False))
    return plan if is_same and len(parts) == len(plan.parts) else type(plan)(tuple(parts))


def without_one(wanted: p.Every, unwanted: p.Plan) -> list[p.Every] | None:
    """What `wanted` matches and `unwanted` doesn't, as the union of plans; None where they aren't built alike.

    Where each part of `unwanted` is an alternative in a part of `wanted`, a document that misses one of them has that
    part of `wanted` by another alternative.
    """
    if type(unwanted) is not p.Every:
        return None
    parts = tuple(map(without_bonus, wanted.parts))
    choices = [tuple(_iter_choices(part)) for part in parts]
    made = []
    for missing in unwanted.parts:
        at = next((at for at, options in enumerate(choices) if missing in options), None)
        if at is None:
            return None
        others = [of for of in choices[at] if of != missing and not is_term_of(of, missing)]
        if others:
            made.append(p.Every((*parts[:at], p.either(others), *parts[at + 1 :])))
    return made


def _iter_choices(plan: p.Plan) -> Iterator[p.Plan]:
    """The alternatives of a plan, however deep."""
    if type(plan) is p.Either:
        for part in plan.parts:
            yield from _iter_choices(part)
    else:
        yield plan
