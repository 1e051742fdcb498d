"""What reports do stands before what they define: in each tier, glossary entries and notes follow all other matches.

A stage above the seam, which asks for the matches of a plan in two halves, by part. Scores and counts stay as they are.
"""

from __future__ import annotations

import re
from functools import lru_cache

from search.answer.question import Question
from search.collection import Ask, Choice, Found, Top
from search.language.plan import Plan
from search.language.query import Chunk, iter_leaves
from search.language.text import normalize_text
from search.model import PARTS

GLOSSARY = PARTS[2]
_MEANING = re.compile(
    "^(?:什么|何)(?:是|叫|谓)|^何为|(?:是|指|叫|指的是)什么(?:意思|含义)?\\W*$|的?(?:意思|含义|定义|名词解释)\\W*$"
)
"""What asks for a definition (什么是河长制, 放管服是什么意思), in normal form."""


def halves_of(question: Question) -> tuple[Choice, Choice] | None:
    """The question's choice without glossaries, and of them alone; None where one order holds for all parts.

    That is so under another sort, where reports are listed once each, where only one of the halves is chosen, and
    where the query asks what something means.
    """
    query = question.query
    if query.sort != "relevance" or query.group or _asks_for_meaning(question):
        return None
    return _halves(question.chosen)


@lru_cache(maxsize=64)
def _halves(choice: Choice) -> tuple[Choice, Choice] | None:
    chosen = dict(choice)
    parts = chosen.pop("part", PARTS)
    others = tuple(part for part in parts if part != GLOSSARY)
    if not others or len(others) == len(parts):
        return None
    rest = tuple(chosen.items())
    return (*rest, ("part", others)), (*rest, ("part", (GLOSSARY,)))


def _asks_for_meaning(question: Question) -> bool:
    for leaf in question.interpretation.parsed.chunks or iter_leaves(question.typed):
        if isinstance(leaf, Chunk) and _MEANING.search(normalize_text(leaf.text)):
            return True
    return False


def count_glossary(question: Question, plan: Plan, found: Found, halves: tuple[Choice, Choice]) -> int:
    """How many of a plan's matches are glossary entries.

    Args:
        found: what was found of the plan; its facets, where they were asked for, have the number.
    """
    if "part" in found.facets:
        return glossary_entries(found)
    (of_glossary,) = question.view.find([Ask(plan, halves[1])])
    return of_glossary.total


def glossary_entries(found: Found) -> int:
    """How many glossary entries were found, by the facet of parts."""
    for value, count, _ in found.facets["part"]:
        if value == GLOSSARY:
            return count
    return 0


def half_asks(plan: Plan, halves: tuple[Choice, Choice], others: int, top: Top) -> list[Ask]:
    """What lists the slice `top` of a plan's matches, those in glossaries behind the `others`."""
    end = top.skip + top.count
    asks = []
    if top.skip < others:
        asks.append(Ask(plan, halves[0], top=Top(min(end, others) - top.skip, top.skip)))
    if end > others:
        first = max(top.skip - others, 0)
        asks.append(Ask(plan, halves[1], top=Top(end - others - first, first)))
    return asks
