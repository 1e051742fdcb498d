"""The files and the feed that a view of a search offers."""

from __future__ import annotations

from typing import NamedTuple

from search.model import Query
from web import instrument_urls, urls
from web.asked_views import View
from web.i18n import translate

CONTEXT_CHARS = 34
"""Context on each side of a concordance line, on the page and in the files it offers."""


class Download(NamedTuple):
    """A file of the search, or its feed, which a browser opens (`is_file` is False)."""

    label: str
    url: str
    is_file: bool = True


def view_downloads(query: Query, view: View) -> tuple[Download, ...]:
    """The files and the feed that this view of a search offers."""
    feed = Download(translate("Subscribe"), urls.follow_url(query), is_file=False)
    if view.name == "spread":
        args = instrument_urls.asked_args(query)
        files = (("CSV", "csv"), ("XLSX", "xlsx"))
        return (
            *(Download(label, instrument_urls.file_url("spread", kind, args)) for label, kind in files),
            Download("JSON", instrument_urls.json_url("spread", args)),
            feed,
        )
    if view.name == "distribution":
        return (Download("CSV", urls.export_url("distribution_csv", query)), feed)
    if view.name == "concordance":
        kinds = (("CSV", "export_csv"), ("XLSX", "export_xlsx"))
        return (
            *(
                Download(
                    translate("{file} of lines", file=name),
                    urls.export_url(kind, query, view, context=CONTEXT_CHARS),
                )
                for name, kind in kinds
            ),
            *(
                Download(translate("{file} of paragraphs", file=name), urls.export_url(kind, query))
                for name, kind in kinds
            ),
            feed,
        )
    return (
        Download("CSV", urls.export_url("export_csv", query)),
        Download("XLSX", urls.export_url("export_xlsx", query)),
        feed,
    )
