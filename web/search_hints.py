"""Hints beside the hits (spelling, synonyms, a filter for a word), and why nothing was found.

Every link is a search that the searcher has tried, or the same query with another option.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from search.answer.searcher import Searcher
from search.messages import answers
from search.model import Query, SearchResult
from web import messages as says
from web import urls
from web.asked_views import ReportFilter, View
from web.current_budget import current_budget
from web.example_searches import SearchLink, list_alternatives
from web.i18n import say, translate
from web.labels import FACET_NAMES

MAX_COUNTED = 2
"""Spellings whose hits are counted; each count costs as much as a search."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A link to another form of the search: the text before the link, the link's text, its address."""

    code: str
    lead: str
    label: str
    url: str
    found: int | None = None
    """Number of paragraphs that the link finds; None if they aren't counted."""


def view_hints(searcher: Searcher, result: SearchResult, view: View) -> tuple[Hint, ...]:
    """The hints above the hits: spellings first, then filters, then synonyms."""
    query = replace(result.query, page=1)
    hints = []
    for i, text in enumerate(result.did_you_mean):
        other = replace(query, text=text)
        found = searcher.count(replace(other, group="")).paragraphs if i < MAX_COUNTED else None
        lead = say(says.DID_YOU_MEAN_LEAD())
        hints.append(Hint("did_you_mean", lead, text, urls.search_url(other, view), found))
    for offer in result.offers:
        narrowed = urls.with_values(replace(query, text=offer.query_without), offer.field, (offer.value,))
        label = say(says.FIELD_VALUE(field=translate(FACET_NAMES[offer.field]), value=str(offer.value)))
        lead = say(says.TEXT_AS_FILTER(text=offer.text))
        hints.append(Hint("offer", lead, label, urls.search_url(narrowed, view)))
    if result.synonyms:
        forms = [says.FORM_OTHERS(form=form, others=others) for form, others in result.synonyms]
        url = urls.search_url(query, view, synonyms=False)
        hints.append(Hint("synonyms", say(says.FORMS_TOO(forms=forms)), say(says.ONLY_AS_TYPED()), url))
    elif not query.synonyms:
        url = urls.search_url(query, view, synonyms=True)
        hints.append(Hint("synonyms", say(says.FORMS_NOT_LOOKED_FOR()), say(says.LOOK_FOR_FORMS()), url))
    return tuple(hints)


@dataclass(frozen=True, slots=True)
class ReadingLink:
    """Another way to read the query, what it finds, and where that is told."""

    label: str
    total: int
    url: str
    distribution_url: str


def view_other_readings(result: SearchResult, view: View) -> tuple[ReadingLink, ...]:
    """The other readings of a query, each with its paragraphs of tier 1."""
    return tuple(
        ReadingLink(
            say(other.text),
            other.total,
            urls.search_url(other.query, view, match="phrase"),
            urls.search_url(other.query, replace(view, name="distribution"), match="phrase"),
        )
        for other in result.other_readings
    )


@dataclass(frozen=True, slots=True)
class LongerWords:
    """Words within which occurrences lie, how many, and the address of the search without their paragraphs.

    `left_out` says that they would take too long; "" where they are all there are.
    """

    words: tuple[tuple[str, int, str], ...]
    left_out: str = ""


def view_longer_words(searcher: Searcher, query: Query, view: View) -> LongerWords:
    """What a page says of longer words."""
    left_out = current_budget().left_out
    before = len(left_out)
    words = tuple(
        (of.word, of.occurrences, urls.search_url(of.query, view)) for of in searcher.longer_words(query)
    )
    return LongerWords(words, " ".join(map(say, left_out[before:])))


@dataclass(frozen=True, slots=True)
class NoHits:
    """Why nothing was found, and searches that find something."""

    sentences: tuple[str, ...]
    links: tuple[SearchLink, ...]
    reports_url: str
    """The reports held of the places and years that were chosen."""


def explain_no_hits(searcher: Searcher, result: SearchResult) -> NoHits | None:
    """The explanation of an empty result; None if there are hits, were they only of tier 2."""
    if any(tier.total for tier in result.tiers) or result.total:
        return None
    explanation, query = result.explanation, result.query
    held = urls.reports_url(
        ReportFilter(city=query.city, province=query.province, year=query.year, plan_year=query.plan_year)
    )
    if explanation is None:
        return NoHits((), list_alternatives(searcher, query), held)
    links = tuple(
        SearchLink(say(way.text), way.total, urls.search_url(way.query)) for way in explanation.ways_out
    )
    # How the query was read, and what each way out finds, the page says in places of their own.
    reasons = [sentence for sentence in explanation.sentences if sentence.code not in _SAID_ELSEWHERE]
    return NoHits(tuple(map(say, reasons)), links or list_alternatives(searcher, query), held)


_SAID_ELSEWHERE = {kind.code for kind in (answers.READ_AS, answers.READ_AS_LIMITED, answers.WAY_FINDS)}
