"""Comments in the margin are left out of a search unless its text or its filter asks for them."""

from __future__ import annotations

import pytest

from search.answer.searcher import Searcher
from search.collection import DraftParagraph
from search.language.text import Analyzer
from search.model import COMMENTS, Query
from tests.search.answer.made import body, in_memory

SAID, NOTED = "持续优化营商环境。", "营商环境这一段要再核。"


@pytest.fixture(scope="module")
def searcher(analyzer: Analyzer) -> Searcher:
    comment = DraftParagraph("comment", 0, NOTED, part=COMMENTS)
    return in_memory({"a": ({"city": "批发市"}, [*body(SAID), comment])}, analyzer)


def found(searcher: Searcher, query: Query) -> list[str]:
    result = searcher.search(query)
    assert result.total == searcher.count(query).paragraphs == len(result.hits)
    return sorted(hit.text for hit in result.hits)


@pytest.mark.parametrize(
    "text", ["营商环境", "营商环境 part:正文", "营商环境 city:批发市", "营商环境 -part:标题"]
)
def test_comments_are_left_out(searcher: Searcher, text: str) -> None:
    assert found(searcher, Query(text)) == [SAID]


@pytest.mark.parametrize("name", [COMMENTS, COMMENTS[:1]])
def test_a_text_that_names_comments_finds_them(searcher: Searcher, name: str) -> None:
    assert found(searcher, Query(f"营商环境 part:{name}")) == [NOTED]
    assert found(searcher, Query(f"营商环境 (part:正文 OR part:{name})")) == sorted([SAID, NOTED])


def test_a_filter_that_chooses_comments_finds_them(searcher: Searcher) -> None:
    assert found(searcher, Query("营商环境", part=(COMMENTS,))) == [NOTED]
