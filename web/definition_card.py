"""The card of a definition: what glossaries say of a query's term, on top of its first page."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from search.model import Report, SearchResult
from web import urls
from web.labels import name_of, name_place
from web.markup import highlight


@dataclass(frozen=True, slots=True)
class EntryLink:
    """Another entry that defines the term: whose it is, and where it stands."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class DefinitionCard:
    """The entry that is shown, its report, and the other entries."""

    html: Markup
    source: EntryLink
    others: tuple[EntryLink, ...]


def view_definition(result: SearchResult) -> DefinitionCard | None:
    """The card of a search; None on later pages, and where no glossary defines what is asked for."""
    found = result.definition
    if found is None or result.query.page > 1:
        return None

    def link(report: Report, n: int) -> EntryLink:
        year = name_of(getattr(report, result.query.year_field))
        return EntryLink(
            f"{name_place(report)} · {year}", urls.report_url(report.id, n=n, text=result.query.text)
        )

    return DefinitionCard(
        highlight(found.text, found.spans),
        link(found.report, found.n),
        tuple(link(report, n) for report, n in found.others),
    )
