"""Xiesou: a process a core analyses documents, the writer writes them, a searcher answers as it does for a page."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.corpus import Paragraph
from benchmarks.forgetful import open_forgetful
from benchmarks.peers.protocol import PAGE_HITS, Answer, Question
from search import Query
from search.addresses import begin_writing
from search.answer import interpret
from search.answer import page as answer_page
from search.answer.highlight import Highlighter, Highlights
from search.answer.question import MAX_PER_PAGE
from search.answer.question import Question as AskedQuestion
from search.answer.rerank.rerank import Reranker
from search.answer.search_hints import Hints
from search.collection import (
    Ask,
    DraftParagraph,
    DraftReport,
    DraftSource,
    Found,
    Prepared,
    Preparer,
    SourceRecord,
)
from search.language.plan import Plan
from search.language.query import Node
from search.language.text import load_analyzer
from search.model import FACETS

_FILE_PARAGRAPHS = 2_000
_AHEAD = 4
Document = tuple[str, str, "int | None", list[str]]
"""Name, city, year, texts."""
_UNKNOWN = dict.fromkeys(("title", "province", "type", "level", "review_year", "date", "session", "speaker"))


class Ours:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self, paragraphs: Sequence[Paragraph]) -> None:
        analyzer = load_analyzer()
        with begin_writing(str(self._folder), analyzer, rebuild=True) as writer:
            for prepared in _iter_prepared(paragraphs, writer.preparer, os.cpu_count() or 1):
                writer.add(prepared)
            writer.commit()

    def open(self) -> None:
        self._opened = open_forgetful(self._folder)
        self._searcher = self._opened.searcher

    def search(self, question: Question) -> Answer:
        """One page; what an earlier page left to be used again is dropped before, as no peer has it."""
        self._opened.forget()
        found = self._searcher.search(to_query(question))
        return Answer(
            total=found.total,
            ids=tuple(hit.id for hit in found.hits),
            texts=tuple(hit.text for hit in found.hits),
            cities={city: n for city, n, _ in found.facets["city"] if n and isinstance(city, str)},
            years={_year(value): count for value, count, _ in found.facets["year"] if count},
        )

    def all_ids(self, question: Question) -> frozenset[str]:
        """Every paragraph whose text has the words, titles and headings left out as the peers have none."""
        ids: set[str] = set()
        for page in range(1, 1_000_000):
            hits = self._searcher.search(
                to_query(question, quoted=True, page=page, per_page=MAX_PER_PAGE)
            ).hits
            if not hits:
                break
            ids.update(hit.id for hit in hits)
        return frozenset(ids)

    def close(self) -> None:
        self._searcher.close()


class OursBare(Ours):
    """The same index, and of the page what every peer gives: hits with their texts, total, counts of cities and years.

    Left out: numbers of reports and occurrences, tier 2 and partial matches, what is said beside hits, highlights.
    """

    def search(self, question: Question) -> Answer:
        left_out: tuple[tuple[Any, str, Any], ...] = (
            (interpret, "plan_tiers", _plan_first),
            (answer_page, "_count", _count_matches),
            (answer_page, "find_hints", _no_hints),
            (answer_page, "find_other_readings", _nothing),
            (answer_page, "find_definition", _no_definition),
            (Reranker, "partial", _nothing),
            (Highlighter, "find_all", _no_highlights),
        )
        kept = [getattr(owner, name) for owner, name, _ in left_out]
        for owner, name, instead in left_out:
            setattr(owner, name, instead)
        try:
            return super().search(question)
        finally:
            for (owner, name, _), original in zip(left_out, kept, strict=True):
                setattr(owner, name, original)


def _plan_first(
    data: Any, tree: Node, *, synonyms: bool, report: Sequence[str] = ()
) -> tuple[tuple[Plan, Plan], tuple[()]]:
    """As `search.answer.interpret.plan_tiers`, with tier 1 for both."""
    first = interpret._plan_tier(data, tree, "phrase", report)
    return (first, first), ()


def _count_matches(
    question: AskedQuestion, lister: Any, behind: object, skip: int, end: int
) -> tuple[Found, Found, Found]:
    """As `search.answer.page._count`, of tier 1 alone: its matches, counted by facets."""
    ask = Ask(question.tiers[0], question.chosen, facets=FACETS, top=lister.top(skip, end))
    (found,) = question.view.find([ask])
    return found, answer_page.NONE_FOUND, found


def _no_hints(*_: object) -> Hints:
    return Hints((), (), None)


def _no_definition(*_: object) -> None:
    return None


def _no_highlights(_: object, texts: Sequence[str]) -> list[Highlights]:
    return [Highlights((), 0)] * len(texts)


def _nothing(*_: object) -> tuple[()]:
    return ()


def to_query(question: Question, *, quoted: bool = False, page: int = 1, per_page: int = PAGE_HITS) -> Query:
    """The question in our query language; with `quoted`, its words are looked for in the text alone.

    A name is asked as it is typed.
    """
    sign = '"' if quoted or question.exact else ""
    words = " ".join(f"{sign}{word}{sign}" for word in question.words)
    return Query(
        words if question.typed is None else question.typed,
        city=() if question.city is None else (question.city,),
        year=() if question.year is None else (question.year,),
        page=page,
        per_page=per_page,
    )


def _year(value: str | int | None) -> int | None:
    return None if value is None else int(value)


# Indexing


def _iter_prepared(paragraphs: Sequence[Paragraph], preparer: Preparer, jobs: int) -> Iterator[Prepared]:
    """The paragraphs as prepared files, in order; by forked workers, as in a real run of indexing."""
    files = _iter_files(paragraphs)
    _WORKER[:] = [preparer]
    if (
        jobs == 1
        or len(paragraphs) <= _FILE_PARAGRAPHS
        or "fork" not in multiprocessing.get_all_start_methods()
    ):
        yield from map(_prepare, files)
        return
    gc.freeze()  # Collecting garbage in a worker would copy the paragraphs that it merely inherits.
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
        waiting: deque[Future[Prepared]] = deque()
        for file in files:
            waiting.append(pool.submit(_prepare, file))
            if len(waiting) > jobs * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    gc.unfreeze()


def _iter_files(paragraphs: Sequence[Paragraph]) -> Iterator[list[Document]]:
    """Whole documents, together some thousand paragraphs: a file's worth."""
    file: list[Document] = []
    size = 0
    for name, group in groupby(paragraphs, key=lambda paragraph: paragraph.document):
        found = list(group)
        file.append((name, found[0].city, found[0].year, [paragraph.text for paragraph in found]))
        size += len(found)
        if size >= _FILE_PARAGRAPHS:
            yield file
            file, size = [], 0
    if file:
        yield file


_WORKER: list[Preparer] = []


def _prepare(file: list[Document]) -> Prepared:
    reports = []
    for name, city, year, texts in file:
        record = {"id": name, "source": name, "city": city, "year": year, **_UNKNOWN}
        reports.append(DraftReport(record, [DraftParagraph("paragraph", 0, text) for text in texts]))
    path = file[0][0]
    return _WORKER[0](DraftSource(SourceRecord(path, path, path, "", len(reports)), reports))
