"""Carries a plan out on all paragraphs of a version, one node at a time.

plan -> {paragraph: score}, ascending; a node without a score gives 0
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from search.collection import Choice
from search.language import plan as p
from search.language.plan.needles import string_text
from search.language.text import occurrences
from search.language.text.phrases import is_ideograph, phrase_spans
from search.limits import Budget
from search.memory.held import Row
from search.memory.scanning import are_near, has_string, sentence_of
from search.memory.scoring import Terms

Scored = dict[int, float]
"""Paragraphs by number, ascending, each with its score."""

_ROWS_A_CHARGE = 512
_BYTES_A_MATCH = 96


class Matcher:
    """Matches plans against the rows of one version, at the cost of one budget."""

    def __init__(self, rows: Sequence[Row], terms: Terms, budget: Budget) -> None:
        self._rows, self._terms, self._budget = rows, terms, budget

    def match(self, plan: p.Plan) -> Scored:
        """Every paragraph that matches."""
        found = self._match(plan)
        self._budget.charge(_BYTES_A_MATCH * len(found))
        return found

    def _match(self, plan: p.Plan) -> Scored:
        if isinstance(plan, p.Term):
            return self._score_term(plan.field, plan.text, plan.boost)
        if isinstance(plan, p.Every):
            return self._match_every(plan.parts)
        if isinstance(plan, p.Either):
            return _union([self.match(part) for part in plan.parts])
        if isinstance(plan, p.Without):
            unwanted = self.match(plan.unwanted)
            return {ref: score for ref, score in self.match(plan.wanted).items() if ref not in unwanted}
        if isinstance(plan, p.Favoured):
            more = self.match(plan.bonus)
            return {ref: score + more.get(ref, 0.0) for ref, score in self.match(plan.wanted).items()}
        if isinstance(plan, p.Tiered):
            first = self.match(plan.first)
            return dict(sorted({**self.match(plan.second), **first}.items()))
        if isinstance(plan, (p.String, p.Phrase, p.Above, p.Within)):
            return self._match_strings(plan)
        if isinstance(plan, p.SameSentence):
            return self._match_same_sentence(plan)
        if isinstance(plan, p.Starting):
            before, field = string_text(plan.before), plan.field
            begins = partial(_begins, prefix=before + plan.prefix, open_from=len(before))
            return self._scan(lambda row: any(map(begins, row.lines(field))))
        if isinstance(plan, p.Filter) and plan.field == "kind":
            kinds = plan.values
            return self._scan(lambda row: row.paragraph.draft.kind in kinds)
        return self._scan(lambda row: holds(plan, row))

    def _score_term(self, field: str, term: str, boost: float) -> Scored:
        weight = boost * self._terms.idf(field, term, self._budget)
        return self._terms.scores(field, term, weight, self._budget)

    def _scan(self, matches: Callable[[Row], bool]) -> Scored:
        found: Scored = {}
        for ref, row in enumerate(self._rows):
            if ref % _ROWS_A_CHARGE == 0:
                self._budget.charge()
            if matches(row):
                found[ref] = 0.0
        return found

    def _match_every(self, parts: Sequence[p.Plan]) -> Scored:
        found = [self.match(part) for part in parts]
        common = set(found[0]).intersection(*found[1:]) if found else set()
        return {ref: sum(of_part[ref] for of_part in found) for ref in sorted(common)}

    def _match_same_sentence(self, plan: p.SameSentence) -> Scored:
        """Sentences are looked at one by one; what stands above the paragraph needs to stand in none."""
        above = [set[int]().union(*(self.match(part) for part in word.above)) for word in plan.words]
        found: Scored = {}
        for ref, row in enumerate(self._rows):
            if ref % _ROWS_A_CHARGE == 0:
                self._budget.charge()
            in_text = [word for word, refs in zip(plan.words, above, strict=True) if ref not in refs]
            common = [self._sentences(ref, row, word, whole=plan.in_paragraph) for word in in_text]
            if not common or set.intersection(*common):
                found[ref] = 0.0
        return found

    def _sentences(self, ref: int, row: Row, word: p.Word, *, whole: bool) -> set[int]:
        """The sentences, by number, in which a word stands; all are one where the `whole` text counts as one."""
        form = row.paragraph.form
        found = set()
        for string in word.strings:
            text = "".join(token.term for token in string)
            places = list(occurrences(form, text))
            if places and is_ideograph(text):
                places = [place for place in places if self._terms.is_aligned(ref, place)]
            found |= {0 if whole else sentence_of(form, start) for start, _ in places}
        return found

    def _match_strings(self, plan: p.String | p.Phrase | p.Above | p.Within) -> Scored:
        """Strings are looked for by scanning, and scored by their words."""
        if isinstance(plan, p.Phrase):
            tokens, is_long = plan.tokens, plan.is_long
            found = self._scan(lambda row: bool(phrase_spans(row.paragraph.marked, tokens, is_long=is_long)))
            words = [("text", token.term, plan.boost) for token in tokens]
        elif isinstance(plan, p.Within):
            strings = [string_text(part.tokens) for part in plan.strings]
            distance = plan.distance
            found = self._scan(lambda row: are_near(row.paragraph.form, strings, distance))
            words = [("text", token.term, part.boost) for part in plan.strings for token in part.tokens]
        elif isinstance(plan, p.Above):
            above = plan
            found = self._scan(lambda row: any(map(above.says, row.lines(above.field))))
            words = [(plan.field, token.term, plan.boost) for token in plan.tokens]
        else:
            string = string_text(plan.tokens)
            found = self._scan(lambda row: has_string(row.paragraph.form, string))
            words = [("text", token.term, plan.boost) for token in plan.tokens]
        for field, term, boost in words if found else ():
            scores = self._score_term(field, term, boost)
            for ref in found:
                found[ref] += scores.get(ref, 0.0)
        return found


def _begins(form: str, *, prefix: str, open_from: int) -> bool:
    """Whether a text has `prefix`, which is the beginning of an ASCII word or number from a character on."""
    return any(True for _ in occurrences(form, prefix, open_from=open_from))


def _union(found: Iterable[Scored]) -> Scored:
    sums: Scored = {}
    for of_part in found:
        for ref, score in of_part.items():
            sums[ref] = sums.get(ref, 0.0) + score
    return dict(sorted(sums.items()))


def holds(plan: p.Plan, row: Row) -> bool:
    """Whether a paragraph satisfies a node that asks nothing of its words."""
    report = row.held.report
    if isinstance(plan, p.All):
        return True
    if isinstance(plan, p.Nothing):
        return False
    if isinstance(plan, p.Filter):
        return (report.id if plan.field == "report" else row.value(plan.field)) in plan.values
    if isinstance(plan, p.YearFilter):
        year = row.value(plan.field)
        return year is not None and (plan.first or year) <= year <= (plan.last or year)
    if isinstance(plan, p.ContextYears):
        first, last = row.paragraph.draft.context_years
        if not last:
            first = last = report.plan_year or 0
        return first <= plan.last and last >= plan.first
    if isinstance(plan, p.AddedFilter):
        added = report.added
        return added is not None and (plan.first or added) <= added <= (plan.last or added)
    if isinstance(plan, p.Recognised):
        return row.paragraph.ocr is not None
    raise TypeError(f"{type(plan).__name__} asks for words")


def is_chosen(value: Callable[[str], Any], chosen: Choice, *, but: str = "") -> bool:
    """Whether something has one of the values of every group; the group `but` is left out.

    Args:
        value: gives its value of a group.
    """
    return all(name == but or not values or value(name) in values for name, values in chosen)
