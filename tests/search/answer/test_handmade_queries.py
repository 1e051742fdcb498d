"""What people ask of the real reports, and what they should find among the first three."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.pipeline import index_sources
from search import open_searcher
from search.answer.searcher import Searcher
from search.language.text import normalize_text
from search.model import Query

TABLE = Path(__file__).with_name("handmade_queries.tsv")
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if line[0] != "#"]


@pytest.fixture(scope="module")
def searcher(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("handmade")
    index_sources([shared / "corpus" / "seeds", shared / "corpus" / "reports"], folder, jobs=1)
    made = open_searcher(folder)
    yield made
    made.close()


def test_the_table_has_every_kind_and_quotes_little() -> None:
    assert len(ROWS) == 40
    assert {row[0] for row in ROWS} == {
        *("words", "place", "name", "abbreviation", "typo", "sentence", "question")
    }
    assert all(len(row) == 5 and len(row[4]) <= 12 for row in ROWS)


@pytest.mark.corpus
@pytest.mark.parametrize(("kind", "text", "place", "year", "said"), ROWS, ids=[row[1][:12] for row in ROWS])
def test_the_paragraph_is_among_the_first_three(
    searcher: Searcher, kind: str, text: str, place: str, year: str, said: str
) -> None:
    hits = searcher.search(Query(text, per_page=3)).hits
    found = [
        (
            hit.report.city or hit.report.province,
            hit.report.year,
            normalize_text(said) in normalize_text(hit.text),
        )
        for hit in hits
    ]
    assert (place, int(year), True) in found, (
        f"{kind}: {[(hit.report.city, hit.report.year, hit.text[:40]) for hit in hits]}"
    )
