"""The systems that rank passages: ours through its real writer and engine, and what it is compared with.

Each is made of a set's passages and a scratch folder, and gives for a query the ids of the best passages with scores.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.words import to_words
from benchmarks.relevance_sets import Passage
from search import Query, open_searcher
from search.addresses import begin_writing
from search.collection import DraftParagraph, DraftReport, DraftSource, SourceRecord
from search.embedded.writing.analysis import MAX_CHARS
from search.errors import QueryError
from search.language.text import load_analyzer, normalize_text

DEPTH = 100
"""How many passages a system gives back for a query."""
_FILE_PASSAGES = 500
_BLANKS = re.compile(r"[\W_]+")

Ranking = dict[str, float]
"""passage -> score; higher is better."""


class System(Protocol):
    """Ranks the passages that it was made of."""

    def rank(self, text: str) -> Ranking:
        """The best passages for a query."""


# Ours


class Ours:
    """Every passage is a report of one paragraph, or of several where it is longer than a document may be.

    The folder is used again where it holds an index already, so that parameters can be tried quickly.
    """

    def __init__(self, passages: Sequence[Passage], folder: Path) -> None:
        analyzer = load_analyzer()
        if not any(folder.glob("*.toc")):
            with begin_writing(str(folder), analyzer, rebuild=True) as writer:
                rest = iter(passages)
                while group := list(islice(rest, _FILE_PASSAGES)):
                    reports = [_to_report(passage) for passage in group]
                    path = group[0].id
                    source = SourceRecord(path, path, path, "", len(reports))
                    writer.add(writer.preparer(DraftSource(source, reports)))
                writer.commit()
        self.engine = open_searcher(folder, analyzer=analyzer)

    def rank(self, text: str) -> Ranking:
        """The engine's first hits, tier 2 behind tier 1; of a passage in parts its best part counts."""
        try:
            hits = self.engine.search(Query(text, per_page=DEPTH)).hits
        except QueryError:
            return {}
        ranking: Ranking = {}
        for place, hit in enumerate(hits):
            ranking.setdefault(hit.report.id, float(DEPTH - place))
        return ranking


_NOTHING_KNOWN = dict.fromkeys(
    ("title", "city", "province", "type", "level", "year", "review_year", "date", "session", "speaker")
)


def _to_report(passage: Passage) -> DraftReport:
    step = MAX_CHARS // 4
    whole = len(normalize_text(passage.text)) <= MAX_CHARS
    starts = range(0, 1 if whole else len(passage.text), len(passage.text) if whole else step)
    parts = [passage.text if whole else passage.text[at : at + step] for at in starts]
    record = {"id": passage.id, "source": passage.id, **_NOTHING_KNOWN}
    return DraftReport(record, [DraftParagraph("paragraph", 0, part) for part in parts])


# Baselines


class Bm25Baseline:
    """BM25 over any cut of a text into words, in memory.

    Source: Robertson and Zaragoza (2009) with Lucene's idf, k1 = 1.2, b = 0.75.
    """

    def __init__(self, passages: Sequence[Passage], cut: Callable[[str], Iterable[str]]) -> None:
        self._cut, self._ids = cut, [passage.id for passage in passages]
        numbers: dict[str, int] = {}
        keys, lengths = [], np.zeros(len(passages), dtype=np.float32)
        for place, passage in enumerate(passages):
            found = [numbers.setdefault(word, len(numbers)) for word in cut(passage.text)]
            lengths[place] = len(found)
            keys.append(np.array(found, dtype=np.uint64) << np.uint64(32) | np.uint64(place))
        distinct, counts = np.unique(np.concatenate(keys), return_counts=True)
        del keys
        self._numbers = numbers
        self._docs = (distinct & np.uint64(0xFFFFFFFF)).astype(np.int64)
        self._bounds = np.searchsorted(distinct >> np.uint64(32), np.arange(len(numbers) + 1))
        k1, b = 1.2, 0.75
        norm = k1 * (1 - b + b * lengths / max(float(lengths.mean()), 1.0))
        tf = counts.astype(np.float32)
        self._parts = (tf * (k1 + 1) / (tf + norm[self._docs])).astype(np.float32)

    def rank(self, text: str) -> Ranking:
        """The best passages by the sum over the query's words, repeated ones counted each time."""
        scores = np.zeros(len(self._ids), dtype=np.float32)
        for word in self._cut(text):
            number = self._numbers.get(word)
            if number is not None:
                at = slice(int(self._bounds[number]), int(self._bounds[number + 1]))
                df = at.stop - at.start
                idf = np.log(1 + (len(self._ids) - df + 0.5) / (df + 0.5))
                scores[self._docs[at]] += np.float32(idf) * self._parts[at]
        return _best(scores, self._ids)


def _best(scores: NDArray[np.float32], ids: Sequence[str]) -> Ranking:
    count = min(DEPTH, len(scores))
    top = np.argpartition(-scores, count - 1)[:count]
    order = top[np.lexsort((top, -scores[top]))]
    return {ids[at]: float(scores[at]) for at in order.tolist() if scores[at] > 0}


def jieba_words(text: str) -> list[str]:
    """The words of jieba's search mode."""
    return to_words(text).split()


def bigrams(text: str) -> Iterator[str]:
    """Two neighbouring characters each, within runs of letters and numbers; a lone one as it is."""
    for run in _BLANKS.split(text.lower()):
        if len(run) == 1:
            yield run
        for at in range(len(run) - 1):
            yield run[at : at + 2]


class TantivyJieba:
    """Tantivy's own BM25 over the words of jieba's search mode."""

    def __init__(self, passages: Sequence[Passage], folder: Path) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
        self._schema = builder.build()
        index = tantivy.Index(self._schema, path=str(folder))
        writer = index.writer(heap_size=256 * 1024 * 1024, num_threads=1)
        for passage in passages:
            writer.add_document(tantivy.Document(id=passage.id, words=to_words(passage.text)))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def rank(self, text: str) -> Ranking:
        """What has any of the words, by Tantivy's score."""
        import tantivy

        terms = [tantivy.Query.term_query(self._schema, "words", word) for word in jieba_words(text)]
        if not terms:
            return {}
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        found = self._searcher.search(query, limit=DEPTH).hits
        return {self._searcher.doc(address)["id"][0]: float(score) for score, address in found}


class StockWhoosh:
    """Whoosh's own codec and BM25F over the words of jieba's search mode. Slow."""

    def __init__(self, passages: Sequence[Passage], folder: Path) -> None:
        from whoosh import fields, index
        from whoosh.analysis import SpaceSeparatedTokenizer

        schema = fields.Schema(id=fields.STORED, words=fields.TEXT(analyzer=SpaceSeparatedTokenizer()))
        self._index = index.create_in(str(folder), schema)
        writer = self._index.writer(limitmb=512)
        for passage in passages:
            writer.add_document(id=passage.id, words=to_words(passage.text))
        writer.commit()
        self._searcher = self._index.searcher()

    def rank(self, text: str) -> Ranking:
        """What has any of the words, by Whoosh's score."""
        from whoosh import query

        words = jieba_words(text)
        if not words:
            return {}
        found = self._searcher.search(query.Or([query.Term("words", word) for word in words]), limit=DEPTH)
        return {hit["id"]: float(hit.score) for hit in found}
