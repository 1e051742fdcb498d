"""What marks one part of the collection against another -> the rows of its page, each with where it can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.answer.searcher import Searcher
from search.instruments.answers import Keyword, KeywordsAnswer
from search.model import Query
from web import urls
from web.i18n import translate

BAR_WIDTH = 96


@dataclass(frozen=True, slots=True)
class KeywordRow:
    term: str
    url: str
    bar: float
    log_likelihood: str
    log_ratio: str
    of: str
    against: str
    reports: str
    places: str


@dataclass(frozen=True, slots=True)
class KeywordsView:
    """Keywords, what the first side alone says, what the other alone says, and both sides as searches."""

    keywords: tuple[KeywordRow, ...]
    new: tuple[KeywordRow, ...]
    gone: tuple[KeywordRow, ...]
    sides: tuple[tuple[str, str, str, str], ...]


def view_keywords(filters: Query, answer: KeywordsAnswer) -> KeywordsView:
    """The rows of an answer; bars are of the log-likelihood."""
    of, against = answer.counted.of, answer.counted.against
    return KeywordsView(
        _rows(filters, of.filters, answer.keywords),
        _rows(filters, of.filters, answer.new),
        _rows(filters, against.filters, answer.gone),
        tuple(
            (
                side.filters or translate("Everything"),
                urls.search_url(replace(filters, text=side.filters)),
                f"{side.reports:,}",
                f"{side.characters:,}",
            )
            for side in (of, against)
        ),
    )


def example_args(searcher: Searcher) -> list[tuple[str, dict[str, str]]]:
    """Comparisons to begin with, of what is held: the last year against the one ten years before, and its new words."""
    years = [int(of.value) for of in searcher.report_values("plan_year") if of.value is not None]
    if len(years) < 2:
        return []
    last = years[-1]
    before = max((year for year in years if year <= last - 10), default=years[0])
    return [
        (
            translate("{year} against {before}", year=last, before=before),
            {"of": f"plan_year:{last}", "against": f"plan_year:{before}"},
        ),
        (translate("New words of {year}", year=last), {"emerging": str(last)}),
    ]


def _rows(filters: Query, side: str, found: Sequence[Keyword]) -> tuple[KeywordRow, ...]:
    highest = max((abs(one.log_likelihood) for one in found), default=0.0) or 1.0
    return tuple(
        KeywordRow(
            one.term,
            urls.search_url(replace(filters, text=quote_within(one.term, side))),
            round(BAR_WIDTH * abs(one.log_likelihood) / highest, 1),
            f"{one.log_likelihood:,.1f}",
            translate("only there") if one.log_ratio is None else f"{one.log_ratio:+.2f}",
            f"{one.of:,}",
            f"{one.against:,}",
            f"{one.reports:,}",
            f"{one.places:,}",
        )
        for one in found
    )


def quote_within(term: str, side: str) -> str:
    """The search that finds a string on a side."""
    return f'"{term}" ({side})' if side else f'"{term}"'
