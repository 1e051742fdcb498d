"""What a page says of tiers: what is counted and what isn't, where each begins, and why a hit is in the second."""

from __future__ import annotations

from dataclasses import dataclass

from search.model import Counts, Hit, SearchResult, TierCounts
from web import urls
from web.asked_views import View
from web.i18n import phrase, translate, translate_n

TIER_NAMES = {
    1: phrase("As written"),
    2: phrase("In other words, or apart"),
    3: phrase("Only in part"),
}
_FORMS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class CountLine:
    """What is counted, and the switch between the two ways to count.

    Args:
        is_tier_1: whether it says that they are those of tier 1: where there is a second.
        beside: what the other way would add, or what of the total it adds.
        switch: the words of the link that counts the other way; "" where both find the same.
    """

    counts: Counts
    is_tier_1: bool = False
    beside: str = ""
    switch: str = ""
    url: str = ""


def view_counts(result: SearchResult, counts: Counts, view: View) -> CountLine:
    """The line of counts of a search.

    Args:
        counts: those of its query.
    """
    query, second = result.query, _second(result)
    added = f"{second.total or 0:,}"
    if query.match == "all":
        return CountLine(
            counts,
            beside=translate("{n} of them in other words or apart", n=added),
            switch=translate("only as written"),
            url=urls.search_url(query, view, page=1, match="phrase"),
        )
    if not second.total:
        return CountLine(counts)
    return CountLine(
        counts,
        is_tier_1=True,
        beside=translate_n(
            "another {n} paragraph says it in other words or apart",
            "another {n} paragraphs say it in other words or apart",
            n=added,
        ),
        switch=translate("count them too"),
        url=urls.search_url(query, view, page=1, match="all"),
    )


def _second(result: SearchResult) -> TierCounts:
    return next((tier for tier in result.tiers if tier.tier == 2), TierCounts(2, 0, 0, 0))


def name_tiers(result: SearchResult) -> list[str]:
    """For each hit the name of its tier, where a list of several tiers comes to it; "" elsewhere.

    Grouped hits of two tiers are in one order, so each says for itself why it is there.
    """
    if result.query.group:
        return [""] * len(result.hits)
    first = next((tier for tier in result.tiers if tier.tier == 1), None)
    mixed = first is not None and result.paged > (first.total or 0)
    tier = 0 if mixed and result.query.page == 1 else 1
    names = []
    for hit in result.hits:
        names.append(translate(TIER_NAMES[hit.tier]) if hit.tier != tier else "")
        tier = hit.tier
    return names


def say_why(hit: Hit, text: str) -> tuple[str, ...]:
    """Why a hit is in tier 2, chunk by chunk; a chunk that is the whole query `text` isn't named."""
    if [why.chunk for why in hit.why] != [text]:
        return tuple(translate(_OF_CHUNK[why.found], chunk=why.chunk) for why in hit.why)
    (why,) = hit.why
    if why.found == "synonym":
        forms = dict.fromkeys(hit.text[start:end] for start, end in hit.spans)
        if 0 < len(forms) <= _FORMS_SHOWN:
            return (translate("in other words: {forms}", forms=" / ".join(forms)),)
    return (translate(_ALONE[why.found]),)


_ALONE = {
    "apart": phrase("its words apart"),
    "heading": phrase("in the heading"),
    "title": phrase("in the title"),
    "synonym": phrase("in other words"),
}
_OF_CHUNK = {
    "apart": phrase("“{chunk}”: its words apart"),
    "heading": phrase("“{chunk}” in the heading"),
    "title": phrase("“{chunk}” in the title"),
    "synonym": phrase("“{chunk}” in other words"),
}
