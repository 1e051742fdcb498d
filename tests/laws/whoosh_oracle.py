"""A plan asked of Whoosh's own searcher, on the same directory, through the same codec: the oracle of law 6.

plan -> whoosh.query tree -> Searcher.search -> {paragraph: score}

Words, And, Or, AndNot, AndMaybe and prefixes are Whoosh's; what Whoosh has no query for (a string by the characters'
positions, strings near each other, words above that stand as one string) is said here in plain Python over Whoosh's
matchers and the stored texts, one document at a time.

Four quirks of Whoosh 2.7.5 are kept out. A list matcher takes a weight of 0 for "none given", so what scores nothing
carries a list of zeros. Normalising a query drops And's other parts beside an Every, so queries are passed as they are.
An AndNot matcher doesn't hold its first document against what is unwanted where that begins earlier, and asks for the
document behind the last one; see `_AndNot`. An AndMaybe matcher that skips further than it was asked to leaves its
optional part behind, whose score is then missing; see `_AndMaybe`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from whoosh import matching, query
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.query.compound import DefaultOr
from whoosh.scoring import BM25F

from search.embedded.schema import FILTER_FIELDS, INDEX_NAME, make_schema
from search.embedded.scoring import BM25
from search.embedded.store import open_generation
from search.language import plan as p
from search.language.text import Analyzer, Token, normalize_text, occurrences
from search.language.text.phrases import SENTENCE_ENDS, is_ideograph, marked_form, phrase_spans, pieces_of
from tests.loaded import loaded_analyzer


class Everything(query.Query):  # type: ignore[misc]
    """Every live document, with no score."""

    def estimate_size(self, ixreader: Any) -> int:
        return int(ixreader.doc_count())

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        return _listed([(doc, 0.0) for doc in searcher.reader().all_doc_ids()])


class Scoreless(query.Query):  # type: ignore[misc]
    """What `child` matches, with no score."""

    def __init__(self, child: Any) -> None:
        self.child = child

    def estimate_size(self, ixreader: Any) -> int:
        return int(ixreader.doc_count())

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        matcher = self.child.matcher(searcher, searcher.boolean_context())
        return _listed([(doc, 0.0) for doc in matcher.all_ids()])


class Stored(query.Query):  # type: ignore[misc]
    """Live documents whose stored fields satisfy something, with no score: what has no posting lists."""

    def __init__(self, accepts: Callable[[dict[str, Any]], bool]) -> None:
        self.accepts = accepts

    def estimate_size(self, ixreader: Any) -> int:
        return int(ixreader.doc_count())

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        reader = searcher.reader()
        stored = reader._perdoc.stored_fields  # the reader's own leaves out what the schema doesn't name
        return _listed([(doc, 0.0) for doc in reader.all_doc_ids() if self.accepts(stored(doc))])


def _holds(plan: p.Plan, fields: dict[str, Any]) -> bool:
    if isinstance(plan, p.Filter):
        return fields.get(plan.field) in plan.values
    if isinstance(plan, p.YearFilter):
        year = fields["plan_year"]
        return year is not None and (plan.first or year) <= year <= (plan.last or year)
    if isinstance(plan, p.ContextYears):
        first: int
        last: int
        first, last = fields["context_years"]
        if not last:
            first = last = fields["plan_year"] or 0
        return first <= plan.last and last >= plan.first
    if isinstance(plan, p.AddedFilter):
        added = fields["added"]
        return added is not None and (plan.first or added) <= added <= (plan.last or added)
    return fields["ocr"] is not None


class _AndNot(matching.AndNotMatcher):  # type: ignore[misc]
    """Whoosh's matcher; its first document is held against what is unwanted like all others, its last has no next."""

    def _find_first(self) -> None:
        self._find_next()

    def _find_next(self) -> Any:
        return super()._find_next() if self.a.is_active() else None


class AndNot(query.AndNot):  # type: ignore[misc]
    """What `a` matches and `b` doesn't."""

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        unwanted = self.b.matcher(searcher, searcher.boolean_context())
        return _AndNot(self.a.matcher(searcher, context), unwanted)


