"""The table of docs/counting.md: of one text, which tier a query finds it in, and how many occurrences it has."""

from __future__ import annotations

import pytest

from search.answer.searcher import Searcher
from search.collection import DraftParagraph, DraftReport, DraftSource, SourceRecord
from search.language.text import Analyzer
from search.memory import MemoryCollection
from search.model import Query
from tests.search.counting_page import EXAMPLES


def searcher_of(text: str, analyzer: Analyzer) -> Searcher:
    """A searcher over one paragraph, in a report about something else."""
    record = {"id": "r-1", "source": "r.txt", "title": "某报告", "kind": "report", "ordinal": 0}
    draft = DraftSource(
        SourceRecord("/r.txt", "r.txt", "", "", 1),
        [DraftReport(record, [DraftParagraph("paragraph", 0, text)])],
    )
    return Searcher(MemoryCollection.of([draft], analyzer), analyzer)


@pytest.mark.parametrize(("query", "text", "tier", "occurrences"), EXAMPLES)
def test_example_is_counted_as_the_page_says(
    query: str, text: str, tier: str, occurrences: str, analyzer: Analyzer
) -> None:
    result = searcher_of(text, analyzer).search(Query(query))
    found = next((of for of in result.tiers if of.total or of.listed), None)
    if tier in ("—", "3"):
        assert found is None or found.tier == 3
        return
    assert found is not None
    assert (str(found.tier), str(found.occurrences)) == (tier, occurrences)


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) > 20
