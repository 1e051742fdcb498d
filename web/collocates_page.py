"""What stands near a search -> the rows of its page: a measure as a bar, and where each string can be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from search.instruments.answers import Collocate, CollocatesAnswer
from search.instruments.collocates import Order, Side
from search.model import Query
from web import urls
from web.asked_views import View
from web.i18n import phrase
from web.link_room import listed

ORDER_NAMES: dict[Order, str] = {
    "log_dice": phrase("By logDice"),
    "log_likelihood": phrase("By log-likelihood"),
    "occurrences": phrase("By occurrences"),
}
SIDE_NAMES: dict[Side, str] = {
    "both": phrase("Both sides"),
    "left": phrase("Left"),
    "right": phrase("Right"),
}
WINDOW_NAMES = {
    "5": phrase("5 characters"),
    "10": phrase("10 characters"),
    "20": phrase("20 characters"),
    "sentence": phrase("The sentence"),
}
BAR_WIDTH = 96
_PLAIN = re.compile(r'["“”「」]?([^\s"“”「」()（）|:：~*^\-]+)["“”「」]?')


@dataclass(frozen=True, slots=True)
class CollocateRow:
    term: str
    url: str
    bar: float
    occurrences: str
    log_dice: str
    log_likelihood: str
    reports: str
    places: str


def view_collocates(
    query: Query, answer: CollocatesAnswer, window: int | None, order: Order
) -> tuple[CollocateRow, ...]:
    """The rows of an answer; bars are of the measure that orders them."""
    highest = max((_bar_value(one, order) for one in answer.collocates), default=0.0) or 1.0
    return tuple(
        CollocateRow(
            one.term,
            listed(partial(lines_url, query, one.term, window)),
            round(BAR_WIDTH * max(0.0, _bar_value(one, order)) / highest, 1),
            f"{one.occurrences:,}",
            f"{one.log_dice:.2f}",
            f"{one.log_likelihood:,.1f}",
            f"{one.reports:,}",
            f"{one.places:,}",
        )
        for one in answer.collocates
    )


def lines_url(query: Query, term: str, window: int | None) -> str:
    """The lines in which a string stands near the search: at that distance, or in the same paragraph."""
    plain = _PLAIN.fullmatch(query.text.strip())
    is_near = plain is not None and window is not None
    text = f'"{plain[1]} {term}"~{window}' if plain and is_near else f'{query.text} "{term}"'
    return urls.search_url(replace(query, text=text, page=1), View("concordance"))


def _bar_value(one: Collocate, order: Order) -> float:
    """logDice is 14 at most; below 0 it says that two have nothing to do with each other."""
    return float(getattr(one, order))


def choose_windows(chosen: str) -> Sequence[str]:
    """The windows to choose from, the chosen one among them."""
    return tuple(WINDOW_NAMES) if chosen in WINDOW_NAMES else (*WINDOW_NAMES, chosen)
