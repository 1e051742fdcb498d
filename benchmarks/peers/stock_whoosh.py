"""Whoosh as it is: its own codec, one writer, sortable columns, counts by its facets."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from whoosh import fields, index, query, sorting
from whoosh.analysis import SpaceSeparatedTokenizer

from benchmarks.corpus import Paragraph
from benchmarks.peers.protocol import NO_YEAR, PAGE_HITS, Answer, Question, known_year
from benchmarks.peers.words import to_words

_MEMORY_MB = 256


class StockWhoosh:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self, paragraphs: Sequence[Paragraph]) -> None:
        schema = fields.Schema(
            id=fields.STORED,
            text=fields.STORED,
            words=fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True),
            city=fields.ID(sortable=True),
            year=fields.NUMERIC(int, sortable=True),
        )
        made = index.create_in(str(self._folder), schema)
        writer = made.writer(limitmb=_MEMORY_MB)
        for paragraph in paragraphs:
            writer.add_document(
                id=paragraph.id,
                text=paragraph.text,
                words=to_words(paragraph.text),
                city=paragraph.city,
                year=paragraph.year or NO_YEAR,
            )
        writer.commit()
        made.close()

    def open(self) -> None:
        self._index = index.open_dir(str(self._folder))
        self._searcher = self._index.searcher()

    def search(self, question: Question) -> Answer:
        wanted = _words(question)
        both = _narrowed(question, city=True, year=True)
        facets = None if both else _facets("city", "year")
        found = self._searcher.search(wanted, limit=PAGE_HITS, filter=both, groupedby=facets)
        if both is None:
            cities, years = found.groups("city"), found.groups("year")
        else:
            cities = self._counts(wanted, _narrowed(question, year=True), "city")
            years = self._counts(wanted, _narrowed(question, city=True), "year")
        # Its own total forgets the filter where nothing is left, and it gives every hit where it counts.
        if question.city is not None:
            total = cities.get(question.city, 0)
        else:
            total = sum(years.values()) if question.year is None else years.get(question.year, 0)
        hits = [hit.fields() for hit in islice(found, PAGE_HITS)]
        return Answer(
            total=total,
            ids=tuple(hit["id"] for hit in hits),
            texts=tuple(hit["text"] for hit in hits),
            cities=dict(cities),
            years={known_year(int(year)): count for year, count in years.items()},
        )

    def _counts(self, wanted: Any, within: Any, field: str) -> dict[Any, int]:
        found = self._searcher.search(wanted, limit=1, filter=within, groupedby=_facets(field))
        counts: dict[Any, int] = found.groups(field)
        return counts

    def all_ids(self, question: Question) -> frozenset[str]:
        both = _narrowed(question, city=True, year=True)
        found = self._searcher.search(_words(question), limit=None, filter=both)
        return frozenset(hit["id"] for hit in found)

    def close(self) -> None:
        self._searcher.close()
        self._index.close()


def _words(question: Question) -> Any:
    if question.exact:
        return query.Phrase("words", to_words(question.words[0]).split())
    return query.And([query.Term("words", word) for word in question.words])


def _narrowed(question: Question, *, city: bool = False, year: bool = False) -> Any:
    filters = []
    if city and question.city is not None:
        filters.append(query.Term("city", question.city))
    if year and question.year is not None:
        filters.append(query.NumericRange("year", question.year, question.year))
    return query.And(filters) if filters else None


def _facets(*names: str) -> Any:
    facets = sorting.Facets()
    for name in names:
        facets.add_field(name, maptype=sorting.Count)
    return facets
