"""Phrases across marks and what is counted of them: equal to a scan, in every state."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from search.collection import Ask, Top
from search.language.plan import (
    Either,
    Every,
    Favoured,
    Filter,
    Phrase,
    Plan,
    SameSentence,
    Starting,
    String,
    Term,
    Tiered,
    Within,
    Without,
    Word,
    make_plan,
)
from search.language.plan.needles import needles_of, occurrence_spans
from search.language.query import InField, Prefix
from search.language.text import Analyzer, iter_atoms
from search.language.text.phrases import MarkedForm, marked_form, phrase_spans
from search.model import Span
from tests.cases import cases
from tests.contract.answers import EVERYTHING, Reader, are_near
from tests.contract.marked_texts import WORDS, marked_draft, random_phrases, texts_of
from tests.contract.stores import STORES, Store, in_states
from tests.loaded import loaded_analyzer

CASES = cases(3 * int(os.environ.get("XIESOU_CONTRACT_CASES", "12")))


@dataclass(frozen=True)
class Marked:
    """A store full of marks, and its texts by paragraph."""

    store: Store
    reader: Reader
    forms: dict[str, MarkedForm]
    analyzer: Analyzer
    is_fresh: bool

    def phrases(self, seed: int) -> Iterator[Phrase]:
        """Random phrases out of the texts, without end."""
        return random_phrases([form.text for form in self.forms.values()], self.analyzer, random.Random(seed))


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Marked]:
    """Builds a store's collection: "fresh" in one run, "pieces" in several with deletions, "merged" the same merged."""
    known: dict[tuple[str, str], Marked] = {}
    analyzer = loaded_analyzer()

    def build(name: str, state: str) -> Marked:
        if (name, state) not in known:
            folder: Path = tmp_path_factory.mktemp(f"marks-{state}") / "collection"
            store = STORES[name](folder, analyzer)
            texts = texts_of(7)
            drafts = [marked_draft(f"m{n:02d}", texts[n::17]) for n in range(17)]
            if state == "fresh":
                store.write(drafts)
            else:
                passing = [marked_draft(f"m{n:02d}", texts_of(n)[:60]) for n in (3, 9, 20)]
                with store.in_pieces():
                    store.write([*drafts[:8], passing[2]])
                    store.write(passing[:2])
                    store.write(drafts[8:], remove=["/reports/m20.md"])
                    store.write(drafts[3:4])
                if state == "merged":
                    store.write([marked_draft("m30", ["另一“份”报告"])])
                    store.write([], remove=["/reports/m30.md"])
                    for _ in range(4):
                        store.write([marked_draft("m31", ["又一“份”报告"])])
                    store.write([], remove=["/reports/m31.md"])
            reader = Reader(store.open().at())
            forms = {
                f"m{n:02d}-p{place}": marked_form(text)
                for n in range(17)
                for place, text in enumerate(texts[n::17], 1)
            }
            known[name, state] = Marked(store, reader, forms, analyzer, state == "fresh")
        return known[name, state]

    return build


@pytest.fixture(params=in_states("fresh", "pieces", "merged"))
def marked(request: pytest.FixtureRequest, make: Callable[[str, str], Marked]) -> Marked:
    """A collection full of marks in each store and state."""
    return make(*request.param)


def spans_by_paragraph(marked: Marked, ask: Ask) -> dict[str, list[Span]]:
    spans: dict[str, list[Span]] = {}
    for of in marked.reader.view.occurrences(ask):
        spans.setdefault(marked.reader.id_of[of.ref], []).append((of.start, of.end))
    return spans


def check(marked: Marked, plan: Plan, wanted: set[str]) -> None:
    """The plan matches `wanted`, and its occurrences are those of a scan."""
    ask = Ask(plan, occurrences=True, cells=True, top=Top(EVERYTHING))
    found = marked.reader.one(ask)
    assert set(marked.reader.ids(found.top)) == wanted, plan
    spans = spans_by_paragraph(marked, ask)
    for name in wanted:
        expected = occurrence_spans(marked.forms[name], needles_of(plan))
        assert spans.get(name, []) == expected, (plan, name, marked.forms[name])
    total = sum(map(len, spans.values()))
    assert found.occurrences == total == sum(cell.occurrences for cell in found.cells), plan


