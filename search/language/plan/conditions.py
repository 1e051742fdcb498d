"""What of a plan a paragraph satisfies whatever its words are: its conditions, as against what it says.

A search is counted against what its conditions leave of the collection (docs/counting.md): city:四平 asks about no
other city, and a city without a match is a zero.
"""

from __future__ import annotations

from search.language.plan.nodes import (
    AddedFilter,
    All,
    Either,
    Every,
    Favoured,
    Filter,
    Nothing,
    Plan,
    Recognised,
    Tiered,
    Without,
    YearFilter,
    either,
    every,
)


def conditions_of(plan: Plan) -> Plan:
    """A plan of filters alone that holds wherever `plan` does; `All` if it has no conditions.

    Example:
        >>> from search.language.plan import Term
        >>> conditions_of(Every((Term("text", "经济"), YearFilter(2020, None))))
        YearFilter(first=2020, last=None, field='year')
    """
    if is_condition(plan):
        return plan
    if isinstance(plan, Every):
        return every([conditions_of(part) for part in plan.parts])
    if isinstance(plan, Favoured):
        return conditions_of(plan.wanted)
    if isinstance(plan, Tiered):
        return conditions_of(plan.second)
    if isinstance(plan, Without):
        wanted = conditions_of(plan.wanted)
        unwanted = plan.unwanted.parts if isinstance(plan.unwanted, Either) else (plan.unwanted,)
        denied = tuple(filter(is_condition, unwanted))
        return Without(wanted, either(denied)) if denied else wanted
    return All()


def is_condition(plan: Plan) -> bool:
    """Whether a plan has nothing but filters on reports, their parts and how they were read."""
    if isinstance(plan, (Every, Either)):
        return all(map(is_condition, plan.parts))
    if isinstance(plan, Without):
        return is_condition(plan.wanted) and is_condition(plan.unwanted)
    if isinstance(plan, Favoured):
        return is_condition(plan.wanted)
    if isinstance(plan, Filter):
        return plan.field != "kind"
    return isinstance(plan, (All, Nothing, YearFilter, AddedFilter, Recognised))
