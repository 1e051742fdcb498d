"""Searchers over reports that a test makes up: in memory, or in an index on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from search import open_searcher
from search.addresses import begin_writing
from search.answer.searcher import Searcher
from search.collection import DraftParagraph, DraftReport, DraftSource, SourceRecord
from search.language.text import Analyzer
from search.memory import MemoryCollection
from search.model import PARTS, Query

BODY, HEADS, GLOSSARY, *_ = PARTS
Reports = Mapping[str, tuple[Mapping[str, Any], Sequence[DraftParagraph]]]
"""By id: the report's record, as far as it is known, and its paragraphs."""


def body(*texts: str) -> list[DraftParagraph]:
    return [DraftParagraph("paragraph", 0, text) for text in texts]


def glossary(*texts: str, kind: str = "appendix") -> list[DraftParagraph]:
    level = 1 if kind == "heading" else 0
    return [DraftParagraph(kind, level, text, part=GLOSSARY) for text in texts]


def in_memory(reports: Reports, analyzer: Analyzer) -> Searcher:
    return Searcher(MemoryCollection.of(_drafts(reports), analyzer), analyzer)


def on_disk(reports: Reports, folder: Path, analyzer: Analyzer) -> Searcher:
    with begin_writing(str(folder), analyzer, rebuild=True) as writer:
        for draft in _drafts(reports):
            writer.add(writer.preparer(draft))
        writer.commit()
    return open_searcher(folder, analyzer=analyzer)


def _drafts(reports: Reports) -> list[DraftSource]:
    return [
        DraftSource(
            SourceRecord(f"/{name}.txt", f"{name}.txt", "", "", 1),
            [DraftReport({**_UNKNOWN, "id": name, "source": f"{name}.txt", **record}, paragraphs)],
        )
        for name, (record, paragraphs) in reports.items()
    ]


_UNKNOWN = dict.fromkeys(
    (
        "title",
        "city",
        "province",
        "type",
        "level",
        "year",
        "plan_year",
        "review_year",
        "date",
        "session",
        "speaker",
    )
)


def all_pages(searcher: Searcher, query: Query) -> list[list[str]]:
    """The ids of the hits on each page of a search."""
    first = searcher.search(query)
    pages = [[hit.id for hit in first.hits]]
    for page in range(2, -(-first.paged // query.per_page) + 1):
        pages.append([hit.id for hit in searcher.search(replace(query, page=page)).hits])
    return pages
