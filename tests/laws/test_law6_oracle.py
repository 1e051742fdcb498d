"""Law 6, oracle: for every Boolean query the array engine gives the same paragraphs and the same scores, to 1e-5, as
Whoosh's own searcher on the same index through the same codec; and the same order wherever scores differ.

What is nothing but text and reads like a sentence or a question has a stage on top (docs/ranking.md): the first full
matches are read and stand in an order of their own among themselves. Their scores are Whoosh's as all others are, and
nothing that Whoosh has further behind is among them.

XIESOU_LAW_TREES sets how many random trees are tried on real text (600 where it is not set).
"""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from search.answer.rerank.query_features import reads_like_sentence
from search.answer.rerank.rerank import RERANKED
from search.embedded.store import open_generation
from search.language import plan as p
from search.language.query import (
    And,
    Chunk,
    Exact,
    InField,
    Near,
    Node,
    Not,
    Or,
    Prefix,
    Values,
    YearRange,
    parse_query,
)
from search.language.text import Analyzer
from search.model import Query
from tests.cases import cases
from tests.laws.bruteforce import Collection
from tests.laws.conftest import Built, build_pieces
from tests.laws.grammar import Trees
from tests.laws.whoosh_oracle import Oracle

SAMPLE_TREES = cases(75)
_GUARDED_TREES = 150
"""Among so many every kind is."""
CORPUS_TREES = int(os.environ.get("XIESOU_LAW_TREES", cases(600)))
CLOSE = 1e-5


def is_reordered(text: str, analyzer: Analyzer) -> bool:
    """Whether the first full matches of a query are read: it is nothing but text, and a sentence or a question."""
    tree = parse_query(text).tree
    leaves = tree.children if isinstance(tree, And) else (tree,)
    chunks = [leaf.text for leaf in leaves if isinstance(leaf, Chunk)]
    return all(isinstance(leaf, (Chunk, Exact)) for leaf in leaves) and reads_like_sentence(chunks, analyzer)


class Both:
    """A searcher and the oracle over one directory."""

    def __init__(self, built: Built, analyzer: Analyzer) -> None:
        self.built, self.analyzer = built, analyzer
        self.oracle = Oracle(built.folder)
        self.parts = {row.id: row.part for row in built.collection.rows}
        self.ids: list[str] = []
        for data in open_generation(built.folder, analyzer.fingerprint).segments:
            self.ids += [
                f"{data.record(int(data.report_of[doc]))['id']}-p{data.number(doc)}"
                for doc in range(data.doc_count)
            ]

    def of_searcher(self, query: Query) -> list[tuple[str, float]]:
        """The matches of tier 1; with `match` "all", of tier 2."""
        tier = 1 if query.match == "phrase" else 2
        found: list[tuple[str, float]] = []
        page = 1
        while True:
            result = self.built.searcher.search(replace(query, page=page, per_page=100))
            found += [(hit.id, hit.score) for hit in result.hits if hit.tier == tier]
            if page * 100 >= result.paged:
                assert len(found) == result.tiers[tier - 1].total
                return found
            page += 1

    def of_oracle(self, query: Query) -> dict[str, float]:
        first, second = self.built.searcher.interpret(query).tiers
        plan = first if query.match == "phrase" else p.Without(second, first)
        for field in ("city", "province", "year", "type"):
            if values := getattr(query, field):
                plan = p.Every((plan, p.Filter(field, values)))
        return {self.ids[document]: score for document, score in self.oracle.search(plan)}

    def fault(self, query: Query) -> str | None:
        ours, theirs = self.of_searcher(query), self.of_oracle(query)
        if {i for i, _ in ours} != set(theirs) or len(ours) != len(theirs):
            return f"{query.text!r} {query}: {len(ours)} by the searcher, {len(theirs)} by Whoosh"
        for paragraph, score in ours:
            if abs(score - theirs[paragraph]) > CLOSE * max(abs(theirs[paragraph]), CLOSE):
                return f"{query.text!r}: {paragraph} has {score}, by Whoosh {theirs[paragraph]}"
        entries = [row for row in ours if self.parts[row[0]] == "名词解释"]
        others = [row for row in ours if self.parts[row[0]] != "名词解释"]
        if ours != [*others, *entries]:
            return f"{query.text!r}: glossary entries stand before other matches"
        if is_reordered(query.text, self.analyzer):
            head = others or entries
            head[:RERANKED] = sorted(head[:RERANKED], key=lambda row: -theirs[row[0]])
        for (first_id, _), (second_id, _) in (*pairwise(others), *pairwise(entries)):
            if theirs[second_id] - theirs[first_id] > CLOSE * max(abs(theirs[first_id]), CLOSE):
                return f"{query.text!r}: {second_id} stands behind {first_id}"
        return None


def check(both: Both, count: int, seed: int) -> None:
    trees = Trees(both.built.collection, random.Random(seed)).queries()
    found = 0
    faults = []
    for _ in range(count):
        query = next(trees)
        said = both.fault(query)
        if said:
            faults.append(said)
        found += bool(both.built.searcher.search(query).total)
    assert faults == []
    assert found > count / 3, "hardly any of the queries found anything: the test tries nothing"


@pytest.fixture
def both(built: Built, analyzer: Analyzer) -> Iterator[Both]:
    """The sample reports, merged and in pieces."""
    found = Both(built, analyzer)
    yield found
    found.oracle.close()


def test_the_same_paragraphs_and_scores_as_whoosh(both: Both) -> None:
    check(both, SAMPLE_TREES, 6)