class _AndMaybe(matching.AndMaybeMatcher):  # type: ignore[misc]
    """Whoosh's matcher; its optional part follows to wherever the other one skips."""

    def skip_to(self, targetid: int) -> Any:
        skipped = self.a.skip_to(targetid)
        self._first_b()
        return skipped


class AndMaybe(query.AndMaybe):  # type: ignore[misc]
    """What `a` matches; where `b` does too, its score is added."""

    matcherclass = _AndMaybe


class Words(query.Query):  # type: ignore[misc]
    """Documents that have all of the terms and of which `accepts` is true; scored as the sum of the tokens' scores.

    Args:
        accepts: given the reader of a segment, a document and each distinct term's positions there.
    """

    def __init__(
        self,
        field: str,
        tokens: Sequence[tuple[Token, float]],
        accepts: Callable[[Any, int, dict[str, Any]], bool],
    ) -> None:
        self.field_name, self.tokens, self.accepts = field, tokens, accepts

    def estimate_size(self, ixreader: Any) -> int:
        return int(ixreader.doc_count())

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        terms = list(dict.fromkeys(token.term for token, _ in self.tokens))
        matchers = {
            term: query.Term(self.field_name, term).matcher(searcher, context or searcher.context())
            for term in terms
        }
        scored = context is None or context.weighting is not None
        found: list[tuple[int, float]] = []
        for doc in _in_all(list(matchers.values())):
            at = (
                {term: list(matcher.value_as("positions")) for term, matcher in matchers.items()}
                if self.field_name == "text"
                else {}
            )
            if self.accepts(searcher.reader(), doc, at):
                score = (
                    sum(boost * matchers[token.term].score() for token, boost in self.tokens)
                    if scored
                    else 0.0
                )
                found.append((doc, score))
        return _listed(found)


class Scanned(query.Query):  # type: ignore[misc]
    """Documents that have all of the pieces and that `accepts` takes, scored by those of the tokens that are there.

    Args:
        accepts: given what is stored of the field.
    """

    def __init__(
        self,
        field: str,
        pieces: Sequence[str],
        tokens: Sequence[tuple[Token, float]],
        accepts: Callable[[str], bool],
    ) -> None:
        self.field_name, self.pieces, self.tokens, self.accepts = field, pieces, tokens, accepts

    def estimate_size(self, ixreader: Any) -> int:
        return int(ixreader.doc_count())

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        def matcher_of(term: str) -> Any:
            return query.Term(self.field_name, term).matcher(searcher, context or searcher.context())

        scored = context is None or context.weighting is not None
        scores = [(boost, matcher_of(token.term)) for token, boost in self.tokens] if scored else []
        found: list[tuple[int, float]] = []
        for doc in _in_all([matcher_of(piece) for piece in dict.fromkeys(self.pieces)]):
            if self.accepts(str(searcher.reader().stored_fields(doc).get(self.field_name, ""))):
                found.append((doc, sum(boost * _score_at(matcher, doc) for boost, matcher in scores)))
        return _listed(found)


def _score_at(matcher: Any, doc: int) -> float:
    """What a document scores, 0 where the matcher hasn't it; documents are asked for in order."""
    if matcher.is_active() and matcher.id() < doc:
        matcher.skip_to(doc)
    return float(matcher.score()) if matcher.is_active() and matcher.id() == doc else 0.0


@cache
def _analyzer() -> Analyzer:
    return loaded_analyzer()


@lru_cache(maxsize=8192)
def _normal(text: str) -> str:
    return normalize_text(text)


@lru_cache(maxsize=8192)
def _cut(text: str, analyzer: Analyzer) -> frozenset[tuple[int, int]]:
    """Where the words of a text begin, and how long they are; many plans are asked of the same texts."""
    return frozenset((token.start, token.length) for token in analyzer.query_tokens(text))


