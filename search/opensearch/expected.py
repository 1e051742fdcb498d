"""What is likely to be asked next, asked together with the question that comes before it."""

from __future__ import annotations

from collections.abc import Callable

from search.collection import Ask, Found, Likely

_MOST_ASKS, _MOST_TERMS = 64, 200


class Expected:
    """The questions that one view expects, and the answers that came before these were asked."""

    def __init__(self) -> None:
        self._likely: list[Callable[[], Likely]] = []
        self._answers: dict[Ask, Found] = {}

    def add(self, likely: Callable[[], Likely]) -> None:
        """Expect what `likely` gives once something else is asked."""
        self._likely.append(likely)

    def take(self) -> Likely:
        """What is expected and not answered, once."""
        likely, self._likely = self._likely, []
        made = [of() for of in likely]
        asks = dict.fromkeys(ask for of in made for ask in of.asks if ask not in self._answers)
        terms = dict.fromkeys(term for of in made for term in of.terms)
        plans = [plan for of in made for plan in of.plans]
        return Likely(list(asks)[:_MOST_ASKS], list(terms)[:_MOST_TERMS], plans)

    def keep(self, ask: Ask, found: Found) -> None:
        """Keep an answer until it is asked for."""
        self._answers[ask] = found

    def answer(self, ask: Ask) -> Found | None:
        """The answer, if it came already."""
        return self._answers.get(ask)
