"""SearchResult -> what a results page shows: lines, parts, facets, chips, pages.

No HTML is made here and no parameter read; the templates only lay out what these values say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from markupsafe import Markup

from search.answer.snippet import snippet
from search.messages.names import LEVEL_NAMES, TYPE_NAMES
from search.messages.words import Piece
from search.model import LEVELS, Hit, Query, Report, ReportText, SearchResult
from web import urls
from web.citation_formats import supplied_title
from web.i18n import phrase, say, say_pieces, translate
from web.markup import highlight
from web.params import MAX_HITS, ORDERS, PARAGRAPHS, SORTS, UNKNOWN, VIEWS, View

FACET_NAMES = {
    "city": phrase("City"),
    "province": phrase("Province"),
    "year": phrase("Year"),
    "type": phrase("Type"),
}
NONE_NAMES = {"city": phrase("Unknown, or no city's"), "province": phrase("Unknown, or the nation's")}
REPORT_SCOPE = phrase("report")
UNKNOWN_NAME = phrase("Unknown")
NAMES = {**TYPE_NAMES, **LEVEL_NAMES}
"""What a value of a report is called; values without a name here are names themselves."""
SORT_NAMES = {"relevance": phrase("Relevance"), "-year": phrase("Newest"), "year": phrase("Oldest")}
VIEW_NAMES = {
    "paragraphs": phrase("Paragraphs"),
    "concordance": phrase("Concordance"),
    "distribution": phrase("Distribution"),
}
ORDER_NAMES = {
    "left": phrase("By left context"),
    "right": phrase("By right context"),
    "order": phrase("In order"),
}
TIER_NAMES = {1: phrase("Meets the whole query"), 2: phrase("Meets only part of the query")}
FIRST_VALUES = 10
"""How many values of a facet stand open; the rest are folded."""
CONTEXT_CHARS = 34
"""So much of a text stands on each side of a concordance's lines, and in the files of them that the page offers."""
MAX_CHOSEN_YEARS = 4
"""How many years that are on stand open."""


@dataclass(frozen=True, slots=True)
class HitPart:
    """A stretch of a paragraph; the flags say where something is left out."""

    html: Markup
    cut_before: bool
    cut_after: bool


@dataclass(frozen=True, slots=True)
class HitView:
    id: str
    kind: str
    place: str
    year: str
    type: str
    title: str
    heading: tuple[str, ...]
    parts: tuple[HitPart, ...]
    url: str
    permalink: str
    cite_url: str
    report_url: str
    of_report: int | None
    tier_label: str
    """Said above the first hit of a tier; "" elsewhere."""


@dataclass(frozen=True, slots=True)
class FacetLink:
    label: str
    count: int
    selected: bool
    url: str
    value: str = ""
    """As an address spells it, where that is not the label."""


