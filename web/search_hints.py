"""Hints beside the hits (spelling, synonyms, a filter for a word), and why nothing was found.

Every link is a search that the engine has tried, or the same query with another option.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from search.answer.searcher import Searcher
from search.model import Explanation, SearchResult, WayOut
from web import urls
from web.example_searches import SearchLink, list_alternatives
from web.i18n import CHINESE, current_language, phrase, translate
from web.labels import FACET_NAMES
from web.params import View

MAX_COUNTED = 2
"""Spellings whose hits are counted; each count costs as much as a search."""

_REASONS = {
    "empty_collection": phrase("还没有收录报告。"),
    "missing_word": phrase("有的词在收录的报告里从未出现。"),
    "filters": phrase("不加条件就有。"),
    "combination": phrase("没有一段同时符合所有部分。"),
}


@dataclass(frozen=True, slots=True)
class Hint:
    """A link to another form of the search: the text before the link, the link's text, its address."""

    code: str
    lead: str
    label: str
    url: str
    found: int | None = None
    """Number of paragraphs that the link finds; None if they aren't counted."""


def view_hints(engine: Searcher, result: SearchResult, view: View) -> tuple[Hint, ...]:
    """The hints above the hits: spellings first, then filters, then synonyms."""
    query = replace(result.query, page=1)
    hints = []
    for i, text in enumerate(result.did_you_mean):
        other = replace(query, text=text)
        found = engine.count(replace(other, group="")).paragraphs if i < MAX_COUNTED else None
        hints.append(Hint("did_you_mean", translate("是不是要找"), text, urls.search_url(other, view), found))
    for offer in result.offers:
        narrowed = urls.with_values(replace(query, text=offer.query_without), offer.field, (offer.value,))
        label = translate("{field}：{value}", field=translate(FACET_NAMES[offer.field]), value=offer.value)
        lead = translate("“{text}”可以当作条件", text=offer.text)
        hints.append(Hint("offer", lead, label, urls.search_url(narrowed, view)))
    if result.synonyms:
        forms = "；".join(f"{form} = {'、'.join(others)}" for form, others in result.synonyms)
        url = urls.search_url(replace(query, synonyms=False), view)
        hints.append(
            Hint("synonyms", translate("也找了同义词：{forms}", forms=forms), translate("只找原词"), url)
        )
    elif not query.synonyms:
        url = urls.search_url(replace(query, synonyms=True), view)
        hints.append(Hint("synonyms", translate("没有找同义词"), translate("也找同义词"), url))
    return tuple(hints)


_READING = "查询读作："
"""Start of the sentence that repeats how the query was read, which the page shows above."""


@dataclass(frozen=True, slots=True)
class NoHits:
    """Why nothing was found, and searches that find something."""

    sentences: tuple[str, ...]
    links: tuple[SearchLink, ...]


def explain_no_hits(engine: Searcher, result: SearchResult) -> NoHits | None:
    """The explanation of an empty result; None if there are hits."""
    if result.total:
        return None
    explanation = result.explanation
    if explanation is None:
        return NoHits((), list_alternatives(engine, result.query))
    links = tuple(
        SearchLink(_name_way(way), way.total, urls.search_url(way.query)) for way in explanation.ways_out
    )
    if not links:
        links = list_alternatives(engine, result.query)
    if current_language() != CHINESE:
        return NoHits(_say_in_english(explanation), links)
    said = tuple(sentence for sentence in explanation.sentences if not sentence.startswith(_READING))
    return NoHits(said, links)


def _say_in_english(explanation: Explanation) -> tuple[str, ...]:
    sentence = translate(_REASONS[explanation.code])
    missing = translate("收录的报告里没有：{words}", words="、".join(explanation.missing))
    return (sentence, missing) if explanation.missing else (sentence,)


def _name_way(way: WayOut) -> str:
    """What the way out changes; the engine says it in Chinese only, so English is derived from the code."""
    if current_language() == CHINESE:
        return way.text
    if way.code == "drop_filters":
        return translate("去掉全部条件")
    if way.field:
        return translate("去掉{field}条件", field=translate(FACET_NAMES[way.field]))
    return translate("只找 {text}", text=way.query.text)
