"""The protocol behind which every engine stands.

web and the command line know only this. Highlighting and presentation never depend on which engine it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from search.model import (
    ConcordanceLine,
    ConcordancePage,
    ContextSort,
    Counts,
    Distribution,
    Hit,
    Query,
    Report,
    ReportText,
    SearchResult,
    Stats,
    Suggestion,
)

if TYPE_CHECKING:
    from search.answer.explain import ExplainedHit
    from search.language.plan import Plan


class Engine(Protocol):
    """A searchable collection. Safe to call from several threads."""

    def search(self, query: Query) -> SearchResult:
        """The page of hits that `query` asks for.

        Raises:
            QueryError: the query or a parameter can't be read.
        """

    def iter_hits(self, query: Query) -> Iterator[Hit]:
        """Every hit that `query` asks for, in the order of its sort; its page is ignored. Memory stays bounded.

        Raises:
            QueryError: the query can't be read; raised at once, not with the first hit.
        """

    def count(self, query: Query) -> Counts:
        """How many paragraphs match, how often they say it, and in how many reports; all of them exact.

        Raises:
            QueryError: the query can't be read.
        """

    def concordance(
        self,
        query: Query,
        *,
        sort: ContextSort = "left",
        page: int = 1,
        per_page: int = 50,
        context: int = 20,
    ) -> ConcordancePage:
        """Occurrences with what stands around them, one a line.

        Args:
            sort: by what stands to the left, read backwards; to the right; or "order": newest report first, as
                they stand in it.
            page: from 1.
            per_page: 1 to 500 lines.
            context: 1 to 100 characters on each side.

        Raises:
            QueryError: the query or a parameter can't be read.
        """

    def iter_lines(
        self, query: Query, *, sort: ContextSort = "left", context: int = 20
    ) -> Iterator[ConcordanceLine]:
        """Every line of `concordance`, in its order; of one state of the index. Texts are read as they are asked for.

        Raises:
            QueryError: the query or a parameter can't be read; raised at once, not with the first line.
        """

    def distribution(self, query: Query) -> Distribution:
        """What matches in every city and year, against what is held there.

        Raises:
            QueryError: the query can't be read.
        """

    @property
    def generation(self) -> int:
        """The number of the index's present state; cheap, grows with every change."""

    def suggest(self, prefix: str, *, limit: int = 10) -> Sequence[Suggestion]:
        """What a query that is being typed may become: its last chunk completed, the most used first.

        Args:
            prefix: the query so far; what stands before its last blank stays as it is.
        """

    def plan(self, query: Query) -> Plan:
        """How `query` would be carried out.

        Raises:
            QueryError: the query or a parameter can't be read.
        """

    def explain(self, query: Query) -> tuple[ExplainedHit, ...]:
        """The hits of `search` with the parts that sum up to each one's score.

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
