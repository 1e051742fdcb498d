"""A searcher that can forget: an index whose recent questions are dropped before each new one, as no peer has them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from search import Searcher
from search.answer.searcher import Caches
from search.embedded.collection import EmbeddedCollection
from search.embedded.evaluation import MatchCache, make_match_cache
from search.language.text import load_analyzer
from search.lru import LruCache
from search.model import Query


@dataclass(frozen=True, slots=True)
class Forgetful:
    """A searcher with the caches that it and its collection keep."""

    searcher: Searcher
    caches: Caches
    matches: MatchCache
    phrase_totals: LruCache[str, int]

    def forget(self) -> None:
        """Drop what earlier questions left to be used again, but what does not answer any.

        That is: of terms where they are, how many there are, what they weigh and where marks may cut them, not what
        they match; reports and blocks of texts that were read; rows of facets with low counts, and what choices allow
        of the combinations; how the last 64 texts were cut into words.
        """
        self.caches.clear()
        self.matches.clear()
        self.phrase_totals.clear()


def open_forgetful(index: Path) -> Forgetful:
    """The index in a folder, opened as `search.open_searcher` does."""
    analyzer, caches, matches = load_analyzer(), Caches(), make_match_cache()
    collection = EmbeddedCollection(index, analyzer.fingerprint, matches=matches)
    searcher = Searcher(collection, analyzer, caches=caches)
    return Forgetful(searcher, caches, matches, searcher.question(Query("")).data.phrase_totals)
