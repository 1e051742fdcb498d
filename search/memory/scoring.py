"""Terms of one version and what a paragraph is worth for each: BM25, worked out from the texts.

score = boost * idf * tf * (K1 + 1) / (tf + K1 * (1 - B + B * length / average length))
idf   = ln(paragraphs / (document frequency + 1)) + 1

tf adds up the occurrences: a word of the precise cut counts 1, what only straddles words 1/4; the sum is rounded down
to a step. Above a text, tf is 1. Lengths are rounded up to Whoosh's byte codes.

Source: whoosh.scoring.BM25F and whoosh.util.numeric; `search.embedded.scoring` does the same from arrays.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence

from search.collection import TermUse
from search.language.statistics import WeighedTerm, idf
from search.language.text import Analyzer, occurrences
from search.language.text.segment import HAN
from search.limits import Budget
from search.lru import LruCache
from search.memory.held import HeldReport, Row
from search.memory.scanning import has_string

K1 = 1.2
B = {"text": 0.75, "heading": 0.3, "title": 0.3}
STRADDLING = 0.25
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 12.0, 20.0)
LENGTHS = tuple(round((1.033**code - 1) * 27) for code in range(256))
"""What Whoosh's byte codes of field lengths stand for."""
_LONGEST_CODED = (1 << 15) - 1
_HAN_WORD = re.compile(f"[{HAN}]{{2,}}")
_KEPT_TERMS = 10_000
_ROWS_A_CHARGE = 512
_BYTES_A_POSTING = 64


class Terms:
    """Terms of one version's rows. What was looked up once is kept."""

    def __init__(self, rows: Sequence[Row], average_lengths: Mapping[str, float], analyzer: Analyzer) -> None:
        self._rows, self._averages, self._analyzer = rows, average_lengths, analyzer
        self._weights: LruCache[tuple[str, str], dict[int, float]] = LruCache(most=_KEPT_TERMS)
        self._cuts: dict[int, frozenset[tuple[int, int]]] = {}
        self._is_term: LruCache[str, bool] = LruCache(most=_KEPT_TERMS)

    def frequency(self, field: str, term: str, budget: Budget) -> int:
        """The document frequency of a term."""
        return len(self.weights(field, term, budget))

    def idf(self, field: str, term: str, budget: Budget) -> float:
        """The inverse document frequency of a term."""
        return idf(max(len(self._rows), 1), self.frequency(field, term, budget))

    def scores(self, field: str, term: str, weight: float, budget: Budget) -> dict[int, float]:
        """The score of each paragraph that has the term, by its number, ascending.

        Args:
            weight: stands for boost * idf.
        """
        weights = self.weights(field, term, budget)
        found = {}
        for ref, tf in weights.items():
            length = coded_length(self._rows[ref].length(field)) / self._averages[field]
            found[ref] = weight * tf * (K1 + 1) / (tf + K1 * (1 - B[field] + B[field] * length))
        return found

    def sums(self, terms: Sequence[WeighedTerm], budget: Budget) -> dict[int, float]:
        """What each paragraph that has any of the terms scores for all of them."""
        sums: dict[int, float] = {}
        for field, term, weight in terms:
            for ref, score in self.scores(field, term, weight, budget).items():
                sums[ref] = sums.get(ref, 0.0) + score
        return sums

    def weights(self, field: str, term: str, budget: Budget) -> dict[int, float]:
        """How much each paragraph has of the term (tf), by its number, ascending."""
        known = self._weights.get((field, term))
        if known is not None:
            budget.charge()
            return known
        found: dict[int, float] = {}
        for ref, row in enumerate(self._rows if self.is_term(term) else ()):
            if ref % _ROWS_A_CHARGE == 0:
                budget.charge()
            if field == "text":
                places = [at for at, _ in occurrences(row.paragraph.form, term)]
                if places:
                    found[ref] = self._weigh(ref, places, len(term))
            elif any(has_string(line, term) for line in row.lines(field)):
                found[ref] = 1.0
        budget.charge(_BYTES_A_POSTING * len(found))
        return self._weights.put((field, term), found)

    def is_term(self, text: str) -> bool:
        """Whether `text` is a term: a word of the dictionary, an ASCII word or number, or a single character."""
        known = self._is_term.get(text)
        if known is None:
            tokens = () if len(text) == 1 else self._analyzer.index_terms(text)
            whole = len(text) == 1 or any(length == len(text) for _, _, length, _ in tokens)
            known = self._is_term.put(text, whole)
        return known

    def _weigh(self, ref: int, places: Sequence[int], length: int) -> float:
        cut = self._cut(ref)
        total = sum(1.0 if (at, length) in cut else STRADDLING for at in places)
        return STEPS[bisect_right(STEPS, total) - 1]

    def is_aligned(self, ref: int, span: tuple[int, int]) -> bool:
        """Whether the precise cut of a paragraph has a word just there."""
        return (span[0], span[1] - span[0]) in self._cut(ref)

    def _cut(self, ref: int) -> frozenset[tuple[int, int]]:
        """(start, length) of the words of a paragraph's precise cut."""
        if ref not in self._cuts:
            tokens = self._analyzer.query_tokens(self._rows[ref].paragraph.draft.text)
            self._cuts[ref] = frozenset((token.start, token.length) for token in tokens)
        return self._cuts[ref]

    def vocabulary(self, most: int, budget: Budget) -> list[TermUse]:
        """The most used words of two Han characters and more, with the paragraphs in which they stand anyhow."""
        uses: Counter[str] = Counter()
        for ref, row in enumerate(self._rows):
            budget.charge()
            words = (row.paragraph.form[start : start + length] for start, length in self._cut(ref))
            uses.update(filter(_HAN_WORD.fullmatch, words))
        wanted = dict(uses.most_common(most))
        lengths = sorted(set(map(len, wanted)))
        paragraphs: Counter[str] = Counter()
        for row in self._rows:
            budget.charge()
            form = row.paragraph.form
            pieces = {form[at : at + length] for length in lengths for at in range(len(form) - length + 1)}
            paragraphs.update(pieces & wanted.keys())
        return [TermUse(term, paragraphs[term], used) for term, used in wanted.items()]


def coded_length(length: int) -> int:
    """A field's length as the scores take it, rounded up to the next that has a code."""
    return LENGTHS[min(bisect_left(LENGTHS, min(length, _LONGEST_CODED)), len(LENGTHS) - 1)]


def place_worth(held: HeldReport, places: Sequence[tuple[str, float]]) -> float:
    """What the weighted beginnings of places add to paragraphs of a report."""
    names = held.place_forms
    return sum(weight for beginning, weight in places if any(name.startswith(beginning) for name in names))
