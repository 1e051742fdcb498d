"""People paste passages of reports into the search box: their punctuation is hardly ever taken for syntax."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from search.language.query import Exact, InField, Node, Not, Values, YearRange, iter_leaves, parse_query
from search.language.query.tree import And, Or

PASSAGES = 4000


@pytest.fixture(scope="module")
def passages(shared: Path) -> list[str]:
    """Stretches of real reports of 2 to 60 characters, from anywhere in a line."""
    chance = random.Random(20)
    files = sorted(file for file in (shared / "corpus").rglob("*") if file.suffix in (".txt", ".csv"))
    lines = [
        line
        for file in chance.sample(files, min(40, len(files)))
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines()
        if len(line.strip()) > 1
    ]
    found: list[str] = []
    while len(found) < PASSAGES:
        line = chance.choice(lines)
        start = chance.randrange(len(line))
        passage = line[start : start + chance.randint(2, 60)]
        if passage.strip():
            found.append(passage)
    return found


def reaches_beyond_words(tree: Node) -> bool:
    """Whether the tree denies, offers alternatives or filters."""
    if isinstance(tree, And):
        return any(map(reaches_beyond_words, tree.children))
    return isinstance(tree, (Not, Or, Values, YearRange, InField))


@pytest.mark.corpus
def test_pasted_passage_is_read_as_words(passages: list[str]) -> None:
    misread = [passage for passage in passages if reaches_beyond_words(parse_query(passage).tree)]
    assert len(misread) < PASSAGES / 500, misread


@pytest.mark.corpus
def test_pasted_passage_keeps_its_strings(passages: list[str]) -> None:
    for passage in passages:
        tree = parse_query(passage).tree
        if reaches_beyond_words(tree):
            continue
        for leaf in iter_leaves(tree):
            assert not isinstance(leaf, (Values, YearRange))
            assert leaf.text in passage


@pytest.mark.corpus
def test_quoted_passage_is_one_exact_string(passages: list[str]) -> None:
    for passage in passages:
        if not set(passage) & set('"＂\\'):
            assert parse_query(f'"{passage}"').tree == Exact(passage)
