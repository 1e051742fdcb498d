"""The pages that cite a report or a paragraph, and the same as a BibTeX file.

Not kept by browsers: a citation names the day on which it was read.
"""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, render_template

from search.errors import ReportNotFound
from search.messages import answers
from search.model import Paragraph, ReportText
from web import urls
from web.citation_formats import Citation, cite
from web.current_searcher import current_engine
from web.i18n import say_pieces
from web.params import read_paragraph_number
from web.present import list_facts, name_report

references = Blueprint("citations", __name__)


@references.get("/reports/<path:report_id>/cite")
def cite_page(report_id: str) -> str:
    """The citation in both spellings, with the passage and how each value was found."""
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


@references.get("/reports/<path:report_id>/cite.bib")
def bibtex(report_id: str) -> Response:
    """The BibTeX entry as a file."""
    found = current_engine().report(report_id)
    n = read_paragraph_number()
    _paragraph(found, n)
    response = Response(_cite(found, n).bibtex, mimetype="text/x-bibtex")
    name = found.report.id + ("" if n is None else f"-p{n}")
    response.headers["Content-Disposition"] = f'attachment; filename="xiesou-{name}.bib"'
    return response


def _cite(found: ReportText, n: int | None) -> Citation:
    address = urls.absolute_report_url(found.report.id, n=n)
    return cite(found.report, address, date.today(), n=n)


def _paragraph(found: ReportText, n: int | None) -> Paragraph | None:
    """The paragraph that is cited.

    Raises:
        ReportNotFound: the report has no such paragraph.
    """
    if n is None:
        return None
    paragraph = next((p for p in found.paragraphs if p.n == n), None)
    if paragraph is None:
        raise ReportNotFound(answers.NO_SUCH_PARAGRAPH(id=found.report.id, n=n))
    return paragraph
