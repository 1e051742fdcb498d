"""The protocol behind which every engine stands.

web and the command line know only this. Highlighting and presentation never depend on which engine it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from search.model import Query, Report, ReportText, SearchResult, Stats

if TYPE_CHECKING:
    from search.query.plan import Plan


class Engine(Protocol):
    """A searchable collection. Safe to call from several threads."""

    def search(self, query: Query) -> SearchResult:
        """The page of hits that `query` asks for.

        Raises:
            QueryError: the query or a parameter can't be read.
        """

    def plan(self, query: Query) -> Plan:
        """How `query` would be carried out.

        Raises:
            QueryError: the query or a parameter can't be read.
        """

    def estimate(self, plan: Plan) -> int:
        """At most so many paragraphs match `plan`."""

    def report(self, report_id: str) -> ReportText:
        """A whole report.

        Raises:
            ReportNotFound: no report has that id.
        """

    def reports(self, *, others: bool = False) -> Sequence[Report]:
        """Every report, by source and order in it; with `others`, the texts that belong to no report too."""

    def stats(self) -> Stats:
        """What the collection holds."""

    def close(self) -> None:
        """Let go of files; the engine can't be used after it."""
