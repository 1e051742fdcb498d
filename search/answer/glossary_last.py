"""What reports do stands before what they define: in each tier, glossary entries and notes follow all other matches.

A stage above the seam, which asks for the matches of a plan in two halves, by part. Scores and counts stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence

from search.answer.question import Question
from search.collection import Ask, Choice, Found, Ranked, Top
from search.language.plan import Plan
from search.model import PARTS

GLOSSARY = PARTS[2]


def halves_of(question: Question) -> tuple[Choice, Choice] | None:
    """The question's choice without glossaries, and of them alone; None where one order holds for all parts.

    That is so under another sort, where reports are listed once each, and where only one of the halves is chosen.
    """
    query = question.query
    if query.sort != "relevance" or query.group:
        return None
    chosen = dict(question.chosen)
    parts = chosen.pop("part", PARTS)
    others = tuple(part for part in parts if part != GLOSSARY)
    if not others or len(others) == len(parts):
        return None
    rest = tuple(chosen.items())
    return (*rest, ("part", others)), (*rest, ("part", (GLOSSARY,)))


def count_glossary(question: Question, plan: Plan, found: Found, halves: tuple[Choice, Choice]) -> int:
    """How many of a plan's matches are glossary entries.

    Args:
        found: what was found of the plan; its facets, where they were asked for, have the number.
    """
    if "part" in found.facets:
        return next((of.count for of in found.facets["part"] if of.value == GLOSSARY), 0)
    (of_glossary,) = question.view.find([Ask(plan, halves[1])])
    return of_glossary.total


def list_halves(
    question: Question, plan: Plan, halves: tuple[Choice, Choice], others: int, top: Top
) -> Sequence[Ranked]:
    """The slice `top` of a plan's matches, those in glossaries behind the `others`."""
    end = top.skip + top.count
    asks = []
    if top.skip < others:
        asks.append(Ask(plan, halves[0], top=Top(min(end, others) - top.skip, top.skip)))
    if end > others:
        first = max(top.skip - others, 0)
        asks.append(Ask(plan, halves[1], top=Top(end - others - first, first)))
    return [place for found in question.view.find(asks) for place in found.top]