@dataclass(frozen=True, slots=True)
class FacetView:
    field: str
    name: str
    first: tuple[FacetLink, ...]
    rest: tuple[FacetLink, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on; `url` is the state without it."""

    name: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Paging:
    """The way through the pages: a number links, None is a gap."""

    page: int
    pages: int
    first_rank: int
    last_rank: int
    previous: str
    following: str
    numbers: tuple[Choice | None, ...]
    limited: bool
    """There are hits beyond the last page that can be reached."""


def name_of(value: str | int | None) -> str:
    """A value for people; unknown is said, and types of report have names in each language."""
    if value is None:
        return translate("Unknown")
    known = NAMES.get(str(value))
    return str(value) if known is None else say(known)


def name_value(field: str, value: str | int | None) -> str:
    """A filter's value for people. No city is known of a report that is none's too: a province's, the nation's."""
    return translate(NONE_NAMES.get(field, UNKNOWN_NAME)) if value is None else name_of(value)


def name_place(report: Report) -> str:
    """Its city, else its province; a report of the whole country has neither."""
    if report.level == LEVELS[0]:
        return translate("Nation")
    return name_of(report.city or report.province)


def name_day(report: Report, sort: str) -> str:
    """When it was delivered: the year; the day, where it is known, in a list that goes by time."""
    return report.date if report.date and sort != "relevance" else name_of(report.year)


def name_report(report: Report) -> str:
    """The title, or what stands for it where there is none."""
    return supplied_title(report)


def view_hits(result: SearchResult) -> tuple[HitView, ...]:
    """The hits in order, each with its line, its marked parts and its addresses."""
    views = []
    tier = 1
    for hit in result.hits:
        label = translate(TIER_NAMES.get(hit.tier, TIER_NAMES[2])) if hit.tier != tier else ""
        tier = hit.tier
        views.append(_view_hit(hit, result.query, label))
    return tuple(views)


def _view_hit(hit: Hit, query: Query, tier_label: str) -> HitView:
    parts = snippet(hit.text, hit.spans)
    return HitView(
        id=hit.id,
        kind=hit.kind,
        place=name_place(hit.report),
        year=name_day(hit.report, query.sort),
        type=name_of(hit.report.type),
        title=name_report(hit.report),
        heading=hit.heading,
        parts=tuple(
            HitPart(
                highlight(part.text, part.spans),
                cut_before=part.start > 0,
                cut_after=part is parts[-1] and part.start + len(part.text) < len(hit.text),
            )
            for part in parts
        ),
        url=urls.report_url(hit.report.id, n=hit.n, text=query.text),
        permalink=urls.report_url(hit.report.id, n=hit.n),
        cite_url=urls.cite_url(hit.report.id, n=hit.n),
        of_report=hit.of_report,
        report_url=urls.report_url(hit.report.id),
        tier_label=tier_label,
    )


def view_facet(result: SearchResult, field: str, view: View = PARAGRAPHS) -> FacetView:
    """One group's values: those chosen first, then by count (years by time)."""
    values = [value for value in result.facets.get(field, ()) if value.count or value.selected]
    if field == "year":
        ordered = sorted(values, key=lambda v: (v.value is None, -int(v.value or 0)))
    else:
        ordered = sorted(values, key=lambda v: (not v.selected, v.value is None, -v.count, str(v.value)))
    toggled = urls.make_toggle_urls(result.query, field, view)
    links = tuple(
        FacetLink(
            _name_value(field, value.value),
            value.count,
            value.selected,
            toggled(value.value),
            UNKNOWN if value.value is None else "",
        )
        for value in ordered
    )
    chosen = sum(value.selected for value in values)
    if field == "year" and (len(links) > FIRST_VALUES or chosen > MAX_CHOSEN_YEARS):
        links = tuple(sorted(links, key=lambda link: not link.selected))
        open_ones = chosen if chosen <= MAX_CHOSEN_YEARS else 0  # a range: its chip and the bars say it
        return FacetView(field, translate(FACET_NAMES[field]), links[:open_ones], links[open_ones:])
    shown = max(FIRST_VALUES, chosen)
    if len(links) <= shown + 2:
        shown = len(links)
    return FacetView(field, translate(FACET_NAMES[field]), links[:shown], links[shown:])


def _name_value(field: str, value: str | int | None) -> str:
    """As `name_of`, without a look into the catalogue for the hundreds of names that it can't have."""
    return name_value(field, value) if value is None or field == "type" else str(value)


def view_chips(query: Query, view: View = PARAGRAPHS) -> tuple[Chip, ...]:
    """The filters that are on; neighbouring years make one chip."""

    def chip(field: str, label: str, after: Query) -> Chip:
        return Chip(translate(FACET_NAMES[field]), label, urls.search_url(after, view))

    chips = []
    for field in ("city", "province", "type"):
        for value in getattr(query, field):
            chips.append(chip(field, name_value(field, value), urls.toggle(query, field, value)))
    for first, last in urls.year_runs(query.year):
        left = tuple(year for year in query.year if year is None or not first <= year <= last)
        label = str(first) if first == last else f"{first}–{last}"
        chips.append(chip("year", label, urls.with_values(query, "year", left)))
    for report in query.report:
        left_reports = tuple(other for other in query.report if other != report)
        after = replace(query, page=1, report=left_reports)
        chips.append(Chip(translate(REPORT_SCOPE), report, urls.search_url(after, view)))
    if None in query.year:
        chips.append(chip("year", translate(UNKNOWN_NAME), urls.toggle(query, "year", None)))
    return tuple(chips)


def view_sorts(query: Query) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            translate(SORT_NAMES[sort]),
            urls.search_url(replace(query, sort=sort, page=1)),
            sort == query.sort,
        )
        for sort in SORTS
    )


