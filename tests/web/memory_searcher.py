"""A searcher over reports in memory, for what an index can't be brought to: versions at will, any character."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from functools import cache

from search import Searcher
from search.collection import DraftParagraph, DraftReport, DraftSource, SourceRecord
from search.language.text import Analyzer
from search.memory import MemoryCollection
from search.model import Report, ReportText
from tests.loaded import loaded_analyzer


@cache
def the_analyzer() -> Analyzer:
    """Loaded once."""
    return loaded_analyzer()


def searcher_of(texts: Iterable[ReportText]) -> Searcher:
    """A searcher over a collection that holds these reports, each in a file of its own."""
    return Searcher(MemoryCollection.of(map(to_draft, texts), the_analyzer()), the_analyzer())


def commit_again(searcher: Searcher, *, without: str = "") -> None:
    """A new version of a searcher's collection; it holds the same, but for the report `without`."""
    collection = searcher.collection
    assert isinstance(collection, MemoryCollection)
    texts = [searcher.report(report.id) for report in searcher.reports(others=True) if report.id != without]
    with collection.begin_writing(rebuild=True) as writer:
        for text in texts:
            writer.add(writer.preparer(to_draft(text)))
        writer.commit()


def to_draft(text: ReportText) -> DraftSource:
    """A report as the draft that gives it back."""
    record = {field.name: getattr(text.report, field.name) for field in fields(Report)}
    paragraphs = [
        DraftParagraph(
            kind=paragraph.kind,
            level=len(paragraph.heading) + 1 if paragraph.kind == "heading" else 0,
            text=paragraph.text,
            joined=paragraph.joined,
        )
        for paragraph in text.paragraphs
    ]
    draft = DraftReport({**record, "evidence": text.evidence, "problems": text.problems}, paragraphs)
    source = SourceRecord(
        f"/{text.report.id}", text.report.source, "", "", 1, (), {"set_aside": text.set_aside}
    )
    return DraftSource(source, [draft])
