"""The seam between what answers and what stores: `Collection`, its `View`s and its `CollectionWriter`.

Searcher (search.answer)  ->  View.find, paragraphs, occurrences …  ->  arrays on disk, memory, a cluster
indexer.pipeline          ->  CollectionWriter.add, commit …        ->  the same

It is cut where stores differ, as httpx cuts at its transport. Below it: matching, scoring, counting, ordering. Above
it, once for all stores: how a query is read, tiers, reranking, spelling, suggestions, concordances, highlights,
words for people. A plan (`search.language.plan`) is what a store understands of a query. Reads come in batches,
since a round trip to a cluster costs more than what it asks.

What may not live here: code that does anything. `tests/contract/` holds every store to the laws that a store can break.
"""

from search.collection.reading import (
    Capabilities,
    Collection,
    Health,
    View,
)
from search.collection.values import (
    Ask,
    Choice,
    Found,
    Likely,
    Occurrence,
    PlaceCount,
    Ranked,
    Ref,
    ReportColumns,
    ReportSort,
    ReportValue,
    SharedText,
    Statistics,
    StoredParagraph,
    TermUse,
    Top,
    Value,
    Version,
    Words,
)
from search.collection.writing import (
    BeginWriting,
    CollectionWriter,
    Committed,
    DraftParagraph,
    DraftReport,
    DraftSource,
    Prepared,
    Preparer,
    SourceRecord,
)

__all__ = [
    "Ask",
    "BeginWriting",
    "Capabilities",
    "Choice",
    "Collection",
    "CollectionWriter",
    "Committed",
    "DraftParagraph",
    "DraftReport",
    "DraftSource",
    "Found",
    "Health",
    "Likely",
    "Occurrence",
    "PlaceCount",
    "Prepared",
    "Preparer",
    "Ranked",
    "Ref",
    "ReportColumns",
    "ReportSort",
    "ReportValue",
    "SharedText",
    "SourceRecord",
    "Statistics",
    "StoredParagraph",
    "TermUse",
    "Top",
    "Value",
    "Version",
    "View",
    "Words",
]
