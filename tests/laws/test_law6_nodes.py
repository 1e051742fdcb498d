"""Law 6, node by node: what has no syntax of its own is asked of both sides as plans, over texts full of marks."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from search.collection import Ask, Top, View
from search.embedded.evaluation import DOC_MASK
from search.embedded.ordering import PART_SHIFT
from search.embedded.store import open_generation
from search.language.plan import (
    Above,
    Either,
    Every,
    Favoured,
    Phrase,
    Plan,
    SameSentence,
    Term,
    Tiered,
    Without,
    Word,
)
from search.language.text import Analyzer, Token, normalize_text
from tests.cases import cases
from tests.contract.marked_texts import WORDS, marked_draft, random_phrases, texts_of
from tests.contract.stores import STORES
from tests.laws.test_law6_oracle import CLOSE
from tests.laws.whoosh_oracle import Oracle

PLANS = cases(60)
HEADED = ("“十四五”规划", "经济5", "改革《放管服》")


@dataclass(frozen=True)
class Nodes:
    """An index of marked texts, asked both ways."""

    view: View
    oracle: Oracle
    bases: list[int]
    forms: list[str]
    analyzer: Analyzer

    def tokens(self, text: str) -> tuple[Token, ...]:
        return self.analyzer.query_tokens(text)

    def fault(self, plan: Plan) -> str | None:
        """What is wrong with the store's answer, or None."""
        (found,) = self.view.find([Ask(plan, top=Top(1_000_000))])
        ours = {}
        for match in found.top:
            assert isinstance(match.ref, int)
            ours[self.bases[match.ref >> PART_SHIFT] + (match.ref & DOC_MASK)] = match.score
        theirs = dict(self.oracle.search(plan))
        if ours.keys() != theirs.keys():
            return f"{plan}: {sorted(ours.keys() ^ theirs.keys())} on one side alone"
        for doc, score in ours.items():
            if abs(score - theirs[doc]) > CLOSE * max(abs(theirs[doc]), CLOSE):
                return f"{plan}: {doc} has {score}, by Whoosh {theirs[doc]}"
        return None


@pytest.fixture(scope="module", params=["merged", "pieces"])
def nodes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer
) -> Iterator[Nodes]:
    folder: Path = tmp_path_factory.mktemp(f"nodes-{request.param}") / "collection"
    store = STORES["embedded"](folder, analyzer)
    texts = texts_of(11)
    drafts = [marked_draft(f"m{n:02d}", texts[n::12], above=HEADED) for n in range(12)]
    if request.param == "merged":
        store.write(drafts)
    else:
        with store.in_pieces():
            store.write(drafts[:5])
            store.write([*drafts[5:], marked_draft("m20", texts[:40])])
            store.write([marked_draft("m02", texts[2::12][::-1])], remove=["/reports/m20.md"])
    segments = open_generation(folder, analyzer.fingerprint).segments
    bases = [sum(data.doc_count for data in segments[:number]) for number in range(len(segments))]
    found = Nodes(store.open().at(), Oracle(folder), bases, list(map(normalize_text, texts)), analyzer)
    yield found
    found.oracle.close()


def random_word(nodes: Nodes, chance: random.Random) -> Word:
    drawn = chance.sample(WORDS, chance.choice([1, 1, 2]))
    above: list[Plan] = [Term("title", "政策")] if chance.random() < 0.2 else []
    if chance.random() < 0.3:
        above.append(Term("heading", chance.choice(["规划", "经济", "放管服"])))
    return Word(tuple(nodes.tokens(word) for word in drawn), tuple(above))


def random_plan(nodes: Nodes, phrases: Iterator[Phrase], chance: random.Random, depth: int = 2) -> Plan:
    if not depth or chance.random() < 0.3:
        drawn = chance.random()
        if drawn < 0.5:
            return next(phrases)
        if drawn < 0.7:
            words = tuple(random_word(nodes, chance) for _ in range(chance.randint(1, 3)))
            return SameSentence(words, in_paragraph=chance.random() < 0.2)
        if drawn < 0.85:
            text = chance.choice(["十四五规划", "放管服", "改革放管服", "经济5"])
            return Above("heading", nodes.tokens(text), text, 0.5, aside=True)
        return Term("text", nodes.tokens(chance.choice(WORDS))[0].term)
    one, other = (random_plan(nodes, phrases, chance, depth - 1) for _ in range(2))
    kinds: list[Callable[[], Plan]] = [
        lambda: Tiered(one, other),
        lambda: Every((one, other)),
        lambda: Either((one, other)),
        lambda: Without(one, other),
        lambda: Favoured(one, other),
    ]
    return chance.choice(kinds)()


def test_phrases_are_matched_and_scored_as_by_whoosh(nodes: Nodes) -> None:
    phrases = random_phrases(nodes.forms, nodes.analyzer, random.Random(1))
    assert [fault for _ in range(PLANS) if (fault := nodes.fault(next(phrases)))] == []


def test_plans_of_every_new_node_are_matched_and_scored_as_by_whoosh(nodes: Nodes) -> None:
    chance = random.Random(2)
    phrases = random_phrases(nodes.forms, nodes.analyzer, chance)
    plans = [random_plan(nodes, phrases, chance) for _ in range(PLANS)]
    for plan in plans:
        assert nodes.fault(plan) is None
    (*found,) = nodes.view.find([Ask(plan) for plan in plans])
    assert sum(of.total > 0 for of in found) > PLANS / 3, "hardly any plan matches anything"


def test_words_within_a_sentence_are_those_of_whoosh(nodes: Nodes) -> None:
    chance = random.Random(3)
    for _ in range(PLANS):
        words = tuple(random_word(nodes, chance) for _ in range(chance.randint(1, 4)))
        assert nodes.fault(SameSentence(words, in_paragraph=chance.random() < 0.2)) is None
