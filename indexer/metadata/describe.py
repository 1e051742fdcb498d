"""One value a field from all that was claimed, by the order of trust that docs/metadata.md states."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import replace

from indexer.metadata.dates import FoundDate
from indexer.metadata.lines import HEAD_BLOCKS, HeadLine, read_head, read_tail, simplify
from indexer.metadata.people import read_session, read_speaker, read_title
from indexer.metadata.stated import Stated
from indexer.metadata.types import read_type, type_of_title
from indexer.metadata.when import DateClaim, YearVotes, claims_of_date, count_years, find_look_back
from indexer.metadata.where import PlaceClaim, claim_in_name, claim_in_text, claims_in_head
from indexer.model import NOTE_KINDS, UNKNOWN, Document, Draft, Metadata, Overridden, Problem, Value
from search.language.places import Place, places
from search.messages import Message, quoted
from search.messages import metadata as says
from search.model import OTHER_TYPES

_NAME_YEAR = re.compile(r"(?<![0-9a-fA-F])(19[4-9]\d|20\d\d)(?![0-9a-fA-F])")


def describe(
    draft: Draft,
    document: Document,
    *,
    file_name: str | None = None,
    overrides: Overridden | None = None,
    siblings: Sequence[Metadata] = (),
) -> Metadata:
    """What is known of one report.

    Trust, highest first: overrides, the document's own fields, the text's explicit words (session, opening
    words, title, speaker), the file name, the other reports of the file, the text as a whole.

    Args:
        draft: the report as structure sees it.
        document: the file or row that it stands in; its `fields` are read here.
        file_name: the name to read place and year from; None takes the document's, "" hides it.
        overrides: the operator's values, by field name (see `indexer.overrides`).
        siblings: what is known of the reports before it in the same file.

    Returns: values with evidence, and Problems for what contradicts itself. Unknown is None.
    """
    name = document.name if file_name is None else file_name
    running = tuple(block for block in draft.blocks if block.kind not in NOTE_KINDS)
    reading = _Reading(replace(draft, blocks=running), document, name, overrides or {}, siblings)
    year, date = reading.year_and_date()
    place = reading.place(year.value if isinstance(year.value, int) else None)
    values = place | {
        "year": year,
        "date": date,
        "review_year": reading.review_year(year),
        "plan_year": reading.plan_year(year, date),
        "type": reading.type(),
        "title": reading.stated.text("title") or read_title(reading.head),
        "session": reading.session(),
        "speaker": reading.stated.text("speaker") or read_speaker(reading.head, kind=draft.kind),
    }
    return Metadata(**values, problems=tuple(reading.problems))


class _Reading:
    """The claims of one report while they are weighed."""

    def __init__(
        self,
        draft: Draft,
        document: Document,
        name: str,
        overrides: Overridden,
        siblings: Sequence[Metadata],
    ) -> None:
        self.draft, self.document, self.name, self.siblings = draft, document, name, siblings
        self.head: tuple[HeadLine, ...] = read_head(draft)
        self.problems: list[Problem] = []
        self.stated = Stated(overrides, document.fields, self.report)
        self._is_report = draft.kind not in OTHER_TYPES

    @functools.cached_property
    def text(self) -> str:
        """The whole report."""
        return simplify("\n".join(block.text for block in self.draft.blocks))

    def report(self, reason: Message) -> None:
        """Add a Problem of the whole report, at its first line."""
        line = self.draft.blocks[0].lines[0] if self.draft.blocks else None
        self.problems.append(Problem(self.document.name, line, reason))

    def type(self) -> Value:
        stated = self.stated.type()
        if stated.value is not None:
            return stated
        title = self.stated.text("title")
        named = type_of_title(title) if title is not None and self._is_report else UNKNOWN
        return read_type(self.draft.kind, self.head, self.name.rsplit("/", 1)[-1], stated=named)

    def session(self) -> Value:
        own = self.stated.text("session") or read_session(self.head)
        if own.value is None and self._is_report:
            return self._inherited("session")
        return own

    # Place

    def place(self, year: int | None) -> dict[str, Value]:
        claim = self.stated.place(year)
        stated = claims_in_head(self.head, year=year)
        if not stated and (titled := self.stated.titled(year)):
            stated = [titled]
        named = claim_in_name(self.name) if self.name else None
        if claim is not None and claim.place.level == "省" and not self.stated.has("city"):
            claim = next((inner for inner in stated if _lies_in(inner.place, claim.place)), claim)
        if claim is None and stated:
            claim = self._doubted(stated[0])
        if claim is None:
            claim = named
        if claim is None and self._is_report:
            inherited = self._inherited_place()
            if inherited:
                return inherited
        if claim is None:
            claim = claim_in_text(self.text)
        if claim is None:
            return {}
        for other in (*stated[:1], *((named,) if named else ())):
            if not _same_place(other.place, claim.place):
                self.report(
                    says.PLACE_CONFLICT(
                        value=claim.place.name,
                        evidence=claim.evidence,
                        other=other.place.name,
                        other_evidence=other.evidence,
                    )
                )
        return _place_values(claim)

    def _doubted(self, claim: PlaceClaim) -> PlaceClaim:
        """The claim, or the place that the whole text is about where the claimed one is named but once.

        Sources do print a neighbour's session line over a report.
        """
        if claim.place.level != "市" or len(self.text) < 3000 or self.text.count(claim.place.shorts[0]) > 2:
            return claim
        about = claim_in_text(self.text)
        if about is None or _same_place(about.place, claim.place) or about.place.level != "市":
            return claim
        return about

    def _inherited(self, field: str) -> Value:
        for sibling in self.siblings:
            value: Value = getattr(sibling, field)
            if value.value is not None:
                return Value(value.value, says.FROM_SIBLING(evidence=value.evidence))
        return UNKNOWN

    def _inherited_place(self) -> dict[str, Value]:
        for sibling in self.siblings:
            if sibling.level.value is not None:
                return {field: self._taken(sibling, field) for field in ("city", "code", "province", "level")}
        return {}

    @staticmethod
    def _taken(sibling: Metadata, field: str) -> Value:
        value: Value = getattr(sibling, field)
        return (
            UNKNOWN
            if value.value is None
            else replace(value, evidence=says.FROM_SIBLING(evidence=value.evidence))
        )

    # Time

    def year_and_date(self) -> tuple[Value, Value]:
        claims = claims_of_date((*self.head, *read_tail(self.draft)))
        own = [claim for claim in claims if claim.kind != "发布"]
        self.votes = count_years(self.draft.blocks, self.head) if self._is_report else YearVotes()
        stated_date, year = self.stated.date(), self.stated.year("year")
        best = own[0] if own else None
        winner = self.votes.winner()
        if best is not None:
            self._check(best, own)
            if winner is not None and self._outweighed(best, winner):
                own, best = [], None
        date = stated_date if stated_date.value is not None else self._date(own)
        candidates = [year, date_year(date)]
        if best is not None:
            candidates.append(Value(best.date.year, best.evidence))
        if winner is not None:
            candidates.append(Value(winner, _together(self.votes.words[winner][:2])))
        named = self._named_year()
        if best is None and (shared := self._sibling_session_year(winner)).value is not None:
            candidates.insert(1, shared)
        candidates.append(named)
        if self._is_report:
            candidates.append(self._inherited("year"))
        published = [claim for claim in claims if claim.kind == "发布"]
        if published and self._is_report:
            candidates.append(
                Value(published[0].date.year, says.ONLY_PUBLISHED(evidence=published[0].evidence))
            )
        self._month = best.date.month if best is not None else None
        if self._is_report:
            candidates.append(self.stated.year_of_publication())
        chosen = next((value for value in candidates if value.value is not None), UNKNOWN)
        for other in (year, date_year(date), named):
            if other.value not in (None, chosen.value):
                self.report(
                    says.YEAR_CONFLICT(
                        value=chosen.value,
                        evidence=chosen.evidence,
                        other=other.value,
                        other_evidence=other.evidence,
                    )
                )
        return chosen, date

    def _sibling_session_year(self, winner: int | None) -> Value:
        """The year of a dated report of the same file where this one, undated, is of the same session.

        A session in December plans the next year: headings alone would put its second report a year late.
        """
        for sibling in self.siblings:
            date, year = sibling.date.value, sibling.year.value
            late = isinstance(date, str) and date[5:7] in ("10", "11", "12")
            if self._is_report and late and isinstance(year, int) and winner == year + 1:
                return self._inherited("year")
        return UNKNOWN

    def _outweighed(self, best: DateClaim, winner: int) -> bool:
        """Whether a date that stands alone is not the session's: the content looks back on other years."""
        late = (best.date.month or 1) >= 9
        heavy = self.votes.weights[winner] >= 3
        return best.kind == "署日" and heavy and winner not in (best.date.year, best.date.year + late)

    def _date(self, own: Sequence[DateClaim]) -> Value:
        return Value(own[0].date.iso, own[0].evidence) if own and own[0].date.iso else UNKNOWN

    def _named_year(self) -> Value:
        stem = self.name.rsplit("/", 1)[-1]
        years = [int(year) for year in _NAME_YEAR.findall(stem)]
        return Value(years[0], says.FROM_FILE_NAME(text=stem)) if len(set(years)) == 1 else UNKNOWN

    def _check(self, best: DateClaim, own: Sequence[DateClaim]) -> None:
        for other in own[1:]:
            if other.kind == best.kind and (other.date.year, other.date.month) != (
                best.date.year,
                best.date.month,
            ):
                self.report(
                    says.DATE_CONFLICT(
                        value=_day(best.date),
                        evidence=best.evidence,
                        other=_day(other.date),
                        other_evidence=other.evidence,
                    )
                )
        winner = self.votes.winner(least=3)
        late = (best.date.month or 1) >= 9
        if winner is not None and winner not in (best.date.year, best.date.year + late):
            self.report(
                says.DATE_TEXT_CONFLICT(
                    value=_day(best.date),
                    evidence=best.evidence,
                    year=winner,
                    year_evidence=self.votes.words[winner][0],
                )
            )

    def review_year(self, year: Value) -> Value:
        stated = self.stated.year("review_year")
        if stated.value is not None:
            return stated
        if not isinstance(year.value, int) or not self._is_report:
            return UNKNOWN
        late = self._month is not None and self._month >= 10
        for reviewed in (year.value, year.value - 1) if late else (year.value - 1, year.value):
            if reviewed in self.votes.reviewed:
                return Value(reviewed, self.votes.reviewed[reviewed])
        early = self._month is not None and self._month <= 8
        if early and (words := find_look_back(self.draft.blocks[:HEAD_BLOCKS])):
            held = says.SESSION_MONTH(evidence=words, year=year.value, month=self._month)
            return Value(year.value - 1, held)
        return UNKNOWN

    def plan_year(self, year: Value, date: Value) -> Value:
        """The year whose work is laid out: stated, else by the session, which plans the next year from November."""
        stated = self.stated.year("plan_year")
        if stated.value is not None:
            return stated
        month = self._month
        if isinstance(date.value, str) and date_year(date).value == year.value:
            month = int(date.value[5:7])
        if self._is_report and (said := self._said_plan(year.value, month)):
            return Value(*said)
        if not isinstance(year.value, int) or year.evidence is None:
            return UNKNOWN
        inherited = self._inherited("plan_year") if month is None and self._is_report else UNKNOWN
        if inherited.value in (year.value, year.value + 1):
            return inherited
        late = month is not None and month >= 11
        held = says.PLAN_BY_SESSION if month is not None else says.PLAN_BY_YEAR
        evidence = held(evidence=year.evidence, **({} if month is None else {"month": month}))
        return Value(year.value + late, evidence)

    def _said_plan(self, year: str | int | None, month: int | None) -> tuple[int, Message] | None:
        """The year that the text says it lays out, of those that a session of that month may."""
        if not isinstance(year, int):
            return self.votes.best_plan(set(self.votes.planned)) if len(self.votes.planned) == 1 else None
        may_be_next = month is None or month >= 9
        said = self.votes.best_plan((year, year + 1) if may_be_next else (year,))
        if month is not None and may_be_next and self.votes.next_year and (said is None or said[0] == year):
            return year + 1, self.votes.next_year
        return said


