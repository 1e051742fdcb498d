"""A search -> what its page shows: hits, facets, chips, orders, downloads, pages.

No HTML is made here and no parameter is read; templates lay out these values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from search.answer.context_order import Sample
from search.answer.snippet import snippet
from search.messages.words import Piece
from search.model import YEAR_FIELDS, Axis, ConcordancePage, Hit, Query, SearchResult
from web import urls
from web.asked_views import ORDERS, PARAGRAPHS, VIEWS, View
from web.hit_urls import HitUrls, make_hit_urls
from web.i18n import phrase, say_pieces, translate
from web.labels import (
    FACET_NAMES,
    name_day,
    name_of,
    name_place,
    name_report,
    name_value,
)
from web.markup import highlight
from web.params import AXES, MAX_HITS, SORTS
from web.tiers import name_tiers, say_why
from web.time_values import UNKNOWN

SORT_NAMES = {
    "relevance": phrase("Relevance"),
    "-year": phrase("Newest"),
    "year": phrase("Oldest"),
    "-added": phrase("Lately added"),
    "added": phrase("First added"),
}
SORTS_SHOWN = ("relevance", "-year", "year", "-added")
"""Another order is shown while it is chosen."""
AXIS_NAMES: dict[Axis, str] = {"plan": phrase("Work year"), "delivered": phrase("Year of delivery")}
VIEW_NAMES = {
    "paragraphs": phrase("Paragraphs"),
    "concordance": phrase("Concordance"),
    "distribution": phrase("Distribution"),
    "spread": phrase("First mentions"),
}
ORDER_NAMES = {
    "left": phrase("By left context"),
    "right": phrase("By right context"),
    "left2": phrase("By the second word left"),
    "right2": phrase("By the second word right"),
    "order": phrase("In order"),
}
SAMPLES = (50, 100, 200)
_NAMED_BY_VALUE = frozenset(("city", "province", *YEAR_FIELDS))
FIRST_VALUES = 10
"""Values of a facet that are shown; the rest is folded."""
_KEPT_VIEWS = 256
MAX_CHOSEN_YEARS = 4
"""Selected years that are shown; more are folded."""


class HitPart(NamedTuple):
    """A part of a paragraph's text; the flags say on which side text is left out."""

    html: Markup
    cut_before: bool
    cut_after: bool


@dataclass(frozen=True, slots=True)
class SameLink:
    """A paragraph that says the same: whose it is, and where it stands."""

    label: str
    url: str


class HitView(NamedTuple):
    """A hit as the page shows it."""

    id: str
    kind: str
    place: str
    year: str
    type: str
    title: str
    heading: tuple[Markup, ...]
    parts: tuple[HitPart, ...]
    url: str
    permalink: str
    cite_url: str
    of_report: int | None
    why: tuple[str, ...]
    """Why it is in tier 2; () in the others."""
    ocr: float | None
    tier_label: str
    """Heading above the first hit of a tier; "" elsewhere."""
    same: tuple[SameLink, ...] = ()
    """Hits that are folded under this one."""


class FacetLink(NamedTuple):
    label: str
    count: int  # type: ignore[assignment]  # hides tuple.count: a page makes hundreds, and a tuple is made fastest
    selected: bool
    url: str
    """Of a value that is not selected, what stands between what its facet's addresses share."""
    value: str = ""
    """The value in the address, if it differs from the label."""


_link = FacetLink._make


@dataclass(frozen=True, slots=True)
class FacetView:
    field: str
    name: str
    first: tuple[FacetLink, ...]
    rest: tuple[FacetLink, ...]
    shared: tuple[str, str] = ("", "")
    """What the addresses of values that are not selected begin and end with."""


class Choice(NamedTuple):
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Paging:
    """Links to the other pages; None among `numbers` is a gap."""

    page: int
    pages: int
    first_rank: int
    previous: str
    following: str
    numbers: tuple[Choice | None, ...]
    limited: bool
    """Whether there are hits beyond the last page that can be reached."""


def view_hits(result: SearchResult) -> tuple[HitView, ...]:
    """The hits in order, with highlighted parts and addresses."""
    labels, make_urls = name_tiers(result), make_hit_urls(result.query.text)
    return tuple(
        [
            _view_hit(hit, result.query, label, make_urls(hit.report.id, hit.n, hit.tier))
            for hit, label in zip(result.hits, labels, strict=True)
        ]
    )


def _view_hit(hit: Hit, query: Query, tier_label: str, addresses: HitUrls) -> HitView:
    parts = snippet(hit.text, hit.spans)
    return HitView(
        id=hit.id,
        kind=hit.kind,
        place=name_place(hit.report),
        year=name_day(hit.report, query),
        type=name_of(hit.report.type),
        title=name_report(hit.report),
        heading=_mark_headings(hit),
        parts=tuple(
            [
                HitPart(
                    highlight(part.text, part.spans),
                    cut_before=part.start > 0,
                    cut_after=part is parts[-1] and part.start + len(part.text) < len(hit.text),
                )
                for part in parts
            ]
        ),
        url=addresses.marked,
        permalink=addresses.plain,
        cite_url=addresses.cite,
        of_report=hit.of_report,
        why=say_why(hit, query.text),
        ocr=hit.ocr,
        tier_label=tier_label,
        same=tuple(_link_same(of, query) for of in hit.same or ()),
    )


def _link_same(hit: Hit, query: Query) -> SameLink:
    url = urls.report_url(hit.report.id, n=hit.n, text=query.text, tier=hit.tier)
    return SameLink(f"{name_place(hit.report)} · {name_day(hit.report, query)}", url)


