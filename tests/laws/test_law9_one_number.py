"""Law 9, one number: for any query of tier 1 every path gives the same paragraphs and occurrences, equal to a scan.

XIESOU_LAW_CASES sets how many strings of real text are tried (3,000 where it is not set).
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from itertools import islice

import pytest

from search.language.query import Chunk, Near, to_text
from search.language.query.tree import Node
from search.language.text import normalize, normalize_text
from search.model import Query
from tests.cases import cases
from tests.laws.bruteforce import Collection
from tests.laws.conftest import Built
from tests.laws.phrase_scan import PhraseScan

SAMPLE_CASES = cases(400)
CORPUS_CASES = int(os.environ.get("XIESOU_LAW_CASES", cases(3000)))
_TYPED = re.compile(r"\S{2,12}")


def random_chunks(collection: Collection, chance: random.Random) -> Iterator[str]:
    """Strings of 2 to 12 characters out of the texts, words or not, many with marks; each a chunk."""
    marked = [text for text in collection.texts if re.search("[“”‘’《》「」、，：·（）-]", text)]
    while True:
        text = chance.choice(marked if marked and chance.random() < 0.4 else collection.texts)
        if len(text) < 2:
            continue
        size = chance.randint(2, 12)
        if chance.random() < 0.3 and (marks := list(re.finditer("[“”《》、（）]", text))):
            begin = max(0, chance.choice(marks).start() - chance.randint(0, size))
        else:
            begin = chance.randrange(len(text))
        string = text[begin : begin + size]
        if chance.random() < 0.3:
            string = re.sub("[“”‘’《》]", "", string)
        if _TYPED.fullmatch(string) and normalize_text(string) and re.search(r"\w", string):
            yield string


def is_as_typed(built: Built, query: Query) -> bool:
    """Whether a query is looked for as it was typed: its chunk is not read in pieces."""
    interpretation = built.searcher.interpret(query)
    return interpretation.tree == interpretation.parsed.tree


def fault(built: Built, scan: PhraseScan, string: str, *, paths: bool) -> str | None:
    """What differs from the scan, or None."""
    query = Query(to_text(Chunk(string)), per_page=100)
    found = scan.find(string)
    if not found and not is_as_typed(built, query):
        return None
    wanted = (len(found), sum(map(len, found.values())))
    result = built.searcher.search(query)
    first = result.tiers[0]
    if (first.total, first.occurrences) != wanted or result.total != wanted[0]:
        return f"{string!r}: {first.total} and {first.occurrences}, {wanted} by a scan"
    for hit in result.hits:
        if hit.tier == 1 and hit.occurrences != len(found[hit.id]):
            return f"{string!r}: {hit.occurrences} occurrences in {hit.id}, {len(found[hit.id])} by a scan"
    return path_fault(built, query, wanted) if paths else None


def path_fault(built: Built, query: Query, wanted: tuple[int, int]) -> str | None:
    """Which path gives another number, or None."""
    searcher = built.searcher
    counts = searcher.count(query)
    cells = searcher.distribution(query).total
    lines = list(searcher.iter_lines(query, sort="order"))
    hits = list(searcher.iter_hits(query))
    given = {
        "count": (counts.paragraphs, counts.occurrences),
        "distribution": (cells.paragraphs, cells.occurrences),
        "concordance": (
            len({line.id for line in lines}),
            searcher.concordance(query, sort="order").total,
        ),
        "lines": (len({line.id for line in lines}), len(lines)),
        "export": (len(hits), sum(hit.occurrences for hit in hits)),
    }
    wrong = {name: numbers for name, numbers in given.items() if numbers != wanted}
    return f"{query.text!r}: {wrong} instead of {wanted}" if wrong else None


def check(built: Built, seed: int, count: int, *, every: int) -> None:
    """Try so many strings, all paths on one in `every`."""
    scan = PhraseScan(built.collection)
    chunks = random_chunks(built.collection, random.Random(seed))
    faults, found = [], 0
    for number, string in enumerate(islice(chunks, count)):
        said = fault(built, scan, string, paths=number % every == 0)
        if said is not None:
            faults.append(said)
        found += bool(scan.find(string))
    assert faults[:20] == []
    assert found > count / 2, "hardly any of the strings is found: the test tries nothing"


def test_one_number_on_the_samples(built: Built) -> None:
    check(built, 9, SAMPLE_CASES, every=4)


@pytest.mark.corpus
def test_one_number_on_real_text(corpus_built: Built) -> None:
    check(corpus_built, 9, CORPUS_CASES, every=20)


def near_strings(collection: Collection, chance: random.Random) -> Iterator[tuple[Node, str, str, int]]:
    """Two strings that stand near each other in a text, and how far apart they may be."""
    while True:
        form = normalize(chance.choice(collection.texts)).text
        if len(form) < 12:
            continue
        at = chance.randrange(len(form) - 10)
        size = chance.randint(1, 4)
        first = form[at : at + size]
        begin = at + size + chance.randint(0, 6)
        second = form[begin : begin + chance.randint(1, 4)]
        if all(re.fullmatch("[一-鿿]+", part) for part in (first, second)) and first != second:
            distance = chance.randint(0, 12)
            yield Near(f"{first} {second}", distance), first, second, distance


def near_occurrences(form: str, first: str, second: str, distance: int) -> int:
    """The smallest windows that hold both strings, from left to right, none overlapping another."""
    room = distance + len(first) + len(second)
    places = [
        [(match.start(), match.start() + len(part)) for match in re.finditer(f"(?={part})", form)]
        for part in (first, second)
    ]
    holding = {
        (min(a[0], b[0]), max(a[1], b[1]))
        for a in places[0]
        for b in places[1]
        if max(a[1], b[1]) - min(a[0], b[0]) <= room
    }
    smallest = [
        window
        for window in holding
        if not any(other != window and window[0] <= other[0] and other[1] <= window[1] for other in holding)
    ]
    count, upto = 0, 0
    for start, end in sorted(smallest):
        if start >= upto:
            count, upto = count + 1, end
    return count


def test_windows_are_counted_once_on_every_path(built: Built) -> None:
    forms = {row.id: normalize(row.text).text for row in built.collection.rows}
    for node, first, second, distance in islice(near_strings(built.collection, random.Random(4)), 60):
        found = [near_occurrences(form, first, second, distance) for form in forms.values()]
        wanted = (sum(map(bool, found)), sum(found))
        query = Query(to_text(node), per_page=100)
        tier = built.searcher.search(query).tiers[0]
        assert (tier.total, tier.occurrences) == wanted, to_text(node)
        assert path_fault(built, query, wanted) is None
