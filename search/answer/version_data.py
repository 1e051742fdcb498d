"""What the Searcher knows of one version of a collection; each part is worked out at first use.

Held by the version itself (`View.derived`), so that it goes when the version goes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from search.answer.completion import Completer
from search.answer.lexicon import Lexicon, build_lexicon
from search.answer.roles import is_known_place, may_have_role, role_of
from search.collection import Ask, Statistics, View
from search.language.place_names import short_name
from search.language.plan import Above, All
from search.language.plan.expand import Expansions, expand
from search.language.query import Node
from search.language.statistics import idf, place_lines
from search.language.synonyms import Synonyms
from search.language.text import Analyzer, normalize_text
from search.limits import UNLIMITED
from search.lru import LruCache
from search.model import FACETS

PlaceField = Literal["city", "province"]

_KEPT_PHRASES = 10_000
_KEPT_WEIGHTS = 10_000


@dataclass(frozen=True, slots=True)
class Language:
    """What reads queries: the analyzer that the index was built with, and the synonyms."""

    analyzer: Analyzer
    synonyms: Synonyms

    def expand(self, tree: Node, *, most: int | None = None) -> tuple[Node, Expansions]:
        """The tree with other forms of its words; see `search.language.plan.expand`."""
        if most is None:
            return expand(tree, self.synonyms, self.analyzer)
        return expand(tree, self.synonyms, self.analyzer, most=most)


@dataclass(frozen=True, slots=True)
class HeldValues:
    """The values of each facet that the collection holds, and its places by each of their names in normal form."""

    by_field: dict[str, tuple[str | int | None, ...]]
    places: dict[str, list[tuple[PlaceField, str]]]

    @property
    def years(self) -> frozenset[int]:
        return frozenset(year for year in self.by_field["year"] if isinstance(year, int))


@dataclass(slots=True)
class TermWeights:
    """Inverse document frequencies of a version's terms; looked up in batches, kept."""

    view: View
    statistics: Statistics
    _known: LruCache[tuple[str, str], float] = field(default_factory=lambda: LruCache(most=_KEPT_WEIGHTS))

    def look_up(self, terms: Iterable[tuple[str, str]]) -> dict[tuple[str, str], float]:
        """The inverse document frequencies of (field, term) pairs, looked up together; 0 if no paragraph has a term."""
        wanted = list(dict.fromkeys(terms))
        known = zip(wanted, self._known.get_all(wanted), strict=True)
        weights = {term: weight for term, weight in known if weight is not None}
        unknown = [term for term in wanted if term not in weights] if len(weights) < len(wanted) else []
        if unknown:
            paragraphs = self.statistics.paragraphs
            for term, df in zip(unknown, self.view.frequencies(unknown), strict=True):
                weights[term] = self._known.put(term, idf(paragraphs, df) if df else 0.0)
        return weights

    def weight_of(self, of_field: str, term: str) -> float:
        """The inverse document frequency of a term; 0 if no paragraph has it."""
        weight = self._known.get((of_field, term))
        return self.look_up([(of_field, term)])[of_field, term] if weight is None else weight

    @property
    def rarest(self) -> float:
        """The inverse document frequency of a term that one paragraph has."""
        return idf(max(self.statistics.paragraphs, 1), 1)


class VersionData:
    """What is known of one version. Safe to use from several threads."""

    def __init__(self, view: View, language: Language) -> None:
        self.view, self.language = view, language
        self.weights = TermWeights(view, view.statistics)
        self.phrase_totals: LruCache[str, int] = LruCache(
            most=_KEPT_PHRASES, size_bytes=1 << 20, size_of_key=len
        )
        """In how many paragraphs phrases stand that may be read in pieces; see `interpret.phrase_totals`."""

    @cached_property
    def held(self) -> HeldValues:
        """The values that paragraphs are held of."""
        facets = self.view.find([Ask(All(), facets=FACETS)])[0].facets
        by_field = {name: tuple(value for value, count, _ in facets[name] if count) for name in FACETS}
        places: dict[str, list[tuple[PlaceField, str]]] = defaultdict(list)
        fields: tuple[PlaceField, ...] = ("city", "province")
        for name in fields:
            for value in sorted(str(value) for value in by_field[name] if value is not None):
                for form in dict.fromkeys((value, short_name(value))):
                    places[normalize_text(form)].append((name, value))
        return HeldValues(by_field, dict(places))

    def has_role(self, text: str) -> bool:
        """Whether a text names a place that is known, or a year or a type that is held."""
        form = normalize_text(text)
        if form in self.held.places or is_known_place(form):
            return True
        return may_have_role(form) and role_of(text, self) is not None

    def has_title(self, title: Above) -> bool:
        """Whether a report is titled so."""
        return self.view.find([Ask(title, enough=0)])[0].total > 0

    @cached_property
    def place_lines(self) -> str:
        """The names of all places, as `search.language.statistics.place_lines`."""
        return place_lines(*self.held.by_field["city"], *self.held.by_field["province"])

    @cached_property
    def lexicon(self) -> Lexicon:
        return build_lexicon(self.view)

    @cached_property
    def completer(self) -> Completer:
        """Completes queries; headings and reports are read by a thread of its own."""
        return Completer(self.view, self.lexicon, self.language.analyzer)

    @cached_property
    def paragraphs(self) -> int:
        """How many paragraphs the version holds."""
        return self.view.find([Ask(All())])[0].total


def version_data(view: View, language: Language) -> VersionData:
    """What is known of the version of a view."""
    return view.derived("answer", lambda: VersionData(view.under(UNLIMITED), language))
