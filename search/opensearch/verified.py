"""Leaves that a cluster can't match exactly: what it may match beside what is sure is read and looked at.

phrase         sure: the string itself; looked at: where only marks, taken out, make it one
prefix         with something before it: where both stand
heading, title whose end is the beginning of a word
same sentence  with a mark among its words, or many that may stand above

`ids_of` gives the paragraphs by leaf; what was looked at once is kept with the version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from search.collection.writing import title_lines
from search.language import plan as p
from search.language.plan.needles import string_text
from search.language.text import Analyzer, normalize_text, occurrences
from search.language.text.phrases import SENTENCE_ENDS, is_ideograph, marked_form, phrase_spans
from search.limits import Budget
from search.lru import LruCache
from search.opensearch.catalogue import Catalogue
from search.opensearch.client import ClusterClient, Json
from search.opensearch.dsl import (
    ALL,
    Ids,
    Query,
    any_of,
    is_verified,
    phrase_query,
    query_of,
    sure,
)
from search.opensearch.encoding import escape, place_tokens, string_tokens, unescape
from search.opensearch.mapping import CHARS
from search.opensearch.reading import BY_PLACE, PAGE, PARAGRAPHS, iter_hits

Kept = LruCache[p.Plan, tuple[str, ...]]
_Found = tuple[Json, Json] | None
"""A search with the answer for its first page."""
_BYTES_AN_ID = 80
_TEXTS_A_PAGE = 1_000


def make_cache() -> Kept:
    """Keeps what was looked at for leaves of one version."""
    return LruCache(most=4_096, size_bytes=64 << 20, size_of=lambda ids: 64 + _BYTES_AN_ID * len(ids))


class Verifier:
    """Looks at what a cluster can't tell of the leaves of plans."""

    def __init__(
        self,
        client: ClusterClient,
        index: Json,
        catalogue: Callable[[], Catalogue],
        analyzer: Analyzer,
        kept: Kept,
        budget: Budget,
    ) -> None:
        self._client, self._index, self._catalogue = client, index, catalogue
        self._analyzer, self._kept, self._budget = analyzer, kept, budget

    def ids_of(self, plans: Iterable[p.Plan]) -> Ids:
        """The paragraphs, by leaf of the plans."""
        leaves = list(dict.fromkeys(leaf for plan in plans for leaf in leaves_of(plan) if is_verified(leaf)))
        known = {leaf: self._kept.get(_key(leaf)) for leaf in leaves}
        missing = list(dict.fromkeys(_key(leaf) for leaf, ids in known.items() if ids is None))
        looked = dict(zip(missing, self._look(missing), strict=True))
        return {leaf: looked[_key(leaf)] if ids is None else ids for leaf, ids in known.items()}

    def assumed(self, plans: Iterable[p.Plan]) -> tuple[Ids, list[p.Phrase]]:
        """The paragraphs by leaf, as `ids_of`, as if phrases that were not looked at yet stood across marks nowhere.

        Mostly they don't, and a question can be asked together with `look_bodies`, which tells.

        Returns:
            The paragraphs, and the phrases of which it was assumed.
        """
        plans = list(plans)
        leaves = dict.fromkeys(leaf for plan in plans for leaf in leaves_of(plan) if is_verified(leaf))
        phrases = {leaf: _key(leaf) for leaf in leaves if isinstance(leaf, p.Phrase)}
        known = {leaf: self._kept.get(key) for leaf, key in phrases.items()}
        assumed = dict.fromkeys(phrases[leaf] for leaf, ids in known.items() if ids is None)
        others = self.ids_of(leaf for leaf in leaves if leaf not in phrases)
        return {**others, **{leaf: ids or () for leaf, ids in known.items()}}, list(assumed)  # type: ignore[arg-type]

    def look_bodies(self, phrases: Sequence[p.Phrase]) -> list[Json]:
        """Searches for where phrases may stand across marks."""
        return [{**_texts_of(leaf), "size": _TEXTS_A_PAGE, "track_total_hits": False} for leaf in phrases]

    def looked(self, phrases: Sequence[p.Phrase], answers: Sequence[Json]) -> frozenset[p.Plan]:
        """Keep what was found of phrases; gives those that stand across marks anywhere.

        Args:
            answers: those of `look_bodies`.
        """
        return frozenset(
            leaf
            for leaf, answer in zip(phrases, answers, strict=True)
            if self._kept.put(leaf, self._matching(leaf, answer))
        )

    @staticmethod
    def has_any(plan: p.Plan, phrases: frozenset[p.Plan]) -> bool:
        """Whether a plan has any of some phrases among its leaves."""
        return bool(phrases) and any(_key(leaf) in phrases for leaf in leaves_of(plan))

    @staticmethod
    def verified(plans: Iterable[p.Plan]) -> frozenset[p.Plan]:
        """The leaves of plans that need a look at texts."""
        return frozenset(leaf for plan in plans for leaf in leaves_of(plan) if is_verified(leaf))

    def can_assume(self, plan: p.Plan, looked: frozenset[p.Plan]) -> bool:
        """Whether `assumed` needs no request for a plan but for what is `looked` at anyway."""
        return all(
            isinstance(leaf, p.Phrase) or leaf in looked or self._kept.get(_key(leaf)) is not None
            for leaf in self.verified([plan])
        )

    def unlooked(self, plans: Iterable[p.Plan]) -> list[p.Plan]:
        """The leaves of plans, phrases aside, that need a look at texts which nobody took yet."""
        leaves = dict.fromkeys(leaf for plan in plans for leaf in leaves_of(plan) if is_verified(leaf))
        return [leaf for leaf in leaves if not isinstance(leaf, p.Phrase) and self._kept.get(leaf) is None]

    def search_bodies(self, leaves: Sequence[p.Plan]) -> list[Json]:
        """Searches for the first page of all that is needed to look at leaves."""
        first = [{"size": _TEXTS_A_PAGE, "track_total_hits": False, **_texts_of(leaf)} for leaf in leaves]
        return [*first, *(body for leaf in leaves for body in _above_bodies(leaf) if body is not None)]

    def keep_looked(self, leaves: Sequence[p.Plan], answers: Sequence[Json]) -> None:
        """Look at leaves as far as it takes no more than what was answered.

        Args:
            answers: those of `search_bodies`.
        """
        for leaf, answer, above in _by_leaf(leaves, answers):
            pages = [(_TEXTS_A_PAGE, answer), *((PAGE, found) for _, found in filter(None, above))]
            if all(len(found["hits"]["hits"]) < size for size, found in pages):
                self._kept.put(leaf, self._matching(leaf, answer, above))

    def _look(self, leaves: Sequence[p.Plan]) -> Iterator[tuple[str, ...]]:
        """The paragraphs of leaves; the first page of all that is needed for them is asked for together."""
        bodies = [(self._index, body) for body in self.search_bodies(leaves)]
        answers = self._client.search(bodies, budget=self._budget)
        for leaf, answer, above in _by_leaf(leaves, answers):
            yield self._kept.put(leaf, self._matching(leaf, answer, above))

    def _matching(self, leaf: p.Plan, first: Json, above: Sequence[_Found] = ()) -> tuple[str, ...]:
        """What a leaf matches.

        Args:
            first: the answer for the first page of what it may match.
            above: for each word of a sentence the search for where it stands above, with the answer for its first page.
        """
        if not first["hits"]["hits"]:
            return ()
        if isinstance(leaf, p.Above) and leaf.field == "title":
            return self._under_titles(leaf)
        matches = self._check(leaf, above)
        found: list[str] = []
        pages = iter_hits(
            self._client, self._index, _texts_of(leaf), budget=self._budget, page=_TEXTS_A_PAGE, first=first
        )
        for some in pages:
            found += [hit["_id"] for hit in some if matches(hit)]
            self._budget.charge()
        return tuple(found)

    def _under_titles(self, leaf: p.Above) -> tuple[str, ...]:
        reports = [
            escape(of.report.id)
            for of in self._catalogue().reports
            if any(leaf.says(normalize_text(line)) for line in title_lines(of.record))
        ]
        found: list[str] = []
        for at in range(0, len(reports), 10_000):
            query = {"terms": {"report": reports[at : at + 10_000]}}
            body = {"query": query, "sort": BY_PLACE, "_source": False}
            for some in iter_hits(self._client, self._index, body, budget=self._budget):
                found += [hit["_id"] for hit in some]
        return tuple(found)

    def _check(self, leaf: p.Plan, above: Sequence[_Found]) -> Callable[[Json], bool]:
        if isinstance(leaf, p.Above):
            return lambda hit: any(
                leaf.says(normalize_text(unescape(line))) for line in hit["_source"]["heading"]
            )
        if isinstance(leaf, p.Phrase):
            tokens, is_long = leaf.tokens, leaf.is_long
            return lambda hit: bool(phrase_spans(marked_form(_text(hit)), tokens, is_long=is_long))
        if isinstance(leaf, p.Starting):
            before = string_text(leaf.before)
            whole, open_from = before + leaf.prefix, len(before)
            return lambda hit: any(
                True for _ in occurrences(normalize_text(_text(hit)), whole, open_from=open_from)
            )
        assert isinstance(leaf, p.SameSentence), "nothing else needs a look"
        refs = [frozenset() if of is None else frozenset(self._all_ids(*of)) for of in above]
        return partial(self._in_one_sentence, leaf, refs)

    def _all_ids(self, body: Json, first: Json) -> Iterator[str]:
        for some in iter_hits(
            self._client, self._index, body, budget=self._budget, page=body["size"], first=first
        ):
            yield from (hit["_id"] for hit in some)

    def _in_one_sentence(self, leaf: p.SameSentence, above: Sequence[frozenset[str]], hit: Json) -> bool:
        text = _text(hit)
        form = normalize_text(text)
        cut = {(of.start, of.length) for of in self._analyzer.query_tokens(text)}
        common: set[int] | None = None
        for word, refs in zip(leaf.words, above, strict=True):
            if hit["_id"] in refs:
                continue
            found = set()
            for string in map(string_text, word.strings):
                for start, end in occurrences(form, string):
                    if not is_ideograph(string) or (start, end - start) in cut:
                        found.add(
                            0 if leaf.in_paragraph else sum(form.count(m, 0, start) for m in SENTENCE_ENDS)
                        )
            common = found if common is None else common & found
        return common is None or bool(common)


