"""The protocol behind which every engine stands.

web and the command line know only this. Highlighting and presentation never depend on which engine it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from search.model import Query, Report, ReportText, SearchResult, Stats


class Engine(Protocol):
    """A searchable collection. Safe to call from several threads."""

    def search(self, query: Query) -> SearchResult:
        """The page of hits that `query` asks for.

        Raises:
            QueryError: the query or a parameter can't be read.
        """

    def report(self, report_id: str) -> ReportText:
        """A whole report.

        Raises:
            ReportNotFound: no report has that id.
        """

    def reports(self) -> Sequence[Report]:
        """Every report, by source and order in it."""

    def stats(self) -> Stats:
        """What the collection holds."""

    def close(self) -> None:
        """Let go of files; the engine can't be used after it."""