class Sentences(query.Query):  # type: ignore[misc]
    """Documents with a sentence that has all words; what stands above is asked for as queries. Scores nothing.

    Args:
        aboves: of each word.
    """

    def __init__(self, plan: p.SameSentence, aboves: Sequence[Any], analyzer: Analyzer) -> None:
        self.plan, self.aboves, self.analyzer = plan, aboves, analyzer

    def estimate_size(self, ixreader: Any) -> int:
        return int(ixreader.doc_count())

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        above = [set(part.matcher(searcher, searcher.boolean_context()).all_ids()) for part in self.aboves]
        found = []
        for doc in searcher.reader().all_doc_ids():
            left = [word for word, docs in zip(self.plan.words, above, strict=True) if doc not in docs]
            if not left or self._stand_together(left, str(searcher.reader().stored_fields(doc)["text"])):
                found.append((doc, 0.0))
        return _listed(found)

    def _stand_together(self, words: Sequence[p.Word], text: str) -> bool:
        form = _normal(text)
        if not all(any(self._text(string) in form for string in word.strings) for word in words):
            return False
        cut = _cut(text, self.analyzer)
        of_words = []
        for word in words:
            places = [
                start
                for string in word.strings
                for start, end in occurrences(form, self._text(string))
                if not is_ideograph(self._text(string)) or (start, end - start) in cut
            ]
            of_words.append({0 if self.plan.in_paragraph else _sentence(form, at) for at in places})
        return bool(set.intersection(*of_words))

    @staticmethod
    def _text(string: Sequence[Token]) -> str:
        return "".join(token.term for token in string)


@lru_cache(maxsize=8192)
def _sentence_ends(form: str) -> list[int]:
    return [at for at, char in enumerate(form) if char in SENTENCE_ENDS]


def _sentence(form: str, at: int) -> int:
    """How many sentences end before."""
    return bisect_left(_sentence_ends(form), at)


def _in_all(matchers: list[Any]) -> Iterator[int]:
    """The documents that all matchers have, each matcher standing on it."""
    while all(matcher.is_active() for matcher in matchers):
        furthest = max(matcher.id() for matcher in matchers)
        behind = [matcher for matcher in matchers if matcher.id() < furthest]
        if behind:
            for matcher in behind:
                matcher.skip_to(furthest)
        else:
            yield furthest
            matchers[0].next()


def _listed(found: list[tuple[int, float]]) -> Any:
    if not found:
        return matching.NullMatcher()
    return matching.ListMatcher([doc for doc, _ in found], weights=[score for _, score in found])


def _string_starts(tokens: Sequence[Token], at: dict[str, Any]) -> set[int]:
    """Where the string begins, of each of its terms' positions."""
    first = tokens[0].start
    return set.intersection(*({place - (t.start - first) for place in at[t.term]} for t in tokens))


