"""First mentions -> what their page shows: a finding, a curve, a map of provinces and the lists beneath."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from search.answer.searcher import Searcher
from search.instruments.answers import NATION, Beginning, CurvePoint, SilentPlace, SpreadAnswer, SpreadPlace
from search.instruments.held import held_provinces
from search.instruments.matched import in_reports
from search.model import LEVELS, Query
from web import messages as says
from web import urls
from web.charts.lines import THIN, LinePlot, Point, Series, draw_lines
from web.charts.tiles import PLACES, TileMap, draw_tiles
from web.i18n import say, translate, translate_in_n, translate_n
from web.instrument_urls import paragraph_url
from web.labels import name_of
from web.link_room import listed

PLACES_SHOWN = 40
"""Places that are listed openly; the rest is folded."""
_LINE_ORDER = ("市", "省", "国家", "县", None)
MAX_PLACES = 600
"""Places on a page; the files have all."""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place's first mention as its row shows it."""

    place: str
    level: str
    date: str
    sentence: str
    url: str
    search_url: str
    held_before: str
    is_sure: bool
    """Whether something was held of it before, so that "first" can be claimed."""
    behind_nation: str
    behind_province: str


@dataclass(frozen=True, slots=True)
class SilentGroup:
    """Places of a level that never said it, each with how many reports are held.

    Args:
        places: of which something is held from the year of the first mention on.
        earlier: the others, of which nobody can know.
    """

    level: str
    places: tuple[tuple[str, int], ...]
    earlier: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class CurveRow:
    """A year of the curve: for each level, said, held and share."""

    year: int
    cells: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class ProvinceRow:
    province: str
    first: str
    place: str
    url: str


@dataclass(frozen=True, slots=True)
class SpreadView:
    """What the page of first mentions shows."""

    answer: SpreadAnswer
    counted: str
    """What it counts, beside what the heading of the page counts."""
    finding: str
    beginnings: tuple[PlaceRow, ...]
    places: tuple[PlaceRow, ...]
    folded: tuple[PlaceRow, ...]
    left_out: int
    never: tuple[SilentGroup, ...]
    curve: LinePlot | None
    curve_levels: tuple[str, ...]
    curve_rows: tuple[CurveRow, ...]
    tiles: TileMap
    provinces: tuple[ProvinceRow, ...]


def view_spread(searcher: Searcher, query: Query, answer: SpreadAnswer, *, beneath: Query) -> SpreadView:
    """The page of an answer.

    Args:
        query: the one that it answers.
        beneath: the one whose counts are the heading of the page.
    """
    asked = in_reports(query)
    held = held_provinces(searcher, asked) if asked is not None else set()
    first = _first_by_province(searcher, answer, query)
    rows = tuple(_place_row(one, query) for one in answer.places[:MAX_PLACES])
    levels = _levels_of(answer.curve)
    return SpreadView(
        answer=answer,
        counted=_say_counted(searcher, query, answer, beneath),
        finding=_find(answer),
        beginnings=tuple(_beginning_row(one, query) for one in answer.first),
        places=rows[:PLACES_SHOWN],
        folded=rows[PLACES_SHOWN:],
        left_out=len(answer.places) - len(rows),
        never=_silent(answer),
        curve=_draw_curve(answer.curve, query),
        curve_levels=tuple(name_of(level) for level in levels),
        curve_rows=_curve_rows(answer.curve, levels),
        tiles=_draw_tiles(first, held, query),
        provinces=_province_rows(first, held, query),
    )


def _say_counted(searcher: Searcher, query: Query, answer: SpreadAnswer, beneath: Query) -> str:
    """What is counted of that which the heading counts, and what isn't."""
    counted = answer.counted
    total, written = (
        searcher.count(replace(of, page=1, group="")).paragraphs
        for of in (beneath, replace(query, match="phrase"))
    )
    not_counted = (
        (says.SPREAD_LEAVES_TIER_2, total - written),
        (says.SPREAD_LEAVES_TEXTS, written - counted.paragraphs),
    )
    left = [kind(n=n) for kind, n in not_counted if n]
    shown = {"paragraphs": counted.paragraphs, "reports": counted.reports}
    return say(
        says.SPREAD_COUNTS_OF(**shown, total=total, left=left) if left else says.SPREAD_COUNTS(**shown)
    )


