"""Phrases across marks and what is counted of them: equal to a scan, in every state."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from search.collection import Ask, Top
from search.language.plan import (
    Either,
    Every,
    Filter,
    Phrase,
    Plan,
    Starting,
    String,
    Term,
    Tiered,
    Within,
    Without,
)
from search.language.plan.needles import needles_of, occurrence_spans
from search.language.text import Analyzer, load_analyzer
from search.language.text.phrases import MarkedForm, marked_form, phrase_spans, phrase_tokens
from search.model import Span
from tests.contract.answers import EVERYTHING, Reader, are_near
from tests.contract.drafts import paragraph, report, source
from tests.contract.stores import STORES, Store

CASES = 3 * int(os.environ.get("XIESOU_CONTRACT_CASES", "12"))
WORDS = (
    "十四五",
    "规划",
    "双减",
    "政策",
    "经济",
    "双随机",
    "一公开",
    "人",
    "人人",
    "改革",
    "放管服",
    "的",
    "中国人民",
)
MARKS = ("“", "”", "‘", "’", '"', "'", "《", "》", "「", "」", "〈", "〉", "“”", "””")
SEPARATORS = ("、", "，", "：", "·", "（", "）", "-", "—", "·····", "。", "；", "！", "？", " ", "  ", "\n")
ATOMS = ("GDP", "5", "2.5", "5G", "pm2.5", "a", "12GWh", "100%")


def random_text(chance: random.Random) -> str:
    """Words among marks, paired, nested, crossed and alone."""
    pieces: list[str] = []
    for _ in range(chance.randint(1, 14)):
        drawn = chance.random()
        if drawn < 0.5:
            pieces.append(chance.choice(WORDS))
        elif drawn < 0.62:
            pieces.append(chance.choice(SEPARATORS))
        elif drawn < 0.7:
            pieces.append(chance.choice(ATOMS))
        elif drawn < 0.8:
            pieces.append(chance.choice(MARKS))
        else:
            inner = chance.choice(WORDS + ATOMS)
            opening, closing = chance.choice(["“”", "‘’", "《》", '""', "「」"])
            if chance.random() < 0.3:
                inner = "《" + inner + chance.choice(["》", " 》", ""])
            pieces.append(opening + chance.choice(["", " "]) + inner + closing)
    text = "".join(pieces)
    return text if text.strip(" \n") else "空"


FIXED = (
    "“十四五”规划和“双减”政策，“百千万”工程。",
    "“‘十四五’规划”纲要，《“十四五”规划》",
    "双随机、一公开，双随机，一公开：双随机“一公开",
    "“十四” 五规划，十四”五规划“",
    '"十四五"规划"双减"政策',
    "人“人”人人“人人”",
    "5“G”5G “5”G 12“GWh”",
    "双减" + "·" * 400 + "政策经济改革",
    "“" * 5 + "双减" + "”" * 5 + "政策",
    "改革" * 3_000 + "“双减”政策" + "改革" * 2_000,
)


def texts_of(seed: int) -> list[str]:
    chance = random.Random(seed)
    return [*FIXED, *(random_text(chance) for _ in range(500))]


@dataclass(frozen=True)
class Marked:
    """A store full of marks, and its texts by paragraph."""

    store: Store
    reader: Reader
    forms: dict[str, MarkedForm]
    analyzer: Analyzer
    is_fresh: bool

    def plans(self, seed: int) -> Iterator[Plan]:
        """Random phrases out of the texts, with their marks or without, without end."""
        chance = random.Random(seed)
        forms = list(self.forms.values())
        while True:
            text = chance.choice(forms).text
            begin = chance.randrange(len(text))
            typed = text[begin : begin + chance.choice([2, 3, 4, 5, 6, 8, 12, 20])]
            if chance.random() < 0.5:
                typed = "".join(char for char in typed if char not in "\"'《》〈〉、,")
            found = phrase_tokens(typed, self.analyzer)
            if found is not None and len(found[0]):
                yield Phrase(found[0], chance.choice([1.0, 0.5]), is_long=found[1])


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Marked]:
    """Builds a store's collection: "fresh" in one run, "pieces" in several with deletions, "merged" the same merged."""
    known: dict[tuple[str, str], Marked] = {}
    analyzer = load_analyzer()

    def build(name: str, state: str) -> Marked:
        if (name, state) not in known:
            folder: Path = tmp_path_factory.mktemp(f"marks-{state}") / "collection"
            store = STORES[name](folder, analyzer)
            texts = texts_of(7)
            drafts = [_draft(f"m{n:02d}", texts[n::17]) for n in range(17)]
            if state == "fresh":
                store.write(drafts)
            else:
                passing = [_draft(f"m{n:02d}", texts_of(n)[:60]) for n in (3, 9, 20)]
                with store.in_pieces():
                    store.write([*drafts[:8], passing[2]])
                    store.write(passing[:2])
                    store.write(drafts[8:], remove=["/reports/m20.md"])
                    store.write(drafts[3:4])
                if state == "merged":
                    store.write([_draft("m30", ["另一“份”报告"])])
                    store.write([], remove=["/reports/m30.md"])
                    for _ in range(4):
                        store.write([_draft("m31", ["又一“份”报告"])])
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


