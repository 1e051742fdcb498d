"""What a search may offer beside its hits: another spelling, other forms, a filter in place of a word, a way out.

Only what the engine found worth saying; every link is a search that it has tried, or the same one read otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from search.answer.base import Engine
from search.messages import answers
from search.model import SearchResult
from web import messages as says
from web import urls
from web.example_searches import Offer, advise
from web.i18n import say, translate
from web.params import View
from web.present import FACET_NAMES

MAX_COUNTED = 2
"""So many other spellings are counted: each costs as much as a search."""


@dataclass(frozen=True, slots=True)
class Help:
    """A link that reads the search otherwise: what stands before it, the link's words, its address."""

    code: str
    lead: str
    label: str
    url: str
    found: int | None = None
    """How many paragraphs the link finds; None where that is not counted."""


def view_helps(engine: Engine, result: SearchResult, view: View) -> tuple[Help, ...]:
    """Above the hits: spellings first, then filters, then the other forms that were looked for."""
    query = replace(result.query, page=1)
    helps = []
    for i, text in enumerate(result.did_you_mean):
        other = replace(query, text=text)
        found = engine.count(replace(other, group="")).paragraphs if i < MAX_COUNTED else None
        helps.append(
            Help("did_you_mean", say(says.DID_YOU_MEAN_LEAD()), text, urls.search_url(other, view), found)
        )
    for offer in result.offers:
        narrowed = urls.with_values(replace(query, text=offer.query_without), offer.field, (offer.value,))
        label = say(says.FIELD_VALUE(field=translate(FACET_NAMES[offer.field]), value=str(offer.value)))
        lead = say(says.TEXT_AS_FILTER(text=offer.text))
        helps.append(Help("offer", lead, label, urls.search_url(narrowed, view)))
    if result.synonyms:
        forms = [says.FORM_OTHERS(form=form, others=others) for form, others in result.synonyms]
        url = urls.search_url(replace(query, synonyms=False), view)
        helps.append(Help("synonyms", say(says.FORMS_TOO(forms=forms)), say(says.ONLY_AS_TYPED()), url))
    elif not query.synonyms:
        url = urls.search_url(replace(query, synonyms=True), view)
        helps.append(Help("synonyms", say(says.FORMS_NOT_LOOKED_FOR()), say(says.LOOK_FOR_FORMS()), url))
    return tuple(helps)


@dataclass(frozen=True, slots=True)
class NoHit:
    """Why nothing was found, and what would find something."""

    sentences: tuple[str, ...]
    offers: tuple[Offer, ...]


def explain(engine: Engine, result: SearchResult) -> NoHit | None:
    """Only where there are no hits at all."""
    if result.total:
        return None
    explanation = result.explanation
    if explanation is None:
        return NoHit((), advise(engine, result.query))
    offers = tuple(
        Offer(say(way.text), way.total, urls.search_url(way.query)) for way in explanation.ways_out
    )
    # How the query was read, and what each way out finds, the page says in places of their own.
    reasons = [sentence for sentence in explanation.sentences if sentence.code not in _SAID_ELSEWHERE]
    return NoHit(tuple(map(say, reasons)), offers or advise(engine, result.query))


_SAID_ELSEWHERE = {kind.code for kind in (answers.READ_AS, answers.READ_AS_LIMITED, answers.WAY_FINDS)}
