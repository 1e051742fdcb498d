"""What an index of a generation looks like. `SCHEMA` goes up whenever what is written changes.

words          terms of the text as `term|impact`: the posting's frequency is its worth (`impacts`), without places
chars          one token a character (`encoding`): strings, proximity, sentences; pairs of characters beside them
quoted         of texts with quotation marks, the same without them and blanks: what may stand across them
joined         of texts with marks that separate, the same without all marks that a long phrase passes over
singles        single characters that are words of the precise cut, at their places
heading_*, title_*   words and chars of what stands above; an entry a line
terms, cut     terms and words of the precise cut of two Han characters and more, for the vocabulary

Reports and sources are documents of the same index, so that all of a generation changes at once.
"""

from __future__ import annotations

from typing import Any

SCHEMA = 1
FIELDS = ("text", "heading", "title")
WORDS = {"text": "words", "heading": "heading_words", "title": "title_words"}
CHARS = {"text": "chars", "heading": "heading_chars", "title": "title_chars"}
UNQUOTED = {"heading": "heading_quoted", "title": "title_quoted"}
EVERY_DOCUMENT = "~all"
"""A token that every paragraph has in each field of words, so that the field counts all of them."""
LINE_GAP = 100_000
MOST_CLAUSES = 65_536
TOKENS = (*WORDS.values(), *CHARS.values(), *UNQUOTED.values(), "quoted", "joined", "singles")
COLUMNS = ("terms", "cut", "shared")
"""Fields that are asked and never read back."""
DERIVED = (*TOKENS, *COLUMNS)

_KEYWORDS = ("doc", "key", "report", "city", "province", "type", "level", "part", "kind", "added", "places")
_NUMBERS = ("year", "plan_year", "newest", "oldest", "arrived", "n", "ordinal", "first_year", "last_year")
_COUNTS = (
    "length", "form_length", "heading_length", "title_length", "check_low", "check_high", "ocr", "by_year", "depth"
)  # fmt: skip
_KEPT = ("text", "heading", "record", "drafted", "digest")


def index_body(*, scale: int, shards: int) -> dict[str, Any]:
    """The settings and mapping of a new index.

    Args:
        scale: what an impact of 1 is written as; see `impacts`.
    """
    similarity = {
        "type": "scripted",
        "weight_script": {
            "source": "return query.boost*(Math.log(field.docCount/(term.docFreq+1.0))+1.0)*2.2;"
        },
        "script": {"source": f"return weight*(doc.freq-1.0)/{scale}.0;"},
    }
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": 0,
            "refresh_interval": "-1",
            # What a node that is killed has to write again before it takes more.
            "translog.flush_threshold_size": "64mb",
            # Words are in no `_source`: a shard that moved while it is written would lose them.
            "routing.rebalance.enable": "none",
            "max_terms_count": MOST_CLAUSES,
            "merge.policy.expunge_deletes_allowed": 0,
            "similarity": {
                "worth": similarity,
                "occurrences": {"type": "scripted", "script": {"source": "return query.boost*doc.freq;"}},
            },
            "analysis": {
                "filter": {
                    "impacts": {"type": "delimited_term_freq", "delimiter": "|"},
                    "fillers": {"type": "stop", "stopwords": ["~_"], "ignore_case": False},
                },
                "analyzer": {
                    "weighted": {"type": "custom", "tokenizer": "whitespace", "filter": ["impacts"]},
                    "placed": {"type": "custom", "tokenizer": "whitespace", "filter": ["fillers"]},
                },
            },
        },
        "mappings": {
            "dynamic": "strict",
            "_source": {"excludes": list(DERIVED), "recovery_source_enabled": False},
            "_routing": {"required": True},
            "properties": _properties(),
        },
    }


def _properties() -> dict[str, Any]:
    words = {
        "type": "text",
        "analyzer": "weighted",
        "search_analyzer": "whitespace",
        "index_options": "freqs",
        "norms": False,
        "similarity": "worth",
    }
    chars = {
        "type": "text",
        "analyzer": "placed",
        "index_options": "positions",
        "norms": False,
        "similarity": "occurrences",
        "position_increment_gap": LINE_GAP,
    }
    found: dict[str, Any] = dict.fromkeys(WORDS.values(), words)
    found |= dict.fromkeys((*CHARS.values(), *UNQUOTED.values(), "quoted", "joined", "singles"), chars)
    found["chars"] = {**chars, "index_phrases": True}
    found |= {name: {"type": "keyword"} for name in (*_KEYWORDS, "shared")}
    found |= {name: {"type": "integer"} for name in (*_NUMBERS, *_COUNTS)}
    found |= {name: {"type": "long"} for name in ("newest", "oldest", "arrived")}
    found |= {name: {"type": "boolean"} for name in ("repeated", "recognised", "is_report", "joined_halves")}
    found["source"] = {"type": "keyword", "index": False}
    found |= {name: {"type": "keyword", "index": False} for name in ("terms", "cut")}
    found |= {name: {"type": "keyword", "index": False, "doc_values": False} for name in _KEPT}
    return found
