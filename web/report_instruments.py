"""Pages of the instruments of one report: which sentences were said before, and a report beside another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template
from markupsafe import Markup

from search.instruments.answers import DiffAnswer, DiffRow, DiffSide, ReusedSentence
from search.instruments.diff import diff_reports, previous_report
from search.instruments.matched import place_of, same_kind
from search.instruments.reuse import find_reuse
from search.model import Report
from web import messages as says
from web import urls
from web.background_work import compute_for_page
from web.current_searcher import current_searcher
from web.i18n import phrase, translate
from web.instrument_parameters import read_of, read_other
from web.instrument_urls import file_url, json_url, page_url, paragraph_url
from web.labels import name_of, name_place, name_report
from web.markup import highlight
from web.number_citation import cite_reports
from web.params import read_choice

RELATION_NAMES = {
    "own_earlier": phrase("Its own earlier report"),
    "nation": phrase("The nation’s"),
    "province": phrase("Its province’s"),
    "other": phrase("Another place’s"),
    "own": phrase("Said here first"),
}
SHOWN = {
    "all": (phrase("All sentences"), tuple(RELATION_NAMES)),
    "own_earlier": (RELATION_NAMES["own_earlier"], ("own_earlier",)),
    "above": (phrase("The nation’s or its province’s"), ("nation", "province")),
    "other": (RELATION_NAMES["other"], ("other",)),
    "own": (RELATION_NAMES["own"], ("own",)),
}
"""Which sentences a page lists: the label, as each of them is named, and the relations; the first is usual."""

report_instruments = Blueprint("report_instruments", __name__)


@dataclass(frozen=True, slots=True)
class ShareBar:
    """A share of the report's letters; `x` and `width` are per cent of the bar."""

    name: str
    relation: str
    share: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class ReuseRow:
    """A sentence with who said it first."""

    text: str
    url: str
    kind: str
    relation: str
    relation_name: str
    reports: int
    first: str
    first_text: str
    first_url: str
    is_formula: bool


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A row of two sentences; a `fold` of more than two equal ones is closed."""

    kind: str
    is_moved: bool
    a: tuple[Markup, str] | None
    b: tuple[Markup, str] | None


@dataclass(frozen=True, slots=True)
class DiffRun:
    """Neighbouring rows that are shown, or folded."""

    lines: tuple[DiffLine, ...]
    is_folded: bool


FOLDED = 3
"""So many equal sentences in a row, or more, are folded."""


@report_instruments.get("/reuse")
def reuse() -> str:
    """Which sentences of a report others have said before it."""
    of = read_of()
    report = current_searcher().report(of).report
    answer = compute_for_page(find_reuse, of)
    rows = [_reuse_row(one) for one in answer.sentences]
    counts = Counter(row.relation for row in rows if not row.is_formula)
    shown = read_choice("show", tuple(SHOWN))
    args = {"of": of} | ({} if shown == "all" else {"show": shown})
    where = page_url("reuse", args, is_external=True)
    return render_template(
        "reuse.html",
        **_of_report(report, "reuse", {"of": of}),  # files have all sentences
        rows=[row for row in rows if not row.is_formula and row.relation in SHOWN[shown][1]],
        formulas=[row for row in rows if row.is_formula and row.relation in SHOWN[shown][1]],
        total=len(rows),
        shown=[
            (translate(label), page_url("reuse", {"of": of} | ({} if name == "all" else {"show": name})), n)
            for name, (label, relations) in SHOWN.items()
            for n in (sum(counts[relation] for relation in relations),)
        ],
        chosen=list(SHOWN).index(shown),
        shares=_share_bars({name: getattr(answer.shares, name) for name in RELATION_NAMES}),
        counts=[(translate(name), relation, counts[relation]) for relation, name in RELATION_NAMES.items()],
        cited=cite_reports(says.REUSE_NAME(), [name_report(report)], where),
    )


def _reuse_row(one: ReusedSentence) -> ReuseRow:
    first = one.first
    relation = first.relation if first is not None else "own"
    return ReuseRow(
        text=one.text,
        url=paragraph_url(*_split(one.paragraph)),
        kind=one.kind,
        relation=relation,
        relation_name=translate(RELATION_NAMES[relation]),
        reports=one.reports,
        first="" if first is None else f"{name_of(first.place)} · {first.date or name_of(None)}",
        first_text="" if first is None or one.kind == "same" else first.text,
        first_url="" if first is None else paragraph_url(first.report, first.paragraph),
        is_formula=one.formula,
    )


def _split(paragraph: str) -> tuple[str, str]:
    """The report of a paragraph, by its id, and the id."""
    return paragraph.rpartition("-p")[0], paragraph


def _share_bars(shares: dict[str, float]) -> list[ShareBar]:
    bars, at = [], 0.0
    for relation, share in shares.items():
        width = round(100 * share, 2)
        bars.append(
            ShareBar(translate(RELATION_NAMES[relation]), relation, f"{share:.0%}", round(at, 2), width)
        )
        at += width
    return bars


@report_instruments.get("/diff")
def diff() -> str:
    """A report beside another, by default the last one of its place and type."""
    of, other = read_of(), read_other()
    searcher = current_searcher()
    report = searcher.report(of).report
    if other is None and previous_report(searcher.reports(same_kind(report)), report) is None:
        return render_template("diff.html", other=None, **_of_report(report, "diff", {"of": of}, files=False))
    answer = compute_for_page(diff_reports, of, other)
    beside = searcher.report(answer.other).report
    args = {"of": of, "other": answer.other}
    where = page_url("diff", args, is_external=True)
    counts: Counter[str] = Counter(row.kind for row in answer.rows)
    return render_template(
        "diff.html",
        **_of_report(report, "diff", args),
        other=name_report(beside),
        other_url=urls.report_url(beside.id),
        other_line=_line(beside),
        runs=view_runs(answer),
        counts=[(translate(name), kind, counts[kind]) for kind, name in KIND_NAMES.items()],
        cited=cite_reports(says.DIFF_NAME(), [name_report(report), name_report(beside)], where),
    )


KIND_NAMES = {
    "same": phrase("kept"),
    "edited": phrase("edited"),
    "moved": phrase("moved"),
    "new": phrase("new"),
    "dropped": phrase("dropped"),
}


def view_runs(answer: DiffAnswer) -> list[DiffRun]:
    """The rows in order; three or more equal ones in a row are folded."""
    runs: list[list[DiffRow]] = []
    for row in answer.rows:
        if runs and (runs[-1][0].kind == "same") == (row.kind == "same"):
            runs[-1].append(row)
        else:
            runs.append([row])
    return [
        DiffRun(tuple(_diff_line(row) for row in run), run[0].kind == "same" and len(run) >= FOLDED)
        for run in runs
    ]


def _diff_line(row: DiffRow) -> DiffLine:
    return DiffLine(row.kind, row.moved, _side(row.a), _side(row.b))


def _side(side: DiffSide | None) -> tuple[Markup, str] | None:
    if side is None:
        return None
    marked = highlight(side.text, [(start, end) for start, end in side.spans])
    return marked, paragraph_url(*_split(side.paragraph))


def _of_report(report: Report, name: str, args: dict[str, str], *, files: bool = True) -> dict[str, Any]:
    return {
        "query": None,
        "title": name_report(report),
        "report_url": urls.report_url(report.id),
        "line": _line(report),
        "beside": _others(report, args.get("other")),
        "files": [(kind.upper(), file_url(name, kind, args)) for kind in ("csv", "xlsx")] if files else [],
        "json_url": json_url(name, args) if files else "",
        "instrument": name,
        "reuse_url": page_url("reuse", {"of": report.id}),
        "diff_url": page_url("diff", {"of": report.id}),
    }


def _line(report: Report) -> str:
    return " · ".join((name_place(report), report.date or name_of(report.year), name_of(report.type)))


def _others(report: Report, chosen: str | None) -> Sequence[tuple[str, str, bool]]:
    """The other reports of its place, level and type: (year, address of the comparison, whether chosen)."""
    if (place := place_of(report)) is None:
        return ()
    of_kind = current_searcher().reports(same_kind(report))
    same = [one for one in of_kind if one.id != report.id and place_of(one) == place]
    same.sort(key=lambda one: (one.year is None, one.year or 0, one.id))
    return [
        (name_of(one.year), page_url("diff", {"of": report.id, "other": one.id}), one.id == chosen)
        for one in same
    ]