def pasted(collection: Collection, analyzer: Analyzer, chance: random.Random) -> Iterator[str]:
    """Questions and sentences of common words, so that they have matches: three or five of them."""
    said = Counter(
        token.term
        for row in chance.sample(collection.rows, min(400, len(collection.rows)))
        for token in {token.term: token for token in analyzer.query_tokens(row.text)}.values()
        if re.fullmatch(r"[\u4e00-\u9fff]{2,4}", token.term)
    )
    common = [word for word, _ in said.most_common(8)]
    while True:
        is_question = chance.random() < 0.7
        words = chance.sample(common, 3 if is_question else 5)
        yield " ".join(words) + (" 怎么样？" if is_question else "")


def check_pasted(both: Both, count: int, seed: int) -> None:
    texts = pasted(both.built.collection, both.analyzer, random.Random(seed))
    judged = (text for text in texts if is_reordered(text, both.analyzer))
    chosen = [next(judged) for _ in range(count)]
    queries = [Query(text, match="all") for text in chosen]
    assert [fault for query in queries if (fault := both.fault(query))] == []
    totals = [both.built.searcher.search(query).tiers[1].total or 0 for query in queries]
    assert sum(total > 1 for total in totals) > count / 4, "hardly any is matched: the test tries nothing"


def test_sentences_have_the_scores_of_whoosh(both: Both) -> None:
    check_pasted(both, cases(20), 606)


@pytest.fixture(scope="module")
def dozen(shared: Path, tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Iterator[Both]:
    """A dozen real reports in several segments with deletions."""
    files = sorted((shared / "corpus" / "reports").glob("*.txt"))[::9]
    found = Both(build_pieces(files, tmp_path_factory.mktemp("dozen"), analyzer), analyzer)
    yield found
    found.oracle.close()


@pytest.mark.corpus
def test_the_same_paragraphs_and_scores_as_whoosh_on_real_text(dozen: Both) -> None:
    check(dozen, CORPUS_TREES, 66)


@pytest.mark.corpus
def test_sentences_of_real_text_have_the_scores_of_whoosh(dozen: Both) -> None:
    check_pasted(dozen, 40, 6060)
    total = dozen.built.searcher.search(Query("工作 发展 建设 经济 服务")).total
    assert total > RERANKED, "no query has more full matches than are judged"


@pytest.mark.parametrize("limit", [1, 10])
def test_whoosh_skips_blocks_without_losing_the_best(both: Both, limit: int) -> None:
    """Whoosh's own top collector leaves out blocks by what the codec says of their quality."""
    for text in ("委员", "发展", "提案 办理", "经济 OR 产业 OR 生态", "民生 -工业"):
        plan = both.built.searcher.interpret(Query(text)).tiers[0]
        everything = [score for _, score in both.oracle.search(plan)]
        best = [score for _, score in both.oracle.search(plan, limit=limit)]
        assert best == pytest.approx(everything[:limit])


def test_whoosh_gives_back_what_is_stored(both: Both) -> None:
    best = both.oracle.search(both.built.searcher.interpret(Query("委员")).tiers[0])[:20]
    assert len(best) == 20
    for document, _ in best:
        row = both.built.collection.by_id[both.ids[document]]
        stored = both.oracle.stored(document)
        assert stored["text"] == row.text
        assert stored["heading"] == "\n".join(row.heading)
        assert stored["report"] == row.report.id
        assert stored.get("city") == row.report.city
        assert stored.get("year") == (None if row.report.year is None else str(row.report.year))


def iter_nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in getattr(node, "children", ()):
        yield from iter_nodes(child)
    if isinstance(node, (Not, InField)):
        yield from iter_nodes(node.child)


def test_every_kind_of_node_and_plan_is_tried(merged: Built) -> None:
    """Guards the test itself."""
    seen: set[type] = set()
    inside: set[tuple[str, type]] = set()
    fields: set[tuple[str, bool]] = set()
    ends: set[tuple[bool, bool]] = set()

    def note(thing: Any) -> None:
        seen.add(type(thing))
        for name in ("children", "parts", "strings"):
            for child in getattr(thing, name, ()):
                note(child)
        for name in ("child", "wanted", "unwanted", "bonus"):
            if (child := getattr(thing, name, None)) is not None:
                note(child)

    queries = Trees(merged.collection, random.Random(6)).queries()
    for _ in range(_GUARDED_TREES):
        query = next(queries)
        note(parse_query(query.text).tree)
        note(merged.searcher.interpret(query).tiers[0])
        for node in iter_nodes(parse_query(query.text).tree):
            if isinstance(node, InField):
                inside |= {(node.field, type(inner)) for inner in iter_nodes(node.child)}
            if isinstance(node, Values):
                fields.add((node.field, len(node.values) > 1))
            if isinstance(node, YearRange):
                ends.add((node.first is None, node.last is None))
    nodes = {And, Or, Not, Chunk, Exact, Near, Prefix, Values, YearRange, InField}
    plans = {p.Term, p.String, p.Above, p.Within, p.Starting, p.Filter, p.YearFilter}
    assert nodes | plans | {p.Every, p.Either, p.Without, p.Favoured} <= seen
    assert {kind for _, kind in inside} >= {And, Or, Not, Chunk, Exact, Near, Prefix}
    assert {field for field, _ in inside} == {"text", "heading", "title"}
    assert fields >= {(field, several) for field in ("city", "type", "report") for several in (False, True)}
    assert ends == {(False, False), (True, False), (False, True)}


@pytest.mark.parametrize("field", ["city", "type", "year", "report"])
def test_whoosh_lists_every_value_of_every_segment(both: Both, field: str) -> None:
    """Whoosh merges the segments' terms by field and text, so each has to come in that order."""
    name = "id" if field == "report" else field
    known = {getattr(row.report, name) for row in both.built.collection.rows} - {None}
    listed = [text.decode() for text in both.oracle.searcher.lexicon(field)]
    assert listed == sorted(listed)
    assert {str(value) for value in known} <= set(listed)