def _above_bodies(leaf: p.Plan) -> list[Json | None]:
    """For each word of a sentence the search for where it stands above, if it may."""
    return [_ids_body(w) if w.above else None for w in leaf.words] if isinstance(leaf, p.SameSentence) else []


def _by_leaf(
    leaves: Sequence[p.Plan], answers: Sequence[Json]
) -> Iterator[tuple[p.Plan, Json, list[_Found]]]:
    """The answers of `Verifier.search_bodies` by leaf: for its texts, and for its words above with their searches."""
    others = iter(answers[len(leaves) :])
    for leaf, answer in zip(leaves, answers, strict=False):
        bodies = _above_bodies(leaf)
        yield leaf, answer, [None if body is None else (body, next(others)) for body in bodies]


def _texts_of(leaf: p.Plan) -> Json:
    """A search for the texts that a leaf may match."""
    query = {"bool": {"filter": [PARAGRAPHS, _may_match(leaf)]}}
    return {"query": query, "sort": BY_PLACE, "_source": ["text", "heading"]}


def _ids_body(word: p.Word) -> Json:
    """A search for the paragraphs that have a word above them."""
    query = any_of([query_of(part, {}) for part in word.above])
    return {"query": query, "sort": BY_PLACE, "_source": False, "size": PAGE, "track_total_hits": False}


