"""What a search may offer beside its hits: another spelling, other forms, a filter in place of a word, a way out.

Only what the engine found worth saying; every link is a search that it has tried, or the same one read otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from search.answer.searcher import Searcher
from search.model import Explanation, SearchResult, WayOut
from web import urls
from web.example_searches import Offer, advise
from web.i18n import CHINESE, current_language, phrase, translate
from web.params import View
from web.present import FACET_NAMES

MAX_COUNTED = 2
"""So many other spellings are counted: each costs as much as a search."""

_REASONS = {
    "empty_collection": phrase("还没有收录报告。"),
    "missing_word": phrase("有的词在收录的报告里从未出现。"),
    "filters": phrase("不加条件就有。"),
    "combination": phrase("没有一段同时符合所有部分。"),
}


@dataclass(frozen=True, slots=True)
class Help:
    """A link that reads the search otherwise: what stands before it, the link's words, its address."""

    code: str
    lead: str
    label: str
    url: str
    found: int | None = None
    """How many paragraphs the link finds; None where that is not counted."""


def view_helps(engine: Searcher, result: SearchResult, view: View) -> tuple[Help, ...]:
    """Above the hits: spellings first, then filters, then the other forms that were looked for."""
    query = replace(result.query, page=1)
    helps = []
    for i, text in enumerate(result.did_you_mean):
        other = replace(query, text=text)
        found = engine.count(replace(other, group="")).paragraphs if i < MAX_COUNTED else None
        helps.append(Help("did_you_mean", translate("是不是要找"), text, urls.search_url(other, view), found))
    for offer in result.offers:
        narrowed = urls.with_values(replace(query, text=offer.query_without), offer.field, (offer.value,))
        label = translate("{field}：{value}", field=translate(FACET_NAMES[offer.field]), value=offer.value)
        lead = translate("“{text}”可以当作条件", text=offer.text)
        helps.append(Help("offer", lead, label, urls.search_url(narrowed, view)))
    if result.synonyms:
        forms = "；".join(f"{form} = {'、'.join(others)}" for form, others in result.synonyms)
        url = urls.search_url(replace(query, synonyms=False), view)
        helps.append(
            Help("synonyms", translate("也找了同义词：{forms}", forms=forms), translate("只找原词"), url)
        )
    elif not query.synonyms:
        url = urls.search_url(replace(query, synonyms=True), view)
        helps.append(Help("synonyms", translate("没有找同义词"), translate("也找同义词"), url))
    return tuple(helps)


_READING = "查询读作："
"""How the sentence begins that says how the query was read: the page has said it above."""


@dataclass(frozen=True, slots=True)
class NoHit:
    """Why nothing was found, and what would find something."""

    sentences: tuple[str, ...]
    offers: tuple[Offer, ...]


def explain(engine: Searcher, result: SearchResult) -> NoHit | None:
    """Only where there are no hits at all."""
    if result.total:
        return None
    explanation = result.explanation
    if explanation is None:
        return NoHit((), advise(engine, result.query))
    offers = tuple(
        Offer(_name_way(way), way.total, urls.search_url(way.query)) for way in explanation.ways_out
    )
    if not offers:
        offers = advise(engine, result.query)
    if current_language() != CHINESE:
        return NoHit(_say_in_english(explanation), offers)
    said = tuple(sentence for sentence in explanation.sentences if not sentence.startswith(_READING))
    return NoHit(said, offers)


def _say_in_english(explanation: Explanation) -> tuple[str, ...]:
    sentence = translate(_REASONS[explanation.code])
    missing = translate("收录的报告里没有：{words}", words="、".join(explanation.missing))
    return (sentence, missing) if explanation.missing else (sentence,)


def _name_way(way: WayOut) -> str:
    """The engine's own words, which are Chinese; in English what is given up is told from what is left."""
    if current_language() == CHINESE:
        return way.text
    if way.code == "drop_filters":
        return translate("去掉全部条件")
    if way.field:
        return translate("去掉{field}条件", field=translate(FACET_NAMES[way.field]))
    return translate("只找 {text}", text=way.query.text)