def having(marked: Marked, plan: Plan) -> set[str]:
    """The paragraphs that have a phrase, by scanning."""
    assert isinstance(plan, Phrase)
    return {
        name for name, form in marked.forms.items() if phrase_spans(form, plan.tokens, is_long=plan.is_long)
    }


def test_phrases_stand_where_a_scan_finds_them(marked: Marked) -> None:
    plans = marked.phrases(1)
    across = 0
    for _ in range(CASES):
        plan = next(plans)
        wanted = having(marked, plan)
        check(marked, plan, wanted)
        length = sum(token.length for token in plan.tokens)
        across += any(
            end - start > length
            for name in wanted
            for start, end in phrase_spans(marked.forms[name], plan.tokens, is_long=plan.is_long)
        )
    assert across > CASES / 10


def test_phrases_together_compete_for_their_places(marked: Marked) -> None:
    plans, chance = marked.phrases(2), random.Random(2)
    for _ in range(CASES):
        one, other = next(plans), next(plans)
        first, second = having(marked, one), having(marked, other)
        check(marked, Either((one, other)), first | second)
        check(marked, Every((one, other)), first & second)
        check(marked, Without(one, other), first - second)
        term = Term("text", chance.choice(WORDS))
        has = {name for name, form in marked.forms.items() if term.text in form.text}
        if marked.analyzer.query_tokens(term.text)[0].term == term.text:
            check(
                marked, Either((one, term, Starting("text", "gd"))), first | has | _with_prefix(marked, "gd")
            )


def test_a_word_that_marks_cut_stands_beside_others(marked: Marked) -> None:
    word = Phrase(marked.analyzer.query_tokens("人人"))
    others = [phrase for of in WORDS if len((phrase := Phrase(marked.analyzer.query_tokens(of))).tokens) == 1]
    assert len(word.tokens) == 1
    cut = 0
    for other in others:
        wanted = having(marked, word) & having(marked, other)
        check(marked, Every((word, other)), wanted)
        cut += sum("人人" not in marked.forms[name].text for name in wanted)
    assert cut


def test_two_characters_stand_where_a_scan_finds_them(marked: Marked) -> None:
    cut = re.compile(r"(?=([一-龥])[^一-龥a-z0-9\n]{1,4}([一-龥]))")
    pairs = sorted({pair.groups() for form in marked.forms.values() for pair in cut.finditer(form.text)})
    across = 0
    for one, other in random.Random(9).sample(pairs, min(CASES, len(pairs))):
        for is_long in (False, True):
            plan = Phrase(marked.analyzer.query_tokens(one + other), is_long=is_long)
            wanted = having(marked, plan)
            check(marked, plan, wanted)
            across += any(one + other not in marked.forms[name].text for name in wanted)
    assert across


def _with_prefix(marked: Marked, prefix: str) -> set[str]:
    needle = Starting("text", prefix)
    return {name for name, form in marked.forms.items() if occurrence_spans(form, (needle,))}


@pytest.mark.parametrize(
    "prefix", ["12gw", "12g", "5g", "5", "pm2.", "2.5g", "a-", "gdp-5g", "300k", "1-1", "5.", "2.5pm2.5"]
)
def test_prefix_may_run_over_several_atoms(marked: Marked, prefix: str) -> None:
    plan = make_plan(InField("text", Prefix(prefix)), marked.analyzer, lambda field, typed: ())
    wanted = {
        name
        for name, form in marked.forms.items()
        if any(form.text.startswith(prefix, atom.start()) for atom in iter_atoms(form.text))
    }
    assert wanted
    check(marked, plan, wanted)
    assert all(score == 0 for score in marked.reader.scores(plan).values())
    for part in plan.parts if isinstance(plan, Either) else (plan,):
        check(
            marked, part, {name for name in wanted if occurrence_spans(marked.forms[name], needles_of(part))}
        )