def _key(leaf: p.Plan) -> p.Plan:
    """A leaf without what it scores: what it matches is kept once."""
    return p.Phrase(leaf.tokens, is_long=leaf.is_long) if isinstance(leaf, p.Phrase) else leaf


def _may_match(leaf: p.Plan) -> Query:
    """Everything that a leaf matches and that is not sure, with some that it doesn't."""
    if isinstance(leaf, p.Phrase):
        found = marked_phrase(leaf)
        return {"bool": {"filter": [found], "must_not": [sure(leaf)]}}
    if isinstance(leaf, p.Starting):
        parts = [phrase_query("chars", string_tokens([string_text(leaf.before)]))] if leaf.before else []
        return {"bool": {"filter": parts}} if parts else ALL
    if isinstance(leaf, p.Above):
        before = leaf.text[: leaf.open_from]
        return phrase_query(CHARS[leaf.field], place_tokens(before)) if before else ALL
    assert isinstance(leaf, p.SameSentence), "nothing else needs a look"
    words = []
    for word in leaf.words:
        strings = [phrase_query("chars", place_tokens(string_text(string))) for string in word.strings]
        words.append(any_of([*strings, *(query_of(part, {}) for part in word.above)]))
    return {"bool": {"filter": words}}


def marked_phrase(leaf: p.Phrase) -> Query:
    """The paragraphs with a phrase once marks are taken out: all that it matches across marks, and some more."""
    tokens = string_tokens(token.term for token in leaf.tokens)
    return phrase_query(marked_field(leaf), tokens)


def marked_field(leaf: p.Phrase) -> str:
    """The field of texts with marks that a phrase passes over, without them."""
    return "joined" if leaf.is_long else "quoted"


def leaves_of(plan: p.Plan) -> Iterator[p.Plan]:
    """The leaves of a plan."""
    if isinstance(plan, (p.Every, p.Either)):
        parts: tuple[p.Plan, ...] = plan.parts
    elif isinstance(plan, p.Without):
        parts = (plan.wanted, plan.unwanted)
    elif isinstance(plan, p.Favoured):
        parts = (plan.wanted, plan.bonus)
    elif isinstance(plan, p.Tiered):
        parts = (plan.first, plan.second)
    else:
        yield plan
        return
    for part in parts:
        yield from leaves_of(part)


def _text(hit: Json) -> str:
    return unescape(hit["_source"]["text"])