def _draft(name: str, texts: list[str]):  # type: ignore[no-untyped-def]
    year = 2018 + int(name[1:]) % 5
    return source(
        f"{name}.md",
        [
            report(
                name,
                f"{name}.md",
                [paragraph(text) for text in texts],
                title="政策",
                city="四平市",
                year=year,
            )
        ],
        digest=str(hash(tuple(texts))),
    )


@pytest.fixture(params=["fresh", "pieces", "merged"])
def marked(request: pytest.FixtureRequest, make: Callable[[str, str], Marked], each_store: str) -> Marked:
    """A collection full of marks in each store and state."""
    return make(each_store, str(request.param))


@pytest.fixture(params=list(STORES))
def each_store(request: pytest.FixtureRequest) -> str:
    return str(request.param)


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
    plans = marked.plans(1)
    across = 0
    for _ in range(CASES):
        plan = next(plans)
        wanted = having(marked, plan)
        check(marked, plan, wanted)
        length = sum(token.length for token in plan.tokens)  # type: ignore[union-attr]
        across += any(
            end - start > length
            for name in wanted
            for start, end in phrase_spans(marked.forms[name], plan.tokens, is_long=plan.is_long)  # type: ignore[union-attr]
        )
    assert across > CASES / 10


def test_phrases_together_compete_for_their_places(marked: Marked) -> None:
    plans, chance = marked.plans(2), random.Random(2)
    for _ in range(CASES):
        one, other = next(plans), next(plans)
        first, second = having(marked, one), having(marked, other)
        check(marked, Either((one, other)), first | second)
        check(marked, Every((one, other)), first & second)
        check(marked, Without(one, other), first - second)
        term = Term("text", chance.choice(WORDS))
        has = {name for name, form in marked.forms.items() if term.text in form.text}
        if load_analyzer().query_tokens(term.text)[0].term == term.text:
            check(
                marked, Either((one, term, Starting("text", "gd"))), first | has | _with_prefix(marked, "gd")
            )


def _with_prefix(marked: Marked, prefix: str) -> set[str]:
    needle = Starting("text", prefix)
    return {name for name, form in marked.forms.items() if occurrence_spans(form, (needle,))}


def test_a_tier_counts_its_own_occurrences(marked: Marked) -> None:
    plans = marked.plans(3)
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
    plans = memory.plans(5)
    for _ in range(CASES):
        plan = next(plans)
        one, other = memory.reader.scores(plan), embedded.reader.scores(plan)
        assert one.keys() == other.keys(), plan
        assert all(are_near(score, other[name]) for name, score in one.items()), plan


def test_phrases_are_probed_as_they_are_matched(marked: Marked) -> None:
    plans = marked.plans(6)
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
