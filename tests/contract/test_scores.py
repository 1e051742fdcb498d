"""What orders matches: BM25 with the version's own statistics, summed over the leaves of a plan."""

from __future__ import annotations

import math
import random
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache

import pytest

from search.collection import Ref
from search.language import statistics
from search.language.plan import (
    Above,
    All,
    Either,
    Every,
    Favoured,
    Filter,
    Nothing,
    Phrase,
    Plan,
    Starting,
    String,
    Term,
    Within,
    Without,
)
from search.language.query import Chunk, all_of
from search.language.statistics import LOOKED_UP, WeighedTerm, share_out
from search.language.text import Analyzer, normalize_text
from search.model import Report
from tests.contract.answers import EVERYTHING, Reader, are_near
from tests.contract.conftest import Built
from tests.contract.test_matches import CASES, trees
from tests.laws.bruteforce import Row

FIELDS = ("text", "heading", "title")
STEPS = (0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 12, 20)
CODED = [round((1.033**code - 1) * 27) for code in range(256)]


@cache
def index_terms(analyzer: Analyzer, text: str) -> list[tuple[str, int, int, bool]]:
    """The terms of a text; they are asked for again and again."""
    return analyzer.index_terms(text)


def title_lines(report: Report) -> list[str]:
    return [text for text in (report.title, report.city, report.province) if text]


def field_length(row: Row, field: str) -> int:
    """Characters of a field in normal form."""
    lines = {"text": [row.text], "heading": row.heading, "title": title_lines(row.report)}[field]
    return sum(len(normalize_text(line)) for line in lines)


def term_weight(built: Built, row: Row, field: str, term: str) -> float:
    """tf by the definition: words of the precise cut count 1, what straddles words 1/4; rounded down to a step."""
    if field != "text":
        lines = row.heading if field == "heading" else title_lines(row.report)
        found = [one for line in lines for one, _, _, _ in index_terms(built.analyzer, line)]
        return float(term in found)
    terms = index_terms(built.analyzer, row.text)
    total = sum(1.0 if aligned else 0.25 for found, _, _, aligned in terms if found == term)
    return STEPS[bisect_right(STEPS, total) - 1]


def some_terms(built: Built, seed: int, count: int) -> list[tuple[str, str]]:
    """Terms of the collection, in every field, and some that it doesn't have."""
    chance = random.Random(seed)
    found: list[tuple[str, str]] = []
    while len(found) < count:
        row = chance.choice(built.rows.rows)
        for field, lines in (
            ("text", [row.text]),
            ("heading", row.heading),
            ("title", title_lines(row.report)),
        ):
            terms = [term for line in lines for term, _, _, _ in index_terms(built.analyzer, line)]
            if terms:
                found.append((field, chance.choice(terms)))
    return [*found, ("text", "没有这个词"), ("title", "𠮷"), ("heading", "gdp"), ("text", "pm2")]


def test_statistics_are_of_what_is_held(built: Built) -> None:
    statistics = built.collection.at().statistics
    assert statistics.paragraphs >= len(built.rows.rows)
    assert set(statistics.average_lengths) == set(FIELDS)
    if built.is_fresh:
        assert statistics.paragraphs == len(built.rows.rows)
        for field in FIELDS:
            lengths = [field_length(row, field) for row in built.rows.rows]
            assert are_near(statistics.average_lengths[field], sum(lengths) / len(lengths)), field


def test_frequencies_count_the_paragraphs_with_a_term(built: Built) -> None:
    terms = some_terms(built, 40, CASES)
    frequencies = built.collection.at().frequencies(terms)
    for (field, term), frequency in zip(terms, frequencies, strict=True):
        having = sum(term_weight(built, row, field, term) > 0 for row in built.rows.rows)
        assert frequency == having if built.is_fresh else frequency >= having, (field, term)


def test_what_is_no_term_has_no_frequency(built: Built) -> None:
    """经工 stands in texts and is no word: a store that scans must not count it."""
    assert any("经工" in row.text or "合工" in row.text or "商环" in row.text for row in built.rows.rows)
    reader = built.reader()
    for text in ("经工", "合工", "商环"):
        assert not any(term == text for term, _, _, _ in index_terms(built.analyzer, f"营{text}境"))
        assert list(reader.view.frequencies([("text", text)])) == [0]