@dataclass(frozen=True, slots=True)
class Take:
    """A way to take the search away; `file` is what a browser saves rather than shows."""

    label: str
    url: str
    file: bool = True


def view_takes(query: Query, view: View) -> tuple[Take, ...]:
    """What can be taken away from this view of a search."""
    feed = Take(translate("Subscribe"), urls.follow_url(query), file=False)
    if view.name == "distribution":
        return (Take("CSV", urls.export_url("distribution_csv", query)), feed)
    if view.name == "concordance":
        kinds = (("CSV", "hits_csv"), ("XLSX", "hits_xlsx"))
        return (
            *(
                Take(
                    translate("{file} of lines", file=name),
                    urls.export_url(kind, query, view, context=CONTEXT_CHARS),
                )
                for name, kind in kinds
            ),
            *(
                Take(translate("{file} of paragraphs", file=name), urls.export_url(kind, query))
                for name, kind in kinds
            ),
            feed,
        )
    return (
        Take("CSV", urls.export_url("hits_csv", query)),
        Take("XLSX", urls.export_url("hits_xlsx", query)),
        feed,
    )


def view_orders(query: Query, view: View) -> tuple[Choice, ...]:
    """What the lines of a concordance can be sorted by."""
    return tuple(
        Choice(
            translate(ORDER_NAMES[order]),
            urls.search_url(replace(query, page=1), replace(view, order=order)),
            order == view.order,
        )
        for order in ORDERS
    )


def view_views(query: Query, view: View) -> tuple[Choice, ...]:
    """The three ways to look at one search."""
    return tuple(
        Choice(
            translate(VIEW_NAMES[name]),
            urls.search_url(replace(query, page=1), replace(view, name=name)),
            name == view.name,
        )
        for name in VIEWS
    )


def view_paging(query: Query, total: int, view: View = PARAGRAPHS, *, base: Query | None = None) -> Paging:
    """Where this page stands among those that can be reached; `base` is what the links say, but for the page."""
    pages = max(1, min(-(-total // query.per_page), MAX_HITS // query.per_page))
    page = query.page

    def to(number: int) -> str:
        return urls.search_url(replace(base or query, page=number), view)

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
        last_rank=min(first + query.per_page - 1, total),
        previous=to(min(page - 1, pages)) if page > 1 else "",
        following=to(page + 1) if page < pages else "",
        numbers=tuple(numbers),
        limited=total > pages * query.per_page,
    )


_FACTS = {
    "title": phrase("Title"),
    "type": phrase("Type"),
    "city": phrase("City"),
    "province": phrase("Province"),
    "level": phrase("Level"),
    "year": phrase("Year of the report"),
    "review_year": phrase("Year looked back on"),
    "date": phrase("Date"),
    "session": phrase("Session"),
    "speaker": phrase("Speaker"),
}


def list_facts(found: ReportText) -> list[tuple[str, str, tuple[Piece, ...]]]:
    """(name, value, what it was read from) for every field that a reader may doubt."""
    return [
        (
            translate(label),
            name_of(getattr(found.report, name)),
            say_pieces(found.evidence[name]) if name in found.evidence else (),
        )
        for name, label in _FACTS.items()
    ]


def view_reading(result: SearchResult) -> tuple[Piece, ...]:
    """How the query was read, in the language of the page; nothing where there is no query."""
    if not result.query.text:
        return ()
    return say_pieces(result.reading)
