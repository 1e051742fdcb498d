"""One page of a search: what is on it, in which order, and what is said beside it.

question -> find -> first matches reordered, partial matches behind -> hits -> hints -> SearchResult
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.answer.hits import read_hits
from search.answer.question import Question
from search.answer.rerank.partial_matches import partial_notice
from search.answer.rerank.rerank import RERANKED, Reranker
from search.answer.search_hints import find_hints
from search.collection import Found, Ranked, Ref, Top
from search.language.query.describe import describe
from search.model import FACETS, FacetValue, Query, SearchResult


@dataclass(frozen=True, slots=True)
class OrderedPage:
    """A page's matches: full ones, then partial ones.

    Args:
        partial: how many partial matches there are on all pages.
        reordered: the full matches that are ordered by their features.
    """

    found: Found
    full: Sequence[Ranked]
    behind: Sequence[Ranked]
    partial: int
    reordered: frozenset[Ref]


def order_page(question: Question, reranker: Reranker) -> OrderedPage:
    """The matches on the page that is asked for, with what is counted."""
    query = question.query
    skip = (query.page - 1) * query.per_page
    end = skip + query.per_page
    reorders = skip < RERANKED and reranker.reorders(question)
    first = 0 if reorders else skip
    count = max(end, RERANKED) - first if reorders else query.per_page
    top = Top(count, first, query.sort, query.group)
    found = question.view.find([question.ask(reports=True, facets=FACETS, top=top)])[0]
    full, reordered = found.top, frozenset[Ref]()
    if reorders and full:
        head = reranker.reorder(question, full[:RERANKED])
        reordered = frozenset(place.ref for place in head)
        full = [*head, *full[RERANKED:]][skip:end]
    total = total_of(question, found)
    partial = reranker.partial(question, total)
    behind = partial[max(skip - total, 0) : max(end - total, 0)]
    return OrderedPage(found, full, behind, len(partial), reordered)


def make_page(question: Question, reranker: Reranker) -> SearchResult:
    """The page that is asked for; the time it took is left to the caller."""
    page, interpretation = order_page(question, reranker), question.interpretation
    found = page.found
    hits = read_hits(question.view, page.full, interpretation.needles)
    if page.behind:
        hits += read_hits(question.view, page.behind, interpretation.needles, tier=2)
    hints = find_hints(question, found.total)
    total = total_of(question, found)
    notices = interpretation.notices
    if page.partial:
        notices = (*notices, partial_notice(page.partial, total))
    return SearchResult(
        query=question.query,
        reading=describe(question.tree),
        total=total,
        hits=tuple(hits),
        facets=_facets(question.query, found),
        notices=(*notices, *hints.notices),
        reports=found.reports,
        did_you_mean=hints.did_you_mean,
        offers=hints.offers,
        synonyms=interpretation.expansions,
        explanation=hints.explanation,
        paragraphs=found.total,
        partial=page.partial,
        took_ms=0.0,
    )


def _facets(query: Query, found: Found) -> dict[str, tuple[FacetValue, ...]]:
    """The facets as they are offered: parts that are chosen because no part is are not shown as chosen."""
    facets = dict(found.facets)
    if not query.part:
        facets["part"] = tuple(of._replace(selected=False) for of in facets["part"] if of.count)
    return facets


def total_of(question: Question, found: Found) -> int:
    """What is paged through: reports if hits are grouped by report, else paragraphs."""
    return (found.reports or 0) if question.query.group else found.total