def test_a_term_scores_by_bm25(built: Built) -> None:
    """boost * idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / average)), with the version's own numbers."""
    reader = built.reader()
    statistics = reader.view.statistics
    for field, term in some_terms(built, 41, CASES // 2):
        (frequency,) = reader.view.frequencies([(field, term)])
        idf = math.log(statistics.paragraphs / (frequency + 1)) + 1
        b = 0.75 if field == "text" else 0.3
        scores = reader.scores(Term(field, term, 0.7))
        for row in built.rows.rows:
            tf = term_weight(built, row, field, term)
            assert (row.id in scores) == (tf > 0), (field, term, row.id)
            if tf:
                length = CODED[bisect_left(CODED, field_length(row, field))]
                norm = 1.2 * (1 - b + b * length / statistics.average_lengths[field])
                expected = 0.7 * idf * tf * 2.2 / (tf + norm)
                assert are_near(scores[row.id], expected), (field, term, row.id)


def expected_scores(reader: Reader, plan: Plan) -> dict[str, float]:
    """By the definition, from what the store itself says of single terms and of which paragraphs match."""
    if isinstance(plan, Term):
        return reader.scores(plan)
    if isinstance(plan, Without):
        unwanted = expected_scores(reader, plan.unwanted)
        return {n: s for n, s in expected_scores(reader, plan.wanted).items() if n not in unwanted}
    if isinstance(plan, Favoured):
        more = expected_scores(reader, plan.bonus)
        return {n: s + more.get(n, 0.0) for n, s in expected_scores(reader, plan.wanted).items()}
    sums = dict.fromkeys(reader.all_ids(plan), 0.0)
    if isinstance(plan, (Every, Either)):
        parts = [expected_scores(reader, part) for part in plan.parts]
    elif isinstance(plan, Within):
        words = [(token.term, part.boost) for part in plan.strings for token in part.tokens]
        parts = [reader.scores(Term("text", term, boost)) for term, boost in words]
    elif isinstance(plan, (String, Phrase, Above)):
        field = plan.field if isinstance(plan, Above) else "text"
        parts = [reader.scores(Term(field, token.term, plan.boost)) for token in plan.tokens]
    else:
        parts = []
    return {name: sum(part.get(name, 0.0) for part in parts) for name in sums}


def test_scores_are_sums_over_the_leaves(built: Built) -> None:
    reader = built.reader()
    for tree in trees(built, 42, CASES // 2):
        plan = built.plan(tree)
        expected = expected_scores(reader, plan)
        for name, score in reader.scores(plan).items():
            assert are_near(score, expected[name]), (tree, name, score, expected[name])


@pytest.mark.parametrize("plan", [All(), Filter("city", ("四平市",)), Starting("text", "gd")], ids=repr)
def test_what_only_filters_scores_nothing(built: Built, plan: Plan) -> None:
    scores = built.reader().scores(plan)
    assert scores
    assert set(scores.values()) == {0.0}


# Candidates


def ask_candidates(
    reader: Reader,
    terms: list[tuple[str, str, float]],
    *,
    strict: Plan | None = None,
    without: Plan | None = None,
    count: int = EVERYTHING,
    **more: object,
) -> set[str]:
    refs: list[Ref] = reader.view.candidates(
        terms,
        strict=strict or All(),
        without=without or Nothing(),
        count=count,
        **more,  # type: ignore[arg-type]
    )
    assert len(refs) == len(set(refs)) <= count
    return {reader.id_of[ref] for ref in refs}


def having_any(reader: Reader, terms: list[tuple[str, str, float]]) -> set[str]:
    return set().union(*(reader.all_ids(Term(field, term)) for field, term, _ in terms))


TERMS = [("text", "营商环境", 2.0), ("text", "提案", 1.0), ("heading", "发展", 0.4), ("title", "会议", 0.2)]


def test_candidates_have_a_term_and_honour_all_that_must_hold(built: Built) -> None:
    chance, reader = random.Random(43), built.reader()
    for tree in trees(built, 43, CASES // 2):
        terms = [(f, t, chance.uniform(0.1, 4)) for f, t in some_terms(built, chance.randint(0, 999), 4)]
        strict, without, chosen = built.plan(tree), built.plan(Chunk("人民")), built.choice(chance)
        allowed = set(reader.all_ids(strict, chosen)) - set(reader.all_ids(without))
        wanted = having_any(reader, terms) & allowed
        found = ask_candidates(reader, terms, strict=strict, without=without, chosen=chosen)
        assert found == wanted, (tree, terms, chosen)
        some = ask_candidates(reader, terms, strict=strict, without=without, chosen=chosen, count=3)
        assert some <= wanted
        assert len(some) == min(3, len(wanted))


def _candidate_sums(reader: Reader, terms: Sequence[WeighedTerm]) -> dict[str, float]:
    """What each paragraph has of the terms."""
    sums: dict[str, float] = {}
    for field, term, weight in terms:
        (frequency,) = reader.view.frequencies([(field, term)])
        idf = math.log(reader.view.statistics.paragraphs / (frequency + 1)) + 1
        for name, score in reader.scores(Term(field, term, weight / idf)).items():
            sums[name] = sums.get(name, 0.0) + score
    return sums


def test_candidates_are_the_best_by_the_weights(built: Built) -> None:
    reader = built.reader()
    sums = _candidate_sums(reader, TERMS)
    for count in (1, 5, 20):
        found = ask_candidates(reader, TERMS, count=count)
        least = sorted(sums.values(), reverse=True)[count - 1]
        assert len(found) == count
        assert all(sums[name] >= least * (1 - 1e-5) for name in found)


def test_common_terms_are_looked_up_for_the_best_by_the_others(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "BRINGING", 10)
    reader, count = built.reader(), 2
    terms = [*TERMS, ("text", "发展", 1.5), ("text", "工作", 3.0)]
    bringing, common = share_out(terms, reader.view.frequencies([(field, term) for field, term, _ in terms]))
    assert bringing
    assert common
    sums = _candidate_sums(reader, bringing)
    more = _candidate_sums(reader, common)
    looked_up = sorted(sums, key=lambda name: -sums[name])[: count * LOOKED_UP]
    assert len(looked_up) < len(sums)
    best = sorted((sums[name] + more.get(name, 0.0) for name in looked_up), reverse=True)
    found = ask_candidates(reader, terms, count=count)
    assert len(found) == count
    assert found <= sums.keys()
    assert all(sums[name] + more.get(name, 0.0) >= best[count - 1] * (1 - 1e-5) for name in found)
    if built.store.name != "cluster":  # which looks them up for the best of each shard
        assert all(sums[name] >= sums[looked_up[-1]] * (1 - 1e-5) for name in found)


def test_a_places_weight_brings_its_candidates_first(built: Built) -> None:
    reader = built.reader()
    wanted = {
        name
        for name in having_any(reader, TERMS)
        if any((place or "").startswith("吉林") for place in _places(built, name))
    }
    assert wanted
    found = ask_candidates(reader, TERMS, places=[("吉林", 1_000.0)], count=len(wanted))
    assert found == wanted


def _places(built: Built, name: str) -> tuple[str | None, str | None]:
    report = built.rows.by_id[name].report
    return report.city, report.province


def test_no_candidate_comes_for_a_place_alone(built: Built) -> None:
    found = ask_candidates(built.reader(), [("text", "没有这个词", 1.0)], places=[("吉林", 9.0)])
    assert found == set()


# The vocabulary


def test_the_vocabulary_has_the_words_that_are_used(built: Built) -> None:
    used = {of.term: of for of in built.collection.at().vocabulary(most=EVERYTHING)}
    rows = [row for row in built.rows.rows if len(row.text) < 10_000]  # 7,000 times 长长 is past what is kept
    cuts = [built.analyzer.query_tokens(row.text) for row in rows]
    exact: dict[str, int] = {}
    for token in (token for cut in cuts for token in cut):
        if len(token.term) > 1 and all("一" <= c <= "龥" for c in token.term):
            exact[token.term] = exact.get(token.term, 0) + 1
    reader = built.reader()
    terms = sorted(exact)
    frequencies = dict(zip(terms, reader.view.frequencies([("text", term) for term in terms]), strict=True))
    assert set(used) >= set(exact)
    for term, count in exact.items():
        assert used[term].paragraphs == frequencies[term], term
        if built.is_fresh:
            assert 0 < used[term].uses <= count, term
            assert used[term].uses == count or count > 1, term


def test_a_small_vocabulary_is_of_the_most_used(built: Built) -> None:
    view = built.collection.at()
    uses = {of.term: of.uses for of in view.vocabulary(most=EVERYTHING)}
    few = {of.term for of in view.vocabulary(most=20)}
    border = sorted(uses.values(), reverse=True)[19]
    assert few >= {term for term, count in uses.items() if count > border}
    assert all(term in uses for term in few)


def test_an_uncut_chunk_scores_more_than_its_words(built: Built) -> None:
    """A chunk of several words that stands as one string gains its bonus."""
    reader = built.reader()
    scores = reader.scores(built.plan(Chunk("优化营商环境")))
    plain = reader.scores(built.plan(all_of([Chunk("优化"), Chunk("营商环境")])))
    assert set(scores) >= built.rows.find("优化营商环境")
    assert scores
    assert all(score > plain[name] for name, score in scores.items())
