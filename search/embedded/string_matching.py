"""Matches exact strings in one segment: in the text, near each other, and in what is above the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from search.embedded import kernel
from search.embedded.matches import Matches, Scores, no_matches
from search.embedded.places import KeptPlaces, Places
from search.embedded.segment import NO_HEADING, SegmentData
from search.embedded.sorted_numbers import membership
from search.embedded.term_lookup import I64, POSITION_BITS, Docs, Mask, TermLookup, close_together
from search.embedded.words import Words
from search.language import plan as p
from search.language.text import Token, normalize_text
from search.language.text.phrases import pieces_of
from search.limits import Budget


class StringMatcher:
    """Which of some documents have a string, and the scores of those that do: the sum of its words'."""

    def __init__(
        self, data: SegmentData, terms: TermLookup, words: Words, budget: Budget, kept: KeptPlaces
    ) -> None:
        self._data, self._terms, self._words = data, terms, words
        self._budget, self._kept = budget, kept

    @staticmethod
    def needed(plan: p.String | p.Above | p.Within) -> tuple[str, set[str]]:
        """The field and the terms that every match has."""
        if isinstance(plan, p.Within):
            return "text", {token.term for part in plan.strings for token in part.tokens}
        if isinstance(plan, p.Above):
            return plan.field, above_terms(plan)
        return "text", {token.term for token in plan.tokens}

    def probe(self, plan: p.String | p.Above | p.Within, docs: Docs) -> tuple[Mask, Scores | None]:
        """Which of `docs` match, and the scores of those that do."""
        if isinstance(plan, p.String):
            return self._string(plan, docs)
        return self._above(plan, docs) if isinstance(plan, p.Above) else self._within(plan, docs)

    def kept(self, plan: p.String) -> Places | None:
        """Where a string stands in all of the segment, if that is known."""
        return self._kept.get(self._key(plan))

    def _key(self, plan: p.String) -> tuple[object, ...]:
        return self._data.id, plan.tokens

    def places(self, plan: p.String) -> Places:
        """Where a string stands in all of the segment."""
        kept = self.kept(plan)
        if kept is not None:
            return kept
        candidates = self._words.common("text", {token.term for token in plan.tokens})
        self._budget.charge(len(candidates))
        spots = self._terms.string_places(plan, candidates)[1]
        first = candidates.take(spots >> POSITION_BITS) << POSITION_BITS | spots & ((1 << POSITION_BITS) - 1)
        return self._kept.put(self._key(plan), Places(first, first + plan.length))

    def match(self, plan: p.String) -> Matches:
        """All documents that have a string, and the scores of their words."""
        if kernel.postings is None or self.kept(plan) is not None:
            docs = self.places(plan).docs
            return Matches(docs, self.words_score("text", plan.tokens, docs, plan.boost))
        return self._match_new(plan)[0]

    def match_once(self, plan: p.String) -> Matches:
        """As `match`, of a string that nobody will ask for soon: its places are not kept."""
        if kernel.postings is None:
            return self.match(plan)
        terms = self._words.of_string(plan)
        return no_matches() if terms is None else Matches(*kernel.postings.match_string(terms)[1:])

    def docs(self, plan: p.String) -> Docs:
        """All documents that have a string."""
        if kernel.postings is None or self.kept(plan) is not None:
            return self.places(plan).docs
        return self._match_new(plan)[0].docs

    def number(self, plan: p.String) -> int:
        """How many documents have a string; where it stands in them is not kept."""
        kept = self.kept(plan)
        if kept is not None:
            return len(kept.docs)
        if kernel.postings is None:
            return len(self.places(plan).docs)
        found = len(self.match_once(plan).docs)
        self._budget.charge(found)
        return found

    def count(self, plan: p.String) -> int:
        """How often a string stands in all of the segment."""
        if kernel.postings is None or self.kept(plan) is not None:
            return len(self.places(plan).first)
        return self._match_new(plan)[1]

    def _match_new(self, plan: p.String) -> tuple[Matches, int]:
        """The matches of a string by compiled loops, and how often it stands there; its places are kept."""
        terms = self._words.of_string(plan)
        if terms is None:
            return no_matches(), 0
        assert kernel.postings is not None, "asked by those who looked"
        first, docs, scores = kernel.postings.match_string(terms)
        self._budget.charge(len(docs))
        self._kept.put(self._key(plan), Places(first, first + plan.length))
        return Matches(docs, scores), len(first)

    def _string(self, plan: p.String, docs: Docs) -> tuple[Mask, Scores | None]:
        kept = self.kept(plan)
        mask = self._terms.string_places(plan, docs)[0] if kept is None else membership(docs, kept.docs)
        return mask, self.words_score("text", plan.tokens, docs[mask], plan.boost)

    def words_score(self, field: str, tokens: Sequence[Token], docs: Docs, boost: float) -> Scores:
        """The sum of the tokens' scores in each of `docs`; a token that is not there adds nothing.

        A word that stands among the tokens more than once is looked up once.
        """
        total = np.zeros(len(docs), dtype=np.float32)
        if not len(docs):
            return total
        found = {
            term: self._words.probe(p.Term(field, term, boost), docs)
            for term in dict.fromkeys(token.term for token in tokens)
        }
        for token in tokens:
            mask, scores = found[token.term]
            if scores is not None and len(scores):
                total[mask] += scores
        return total

    def _above(self, plan: p.Above, docs: Docs) -> tuple[Mask, Scores | None]:
        mask = np.ones(len(docs), dtype=bool)
        for term in above_terms(plan):
            mask[mask] = self._terms.lookup(plan.field, term, docs[mask])[0]
        if plan.field == "title":
            groups = self._data.report_of[docs[mask]]
            read: Callable[[int], str] = self._title
        else:
            groups = self._data.paragraphs["parent"][docs[mask]]
            read = self._heading
        kinds, which = np.unique(groups, return_inverse=True)
        said = np.array([plan.says(text) for text in self._read(read, kinds.tolist())], dtype=bool)
        mask[mask] = said[which.reshape(-1)]
        return mask, self.words_score(plan.field, plan.tokens, docs[mask], plan.boost)

    def _read(self, read: Callable[[int], str], kinds: Sequence[int]) -> Iterator[str]:
        for kind in kinds:
            text = read(kind)
            self._budget.charge()
            yield text

    def _title(self, report: int) -> str:
        record = self._data.record(report)
        return "\n".join(
            normalize_text(str(record[n])) for n in ("title", "city", "province") if record.get(n)
        )

    def _heading(self, parent: int) -> str:
        if parent == NO_HEADING:
            return ""
        above = [*self._data.heading(parent), self._data.text(parent)]
        return "\n".join(normalize_text(text) for text in above)

    def _within(self, plan: p.Within, docs: Docs) -> tuple[Mask, Scores | None]:
        mask = np.ones(len(docs), dtype=bool)
        spots: list[I64] = []
        for part in plan.strings:
            has, of_part = self._terms.string_places(part, docs)
            mask &= has
            spots.append(of_part)
        mask[mask] = close_together(
            np.flatnonzero(mask), spots, [part.length for part in plan.strings], plan.distance
        )
        total = np.zeros(int(mask.sum()), dtype=np.float32)
        for part in plan.strings:
            total += self.words_score("text", part.tokens, docs[mask], part.boost)
        return mask, total


def above_terms(plan: p.Above) -> set[str]:
    """The terms that stand in whatever says what is asked for. Where marks don't count they may cut words."""
    terms = tuple(token.term for token in plan.tokens)
    return set(pieces_of(terms)) - {" "} if plan.aside else set(terms)
