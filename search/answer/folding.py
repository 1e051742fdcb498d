"""Paragraphs of one page that say the same in other reports, under the first of them.

hits of a page -> those of a tier that are identical or nearly so -> the first of each, with the others

A stage above the seam: each page holds the same paragraphs folded and unfolded. docs/counting.md says what nearly is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from search.language.text import normalize_text
from search.model import Hit

LEAST_ALIKE = 0.8
"""The share of pairs of neighbouring characters that two texts must have in common."""
LEAST_CHARS, MOST_CHARS = 20, 3_000
"""A shorter or longer text is folded only if it is identical."""
_MARKS = re.compile(r"[^\w%.]|_")
_LABEL = re.compile(
    r"[（(\[〔﹝]?\s*(?:\^?[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})\s*(?:[)）\]〕﹞][:：]?|[.．、])(?![0-9])\s*|[①-⑳]\s*"
)
_NUMBER = re.compile(
    r"[0-9]+(?:\.[0-9]+)?%?|[一二三四五六七八九十百千万亿两〇零]{2,}|[二三四五六七八九十百千万亿两]"
)


def fold_hits(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits of a page, those that say the same as an earlier one of another report folded under it.

    Order stays: what is left stands as it stood, and what is folded as it would have followed.
    """
    kept: list[tuple[Hit, _Said]] = []
    same: list[list[Hit]] = []
    for hit in hits:
        said = _Said(hit.text)
        at = next(
            (
                at
                for at, (first, of_first) in enumerate(kept)
                if first.tier == hit.tier and first.report.id != hit.report.id and of_first.is_like(said)
            ),
            None,
        )
        if at is None:
            kept.append((hit, said))
            same.append([])
        else:
            same[at].append(hit)
    return tuple(replace(hit, same=tuple(of)) for (hit, _), of in zip(kept, same, strict=True))


class _Said:
    """What a paragraph says, without its label and marks."""

    def __init__(self, text: str) -> None:
        label = _LABEL.match(text)
        self.form = _MARKS.sub("", normalize_text(text[label.end() if label else 0 :]))
        self._numbers: list[str] | None = None
        self._pairs: frozenset[tuple[str, str]] | None = None

    def is_like(self, other: _Said) -> bool:
        """Whether two texts are identical or nearly so: what they say differs little, and in no number."""
        if self.form == other.form:
            return True
        short, long = sorted((len(self.form), len(other.form)))
        if short < LEAST_CHARS or long > MOST_CHARS or short < LEAST_ALIKE / (2 - LEAST_ALIKE) * long:
            return False
        if self.numbers != other.numbers:
            return False
        common = len(self.pairs & other.pairs)
        return 2 * common >= LEAST_ALIKE * (len(self.pairs) + len(other.pairs))

    @property
    def numbers(self) -> list[str]:
        if self._numbers is None:
            self._numbers = _NUMBER.findall(self.form)
        return self._numbers

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        if self._pairs is None:
            self._pairs = frozenset(pairwise(self.form))
        return self._pairs
