"""A searcher that can forget: an index whose recent questions are dropped before each new one, as no peer has them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from search import Searcher
from search.answer.searcher import Caches
from search.embedded.collection import EmbeddedCollection
from search.embedded.evaluation import MatchCache, make_match_cache
from search.language.text import load_analyzer


@dataclass(frozen=True, slots=True)
class Forgetful:
    """A searcher with the caches that it and its collection keep."""

    searcher: Searcher
    caches: Caches
    matches: MatchCache

    def forget(self) -> None:
        """Drop what earlier questions left to be used again, but paragraphs that were read, and what is known of terms.

        That is where they are, their weights, and where marks may cut them; neither what they match nor how many.
        """
        self.caches.clear()
        self.matches.clear()


def open_forgetful(index: Path) -> Forgetful:
    """The index in a folder, opened as `search.open_searcher` does."""
    analyzer, caches, matches = load_analyzer(), Caches(), make_match_cache()
    collection = EmbeddedCollection(index, analyzer.fingerprint, matches=matches)
    return Forgetful(Searcher(collection, analyzer, caches=caches), caches, matches)