class Oracle:
    """Whoosh's searcher over an index directory, with the average lengths of its version."""

    def __init__(self, folder: Path) -> None:
        self._index = FileIndex(FileStorage(str(folder)), make_schema(), INDEX_NAME)
        self.searcher = self._index.searcher(
            weighting=BM25F(B=BM25.b, K1=BM25.k1, heading_B=BM25.heading_b, title_B=BM25.title_b)
        )
        averages = open_generation(folder, None).average_lengths
        self.searcher.avg_field_length = lambda name, default=None: averages.get(name, default)

    def search(self, plan: p.Plan, *, limit: int | None = None) -> list[tuple[int, float]]:
        """(document of the collection, score), best first."""
        results = self.searcher.search(self.to_query(plan), limit=limit)
        return [(document, score) for score, document in results.top_n]

    def stored(self, document: int) -> dict[str, Any]:
        """What Whoosh's reader gives back for a document."""
        fields: dict[str, Any] = self.searcher.stored_fields(document)
        return fields

    def close(self) -> None:
        self.searcher.close()

    def to_query(self, plan: p.Plan) -> Any:
        """The plan as a tree of Whoosh's queries."""
        if isinstance(plan, p.All):
            return Everything()
        if isinstance(plan, p.Nothing):
            return query.NullQuery
        if isinstance(plan, p.Term):
            return query.Term(plan.field, plan.text, boost=plan.boost)
        if isinstance(plan, p.Every):
            return query.And([self.to_query(part) for part in plan.parts])
        if isinstance(plan, p.Either):
            return DefaultOr([self.to_query(part) for part in plan.parts])
        if isinstance(plan, p.Without):
            return AndNot(self.to_query(plan.wanted), self.to_query(plan.unwanted))
        if isinstance(plan, p.Favoured):
            return AndMaybe(self.to_query(plan.wanted), self.to_query(plan.bonus))
        if isinstance(plan, p.Starting):
            return Scoreless(self._starting(plan))
        if isinstance(plan, p.Filter) and plan.field in FILTER_FIELDS:
            return Scoreless(self._has_value(plan.field, plan.values))
        if isinstance(plan, p.YearFilter) and plan.field == "year":
            return Scoreless(self._in_years(plan.first, plan.last))
        if isinstance(plan, (p.Filter, p.YearFilter, p.ContextYears, p.AddedFilter, p.Recognised)):
            return Stored(lambda fields: _holds(plan, fields))
        if isinstance(plan, p.String):
            tokens = plan.tokens
            return Words(
                "text", [(t, plan.boost) for t in tokens], lambda _r, _d, at: bool(_string_starts(tokens, at))
            )
        if isinstance(plan, p.Within):
            return self._within(plan)
        if isinstance(plan, p.Phrase):
            return self._phrase(plan)
        if isinstance(plan, p.SameSentence):
            aboves = [DefaultOr([self.to_query(part) for part in word.above]) for word in plan.words]
            return Sentences(plan, aboves, _analyzer())
        if isinstance(plan, p.Tiered):
            first = self.to_query(plan.first)
            return DefaultOr([first, AndNot(self.to_query(plan.second), first)])
        assert isinstance(plan, p.Above), type(plan)
        return self._above(plan)

    def _has_value(self, field: str, values: Sequence[str | int | None]) -> Any:
        parts: list[Any] = [query.Term(field, str(value)) for value in values if value is not None]
        if None in values:
            known = list(self.searcher.lexicon(field))
            parts.append(AndNot(Everything(), DefaultOr([query.Term(field, text) for text in known])))
        return DefaultOr(parts)

    def _in_years(self, first: int | None, last: int | None) -> Any:
        years = [int(text) for text in self.searcher.lexicon("year")]
        kept = [y for y in years if (first is None or y >= first) and (last is None or y <= last)]
        return DefaultOr([query.Term("year", str(year)) for year in kept])

    def _starting(self, plan: p.Starting) -> Any:
        if not plan.before:
            return query.Prefix(plan.field, plan.prefix)
        behind = plan.before[-1].start + plan.before[-1].length
        begun = [term.decode() for term in self.searcher.reader().expand_prefix(plan.field, plan.prefix)]
        strings = [p.String((*plan.before, Token(term, behind, len(term)))) for term in begun]
        return DefaultOr([self.to_query(string) for string in strings])

    def _within(self, plan: p.Within) -> Any:
        tokens = [(token, part.boost) for part in plan.strings for token in part.tokens]
        limit = plan.distance + sum(part.length for part in plan.strings)

        def accepts(_reader: Any, _doc: int, at: dict[str, Any]) -> bool:
            spots = [
                (start, start + part.length)
                for part in plan.strings
                for start in _string_starts(part.tokens, at)
            ]
            starts = [_string_starts(part.tokens, at) for part in plan.strings]
            return any(
                all(
                    any(begin <= start and start + part.length <= begin + limit for start in of_part)
                    for part, of_part in zip(plan.strings, starts, strict=True)
                )
                for begin, _ in spots
            )

        return Words("text", tokens, accepts)

    @staticmethod
    def _phrase(plan: p.Phrase) -> Any:
        def accepts(text: str) -> bool:
            return bool(phrase_spans(marked_form(text), plan.tokens, is_long=plan.is_long))

        pieces = pieces_of(tuple(token.term for token in plan.tokens))
        return Scanned("text", pieces, [(token, plan.boost) for token in plan.tokens], accepts)

    @staticmethod
    def _above(plan: p.Above) -> Any:
        def accepts(above: str) -> bool:
            return plan.says("\n".join(normalize_text(line) for line in above.split("\n")))

        terms = tuple(token.term for token in plan.tokens)
        pieces = pieces_of(terms) if plan.aside else terms
        return Scanned(plan.field, pieces, [(token, plan.boost) for token in plan.tokens], accepts)