def date_year(date: Value) -> Value:
    """The year of an ISO date, with its evidence."""
    return Value(int(date.value[:4]), date.evidence) if isinstance(date.value, str) else UNKNOWN


def _place_values(claim: PlaceClaim) -> dict[str, Value]:
    table = places()
    place = table.present(claim.place)
    evidence = claim.evidence
    if place.name != claim.place.name:
        evidence = says.PLACE_NOW(evidence=evidence, name=place.name)
    province = table.province_of(place)
    return {
        "city": UNKNOWN
        if place.level == "国家" or (place.level == "省" and place.name[-1] != "市")
        else Value(place.name, evidence),
        "code": Value(place.code, evidence) if place.code else UNKNOWN,
        "province": Value(province.name, evidence) if province else UNKNOWN,
        "level": Value(place.level, evidence),
    }


def _same_place(one: Place, other: Place) -> bool:
    table = places()
    return table.present(one).code == table.present(other).code


def _lies_in(inner: Place, outer: Place) -> bool:
    return inner.level in ("市", "县") and inner.code[:2] == outer.code[:2]


def _together(evidence: Sequence[Message]) -> Message:
    return evidence[0] if len(evidence) == 1 else says.EVIDENCE_LIST(parts=list(evidence))


def _day(found: FoundDate) -> Message:
    if found.iso:
        return quoted(found.iso)
    if found.month:
        return says.MONTH_OF_YEAR(year=found.year, month=found.month)
    return says.THE_YEAR(year=found.year)
