"""Collections for the instruments: the sample reports, the 112 real ones, and both read as plain lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from indexer import pipeline
from search import Searcher, open_searcher
from search.language.text import Analyzer, normalize_text
from search.model import OTHER_TYPES, Report


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph as brute force sees it."""

    id: str
    report: Report
    text: str
    form: str


def read_rows(searcher: Searcher) -> list[Row]:
    """Every paragraph of every report, without the texts that belong to none."""
    return [
        Row(paragraph.id, report, paragraph.text, normalize_text(paragraph.text))
        for report in searcher.reports()
        if report.type not in OTHER_TYPES
        for paragraph in searcher.report(report.id).paragraphs
    ]


@pytest.fixture(scope="session")
def sample_rows(sample_searcher: Searcher) -> list[Row]:
    return read_rows(sample_searcher)


@pytest.fixture(scope="session")
def real_searcher(
    shared: Path, tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer
) -> Iterator[Searcher]:
    """The 112 real reports."""
    folder = tmp_path_factory.mktemp("real")
    pipeline.index_sources([shared / "corpus" / "reports"], folder)
    searcher = open_searcher(folder, analyzer=analyzer)
    yield searcher
    searcher.close()


@pytest.fixture(scope="session")
def real_rows(real_searcher: Searcher) -> list[Row]:
    return read_rows(real_searcher)


@pytest.fixture(params=["sample", pytest.param("real", marks=pytest.mark.corpus)])
def searcher(request: pytest.FixtureRequest) -> Searcher:
    """Each collection in turn."""
    searcher: Searcher = request.getfixturevalue(f"{request.param}_searcher")
    return searcher


@pytest.fixture
def rows(searcher: Searcher, request: pytest.FixtureRequest) -> list[Row]:
    """The paragraphs of `searcher`."""
    name = "real_rows" if "real" in request.node.callspec.id else "sample_rows"
    found: list[Row] = request.getfixturevalue(name)
    return found
