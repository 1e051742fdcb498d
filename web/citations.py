"""Citations of a report or a paragraph, as a page and as a BibTeX file.

Browsers don't cache them: a citation contains the date of access.
"""

from __future__ import annotations

import json
from datetime import date

from flask import Blueprint, Response, render_template

from search.errors import QueryError, ReportNotFound
from search.media import for_download, for_markup
from search.messages import answers
from search.model import Paragraph, Report, ReportText
from web import messages as says
from web import urls
from web.asked_views import ReportFilter
from web.citation_formats import Citation, Reference, cite, to_bibtex, to_csl, to_gbt7714, to_ris
from web.current_searcher import current_searcher
from web.i18n import say_pieces
from web.item_parameters import read_items
from web.kept_items import find_items
from web.labels import list_facts, name_report
from web.params import read_filters, read_paragraph_number, read_report_filter
from web.report_list import select_reports

citations = Blueprint("citations", __name__)

MAX_REFERENCES = 5_000
_WRITERS = {"txt": (to_gbt7714, "\n"), "bib": (to_bibtex, "\n\n"), "ris": (to_ris, "\r\n")}
_TYPES = {
    "txt": "text/plain",
    "bib": "text/x-bibtex",
    "ris": "application/x-research-info-systems",
    "json": "application/vnd.citationstyles.csl+json",
}


@citations.get("/reports/<path:report_id>/cite")
def cite_page(report_id: str) -> str:
    """The citation in both formats, the paragraph, and the evidence for each value."""
    found = current_searcher().report(report_id)
    n = read_paragraph_number()
    return render_template(
        "cite.html",
        report=found.report,
        title=name_report(found.report),
        paragraph=cited_paragraph(found, n),
        citation=_cite(found, n),
        facts=list_facts(found),
        conflicts=[say_pieces(problem) for problem in found.problems],
        report_url=urls.report_url(report_id, n=n),
        correct_url=urls.correct_url(report_id, n=n),
        address=urls.absolute_report_url(report_id, n=n),
        bibtex_url=urls.endpoint_url("citations.bibtex", report_id=report_id, n=n),
        others=[
            (name, urls.endpoint_url("citations.bibliography", kind=kind, report=report_id, n=n, lang=None))
            for name, kind in (("RIS", "ris"), ("CSL-JSON", "json"))
        ],
    )


@citations.get("/reports/<path:report_id>/cite.bib")
def bibtex(report_id: str) -> Response:
    """The BibTeX entry as a file."""
    found = current_searcher().report(report_id)
    n = read_paragraph_number()
    cited_paragraph(found, n)
    response = Response(for_markup(_cite(found, n).bibtex), mimetype="text/x-bibtex")
    name = found.report.id + ("" if n is None else f"-p{n}")
    response.headers["Content-Disposition"] = for_download(f"xiesou-{name}.bib")
    return response


@citations.route("/bibliography.<any(txt, bib, ris, json):kind>", methods=["GET", "POST"])
def bibliography(kind: str) -> Response:
    """One file of references: of reports and paragraphs by id, or of the reports that the list's filters leave."""
    today = date.today()
    references = [
        Reference(report, urls.absolute_report_url(report.id, n=n), today, n)
        for report, n in (_named() or _listed())
    ]
    if kind == "json":
        body = json.dumps([to_csl(one) for one in references], ensure_ascii=False, indent=1)
    else:
        write, between = _WRITERS[kind]
        body = between.join(map(write, references))
    response = Response(for_markup(body), content_type=f"{_TYPES[kind]}; charset=utf-8")
    response.headers["Content-Disposition"] = for_download(f"xiesou-references.{kind}")
    return response


def _named() -> list[tuple[Report, int | None]]:
    """The reports and paragraphs that the request names; [] where it names none.

    Raises:
        ReportNotFound: the collection doesn't have one of them.
    """
    items = read_items()
    if items:
        found = find_items(current_searcher(), items)
        missing = [item for item, one in zip(items, found, strict=True) if one is None]
        if missing:
            raise ReportNotFound(answers.REPORT_NOT_FOUND(id=missing[0]))
        return [(one.report, one.n) for one in found if one is not None]
    ids, n = read_filters().report, read_paragraph_number()
    return [(current_searcher().report(one).report, n if len(ids) == 1 else None) for one in ids]


def _listed() -> list[tuple[Report, int | None]]:
    reports = select_reports(current_searcher(), read_report_filter())
    if len(reports) > MAX_REFERENCES:
        raise QueryError(says.TOO_MANY_REFERENCES(n=len(reports), most=MAX_REFERENCES), field="report")
    return [(report, None) for report in reports]


def list_references(chosen: ReportFilter) -> list[tuple[str, str]]:
    """The formats of a list's references, each with the address of its file."""
    args = urls.report_filter_args(chosen)
    return [
        (name, urls.endpoint_url("citations.bibliography", kind=kind, lang=None, **args))
        for name, kind in (("GB/T 7714", "txt"), ("BibTeX", "bib"), ("RIS", "ris"), ("CSL-JSON", "json"))
    ]


def _cite(found: ReportText, n: int | None) -> Citation:
    address = urls.absolute_report_url(found.report.id, n=n)
    return cite(found.report, address, date.today(), n=n)


def cited_paragraph(found: ReportText, n: int | None) -> Paragraph | None:
    """The cited paragraph, or None for the whole report.

    Raises:
        ReportNotFound: the report has no such paragraph.
    """
    if n is None:
        return None
    paragraph = next((p for p in found.paragraphs if p.n == n), None)
    if paragraph is None:
        raise ReportNotFound(answers.NO_SUCH_PARAGRAPH(id=found.report.id, n=n))
    return paragraph