def test_a_tier_counts_its_own_occurrences(marked: Marked) -> None:
    plans = marked.phrases(3)
    for _ in range(CASES // 2):
        one, other = next(plans), next(plans)
        first, second = having(marked, one), having(marked, other)
        plan = Tiered(one, Either((one, other)))
        ask = Ask(plan, occurrences=True, top=Top(EVERYTHING))
        found = marked.reader.one(ask)
        assert set(marked.reader.ids(found.top)) == first | second
        spans = spans_by_paragraph(marked, ask)
        for name in first | second:
            needles = needles_of(plan.first if name in first else plan.second)
            assert spans.get(name, []) == occurrence_spans(marked.forms[name], needles), (plan, name)
        assert found.occurrences == sum(map(len, spans.values()))
        scores = marked.reader.scores(plan)
        of_first, of_second = marked.reader.scores(plan.first), marked.reader.scores(plan.second)
        assert scores.keys() == of_first.keys() | of_second.keys()
        assert all(are_near(score, of_first.get(name, of_second[name])) for name, score in scores.items())


def test_a_proximity_counts_windows(marked: Marked) -> None:
    chance = random.Random(4)
    analyzer = marked.analyzer
    for _ in range(CASES):
        words = [chance.choice(WORDS) for _ in range(chance.choice([2, 2, 3]))]
        plan = Within(
            tuple(String(tuple(analyzer.query_tokens(word))) for word in words), chance.randint(0, 30)
        )
        wanted = {name for name, form in marked.forms.items() if occurrence_spans(form, needles_of(plan))}
        check(marked, plan, wanted)


def test_both_stores_score_phrases_alike(make: Callable[[str, str], Marked]) -> None:
    memory, embedded = make("memory", "fresh"), make("embedded", "fresh")
    plans = memory.phrases(5)
    for _ in range(CASES):
        plan = next(plans)
        one, other = memory.reader.scores(plan), embedded.reader.scores(plan)
        assert one.keys() == other.keys(), plan
        assert all(are_near(score, other[name]) for name, score in one.items()), plan


def test_phrases_are_probed_as_they_are_matched(marked: Marked) -> None:
    plans = marked.phrases(6)
    for _ in range(CASES // 2):
        plan, other = next(plans), next(plans)
        some = sorted(marked.forms)[:: random.Random(repr(plan)).randint(1, 5)]
        whole = marked.reader.scores(plan)
        ask = Ask(plan, among=marked.reader.refs(some), top=Top(EVERYTHING))
        found = marked.reader.one(ask).top
        scores = {marked.reader.id_of[match.ref]: match.score for match in found}
        assert scores.keys() == whole.keys() & set(some), plan
        assert all(are_near(score, whole[name]) for name, score in scores.items())
        tiered = Tiered(plan, Either((plan, other)))
        of_tiers = marked.reader.scores(Every((Filter("city", ("四平市",)), tiered)))
        alone = marked.reader.scores(tiered)
        assert of_tiers.keys() == alone.keys()
        assert all(are_near(score, alone[name]) for name, score in of_tiers.items())


def test_what_a_second_tier_adds_is_the_same_after_the_first_was_asked(marked: Marked) -> None:
    phrases, chance, reader = marked.phrases(8), random.Random(8), marked.reader
    some = 0
    for _ in range(CASES):
        one = next(phrases)
        if chance.random() < 0.4:
            one = Phrase(marked.analyzer.query_tokens(chance.choice(WORDS))[:1])
        words = [marked.analyzer.query_tokens(chance.choice(WORDS)) for _ in range(2)]
        terms = [Term("text", tokens[0].term) for tokens in words]
        anywhere = Either((Term("text", one.tokens[0].term, 0.5), Term("title", "政策", 0.5)))
        sentence = SameSentence(tuple(Word((tokens,)) for tokens in words))
        several: list[Plan] = [anywhere, Every((*terms, sentence)), sentence, Every((anywhere, terms[0]))]
        apart = chance.choice(several)
        bonus = Term("title", "政策", 0.3)
        first, second = Favoured(one, bonus), Favoured(Either((one, apart)), bonus)
        ask = Ask(Without(second, first), occurrences=True, top=Top(EVERYTHING))
        together = reader.view.find([Ask(first, top=Top(5)), ask, Ask(Without(second, first))])
        scores, in_first = reader.scores(second), reader.scores(first)
        left = {name: score for name, score in scores.items() if name not in in_first}
        found = {reader.id_of[match.ref]: match.score for match in together[1].top}
        assert found.keys() == left.keys(), (first, second)
        assert all(are_near(score, left[name]) for name, score in found.items()), (first, second)
        assert together[2].total == len(left)
        assert together[1].occurrences == sum(
            len(occurrence_spans(marked.forms[name], needles_of(second))) for name in left
        )
        some += bool(left)
    assert some > CASES / 4