def _mark_headings(hit: Hit) -> tuple[Markup, ...]:
    spans = hit.heading_spans or ((),) * len(hit.heading)
    return tuple([highlight(text, of_text) for text, of_text in zip(hit.heading, spans, strict=True)])


def view_facet(result: SearchResult, field: str, view: View = PARAGRAPHS) -> FacetView:
    """A facet's values: selected ones first, then by count; years in descending order."""
    values = [value for value in result.facets.get(field, ()) if value.count or value.selected]
    if field in YEAR_FIELDS:
        ordered = sorted(values, key=lambda v: (v.value is None, -int(v.value or 0)))
    else:
        ordered = sorted(values, key=lambda v: (not v.selected, v.value is None, -v.count, str(v.value)))
    shared, toggled = urls.spell_toggles(result.query, field, [value for value, _, _ in ordered], view)
    names = _name_values(field, [value for value, _, _ in ordered])
    links = tuple(
        [
            _link((name, count, selected, url, UNKNOWN if value is None else ""))
            for (value, count, selected), url, name in zip(ordered, toggled, names, strict=True)
        ]
    )
    chosen = sum(value.selected for value in values)
    if field in YEAR_FIELDS and (len(links) > FIRST_VALUES or chosen > MAX_CHOSEN_YEARS):
        links = tuple(sorted(links, key=lambda link: not link.selected))
        open_ones = chosen if chosen <= MAX_CHOSEN_YEARS else 0  # a range: its chip and the bars say it
        return FacetView(field, translate(FACET_NAMES[field]), links[:open_ones], links[open_ones:], shared)
    shown = max(FIRST_VALUES, chosen)
    if len(links) <= shown + 2:
        shown = len(links)
    return FacetView(field, translate(FACET_NAMES[field]), links[:shown], links[shown:], shared)


def _name_values(field: str, values: Sequence[str | int | None]) -> list[str]:
    """As `name_value`, without looking up hundreds of place names and years, which no message catalogue has."""
    if field not in _NAMED_BY_VALUE:
        return [name_value(field, value) for value in values]
    return [name_value(field, None) if value is None else str(value) for value in values]


def view_sorts(query: Query) -> tuple[Choice, ...]:
    """The orders of hits."""
    return tuple(
        Choice(
            translate(SORT_NAMES[sort]),
            urls.search_url(query, page=1, sort=sort),
            sort == query.sort,
        )
        for sort in SORTS
        if sort in (*SORTS_SHOWN, query.sort)
    )


def view_orders(query: Query, view: View) -> tuple[Choice, ...]:
    """The orders of a concordance."""
    return tuple(
        Choice(
            translate(ORDER_NAMES[order]),
            urls.search_url(query, replace(view, order=order), page=1),
            order == view.order,
        )
        for order in ORDERS
    )


def view_samples(query: Query, view: View, found: ConcordancePage) -> tuple[Choice, ...]:
    """Random samples of a concordance that are smaller than it, another one like the one shown, and all lines."""
    sizes = [size for size in SAMPLES if size < found.occurrences]
    shown = None if found.seed is None else Sample(found.total, found.seed)
    if shown is not None and shown.size not in sizes:
        sizes.append(shown.size)

    def choice(label: str, sample: Sample | None, *, current: bool = False) -> Choice:
        return Choice(label, urls.search_url(query, replace(view, sample=sample), page=1), current)

    if not sizes:
        return ()
    seed = 1 if shown is None else shown.seed
    choices = [choice(translate("All lines"), None, current=shown is None)]
    choices += [
        choice(
            translate("{n} at random", n=size),
            Sample(size, seed),
            current=shown is not None and shown.size == size,
        )
        for size in sorted(sizes)
    ]
    if shown is not None:
        choices.append(choice(translate("Other {n}", n=shown.size), Sample(shown.size, seed + 1)))
    return tuple(choices)


def view_views(query: Query, view: View) -> tuple[Choice, ...]:
    """The views of a search."""
    return tuple(
        Choice(
            translate(VIEW_NAMES[name]),
            urls.search_url(query, _in_view(view, name), page=1),
            name == view.name,
        )
        for name in VIEWS
    )


@lru_cache(maxsize=_KEPT_VIEWS)
def _in_view(view: View, name: str) -> View:
    return replace(view, name=name)


def view_axes(query: Query, view: View) -> tuple[Choice, ...]:
    """The years that bars, charts and tables may go by."""
    return tuple(
        Choice(
            translate(AXIS_NAMES[axis]),
            urls.search_url(query, view, page=1, axis=axis),
            axis == query.axis,
        )
        for axis in AXES
    )


def view_paging(query: Query, total: int, view: View = PARAGRAPHS, *, base: Query | None = None) -> Paging:
    """The pages of a search; links carry `base`, by default the query itself, with another page number."""
    pages = max(1, min(-(-total // query.per_page), MAX_HITS // query.per_page))
    page, like = query.page, base or query

    def to(number: int) -> str:
        return urls.search_url(like, view, page=number)

    near = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
    numbers: list[Choice | None] = []
    for i, number in enumerate(near):
        if i and number > near[i - 1] + 1:
            numbers.append(None)
        numbers.append(Choice(f"{number:,}", to(number), number == page))
    first = (page - 1) * query.per_page + 1
    return Paging(
        page=page,
        pages=pages,
        first_rank=first,
        previous=to(min(page - 1, pages)) if page > 1 else "",
        following=to(page + 1) if page < pages else "",
        numbers=tuple(numbers),
        limited=total > pages * query.per_page,
    )


def view_reading(result: SearchResult) -> tuple[Piece, ...]:
    """How the query was read, in the language of the page; empty if there is no query."""
    if not result.query.text:
        return ()
    return say_pieces(result.reading)
