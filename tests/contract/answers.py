"""Answers of a view in words that mean the same for every store: paragraph ids in place of refs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from search.collection import Ask, Choice, Found, Ranked, Ref, Top, View
from search.language.plan import All, Either, Every, Favoured, Plan, Tiered, Without
from search.language.plan.needles import needles_of, occurrence_spans
from search.language.text.phrases import marked_form
from search.model import FACETS, Report, Span
from tests.laws.bruteforce import Row

EVERYTHING = 1_000_000


class Reader:
    """Asks a view and translates."""

    def __init__(self, view: View) -> None:
        self.view = view

    @cached_property
    def id_of(self) -> dict[Ref, str]:
        """The id of every paragraph, by its ref."""
        refs = [match.ref for some in self.view.scan(Ask(All())) for match in some]
        return {of.ref: f"{of.report.id}-p{of.n}" for of in self.view.paragraphs(refs)}

    @cached_property
    def ref_of(self) -> dict[str, Ref]:
        """The ref of every paragraph, by its id."""
        return {name: ref for ref, name in self.id_of.items()}

    def ids(self, found: Iterable[Ranked]) -> list[str]:
        """The paragraphs that matches name, in their order."""
        return [self.id_of[match.ref] for match in found]

    def refs(self, ids: Iterable[str]) -> tuple[Ref, ...]:
        """The refs of paragraphs."""
        return tuple(self.ref_of[name] for name in ids)

    def one(self, ask: Ask) -> Found:
        """The answer to one question."""
        (found,) = self.view.find([ask])
        return found

    def all_ids(self, plan: Plan, chosen: Choice = ()) -> list[str]:
        """Everything that matches, best first."""
        return self.ids(self.one(Ask(plan, chosen, top=Top(EVERYTHING))).top)

    def scores(self, plan: Plan) -> dict[str, float]:
        """The score of everything that matches."""
        top = self.one(Ask(plan, top=Top(EVERYTHING))).top
        return {self.id_of[match.ref]: match.score for match in top}


def full_ask(plan: Plan, chosen: Choice = (), top: Top | None = None) -> Ask:
    """A question with every collector."""
    return Ask(
        plan,
        chosen,
        reports=True,
        facets=FACETS,
        occurrences=True,
        cells=True,
        top=top or Top(EVERYTHING),
    )


def is_chosen(row: Row, chosen: Choice, *, but: str = "") -> bool:
    """Whether a paragraph has one of the values of every group that has any; the group `but` is left out."""
    return all(row.value(name) in values for name, values in chosen if values and name != but)


def time_key(report: Report, sort: str) -> tuple[int, ...]:
    """Where a sort by time puts a report: unknown times last, within a year those without a day last."""
    if sort in ("added", "-added"):
        added = int("".join(filter(str.isdigit, report.added or "")) or 0)
        return int(not added), -added if sort == "-added" else added
    if report.year is None:
        return (1, 0, 0, 0)
    date = report.date or ""
    is_known = len(date) == 10 and date.startswith(f"{report.year}-")
    day = int(date[5:7] + date[8:]) if is_known else 0
    sign = -1 if sort == "-year" else 1
    return 0, sign * report.year, int(not is_known), sign * day


def are_near(one: float, other: float) -> bool:
    """Whether two scores are the same to what single precision can tell after some additions."""
    return abs(one - other) <= 1e-5 * max(abs(one), abs(other))


def same_order(one: Sequence[tuple[str, float]], other: Sequence[tuple[str, float]]) -> str | None:
    """What is wrong if two rankings are not the same but for the order of nearly equal scores; else None."""
    if dict(one).keys() != dict(other).keys():
        return f"one has {dict(one).keys() ^ dict(other).keys()} and not the other"
    theirs = dict(other)
    for at, ((name, score), (_, there)) in enumerate(zip(one, other, strict=True)):
        if not are_near(score, theirs[name]):
            return f"{name} scores {score} and {theirs[name]}"
        if not are_near(score, there):
            return f"place {at + 1}: {name} with {score}, and {other[at]}"
    return None


def occurrences_in(text: str, plan: Plan) -> list[Span]:
    """The occurrences in a paragraph that a plan matches, in characters of its normal form, by a scan."""
    return occurrence_spans(marked_form(text), needles_of(plan))


def nodes_of(plan: Plan) -> Iterator[Plan]:
    """A plan's nodes, itself the first."""
    yield plan
    if isinstance(plan, (Every, Either)):
        parts: tuple[Plan, ...] = plan.parts
    elif isinstance(plan, Without):
        parts = (plan.wanted, plan.unwanted)
    elif isinstance(plan, Tiered):
        parts = (plan.first, plan.second)
    else:
        parts = (plan.wanted, plan.bonus) if isinstance(plan, Favoured) else ()
    for part in parts:
        yield from nodes_of(part)
