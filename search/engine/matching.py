"""Carries a plan out on one segment: which paragraphs match, and with what score.

Two questions can be put to every plan: `match` (all of it) and `probe` (which of these paragraphs, and how well). A
conjunction matches its rarest part and probes the others, so its cost is that of the rarest.

Document numbers are the segment's own, int64, ascending. Scores are float32, or None where nothing scores.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from search import kernels
from search.engine.occurrences import (
    DENSE_SHARE,
    I64,
    Docs,
    Mask,
    Occurrences,
    close_together,
    encode,
    membership,
)
from search.engine.scoring import Scorer
from search.engine.words import Words, is_word
from search.index.postings import WORD_BITS, FieldPostings
from search.index.segment import NO_HEADING
from search.index.snapshot import NO_YEAR, Combinations, Part
from search.query import plan as p
from search.text import Token, normalize_text

Scores = NDArray[np.float32]


@dataclass(slots=True)
class Matches:
    docs: Docs
    scores: Scores | None


_FIRST_LOOKED_AT = 64
"""Candidates for a string of which only one is wanted."""

_Probe = Callable[["Matcher", Any, Docs], tuple[Mask, Scores | None]]


class Matcher:
    """Matches plans on one segment of a snapshot. Made anew for each query; keeps what it has decoded."""

    def __init__(self, part: Part, combinations: Combinations, scorer: Scorer) -> None:
        self._part, self._data = part, part.data
        self._combinations, self._scorer = combinations, scorer
        self._size = part.data.doc_count
        self._terms = Occurrences(part.data)
        self._words = Words(part.data, self._terms, scorer)

    # What a plan costs

    def estimate(self, plan: p.Plan) -> int:
        """At most so many documents match."""
        if isinstance(plan, p.Term):
            found = self._terms.find(plan.field, plan.text)
            return 0 if found is None else int(found[0].df[found[1]])
        if isinstance(plan, (p.String, p.Above)):
            field = plan.field if isinstance(plan, p.Above) else "text"
            return min(self.estimate(p.Term(field, token.term)) for token in plan.tokens)
        if isinstance(plan, p.Within):
            return min(self.estimate(part) for part in plan.strings)
        if isinstance(plan, p.Every):
            return min(self.estimate(part) for part in plan.parts)
        if isinstance(plan, p.Either):
            return min(sum(self.estimate(part) for part in plan.parts), self._size)
        if isinstance(plan, (p.Without, p.Favoured)):
            return self.estimate(plan.wanted)
        return 0 if isinstance(plan, p.Nothing) else self._size

    # All that matches

    def match(self, plan: p.Plan) -> Matches:
        """Every document that matches."""
        if is_word(plan):
            return self._match_words((plan,))
        if isinstance(plan, p.Every):
            return self._match_every(plan)
        if isinstance(plan, p.Either):
            return self._union([self.match(part) for part in self._live(plan)])
        if isinstance(plan, p.Without):
            wanted = self.match(plan.wanted)
            keep = ~self.probe(plan.unwanted, wanted.docs)[0]
            return Matches(wanted.docs[keep], None if wanted.scores is None else wanted.scores[keep])
        if isinstance(plan, p.Favoured):
            wanted = self.match(plan.wanted)
            mask, scores = self.probe(plan.bonus, wanted.docs)
            return Matches(wanted.docs, _add(wanted.scores, mask, scores))
        if isinstance(plan, (p.String, p.Above)):
            field = plan.field if isinstance(plan, p.Above) else "text"
            return self._checked(plan, self._candidates(field, plan.tokens))
        if isinstance(plan, p.Within):
            tokens = [token for part in plan.strings for token in part.tokens]
            return self._checked(plan, self._candidates("text", tokens))
        if isinstance(plan, p.Starting):
            return self._match_prefix(plan)
        if isinstance(plan, p.Nothing):
            return Matches(np.zeros(0, dtype=np.int64), None)
        everything = np.arange(self._size, dtype=np.int64)
        if isinstance(plan, p.All):
            return Matches(everything, None)
        return Matches(everything[self.probe(plan, everything)[0]], None)

    def has_any(self, plan: p.Plan) -> bool:
        """Whether anything matches, deleted or not; of strings it is sooner known than where all of them are."""
        if isinstance(plan, p.Either):
            return any(map(self.has_any, self._live(plan)))
        if not isinstance(plan, p.String):
            return len(self.match(plan).docs) > 0
        candidates = self._candidates("text", plan.tokens)
        begin, count = 0, _FIRST_LOOKED_AT
        while begin < len(candidates):
            if self._terms.string_places(plan, candidates[begin : begin + count])[0].any():
                return True
            begin, count = begin + count, 8 * count
        return False

    def _match_term(self, plan: p.Term) -> Matches:
        found = self._terms.find(plan.field, plan.text)
        docs = self._terms.docs_of(plan.field, plan.text)
        if found is None:
            return Matches(docs, np.zeros(0, dtype=np.float32))
        return Matches(docs, self._score(plan, found, docs))

    def _live(self, plan: p.Plan) -> Sequence[p.Plan]:
        """The parts of an alternative that can match anything here, the commonest first; of another plan itself."""
        if not isinstance(plan, p.Either):
            return (plan,)
        return sorted(filter(self.estimate, plan.parts), key=self.estimate, reverse=True)

    def _match_every(self, plan: p.Every) -> Matches:
        """The rarest part's documents, narrowed by the others; where that is a word, by the other words first."""
        first, *others = sorted(plan.parts, key=self.estimate)
        if not is_word(first):
            return self._narrow(self.match(first), others)[0]
        words = (first, *filter(is_word, others))
        return self._narrow(self._match_words(words), [part for part in others if not is_word(part)])[0]

    def _match_words(self, words: Sequence[p.Plan]) -> Matches:
        """The documents that have all words. Scores of a rarest that is one term are added last, where few are left."""
        if kernels.postings is not None:
            return Matches(*kernels.postings.match_words([self._words.of(word) for word in words]))
        parts = [live[0] if len(live := self._live(word)) == 1 else p.Either(tuple(live)) for word in words]
        # By all postings, as the kernels go: `estimate` takes no word to have more documents than there are.
        first, *others = sorted(parts, key=lambda part: sum(map(self.estimate, self._live(part))))
        if not isinstance(first, p.Term):
            lists = [self._match_term(part) for part in self._live(first) if isinstance(part, p.Term)]
            return self._narrow(self._union(lists), others)[0]
        found = self._terms.find(first.field, first.text)
        if found is None:
            return Matches(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
        if not others:
            return self._match_term(first)
        docs = self._common_bits(first, others)
        if docs is None:
            docs = self._terms.docs_of(first.field, first.text)
            kept, at = self._narrow(Matches(docs, None), others)
        else:
            kept, _ = self._narrow(Matches(docs, None), others)
            at = self._terms.lookup(first.field, first.text, kept.docs)[1]
        more = self._score(first, found, kept.docs, at=at)
        return Matches(kept.docs, more if kept.scores is None else kept.scores + more)

    def _common_bits(self, first: p.Term, others: Sequence[p.Plan]) -> Docs | None:
        """Documents that have all terms that are kept as bitmaps, the first among them; None for fewer than two."""
        bitmaps = []
        for term in (first, *(other for other in others if isinstance(other, p.Term))):
            found = self._terms.find(term.field, term.text)
            bitmap = None if found is None else found[0].words(found[1])
            if bitmap is not None:
                bitmaps.append(bitmap)
            elif term is first:
                return None
        if len(bitmaps) < 2:
            return None
        start = max(at for at, _ in bitmaps)
        end = min(at + len(words) for at, words in bitmaps)
        if start >= end:
            return np.zeros(0, dtype=np.int64)
        common = np.bitwise_and.reduce([words[start - at : end - at] for at, words in bitmaps])
        flags = np.unpackbits(common.view(np.uint8), bitorder="little").view(bool)
        return np.flatnonzero(flags) + (start << WORD_BITS)

    def _narrow(self, matches: Matches, others: Sequence[p.Plan]) -> tuple[Matches, I64 | None]:
        """What of `matches` all others match too, and which of them those are, None for all."""
        docs, scores = matches.docs, matches.scores
        at: I64 | None = None
        for other in others:
            if not len(docs):
                break
            mask, more = self.probe(other, docs)
            if not mask.all():
                kept = np.flatnonzero(mask)
                docs = docs.take(kept)
                at = kept if at is None else at.take(kept)
                scores = None if scores is None else scores.take(kept)
            if more is not None:
                scores = more if scores is None else scores + more
        return Matches(docs, scores), at

    def _union(self, found: Sequence[Matches]) -> Matches:
        found = [matches for matches in found if len(matches.docs)]
        if not found:
            return Matches(np.zeros(0, dtype=np.int64), None)
        if len(found) == 1:
            return found[0]
        large = max(found, key=lambda matches: len(matches.docs))
        if sum(len(matches.docs) for matches in found) < (1 + 1 / DENSE_SHARE) * len(large.docs):
            return _insert(large, [matches for matches in found if matches is not large])
        scored = any(matches.scores is not None for matches in found)
        flags = np.zeros(self._size, dtype=bool)
        for matches in found:
            flags[matches.docs] = True
        docs = np.flatnonzero(flags)
        if not scored:
            return Matches(docs, None)
        sums = np.zeros(self._size, dtype=np.float32)
        for matches in found:
            if matches.scores is not None:
                sums[matches.docs] += matches.scores
        return Matches(docs, sums[docs])

    def _candidates(self, field: str, tokens: Sequence[Token]) -> Docs:
        """Documents that have every one of the terms, in any order."""
        terms = {token.term for token in tokens}
        if kernels.postings is not None:
            found = [self._terms.find(field, term) for term in terms]
            words = [[(place[0].compiled, place[1], None, 0.0)] for place in found if place is not None]
            if len(words) < len(found):
                return np.zeros(0, dtype=np.int64)
            common: Docs = kernels.postings.match_words(words, scored=False)[0]
            return common
        rarest, *others = sorted(terms, key=lambda term: self.estimate(p.Term(field, term)))
        docs = self._terms.docs_of(field, rarest)
        for term in others:
            if not len(docs):
                break
            docs = docs[self._terms.lookup(field, term, docs)[0]]
        return docs

    def _checked(self, plan: p.String | p.Above | p.Within, candidates: Docs) -> Matches:
        mask, scores = self.probe(plan, candidates)
        return Matches(candidates[mask], scores)

    def _match_prefix(self, plan: p.Starting) -> Matches:
        postings = self._data.field(plan.field)
        if postings is None:
            return Matches(np.zeros(0, dtype=np.int64), None)
        flags = np.zeros(self._size, dtype=bool)
        number, prefix = postings.ceiling(encode(plan.prefix)), encode(plan.prefix)
        while number < len(postings) and postings.term(number).startswith(prefix):
            flags[postings.docs(number)] = True
            number += 1
        return Matches(np.flatnonzero(flags), None)

    # Which of these match

    def probe(self, plan: p.Plan, docs: Docs) -> tuple[Mask, Scores | None]:
        """Which of `docs` match, and the scores of those that do."""
        return self._PROBES[type(plan)](self, plan, docs)

    def _probe_word(self, plan: p.Term | p.Either, docs: Docs) -> tuple[Mask, Scores | None]:
        if kernels.postings is not None and is_word(plan):
            mask, scores = kernels.postings.probe_word(self._words.of(plan), docs)
            return mask, scores
        return self._probe_term(plan, docs) if isinstance(plan, p.Term) else self._probe_either(plan, docs)

    def _probe_term(self, plan: p.Term, docs: Docs) -> tuple[Mask, Scores | None]:
        found = self._terms.find(plan.field, plan.text)
        coded = self._terms.codes_in(plan.field, plan.text, docs)
        if coded is None:
            mask, places = self._terms.lookup(plan.field, plan.text, docs)
            if found is None or not len(places):
                return mask, np.zeros(0, dtype=np.float32)
            return mask, self._score(plan, found, docs if len(places) == len(docs) else docs[mask], at=places)
        mask, codes = coded
        assert found is not None
        return mask, self._score(plan, found, docs[mask], codes=codes)

    def _score(
        self,
        plan: p.Term,
        found: tuple[FieldPostings, int],
        docs: Docs,
        *,
        at: I64 | None = None,
        codes: NDArray[np.uint8] | None = None,
    ) -> Scores:
        factor = plan.boost * self._scorer.weight_of(plan.field, plan.text)
        lengths = self._data.lengths[plan.field]
        return self._scorer.score(plan.field, *found, docs, lengths, factor, at=at, codes=codes)

    def _probe_every(self, plan: p.Every, docs: Docs) -> tuple[Mask, Scores | None]:
        kept, _ = self._narrow(Matches(docs, None), sorted(plan.parts, key=self.estimate))
        return membership(docs, kept.docs), kept.scores

    def _probe_either(self, plan: p.Either, docs: Docs) -> tuple[Mask, Scores | None]:
        live = self._live(plan)
        if len(live) == 1:
            return self.probe(live[0], docs)
        any_mask = np.zeros(len(docs), dtype=bool)
        sums: Scores | None = None
        for part in live:
            mask, scores = self.probe(part, docs)
            any_mask |= mask
            if scores is not None and len(scores):
                if sums is None:
                    sums = np.zeros(len(docs), dtype=np.float32)
                sums[mask] += scores
        return any_mask, None if sums is None else sums[any_mask]

    def _probe_without(self, plan: p.Without, docs: Docs) -> tuple[Mask, Scores | None]:
        mask, scores = self.probe(plan.wanted, docs)
        unwanted = self.probe(plan.unwanted, docs)[0]
        if scores is not None:
            scores = scores[~unwanted[mask]]
        return mask & ~unwanted, scores

    def _probe_favoured(self, plan: p.Favoured, docs: Docs) -> tuple[Mask, Scores | None]:
        mask, scores = self.probe(plan.wanted, docs)
        more_mask, more = self.probe(plan.bonus, docs[mask])
        return mask, _add(scores, more_mask, more)

    def _probe_all(self, plan: p.Plan, docs: Docs) -> tuple[Mask, Scores | None]:
        return np.ones(len(docs), dtype=bool), None

    def _probe_nothing(self, plan: p.Plan, docs: Docs) -> tuple[Mask, Scores | None]:
        return np.zeros(len(docs), dtype=bool), None

    def _probe_prefix(self, plan: p.Starting, docs: Docs) -> tuple[Mask, Scores | None]:
        return membership(docs, self._match_prefix(plan).docs), None

    def _probe_filter(self, plan: p.Filter, docs: Docs) -> tuple[Mask, Scores | None]:
        if plan.field == "report":
            of_reports = [self._terms.docs_of("report", value) for value in plan.values if value is not None]
            allowed = np.zeros(self._size, dtype=bool)
            for of_report in of_reports:
                allowed[of_report] = True
            return allowed[docs], None
        return allowed_values(self._combinations, plan.field, plan.values).take(
            self._part.combination.take(docs)
        ), None

    def _probe_years(self, plan: p.YearFilter, docs: Docs) -> tuple[Mask, Scores | None]:
        years = self._combinations.year
        allowed = years != NO_YEAR
        if plan.first is not None:
            allowed &= years >= plan.first
        if plan.last is not None:
            allowed &= years <= plan.last
        return allowed.take(self._part.combination.take(docs)), None

    # Strings

    def _probe_string(self, plan: p.String, docs: Docs) -> tuple[Mask, Scores | None]:
        mask, _ = self._terms.string_places(plan, docs)
        return mask, self._words_score("text", plan.tokens, docs[mask], plan.boost)

    def places(self, plan: p.Term | p.String, docs: Docs) -> tuple[I64, I64]:
        """Where a word or string of the text stands in `docs`: the place in `docs`, and the position, in order."""
        return self._terms.places(plan, docs)

    def _words_score(self, field: str, tokens: Sequence[Token], docs: Docs, boost: float) -> Scores:
        total = np.zeros(len(docs), dtype=np.float32)
        for token in tokens:
            mask, scores = self._probe_word(p.Term(field, token.term, boost), docs)
            if scores is not None and len(scores):
                total[mask] += scores
        return total

    def _probe_above(self, plan: p.Above, docs: Docs) -> tuple[Mask, Scores | None]:
        mask = np.ones(len(docs), dtype=bool)
        for token in plan.tokens:
            mask[mask] = self._terms.lookup(plan.field, token.term, docs[mask])[0]
        if plan.field == "title":
            groups = self._data.report_of[docs[mask]]
            read: Callable[[int], str] = self._title
        else:
            groups = self._data.paragraphs["parent"][docs[mask]]
            read = self._heading
        kinds, which = np.unique(groups, return_inverse=True)
        said = np.array([plan.says(read(int(kind))) for kind in kinds], dtype=bool)
        mask[mask] = said[which.reshape(-1)]
        return mask, self._words_score(plan.field, plan.tokens, docs[mask], plan.boost)

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

    def _probe_within(self, plan: p.Within, docs: Docs) -> tuple[Mask, Scores | None]:
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
            total += self._words_score("text", part.tokens, docs[mask], part.boost)
        return mask, total

    _PROBES: ClassVar[Mapping[type, _Probe]] = {
        p.All: _probe_all,
        p.Nothing: _probe_nothing,
        p.Term: _probe_word,
        p.String: _probe_string,
        p.Above: _probe_above,
        p.Within: _probe_within,
        p.Starting: _probe_prefix,
        p.Filter: _probe_filter,
        p.YearFilter: _probe_years,
        p.Every: _probe_every,
        p.Either: _probe_word,
        p.Without: _probe_without,
        p.Favoured: _probe_favoured,
    }


def allowed_values(combinations: Combinations, field: str, values: Sequence[Any]) -> Mask:
    """Which combinations have one of the values in a field; None is unknown."""
    axis = combinations.axes[field]
    wanted = np.zeros(len(axis.values), dtype=bool)
    wanted[[axis.place_of[value] for value in values if value in axis.place_of]] = True
    return wanted.take(axis.places)


def _insert(large: Matches, others: Sequence[Matches]) -> Matches:
    """The union of one large set and a few small ones."""
    docs, scores = large.docs, large.scores
    for other in others:
        places = np.searchsorted(docs, other.docs)
        inside = np.minimum(places, len(docs) - 1)
        known = docs[inside] == other.docs
        if scores is None and other.scores is not None:
            scores = np.zeros(len(docs), dtype=np.float32)
        elif scores is large.scores and scores is not None:
            scores = scores.copy()
        if scores is not None:
            more = np.zeros(len(other.docs), dtype=np.float32) if other.scores is None else other.scores
            scores[inside[known]] += more[known]
            scores = np.insert(scores, places[~known], more[~known])
        docs = np.insert(docs, places[~known], other.docs[~known])
    return Matches(docs, scores)


def _add(scores: Scores | None, mask: Mask, more: Scores | None) -> Scores | None:
    if more is None or not len(more):
        return scores
    result = np.zeros(len(mask), dtype=np.float32) if scores is None else scores.copy()
    result[mask] += more
    return result
