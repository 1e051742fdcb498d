"""What a plan is made under: the analyzer, the collection's values, the fields that are looked in, the tier."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from search.language.text import Analyzer

FIELD_BOOSTS = {"text": 1.0, "heading": 0.4, "title": 0.2}
"""What a word is worth where it stands; `make_plan` looks in the fields in this order."""
STRING_BONUS = 0.5
"""A chunk of several words that stands as one string is worth so much more of its words' score."""
FORM_BOOST = 0.8
"""What another form is worth of the form as asked."""

Match: TypeAlias = Literal["phrase", "all"]
"""How an unquoted chunk is matched: tier 1 alone, or tiers 1 and 2."""

Resolve: TypeAlias = Callable[[str, str], Sequence[str | None]]
"""(field, value as typed) -> the collection's values that it means."""


class Context(Struct, frozen=True):
    """See the module."""

    analyzer: Analyzer
    resolve: Resolve
    fields: tuple[str, ...] = tuple(FIELD_BOOSTS)
    tier: Match = "phrase"
