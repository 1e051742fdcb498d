"""The words of a part of a collection as numbers: what strings are counted in.

kept by the store, or: paragraph -> runs of words side by side -> numbers, 0 between runs, kept for one version
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.collection import Ask, Ref, StoredParagraph, Top, View, Words
from search.language.text import Analyzer
from search.language.text.word_batches import WordNumbers
from search.limits import Budget

Numbers = NDArray[np.int32]

_READ_AT_ONCE = 500
_SCANNED_AT_ONCE = 20_000
_MOST_BYTES = 512 * 1024 * 1024
_BEFORE, _BEHIND = np.zeros(1, dtype=np.int32), np.zeros(Words.BORDERS, dtype=np.int32)
_OBJECT_BYTES = 250
"""About what a paragraph's array takes beside its numbers."""


def read_words(view: View, asks: Sequence[Ask], analyzer: Analyzer) -> Words:
    """The words of what matches, in numbers of the version.

    Raises:
        BudgetExceeded: they are more than the view's budget allows.
    """
    return view.words(asks) or view.derived("instruments.words", WordStreams).read(view, asks, analyzer)


class _CutParagraph(NamedTuple):
    """A paragraph's words, with a 0 behind each run, and its report's id."""

    report: str
    numbers: Numbers


@dataclass(slots=True)
class WordStreams:
    """The words of the paragraphs that were asked for so far, where the store keeps none. Safe in several threads.

    Args:
        numbers: every word and its number.
    """

    numbers: WordNumbers = field(default_factory=WordNumbers)
    _kept: dict[Ref, _CutParagraph] = field(default_factory=dict)
    _kept_bytes: int = 0
    _lock: Lock = field(default_factory=Lock)

    def read(self, view: View, asks: Sequence[Ask], analyzer: Analyzer) -> Words:
        """The words of what matches; those of new paragraphs are cut."""
        found = [self._of_reports(view, ask, analyzer) for ask in asks]
        sizes = [sum(map(len, parts)) for of_ask in found for parts in of_ask]
        return Words(
            np.concatenate(
                [_BEFORE, *(part for of_ask in found for parts in of_ask for part in parts), _BEHIND]
            ),
            np.array(sizes, dtype=np.int64),
            tuple(map(len, found)),
            self.numbers.words,
        )

    def _of_reports(self, view: View, ask: Ask, analyzer: Analyzer) -> list[list[Numbers]]:
        """The words of the paragraphs that match, report after report."""
        of_report: dict[str, list[Numbers]] = {}
        for batch in view.scan(Ask(ask.plan, ask.chosen, top=Top(0, sort="year")), batch=_SCANNED_AT_ONCE):
            for one in self._read(view, [ranked.ref for ranked in batch], analyzer, view.budget):
                view.budget.charge(one.numbers.nbytes)
                of_report.setdefault(one.report, []).append(one.numbers)
        return list(of_report.values())

    def _read(
        self, view: View, refs: Sequence[Ref], analyzer: Analyzer, budget: Budget
    ) -> list[_CutParagraph]:
        """The words of the paragraphs, in their order."""
        found: dict[Ref, _CutParagraph] = {}
        missing = [ref for ref in refs if ref not in self._kept]
        for begin in range(0, len(missing), _READ_AT_ONCE):
            budget.charge()
            with budget.borrowed():
                found |= self._cut(view.paragraphs(missing[begin : begin + _READ_AT_ONCE]), analyzer)
        return [found.get(ref) or self._kept[ref] for ref in refs]

    def _cut(self, paragraphs: Sequence[StoredParagraph], analyzer: Analyzer) -> dict[Ref, _CutParagraph]:
        cut = {}
        with self._lock:
            words = analyzer.number_runs([paragraph.text for paragraph in paragraphs], self.numbers)
            for paragraph, own in zip(paragraphs, words, strict=True):
                one = cut[paragraph.ref] = _CutParagraph(paragraph.report.id, own)
                size = own.nbytes + _OBJECT_BYTES
                if self._kept_bytes + size <= _MOST_BYTES and paragraph.ref not in self._kept:
                    self._kept[paragraph.ref] = one
                    self._kept_bytes += size
        return cut
