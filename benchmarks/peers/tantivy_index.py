"""Tantivy through its Python binding: two indexing threads, columns for city and year, counts by its aggregations.

`TantivyWords` is the peer, with jieba's words. `TantivyTerms` has the terms of our own analyzer: on it every word finds
what ours finds, which is how result sets are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import tantivy

from benchmarks.corpus import Paragraph
from benchmarks.peers.protocol import NO_YEAR, PAGE_HITS, Answer, Question, known_year
from benchmarks.peers.words import iter_terms, to_words
from search.answer.highlight import find_highlights
from search.language.plan import Term

_THREADS = 2
_HEAP_BYTES = 512 * 1024 * 1024
_BUCKETS = 10_000


class TantivyWords:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self, paragraphs: Sequence[Paragraph]) -> None:
        builder = tantivy.SchemaBuilder()
        # Its text fields are always indexed; bytes are merely kept.
        builder.add_bytes_field("id", stored=True)
        builder.add_bytes_field("text", stored=True)
        builder.add_text_field("words", tokenizer_name="whitespace", index_option="position")
        builder.add_text_field("city", fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_unsigned_field("year", indexed=True, fast=True)
        index = tantivy.Index(builder.build(), path=str(self._folder))
        writer = index.writer(heap_size=_HEAP_BYTES, num_threads=_THREADS)
        for paragraph, words in zip(paragraphs, self._iter_words(p.text for p in paragraphs), strict=True):
            document = tantivy.Document()
            document.add_bytes("id", paragraph.id.encode())
            document.add_bytes("text", paragraph.text.encode())
            document.add_text("words", words)
            document.add_text("city", paragraph.city)
            document.add_unsigned("year", paragraph.year or NO_YEAR)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def _iter_words(self, texts: Iterable[str]) -> Iterable[str]:
        return map(to_words, texts)

    def open(self) -> None:
        self._index = tantivy.Index.open(str(self._folder))
        self._schema = self._index.schema
        self._searcher = self._index.searcher()

    def search(self, question: Question) -> Answer:
        searcher = self._searcher
        words = self._words(question)
        by_city = self._narrowed(words, question, city=True)
        by_year = self._narrowed(words, question, year=True)
        both = self._narrowed(words, question, city=True, year=True)
        # The total is the sum over years: the search for the best ten may then skip what can't be among them.
        if question.city is None and question.year is None:
            counted = searcher.aggregate(words, {"city": _terms("city"), "year": _terms("year")})
            cities, years = counted["city"], counted["year"]
        else:
            cities = searcher.aggregate(by_year, {"city": _terms("city")})["city"]
            years = searcher.aggregate(by_city, {"year": _terms("year")})["year"]
        city_counts = {bucket["key"]: bucket["doc_count"] for bucket in cities["buckets"]}
        year_counts = {known_year(int(bucket["key"])): bucket["doc_count"] for bucket in years["buckets"]}
        if question.city is not None:
            total = city_counts.get(question.city, 0)
        else:
            total = (
                year_counts.get(question.year, 0) if question.year is not None else sum(year_counts.values())
            )
        found = searcher.search(both, limit=PAGE_HITS, count=False).hits
        documents = [searcher.doc(address) for _, address in found]
        return Answer(
            total=total,
            ids=tuple(_stored(document, "id") for document in documents),
            texts=tuple(_stored(document, "text") for document in documents),
            cities=city_counts,
            years=year_counts,
        )

    def all_ids(self, question: Question) -> frozenset[str]:
        query = self._narrowed(self._words(question), question, city=True, year=True)
        found = self._searcher.search(query, limit=max(self._searcher.num_docs, 1), count=False).hits
        return frozenset(_stored(self._searcher.doc(address), "id") for _, address in found)

    def _words(self, question: Question) -> Any:
        terms = list(question.words)
        if question.exact:
            terms = to_words(question.words[0]).split()
            if len(terms) > 1:
                return tantivy.Query.phrase_query(self._schema, "words", [*terms])
        return self._all_of([self._term("words", term) for term in terms])

    def _narrowed(self, words: Any, question: Question, *, city: bool = False, year: bool = False) -> Any:
        filters = []
        if city and question.city is not None:
            filters.append(tantivy.Query.const_score_query(self._term("city", question.city), 0.0))
        if year and question.year is not None:
            filters.append(tantivy.Query.const_score_query(self._term("year", question.year), 0.0))
        return self._all_of([words, *filters])

    def _term(self, field: str, value: str | int) -> Any:
        return tantivy.Query.term_query(self._schema, field, value)

    @staticmethod
    def _all_of(parts: list[Any]) -> Any:
        if len(parts) == 1:
            return parts[0]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])

    def close(self) -> None:
        del self._searcher, self._index


class _Marked:
    """Its page with the ten texts marked by our own function: a page that shows hits has to mark them somehow."""

    def search(self, question: Question) -> Answer:
        answer: Answer = super().search(question)  # type: ignore[misc]
        needles = tuple(Term("text", word) for word in question.words)
        for text in answer.texts:
            find_highlights(text, needles)
        return answer


class TantivyMarked(_Marked, TantivyWords):
    """With jieba's words."""


class TantivyTerms(TantivyWords):
    def _iter_words(self, texts: Iterable[str]) -> Iterable[str]:
        return (terms for terms, _ in iter_terms(texts))


class TantivyTermsMarked(_Marked, TantivyTerms):
    """With our terms: what a page of Tantivy costs that finds what ours finds."""


def _terms(field: str) -> dict[str, Any]:
    return {"terms": {"field": field, "size": _BUCKETS}}


def _stored(document: Any, field: str) -> str:
    return bytes(document[field][0]).decode()
