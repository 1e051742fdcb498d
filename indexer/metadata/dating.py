"""The year of delivery, its date, the year looked back on and the year laid out, of all that were claimed.

Dates are read by `date_claims`, votes by `year_votes`; here they are weighed, by the order of trust that
docs/metadata.md states.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from indexer.metadata.date_claims import DateClaim, claims_of_date
from indexer.metadata.dates import FoundDate
from indexer.metadata.known import Known
from indexer.metadata.lines import HEAD_BLOCKS, read_tail
from indexer.metadata.year_votes import YearVotes, count_years, find_look_back
from indexer.model import UNKNOWN, Value
from search.messages import Message, quoted
from search.messages import metadata as says

_NAME_YEAR = re.compile(r"(?<![0-9a-fA-F])(19[4-9]\d|20\d\d)(?![0-9a-fA-F])")
_HEAVY = 3
"""Votes for a year that can't be overlooked."""


class Dating:
    """The years of one report.

    Attributes:
        year: of delivery.
        date: of the session, yyyy-mm-dd.
    """

    def __init__(self, known: Known) -> None:
        self._known, self._stated = known, known.stated
        claims = claims_of_date((*known.head, *read_tail(known.draft)))
        self._own = [claim for claim in claims if claim.kind != "发布"]
        self._published = next((claim for claim in claims if claim.kind == "发布"), None)
        self._votes = count_years(known.draft.blocks, known.head) if known.is_report else YearVotes()
        self._winner = self._votes.winner()
        stated_date, stated_year = self._stated.date(), self._stated.year("year")
        best = self._best()
        self._month = best.date.month if best is not None else None
        self.date = stated_date if stated_date.value is not None else _day_of(best)
        named = self._named_year()
        candidates = self._candidates(stated_year, best, named)
        self.year = next((value for value in candidates if value.value is not None), UNKNOWN)
        self._tell_of_conflicts(stated_year, _year_of(self.date), named)

    def _best(self) -> DateClaim | None:
        """The session's date; None where the text clearly is of another year."""
        if not self._own:
            return None
        best = self._own[0]
        self._check(best)
        return None if self._winner is not None and self._outweighed(best, self._winner) else best

    def _candidates(self, stated: Value, best: DateClaim | None, named: Value) -> Iterator[Value]:
        """What the year may be, the most trusted first."""
        yield stated
        if best is None:
            yield self._sibling_session_year()
        yield _year_of(self.date)
        if best is not None:
            yield Value(best.date.year, best.evidence)
        if self._winner is not None:
            yield Value(self._winner, _together(self._votes.words[self._winner][:2]))
        yield named
        if self._known.is_report:
            yield self._known.inherited("year")
            if self._published is not None:
                evidence = says.ONLY_PUBLISHED(evidence=self._published.evidence)
                yield Value(self._published.date.year, evidence)
            yield self._stated.year_of_publication()

    def _tell_of_conflicts(self, *others: Value) -> None:
        for other in others:
            if other.value not in (None, self.year.value):
                self._known.report(
                    says.YEAR_CONFLICT(
                        value=self.year.value,
                        evidence=self.year.evidence,
                        other=other.value,
                        other_evidence=other.evidence,
                    )
                )

    def _sibling_session_year(self) -> Value:
        """The year of a dated report of the same file where this one, undated, is of the same session.

        A session in December plans the next year: headings alone would put its second report a year late.
        """
        for sibling in self._known.siblings:
            date, year = sibling.date.value, sibling.year.value
            late = isinstance(date, str) and date[5:7] in ("10", "11", "12")
            if late and isinstance(year, int) and self._winner == year + 1:
                return self._known.inherited("year")
        return UNKNOWN

    def _outweighed(self, best: DateClaim, winner: int) -> bool:
        """Whether a date that stands alone is not the session's: the content looks back on other years."""
        heavy = self._votes.weights[winner] >= _HEAVY
        return best.kind == "署日" and heavy and winner not in _years_around(best)

    def _named_year(self) -> Value:
        stem = self._known.stem
        years = [int(year) for year in _NAME_YEAR.findall(stem)]
        return Value(years[0], says.FROM_FILE_NAME(text=stem)) if len(set(years)) == 1 else UNKNOWN

    def _check(self, best: DateClaim) -> None:
        """Tell of other dates and of a text that is of another year."""
        for other in self._own[1:]:
            same = (other.date.year, other.date.month) == (best.date.year, best.date.month)
            if other.kind == best.kind and not same:
                self._known.report(
                    says.DATE_CONFLICT(
                        value=_day(best.date),
                        evidence=best.evidence,
                        other=_day(other.date),
                        other_evidence=other.evidence,
                    )
                )
        winner = self._votes.winner(least=_HEAVY)
        if winner is not None and winner not in _years_around(best):
            self._known.report(
                says.DATE_TEXT_CONFLICT(
                    value=_day(best.date),
                    evidence=best.evidence,
                    year=winner,
                    year_evidence=self._votes.words[winner][0],
                )
            )

    def review_year(self) -> Value:
        """The year that is looked back on."""
        stated, year = self._stated.year("review_year"), self.year.value
        if stated.value is not None:
            return stated
        if not isinstance(year, int) or not self._known.is_report:
            return UNKNOWN
        late = self._month is not None and self._month >= 10
        for reviewed in (year, year - 1) if late else (year - 1, year):
            if reviewed in self._votes.reviewed:
                return Value(reviewed, self._votes.reviewed[reviewed])
        early = self._month is not None and self._month <= 8
        if early and (words := find_look_back(self._known.draft.blocks[:HEAD_BLOCKS])):
            return Value(year - 1, says.SESSION_MONTH(evidence=words, year=year, month=self._month))
        return UNKNOWN

    def plan_year(self) -> Value:
        """The year whose work is laid out: stated, else by the session, which plans the next year from November."""
        stated, year = self._stated.year("plan_year"), self.year
        if stated.value is not None:
            return stated
        month = self._month
        if isinstance(self.date.value, str) and _year_of(self.date).value == year.value:
            month = int(self.date.value[5:7])
        if self._known.is_report and (said := self._said_plan(year.value, month)):
            return Value(*said)
        if not isinstance(year.value, int) or year.evidence is None:
            return UNKNOWN
        inherited = self._known.inherited("plan_year") if month is None else UNKNOWN
        if inherited.value in (year.value, year.value + 1):
            return inherited
        if month is None:
            return Value(year.value, says.PLAN_BY_YEAR(evidence=year.evidence))
        return Value(year.value + (month >= 11), says.PLAN_BY_SESSION(evidence=year.evidence, month=month))

    def _said_plan(self, year: str | int | None, month: int | None) -> tuple[int, Message] | None:
        """The year that the text says it lays out, of those that a session of that month may."""
        votes = self._votes
        if not isinstance(year, int):
            return votes.best_plan(set(votes.planned)) if len(votes.planned) == 1 else None
        may_be_next = month is None or month >= 9
        said = votes.best_plan((year, year + 1) if may_be_next else (year,))
        if month is not None and may_be_next and votes.next_year and (said is None or said[0] == year):
            return year + 1, votes.next_year
        return said


def _years_around(claim: DateClaim) -> tuple[int, int]:
    """The years that a session of that date can be about: its own, from September also the next."""
    late = (claim.date.month or 1) >= 9
    return claim.date.year, claim.date.year + late


def _year_of(date: Value) -> Value:
    """The year of an ISO date, with its evidence."""
    return Value(int(date.value[:4]), date.evidence) if isinstance(date.value, str) else UNKNOWN


def _day_of(claim: DateClaim | None) -> Value:
    return Value(claim.date.iso, claim.evidence) if claim is not None and claim.date.iso else UNKNOWN


def _together(evidence: Sequence[Message]) -> Message:
    return evidence[0] if len(evidence) == 1 else says.EVIDENCE_LIST(parts=list(evidence))


def _day(found: FoundDate) -> Message:
    if found.iso:
        return quoted(found.iso)
    if found.month:
        return says.MONTH_OF_YEAR(year=found.year, month=found.month)
    return says.THE_YEAR(year=found.year)
