"""What tier 2 adds is what it matches without tier 1, by whichever alternatives it was looked for."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from search import Searcher
from search.embedded.evaluation import Evaluator, make_match_cache
from search.embedded.occurrences import count_all
from search.embedded.plan_difference import adds_nothing, beside_term
from search.embedded.snapshot import Snapshot
from search.embedded.store import open_generation
from search.language import plan as p
from search.language.plan import Without
from search.language.text import Analyzer
from search.limits import UNLIMITED
from search.model import Query
from tests.cases import cases

A, B, C = (p.Term("text", text) for text in "甲乙丙")
ABOVE = p.Term("title", "甲")


def queries(searcher: Searcher, chance: random.Random) -> list[str]:
    """Chunks, pairs of them, single characters, names out of two places of a text, titles."""
    texts = [
        paragraph.text
        for report in searcher.reports()
        for paragraph in searcher.report(report.id).paragraphs
        if len(paragraph.text) > 30
    ]
    made = []
    for number in range(cases(240)):
        text = chance.choice(texts)
        at, other = chance.randrange(len(text) - 10), chance.randrange(len(text) - 10)
        one, two = text[at : at + chance.randrange(1, 5)], text[other : other + chance.randrange(2, 4)]
        made.append(
            (one, f"{one} {two}", one + two, f"提案 {one}", f"{one} | {two}", f"报告 {two} {one}")[number % 6]
        )
    return made


def test_tier_2_adds_what_tier_1_lacks(sample_searcher: Searcher, analyzer: Analyzer) -> None:
    snapshot = Snapshot(open_generation(Path(sample_searcher.collection.address), analyzer.fingerprint))
    evaluator = Evaluator(snapshot, make_match_cache())
    added = said = 0
    for text in queries(sample_searcher, random.Random(3)):
        first, second = sample_searcher.interpret(Query(text)).tiers
        for matcher in evaluator.matchers(UNLIMITED):
            before = matcher.match(first).docs
            found = matcher.difference.match(Without(second, first), before)
            wanted = np.setdiff1d(matcher.match(second).docs, before)
            assert found.docs.tolist() == wanted.tolist(), text
            added += len(wanted)
            # What has no phrase of tier 1 says as much, whether that is looked for in it or not.
            said += (of_both := count_all(matcher, second, wanted))
            assert count_all(matcher, Without(second, first), wanted) == of_both, text
    assert added > 100
    assert said > 20


def test_scores_are_the_same_whatever_was_asked_before(sample_searcher: Searcher, analyzer: Analyzer) -> None:
    snapshot = Snapshot(open_generation(Path(sample_searcher.collection.address), analyzer.fingerprint))
    at_once, later = (Evaluator(snapshot, make_match_cache()) for _ in range(2))
    scored = 0
    for text in queries(sample_searcher, random.Random(5)):
        first, second = sample_searcher.interpret(Query(text)).tiers
        for plan in (first, second, Without(second, first)):
            later.evaluate(later.key_of(plan), UNLIMITED, scored=False)
            pairs = zip(
                at_once.evaluate(at_once.key_of(plan), UNLIMITED).parts,
                later.evaluate(later.key_of(plan), UNLIMITED).parts,
                strict=True,
            )
            for one, other in pairs:
                assert one.docs.tolist() == other.docs.tolist(), text
                assert (one.scores is None) == (other.scores is None)
                if one.scores is not None and other.scores is not None:
                    assert one.scores.tolist() == other.scores.tolist(), text
                    scored += len(one.docs)
    assert scored > 100


@pytest.mark.parametrize(
    ("wanted", "unwanted", "known"),
    [
        (p.Either((A, ABOVE)), A, True),
        (p.Either((A, B)), A, False),
        (p.Every((p.Either((A, ABOVE)), p.Either((C, p.Either((C, ABOVE)))))), p.Every((A, C)), True),
        (p.Every((p.Either((A, ABOVE)), p.Either((C, B)))), p.Every((A, C)), False),
        (p.Every((p.Either((A, ABOVE)), C)), A, False),
        (p.Favoured(p.Either((A, ABOVE)), B), A, True),
        (p.Either((A, p.Every((ABOVE, B)))), A, True),
        (p.Either((A, p.Every((p.Either((A, ABOVE)), B)))), A, True),
        (p.Either((A, p.Every((B, C)))), A, False),
        (p.Either((A, p.Every((p.Either((A, C)), B)))), A, False),
    ],
)
def test_nothing_is_added_where_no_other_alternative_can_match(
    wanted: p.Plan, unwanted: p.Plan, known: bool
) -> None:
    assert adds_nothing(wanted, unwanted, lambda term: term != ABOVE) == known


def test_a_term_that_documents_lack_is_no_alternative() -> None:
    nested = p.Every((p.Either((A, p.Either((A, B)))), C))
    assert beside_term(nested, A) == p.Every((p.Either((p.Either((B,)),)), C))
    assert beside_term(p.Every((A, C)), A) is None
    assert beside_term(p.Either((A, p.Every((A, B)))), A) is None
    assert beside_term(nested, p.Every((A, C))) is nested
    assert beside_term(B, A) is B