def _find(answer: SpreadAnswer) -> str:
    """The finding as a sentence."""
    if not answer.places:
        return translate("No report whose place is known says it.")
    first = answer.places[0]
    said, held = len(answer.places), len(answer.places) + len(answer.never)
    finding = translate(
        "First in {place}, {date}; {said} of {held} places held have said it.",
        place=translate("Nation") if first.place == NATION else first.place,
        date=first.date or translate("day unknown"),
        said=f"{said:,}",
        held=f"{held:,}",
    )
    if earlier := sum(not _is_held_since(one, answer) for one in answer.never):
        finding += translate_in_n(
            "number",
            " Of {n} place nothing is held from then on.",
            " Of {n} places nothing is held from then on.",
            n=earlier,
        )
    if first.held_before:
        return finding
    return finding + translate(" Nothing of that place is held from before, so it may have said it earlier.")


def _place_row(one: SpreadPlace, query: Query) -> PlaceRow:
    return replace(
        _beginning_row(one, query),
        search_url=_place_url(one, query),
        held_before=(
            translate_in_n("number", "{n} report", "{n} reports", n=one.held_before)
            if one.held_before
            else translate("nothing")
        ),
        is_sure=one.held_before > 0,
        behind_nation=_say_lag(one.lag_days.nation),
        behind_province=_say_lag(one.lag_days.province),
    )


def _beginning_row(one: SpreadPlace | Beginning, query: Query) -> PlaceRow:
    return PlaceRow(
        place=name_of(one.place),
        level=name_of(one.level),
        date=one.date or name_of(None),
        sentence=one.text,
        url=paragraph_url(one.report, one.paragraph, query.text),
        search_url="",
        held_before="",
        is_sure=True,
        behind_nation="",
        behind_province="",
    )


def _place_url(one: SpreadPlace, query: Query) -> str:
    """All that the place says of it, oldest first."""
    found = replace(query, page=1, sort="year", group="")
    if one.level == LEVELS[0]:
        found = urls.with_values(found, "level", (one.level,))
    elif one.place in PLACES:
        found = urls.with_values(found, "level", (one.level,))
        found = urls.with_values(found, "province", (one.place,))
    else:
        found = urls.with_values(found, "city", (one.place,))
    return listed(lambda: urls.search_url(found))


def _say_lag(days: int | None) -> str:
    """A lag as text; "" where it isn't known."""
    if days is None:
        return ""
    if days == 0:
        return translate("the same day")
    months = round(abs(days) / 30.44)
    if abs(days) < 60:
        length = translate_n("{n} day", "{n} days", n=abs(days))
    elif months < 24:
        length = translate("{n} months", n=months)
    else:
        years = f"{abs(days) / 365.25:.1f}"
        length = translate("{n} years", n=years)
    return (
        translate("{length} after", length=length)
        if days > 0
        else translate("{length} before", length=length)
    )


def _silent(answer: SpreadAnswer) -> tuple[SilentGroup, ...]:
    groups: defaultdict[str | None, tuple[list[tuple[str, int]], list[tuple[str, int]]]]
    groups = defaultdict(lambda: ([], []))
    for one in answer.never:
        since, earlier = groups[one.level]
        (since if _is_held_since(one, answer) else earlier).append((one.place, one.reports))
    return tuple(SilentGroup(name_of(level), *map(tuple, groups[level])) for level in _in_rank(groups))


def _is_held_since(one: SilentPlace, answer: SpreadAnswer) -> bool:
    """Whether something is held of a place from the year of the first mention on."""
    return not answer.curve or (one.last_year or 0) >= answer.curve[0].year


