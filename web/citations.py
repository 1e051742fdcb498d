"""Citations of a report or a paragraph, as a page and as a BibTeX file.

Browsers don't cache them: a citation contains the date of access.
"""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, render_template

from search.errors import ReportNotFound
from search.media import for_download, for_markup
from search.messages import answers
from search.model import Paragraph, ReportText
from web import urls
from web.citation_formats import Citation, cite
from web.current_searcher import current_engine
from web.i18n import say_pieces
from web.labels import list_facts, name_report
from web.params import read_paragraph_number

citations = Blueprint("citations", __name__)


@citations.get("/reports/<path:report_id>/cite")
def cite_page(report_id: str) -> str:
    """The citation in both formats, the paragraph, and the evidence for each value."""
    found = current_engine().report(report_id)
    n = read_paragraph_number()
    return render_template(
        "cite.html",
        report=found.report,
        title=name_report(found.report),
        paragraph=_paragraph(found, n),
        citation=_cite(found, n),
        facts=list_facts(found),
        conflicts=[say_pieces(problem) for problem in found.problems],
        report_url=urls.report_url(report_id, n=n),
        address=urls.absolute_report_url(report_id, n=n),
        bibtex_url=urls.bibtex_url(report_id, n=n),
    )


@citations.get("/reports/<path:report_id>/cite.bib")
def bibtex(report_id: str) -> Response:
    """The BibTeX entry as a file."""
    found = current_engine().report(report_id)
    n = read_paragraph_number()
    _paragraph(found, n)
    response = Response(for_markup(_cite(found, n).bibtex), mimetype="text/x-bibtex")
    name = found.report.id + ("" if n is None else f"-p{n}")
    response.headers["Content-Disposition"] = for_download(f"xiesou-{name}.bib")
    return response


def _cite(found: ReportText, n: int | None) -> Citation:
    address = urls.absolute_report_url(found.report.id, n=n)
    return cite(found.report, address, date.today(), n=n)


def _paragraph(found: ReportText, n: int | None) -> Paragraph | None:
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
