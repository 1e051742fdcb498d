"""Random queries of the whole grammar about a collection, with filters, orders and pages; and nasty texts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from search.model import Query
from tests.laws.bruteforce import Collection
from tests.laws.grammar import Trees
from tests.laws.typed import typed_strings

NASTY = (
    "",
    " ",
    "\0",
    "营商\0环境",
    "\ud800",
    "半\ud800个",
    "\U0010fffd0",
    "~_",
    "~all",
    "发展|5",
    "~u20",
    "“”",
    "《》",
    '"',
    "“发展",
    "()",
    "(发展",
    "发展)",
    "-",
    "-发展",
    "- -",
    "OR",
    "发展 OR",
    "OR 发展",
    "NOT",
    "*",
    "?",
    "a*",
    "5*",
    "*:*",
    "_id:1",
    "text:",
    "title:()",
    "city:未知",
    "year:9999..",
    "year:2020..2010",
    "发展~5",
    '"发展 经济"~0',
    '"发展 经济"~99999',
    '{"match_all":{}}',
    "</em><script>alert(1)</script>",
    "%00%ff",
    "🌾🌾",
    "👨‍👩‍👧",
    "𠮷",
    "龘靐齉爩",
    "ﷺ",
    "\u202e发展\u202c",
    "发\u200b展",
    "１２３％",
    "a" * 300,
    "发" * 200,
    "发展 " * 60,
    "，。、；：",
    "1 2 3 4 5 6 7 8 9",
    "0.1.2.3",
    "PM2.5 5G 4K",
    "ⅣⅤ①②㈠",
    "⼈⼝",
    "発展 發展",
    "的",
    "人人",
    "年年有余年年",
)
"""What has a meaning to some layer between a query and a posting, or none to any."""
_SORTS = ("relevance", "relevance", "relevance", "-year", "year")
_PARTS = ("正文", "标题", "名词解释")


def iter_queries(collection: Collection, seed: int) -> Iterator[Query]:
    """Queries without end, the same ones for the same collection and seed."""
    chance = random.Random(seed)
    trees = Trees(collection, random.Random(seed)).queries()
    typed = typed_strings(collection, random.Random(seed))
    nasty = iter(NASTY)
    while True:
        kind = chance.random()
        if kind < 0.45:
            query = next(trees)
        elif kind < 0.6:
            _, _, string = next(typed)
            query = Query(f'"{string}"' if chance.random() < 0.4 else string)
        elif kind < 0.75:
            words = [_piece(collection, chance, 2, 5) for _ in range(chance.choice([2, 2, 3, 4]))]
            query = Query(" ".join(words))
        elif kind < 0.9:
            query = Query(_piece(collection, chance, 2, 28))
        else:
            text = next(nasty, None)
            query = Query(_spoiled(collection, chance) if text is None else text)
        yield replace(query, **_options(collection, chance))


def take_queries(collection: Collection, seed: int, count: int) -> list[Query]:
    """The first queries of `iter_queries`."""
    return list(islice(iter_queries(collection, seed), count))


def _piece(collection: Collection, chance: random.Random, shortest: int, longest: int) -> str:
    """What stands somewhere in a text."""
    text = chance.choice(collection.texts) or "发展"
    at = chance.randrange(len(text))
    return text[at : at + chance.randint(shortest, longest)].replace('"', "") or "发展"


def _spoiled(collection: Collection, chance: random.Random) -> str:
    """A piece of a text with a piece of something nasty put into it."""
    piece, other = _piece(collection, chance, 2, 12), chance.choice(NASTY)
    at, begin = chance.randrange(len(piece) + 1), chance.randrange(len(other) + 1)
    return piece[:at] + other[begin : begin + 3] + piece[at:]


def _options(collection: Collection, chance: random.Random) -> dict[str, Any]:
    """What a query has beside its text; mostly nothing."""
    options: dict[str, Any] = {"sort": chance.choice(_SORTS)}
    for name, share, value in (
        ("match", 0.2, "all"),
        ("group", 0.12, "report"),
        ("fold", 0.15, True),
        ("synonyms", 0.15, False),
        ("axis", 0.15, "delivered"),
        ("ocr", 0.05, False),
        ("page", 0.2, chance.choice([2, 3, 30])),
        ("per_page", 0.2, chance.choice([1, 25, 100])),
        ("part", 0.08, (chance.choice(_PARTS),)),
        ("level", 0.05, (chance.choice(collection.rows).report.level,)),
        ("plan_year", 0.06, (chance.choice(collection.rows).report.plan_year,)),
    ):
        if chance.random() < share:
            options[name] = value
    return options
