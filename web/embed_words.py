"""What the frame says, in the language that its host chose."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from search.messages import declare
from search.messages.words import LANGUAGES, pattern
from web.i18n import HTML_LANGUAGES

_WORDS = {
    "title": declare("frame_title", "Search reports"),
    "box": declare("frame_box", "Search terms"),
    "go": declare("frame_go", "Search"),
    "hint": declare("frame_hint", "words, “a phrase”, -without"),
    "city": declare("frame_city", "City"),
    "year": declare("frame_year", "Year"),
    "type": declare("frame_type", "Type"),
    "province": declare("frame_province", "Province"),
    "reading": declare("frame_reading", "Read as: "),
    "found": declare("frame_found", "paragraphs"),
    "from": declare("frame_from", " from {n:,} reports"),
    "drop": declare("frame_drop", "Remove"),
    "none": declare("frame_none", "Nothing found. Try other words or fewer filters."),
    "open": declare("frame_open", "Open in report"),
    "previous": declare("frame_previous", "Previous"),
    "next": declare("frame_next", "Next"),
    "page": declare("frame_page", "Page {n:,} of {pages:,}"),
    "pages": declare("frame_pages", "Pages"),
    "full": declare("frame_full", "Open in Xiesou"),
    "chosen": declare("frame_chosen", "chosen; again to drop it"),
    "filters": declare("frame_filters", "Filters"),
    "by_year": declare("frame_by_year", "by year"),
    "hatched": declare("frame_hatched", "Hatched: no report held of that year. Blank: held, not mentioned."),
    "stop": declare("frame_stop", ". "),
    "source": declare("frame_source", "Source: "),
    "counted": declare("frame_counted", "Xiesou, {n:,} paragraphs in the {reports:,} reports held"),
    "refused": declare("frame_refused", "The search service does not allow {origin} to embed this page."),
    "refused_hint": declare("frame_refused_hint", "Its operator can add it to the list:"),
}
_MEASURES = {
    "count": declare("frame_measure_count", "occurrences"),
    "paragraphs": declare("frame_measure_paragraphs", "paragraphs"),
    "rate": declare("frame_measure_rate", "per 10,000 characters"),
    "share": declare("frame_measure_share", "share of reports"),
}
OEMBED_SEARCH = declare("oembed_search", "Xiesou: full-text search of reports")
OEMBED_PLOT = declare("oembed_plot", "Xiesou: by year")


@lru_cache(maxsize=len(LANGUAGES))
def words_of(lang: str) -> Mapping[str, Any]:
    """The words of a language of `embed_options.LANGUAGES`; some have places for numbers, by name."""
    words: dict[str, Any] = {name: pattern(kind.code, lang) for name, kind in _WORDS.items()}
    measures = {name: pattern(kind.code, lang) for name, kind in _MEASURES.items()}
    return {**words, "html_lang": HTML_LANGUAGES[lang], "measures": measures}
