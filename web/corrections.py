"""The page on which a reader corrects what is known of a report, or tells of a wrong text."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from search.metadata_columns import STATED_FIELDS
from search.model import REPORT_TYPES, Paragraph, Query, ReportText
from web import messages as says
from web import urls
from web.citations import cited_paragraph
from web.correction import HEADER, MAX_NOTE_CHARS, Correction, mail_url, read_correction
from web.current_searcher import current_searcher
from web.i18n import say, translate
from web.labels import FACT_NAMES, name_of, name_report
from web.params import read_paragraph_number, read_value

corrections = Blueprint("corrections", __name__)

EXTENSION = "xiesou-contact"
"""The operator's mail address among the application's extensions; "" if none is stated."""


@corrections.get("/reports/<path:report_id>/correct")
def correct(report_id: str) -> str:
    """A form with what is known; behind it, once something is corrected, the row for the table and a mail."""
    searcher = current_searcher()
    found = searcher.report(report_id)
    report, paragraph = found.report, cited_paragraph(found, read_paragraph_number())
    of_file = searcher.reports((("source", (report.source,)),), others=True)
    given = {field: read_value(field) for field in STATED_FIELDS}
    correction = read_correction(report, of_file, given)
    note = read_value("note")[:MAX_NOTE_CHARS]
    message = _write(correction, paragraph, note)
    contact = str(current_app.extensions[EXTENSION])
    return render_template(
        "correct.html",
        query=Query(),
        report=report,
        title=name_report(report),
        paragraph=paragraph,
        report_url=urls.report_url(report_id, n=None if paragraph is None else paragraph.n),
        fields=[
            (
                field,
                translate(FACT_NAMES[field]),
                given[field] or _known(found, field),
                field in correction.unusable,
            )
            for field in STATED_FIELDS
        ],
        types=[(one, name_of(one)) for one in REPORT_TYPES],
        note=note,
        most=MAX_NOTE_CHARS,
        correction=correction,
        header=HEADER,
        message=message if correction.stated or note else "",
        mail=mail_url(contact, say(says.CORRECTION_OF(title=name_report(report))), message)
        if contact
        else "",
    )


def _known(found: ReportText, field: str) -> str:
    value = getattr(found.report, field)
    return "" if value is None else str(value)


def _write(correction: Correction, paragraph: Paragraph | None, note: str) -> str:
    """What an operator is told: which report and paragraph, what is wrong, and the row."""
    report = correction.report
    n = None if paragraph is None else paragraph.n
    lines = [name_report(report), urls.absolute_report_url(report.id, n=n), report.source]
    if paragraph is not None:
        lines += ["", paragraph.text]
    if note:
        lines += ["", note]
    if correction.line:
        lines += ["", HEADER, correction.line]
    return "\n".join(lines)
