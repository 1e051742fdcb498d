"""What instruments ask beside the filters of a search; `web.params` reads the query string.

An invalid parameter raises a `QueryError` that names it; empty ones count as absent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from search.errors import QueryError
from search.instruments.collocates import MOST_CHARS as MAX_WINDOW
from search.instruments.collocates import ORDERS as COLLOCATE_ORDERS
from search.instruments.collocates import SIDES, Side
from search.instruments.collocates import Order as CollocateOrder
from search.instruments.compare import SPLITS, Split
from search.language.query.years import LAST_YEAR
from search.model import Query
from web import messages as says
from web.params import AXES, read_choice, read_filters, read_number, read_value

MOST_PLACES = 1_000


@dataclass(frozen=True, slots=True)
class AskedKeywords:
    """What keywords are asked of: two sides as they were typed, or a year; 0 and None where absent."""

    of: str
    against: str
    emerging: int | None
    least_places: int

    @property
    def is_empty(self) -> bool:
        return not self.of and self.emerging is None

    @property
    def args(self) -> dict[str, str]:
        """The parameters of an address, without those that are absent."""
        usual = 1 if self.emerging is None else 2
        args = {"of": self.of, "against": self.against}
        if self.emerging is not None:
            args["emerging"] = str(self.emerging)
        if self.least_places != usual:
            args["least_places"] = str(self.least_places)
        return {name: value for name, value in args.items() if value}


def read_keyword_filters() -> Query:
    """The filters that hold on both sides, and the axis of the year.

    Raises:
        QueryError: a parameter is invalid; `field` names it.
    """
    return replace(read_filters(), axis=read_choice("axis", AXES))


def read_keywords() -> AskedKeywords:
    """The sides of keywords, or the year whose new words are looked for.

    Raises:
        QueryError: a parameter is invalid; `field` names it.
    """
    emerging = read_number("emerging", default=0, highest=LAST_YEAR) or None
    least = read_number("least_places", default=1 if emerging is None else 2, highest=MOST_PLACES)
    return AskedKeywords(read_value("of"), read_value("against"), emerging, least)


def read_collocates() -> tuple[int | None, Side, CollocateOrder]:
    """The window (None is the sentence), side and order of collocates.

    Raises:
        QueryError: a parameter is invalid; `field` names it.
    """
    is_sentence = read_value("window") == "sentence"
    window = None if is_sentence else read_number("window", default=10, highest=MAX_WINDOW)
    return window, read_choice("side", SIDES), read_choice("by", COLLOCATE_ORDERS)


def read_split() -> Split | None:
    """What each search of a comparison is divided by; None leaves it whole.

    Raises:
        QueryError: it is no such field.
    """
    return read_choice("split", SPLITS) if read_value("split") else None


def read_unit() -> str:
    """The unit of the numbers to show; "" leaves the choice."""
    return read_value("unit")


def read_of() -> str:
    """The id of the report that is asked about.

    Raises:
        QueryError: there is none.
    """
    of = read_value("of")
    if not of:
        raise QueryError(says.PARAMETER_MISSING(name="of"), field="of")
    return of


def read_other() -> str | None:
    """The id of the report to compare with; None leaves the choice."""
    return read_value("other") or None
