"""The words of paragraphs as numbers, kept for one version: what strings are counted in.

paragraph -> runs of words side by side -> numbers, 0 between runs
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.collection import Ref, StoredParagraph, View
from search.language.text import Analyzer
from search.language.text.word_batches import WordNumbers
from search.limits import Budget
from search.model import Report

Words = NDArray[np.int32]

_READ_AT_ONCE = 500
_MOST_BYTES = 512 * 1024 * 1024
_OBJECT_BYTES = 250
"""About what a paragraph's array takes beside its numbers."""


class CutParagraph(NamedTuple):
    """A paragraph's words, with a 0 behind each run, and its report."""

    report: Report
    words: Words


@dataclass(slots=True)
class WordStreams:
    """The words of the paragraphs that were asked for so far. Safe to use from several threads.

    Args:
        numbers: every word and its number.
    """

    numbers: WordNumbers = field(default_factory=WordNumbers)
    _kept: dict[Ref, CutParagraph] = field(default_factory=dict)
    _kept_bytes: int = 0
    _lock: Lock = field(default_factory=Lock)

    @property
    def words(self) -> list[str]:
        return self.numbers.words

    def read(self, view: View, refs: Sequence[Ref], analyzer: Analyzer, budget: Budget) -> list[CutParagraph]:
        """The words of the paragraphs, in their order; those that are new are cut."""
        found: dict[Ref, CutParagraph] = {}
        missing = [ref for ref in refs if ref not in self._kept]
        for begin in range(0, len(missing), _READ_AT_ONCE):
            budget.charge()
            with budget.borrowed():
                found |= self._cut(view.paragraphs(missing[begin : begin + _READ_AT_ONCE]), analyzer)
        return [found.get(ref) or self._kept[ref] for ref in refs]

    def _cut(self, paragraphs: Sequence[StoredParagraph], analyzer: Analyzer) -> dict[Ref, CutParagraph]:
        cut = {}
        with self._lock:
            words = analyzer.number_runs([paragraph.text for paragraph in paragraphs], self.numbers)
            for paragraph, own in zip(paragraphs, words, strict=True):
                one = cut[paragraph.ref] = CutParagraph(paragraph.report, own)
                size = own.nbytes + _OBJECT_BYTES
                if self._kept_bytes + size <= _MOST_BYTES and paragraph.ref not in self._kept:
                    self._kept[paragraph.ref] = one
                    self._kept_bytes += size
        return cut


def word_streams(view: View) -> WordStreams:
    """Those of a version."""
    return view.derived("instruments.words", WordStreams)