def _in_rank(levels: Mapping[str | None, object]) -> list[str | None]:
    return [level for level in (*LEVELS, None) if level in levels]


def _levels_of(curve: Sequence[CurvePoint]) -> list[str | None]:
    return _in_rank({point.level: None for point in curve})


def _curve_rows(curve: Sequence[CurvePoint], levels: Sequence[str | None]) -> tuple[CurveRow, ...]:
    by_year: defaultdict[int, dict[str | None, CurvePoint]] = defaultdict(dict)
    for point in curve:
        by_year[point.year][point.level] = point
    return tuple(
        CurveRow(year, tuple((p.said, p.held, _say_share(_share(p))) for p in (cells[x] for x in levels)))
        for year, cells in sorted(by_year.items())
    )


def _share(point: CurvePoint) -> float | None:
    return point.said / point.held if point.held else None


def _say_share(share: float | None) -> str:
    return translate("Not held") if share is None else f"{share:.0%}"


def _draw_curve(curve: Sequence[CurvePoint], query: Query) -> LinePlot | None:
    """The share of places held that have said it so far, by level, from the first year of which enough is held."""
    held: defaultdict[int, int] = defaultdict(int)
    for point in curve:
        held[point.year] += point.held
    first = min((year for year, places in held.items() if places >= THIN), default=0)
    series = []
    for level in sorted(_levels_of(curve), key=_LINE_ORDER.index):
        name = translate("Nation") if level == LEVELS[0] else name_of(level)
        points = [
            Point(p.year, _share(p), _say_point(name, p), is_thin=0 < p.held < THIN)
            for p in curve
            if p.level == level and p.year >= first
        ]
        series.append(
            Series(name, points, urls.search_url(urls.with_values(replace(query, page=1), "level", (level,))))
        )
    return draw_lines(series, lambda value: f"{value:.0%}", highest=1.0) if series else None


def _say_point(name: str, point: CurvePoint) -> str:
    if not point.held:
        return translate("{name}, {year}: nothing held yet", name=name, year=point.year)
    return translate(
        "{name}, {year}: said by {said} of {held}",
        name=name,
        year=point.year,
        said=point.said,
        held=point.held,
    )


_FirstByProvince = Mapping[str, tuple[int, SpreadPlace]]


def _first_by_province(searcher: Searcher, answer: SpreadAnswer, query: Query) -> _FirstByProvince:
    """Province -> the year and place of its first mention, by itself or one of its cities."""
    ids = tuple(one.report for one in answer.places)
    reports = {report.id: report for report in searcher.reports((("id", ids),), others=True)} if ids else {}
    found: dict[str, tuple[int, SpreadPlace]] = {}
    for one in answer.places:
        report = reports.get(one.report)
        year = getattr(report, query.year_field) if report is not None else None
        if report is not None and report.province and year is not None:
            found.setdefault(report.province, (year, one))
    return found


def _draw_tiles(first: _FirstByProvince, held: Collection[str], query: Query) -> TileMap:
    found = replace(query, page=1, sort="year", group="", city=())
    years = {name: year for name, (year, _) in first.items()}
    return draw_tiles(years, sorted(held), urls.make_value_urls(found, "province"))


def _province_rows(first: _FirstByProvince, held: Collection[str], query: Query) -> tuple[ProvinceRow, ...]:
    rows = [
        ProvinceRow(name, str(year), one.place, paragraph_url(one.report, one.paragraph, query.text))
        for name, (year, one) in sorted(first.items(), key=lambda item: (item[1][0], item[0]))
    ]
    silent = [name for name in PLACES if name in held and name not in first]
    missing = [name for name in PLACES if name not in held]
    return (
        *rows,
        *(ProvinceRow(name, translate("Never said"), "", "") for name in silent),
        *(ProvinceRow(name, translate("Not held"), "", "") for name in missing),
    )
