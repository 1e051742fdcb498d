"""BM25 for whole posting lists at once, by Whoosh's formula, so that its searcher gives the same numbers.

score = boost * idf * tf * (K1 + 1) / (tf + K1 * (1 - B + B * length / average length))
idf = ln(documents / (document frequency + 1)) + 1

tf is the weight of the posting: an occurrence that is a word of the paragraph counts 1, one that only straddles words
less. length is Whoosh's one-byte code of the field length.

Source: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009); whoosh.scoring.BM25F.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.embedded import kernel
from search.embedded.combinations import UNKNOWN
from search.embedded.postings import FieldPostings
from search.embedded.postings_layout import STEPS
from search.embedded.segment import SegmentData
from search.embedded.snapshot import LENGTHS, Snapshot
from search.language.statistics import idf, place_lines
from search.lru import LruCache

F32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Bm25:
    """The parameters of BM25; `b` is a field's, `k1` is for all."""

    k1: float = 1.2
    b: float = 0.75
    heading_b: float = 0.3
    title_b: float = 0.3

    def field_b(self, field: str) -> float:
        """How much a field's length counts."""
        return {"heading": self.heading_b, "title": self.title_b}.get(field, self.b)


BM25 = Bm25()
_KEPT_WEIGHTS = 10_000
"""Of so many terms it is remembered where they are and what they weigh."""


class WordTerm(NamedTuple):
    """A term of a segment, as a word's scores are made of it.

    Args:
        frequency: in how many of the segment's documents it stands.
        factor: its inverse document frequency, times a boost.
        scoring: how the field is scored, as `search.embedded.kernel` takes it; None without compiled loops.
        occurrences: how often it stands in all of them.
    """

    frequency: int
    field: str
    postings: FieldPostings
    number: int
    factor: float
    scoring: Any
    occurrences: int

    def boosted(self, boost: float) -> WordTerm:
        """The term with its factor multiplied."""
        frequency, field, postings, number, factor, scoring, occurrences = self
        return WordTerm(frequency, field, postings, number, boost * factor, scoring, occurrences)


class Scorer:
    """Scores postings of a snapshot. Holds tables only, so it is made once a snapshot."""

    def __init__(self, snapshot: Snapshot, bm25: Bm25 = BM25) -> None:
        self._snapshot, self._bm25 = snapshot, bm25
        self._norms: dict[str, F32] = {}
        self._tables: dict[str, F32] = {}
        self._weights: LruCache[tuple[str, str], float] = LruCache(most=_KEPT_WEIGHTS)
        self._compiled: dict[tuple[str, str], Any] = {}
        self._terms: dict[tuple[str, str, str], tuple[WordTerm | None]] = {}
        """All forgotten when they are too many: a page asks for dozens, and a dict alone is soonest asked."""

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The names of city and province, as `place_lines`, of each group of combinations."""
        table = self._snapshot.combinations
        cities, provinces = table.values["city"], table.values["province"]
        of_groups = (table.columns[name].take(table.starts).tolist() for name in ("city", "province"))
        return tuple(
            place_lines(
                None if city == UNKNOWN else cities[city],
                None if province == UNKNOWN else provinces[province],
            )
            for city, province in zip(*of_groups, strict=True)
        )

    def term(self, data: SegmentData, field: str, text: str) -> WordTerm | None:
        """A term of a segment with its inverse document frequency as factor; None where no document has it."""
        key = (data.id, field, text)
        known = self._terms.get(key)
        if known is None:
            if len(self._terms) >= _KEPT_WEIGHTS:
                self._terms.clear()
            known = self._terms[key] = (self._find_term(data, field, text),)
        return known[0]

    def _find_term(self, data: SegmentData, field: str, text: str) -> WordTerm | None:
        postings = data.field(field)
        number = None if postings is None else postings.find(text.encode("utf-8", "surrogatepass"))
        if postings is None or number is None:
            return None
        scoring = None if kernel.postings is None else self.compiled(data, field)
        frequency, weight = int(postings.df[number]), self.weight_of(field, text)
        occurrences = int(postings.cf[number])
        return WordTerm(frequency, field, postings, number, weight, scoring, occurrences)

    def weight_of(self, field: str, term: str) -> float:
        """The inverse document frequency of a term in the collection; 0 where nothing has it."""
        key = (field, term)
        weight = self._weights.get(key)
        if weight is None:
            df = self._snapshot.document_frequency(field, term.encode("utf-8", "surrogatepass"))
            weight = idf(self._snapshot.doc_count, df) if df else 0.0
            self._weights.put(key, weight)
        return weight

    def _norm(self, field: str) -> F32:
        if field not in self._norms:
            b = self._bm25.field_b(field)
            relative = LENGTHS / self._snapshot.average_lengths[field]
            self._norms[field] = (self._bm25.k1 * (1 - b + b * relative)).astype(np.float32)
        return self._norms[field]

    def _table(self, field: str) -> F32:
        """The tf part of the score by code of weight and code of length, float32[16 * 256]."""
        if field not in self._tables:
            tf = STEPS[:, None]
            table = tf * np.float32(self._bm25.k1 + 1) / (tf + self._norm(field)[None, :])
            self._tables[field] = table.reshape(-1).astype(np.float32)
        return self._tables[field]

    def compiled(self, data: SegmentData, field: str) -> Any:
        """How a field is scored in a segment, as `search.embedded.kernel` takes it."""
        key = (data.id, field)
        scoring = self._compiled.get(key)
        if scoring is None:
            assert kernel.postings is not None, "asked for by its callers"
            tables = (data.lengths[field], self._table(field), self._norm(field), self._bm25.k1)
            scoring = self._compiled[key] = kernel.postings.Scoring(*tables)
        return scoring

    def score(
        self,
        field: str,
        postings: FieldPostings,
        number: int,
        docs: NDArray[np.int64],
        lengths: NDArray[np.uint8],
        factor: float,
        *,
        at: NDArray[np.int64] | None = None,
        codes: NDArray[np.uint8] | None = None,
    ) -> F32:
        """The scores of a term's postings, float32.

        Args:
            docs: the documents of the postings that are wanted.
            factor: boost times inverse document frequency.
            at: which of the term's postings those are; all of them where None.
            codes: the codes of their weights, where they are known already.
        """
        length_codes = lengths.take(docs)
        constant = postings.constant_weight(number)
        if constant is not None:
            row = np.float32(constant * (self._bm25.k1 + 1)) / (np.float32(constant) + self._norm(field))
            constant_scores: F32 = (row * np.float32(factor)).astype(np.float32).take(length_codes)
            return constant_scores
        steps = postings.codes(number, at) if codes is None else codes
        if steps is None:
            weights = postings.weights(number)
            tf = weights if at is None else weights[at]
            return np.float32(factor * (self._bm25.k1 + 1)) * tf / (tf + self._norm(field)[length_codes])
        places = steps.astype(np.uint16)
        places <<= 8
        places |= length_codes
        scores: F32 = (self._table(field) * np.float32(factor)).take(places)
        return scores
