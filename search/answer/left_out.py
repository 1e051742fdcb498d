"""What is left out of an answer rather than refuse it: what stands beside the hits, and partial matches.

Each takes at most half of what is left of the budget, so that the rest is answered in any case.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from search.answer.question import Question
from search.errors import BudgetExceeded
from search.limits import UNLIMITED
from search.messages import Declared

F = TypeVar("F", bound=Callable[..., Any])


def left_out_beyond_budget(notice: Declared, otherwise: Any) -> Callable[[F], F]:
    """Have a function, or a method, that takes a question give `otherwise` where the question's budget doesn't do.

    Args:
        notice: what is then said; `Searcher.search` adds it to the answer.
    """

    def decorate(make: F) -> F:
        @wraps(make)
        def bounded(*args: Any, **options: Any) -> Any:
            at = 0 if isinstance(args[0], Question) else 1  # behind `self`
            question: Question = args[at]
            budget = question.view.budget
            if budget is UNLIMITED:
                return make(*args, **options)
            try:
                with budget.share(0.5) as part:
                    return make(*args[:at], question.under(part), *args[at + 1 :], **options)
            except BudgetExceeded as error:
                if error.resource == "cancelled":
                    raise
                budget.left_out.append(notice())
                return otherwise

        return cast(F, bounded)

    return decorate
