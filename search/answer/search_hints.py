"""What an engine answers beside hits: other spellings, filters to choose, synonyms used, why nothing was found.

One Dialogue an engine; what it knows of a generation is made when it is first needed. It never changes what is
found, except that `expand` lets words stand in their other forms.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import RLock, Thread

from search.answer.completion import Suggester
from search.answer.filter_offers import Held, find_offers, held_by
from search.answer.lexicon import Lexicon, build_lexicon
from search.answer.no_hits import CountTree, explain_nothing
from search.answer.spelling import (
    Speller,
    can_be_corrected,
    few_paragraphs,
    has_loose_characters,
    joined_letters,
    respelled,
    wanted_chunks,
)
from search.embedded.snapshot import Snapshot
from search.language.plan.expand import LIMIT_REACHED, MAX_STRETCHES, Told, expand
from search.language.query import Exact, Node, ParsedQuery
from search.language.synonyms import Synonyms, load_synonyms
from search.language.text import Analyzer
from search.model import Explanation, Notice, Offer, Query, Suggestion

FEW_HITS = 20
"""With more hits than these, nobody asks whether the spelling is right."""
_MOST_CHUNKS = 8


@dataclass(frozen=True, slots=True)
class Said:
    """What is answered beside hits; see `search.model.SearchResult`."""

    did_you_mean: tuple[str, ...]
    offers: tuple[Offer, ...]
    explanation: Explanation | None
    notices: tuple[Notice, ...] = ()


class _Vocabulary:
    """What is known of one generation, each part made at first use."""

    def __init__(self, snapshot: Snapshot, analyzer: Analyzer) -> None:
        self.snapshot = snapshot
        self._analyzer = analyzer
        self._lock = RLock()
        self._lexicon: Lexicon | None = None
        self._held: Held | None = None
        self.suggester: Suggester | None = None

    @property
    def lexicon(self) -> Lexicon:
        with self._lock:
            if self._lexicon is None:
                self._lexicon = build_lexicon(self.snapshot)
            return self._lexicon

    @property
    def held(self) -> Held:
        with self._lock:
            if self._held is None:
                self._held = held_by(self.snapshot)
            return self._held

    def make_suggester(self) -> Suggester:
        with self._lock:
            if self.suggester is None:
                self.suggester = Suggester(self.snapshot, self.lexicon, self._analyzer)
            return self.suggester


class Dialogue:
    """Answers beside hits, over whichever generation is asked about. Safe to use from several threads.

    Raises:
        SourceError: the synonyms can't be read.
    """

    def __init__(self, analyzer: Analyzer, synonyms: Synonyms | None = None) -> None:
        self._analyzer = analyzer
        self.synonyms = load_synonyms() if synonyms is None else synonyms
        self._lock = RLock()
        self._vocabulary: _Vocabulary | None = None
        self._suggester: Suggester | None = None
        self._making: Thread | None = None

    def expand(self, tree: Node, query: Query) -> tuple[Node, Told]:
        """The tree with other forms of its words, where the query wants them."""
        return expand(tree, self.synonyms, self._analyzer) if query.synonyms else (tree, ())

    def answer(
        self,
        query: Query,
        parsed: ParsedQuery,
        told: Told,
        paragraphs: int,
        snapshot: Snapshot,
        count: CountTree,
    ) -> Said:
        """What there is to say beside the hits of a query.

        Args:
            told: what was expanded.
            paragraphs: how many satisfy the whole query.
        """
        vocabulary = self._of(snapshot)
        corrections = self._correct(parsed, paragraphs, vocabulary, count)
        explanation = None
        if not paragraphs:
            held = int(snapshot.live_counts.sum())
            explanation = explain_nothing(parsed, query, count, self._analyzer, held)
        notices: tuple[Notice, ...] = ()
        if len(told) == MAX_STRETCHES:
            wanted = expand(parsed.tree, self.synonyms, self._analyzer, most=MAX_STRETCHES + 1)[1]
            notices = (LIMIT_REACHED,) if len(wanted) > MAX_STRETCHES else ()
        offers = find_offers(parsed, query, vocabulary.held, self._analyzer)
        return Said(corrections, offers, explanation, notices)

    def _correct(
        self, parsed: ParsedQuery, paragraphs: int, vocabulary: _Vocabulary, count: CountTree
    ) -> tuple[str, ...]:
        anywhere = Query(synonyms=False)
        found: list[str] = []
        speller: Speller | None = None
        wanted = [chunk for chunk in wanted_chunks(parsed.tree) if can_be_corrected(chunk.text)]
        chunks = wanted[:_MOST_CHUNKS]
        if paragraphs <= FEW_HITS:
            for whole, pieces in joined_letters(parsed.tree):
                speller = speller or self._speller(vocabulary, count)
                others = respelled(parsed.text, whole, speller.correct(whole.text))
                found += others
                chunks = [chunk for chunk in chunks if not others or chunk not in pieces]
        for chunk in chunks:
            if has_loose_characters(chunk.text, self._analyzer):
                if count(Exact(chunk.text), anywhere) > few_paragraphs(vocabulary.snapshot.doc_count):
                    continue
            elif paragraphs > FEW_HITS or count(chunk, anywhere, enough=FEW_HITS) > FEW_HITS:
                continue
            speller = speller or self._speller(vocabulary, count)
            found += respelled(parsed.text, chunk, speller.correct(chunk.text))
        return tuple(found)

    def _speller(self, vocabulary: _Vocabulary, count: CountTree) -> Speller:
        anywhere = Query(synonyms=False)
        return Speller(
            vocabulary.lexicon,
            self._analyzer,
            lambda form: count(Exact(form), anywhere),
            vocabulary.snapshot.doc_count,
        )

    def suggest(self, snapshot: Snapshot, typed: str, limit: int) -> tuple[Suggestion, ...]:
        """What `typed` may become. While a new generation is read, the last one's suggestions serve."""
        vocabulary = self._of(snapshot)
        with self._lock:
            if vocabulary.suggester is not None:
                self._suggester = vocabulary.suggester
            elif self._suggester is None:
                self._suggester = vocabulary.make_suggester()
            elif self._making is None or not self._making.is_alive():
                self._making = Thread(target=vocabulary.make_suggester, name="suggestions", daemon=True)
                self._making.start()
            suggester = self._suggester
        return suggester.suggest(typed, limit=limit)

    def wait(self) -> None:
        """Wait until all that is read for suggestions has been read."""
        if self._making is not None:
            self._making.join()
        if self._vocabulary is not None and self._vocabulary.suggester is not None:
            self._vocabulary.suggester.wait()

    def close(self) -> None:
        """Read no further, and let go of the generation."""
        with self._lock:
            if self._making is not None:
                self._making.join()
            for suggester in (
                self._suggester,
                None if self._vocabulary is None else self._vocabulary.suggester,
            ):
                if suggester is not None:
                    suggester.stop()
            self._vocabulary = self._suggester = self._making = None

    def _of(self, snapshot: Snapshot) -> _Vocabulary:
        with self._lock:
            if self._vocabulary is None or self._vocabulary.snapshot is not snapshot:
                self._vocabulary = _Vocabulary(snapshot, self._analyzer)
            return self._vocabulary
