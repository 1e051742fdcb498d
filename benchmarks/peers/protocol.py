"""The protocol behind which every peer stands, and what crosses it.

All give the same page: the exact total, the ten best with their stored text, and counts by city and by year. A group's
counts leave out the group's own choice (law 5), whatever that costs a peer that has no such thing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from benchmarks.corpus import Paragraph

PEERS = {
    "ours": "benchmarks.peers.ours:Ours",
    "ours-bare": "benchmarks.peers.ours:OursBare",
    "tantivy": "benchmarks.peers.tantivy_index:TantivyWords",
    "tantivy-marked": "benchmarks.peers.tantivy_index:TantivyMarked",
    "fts5": "benchmarks.peers.sqlite_fts5:SqliteFts5",
    "whoosh": "benchmarks.peers.stock_whoosh:StockWhoosh",
    "tantivy-terms": "benchmarks.peers.tantivy_index:TantivyTerms",
    "lucene": "benchmarks.peers.lucene:LuceneTerms",
    "tantivy-terms-marked": "benchmarks.peers.tantivy_index:TantivyTermsMarked",
}
"""Where each peer's class is: a peer that isn't asked for need not be installed."""
NO_YEAR = 0
"""How a peer's column says that the year is unknown."""
PAGE_HITS = 10


@dataclass(frozen=True, slots=True)
class Question:
    """All `words`, in any order; or one string to be found exactly. Narrowed by city and year where given.

    Args:
        typed: a name that is typed as one chunk: what ours is asked instead. Peers have no such thing; they are asked
            for the phrase (`exact`) in one question and for all its words in another.
    """

    words: tuple[str, ...]
    exact: bool = False
    city: str | None = None
    year: int | None = None
    typed: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One page. The counts have no zeros; an unknown year is None."""

    total: int
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    cities: Mapping[str, int]
    years: Mapping[int | None, int]


class Peer(Protocol):
    """A full-text index in a folder of its own, made or opened."""

    def build(self, paragraphs: Sequence[Paragraph]) -> None:
        """Index the paragraphs into the empty folder, for good."""

    def open(self) -> None:
        """Make ready for questions."""

    def search(self, question: Question) -> Answer:
        """The page for a question."""

    def all_ids(self, question: Question) -> frozenset[str]:
        """Every paragraph that the question finds."""

    def close(self) -> None:
        """Let go of files."""


def load_peer(name: str, folder: Path) -> Peer:
    """The peer of that name over a folder.

    Raises:
        ImportError: its library isn't installed.
    """
    module, _, made = PEERS[name].partition(":")
    return cast(Peer, getattr(import_module(module), made)(folder))


def known_year(year: int) -> int | None:
    return None if year == NO_YEAR else year
