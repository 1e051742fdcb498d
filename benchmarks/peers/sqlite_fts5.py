"""SQLite FTS5: a contentless index beside a table of places and a table of texts; counts by GROUP BY."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from benchmarks.corpus import Paragraph
from benchmarks.peers.protocol import NO_YEAR, PAGE_HITS, Answer, Question, known_year
from benchmarks.peers.words import to_words

_TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE place (number INTEGER PRIMARY KEY, city TEXT NOT NULL, year INTEGER NOT NULL);
    CREATE TABLE paragraph (number INTEGER PRIMARY KEY, id TEXT NOT NULL, text TEXT NOT NULL);
    CREATE VIRTUAL TABLE words USING fts5(body, content='', tokenize='unicode61 remove_diacritics 0');
"""
_COUNT = """
    SELECT place.city, place.year, count(*) FROM words JOIN place ON place.number = words.rowid
    WHERE words MATCH ? GROUP BY place.city, place.year
"""
_BEST = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?"
_BEST_IN_PLACE = """
    SELECT words.rowid FROM words JOIN place ON place.number = words.rowid
    WHERE words MATCH ? AND place.city = coalesce(?, place.city) AND place.year = coalesce(?, place.year)
    ORDER BY words.rank LIMIT ?
"""
_ALL = """
    SELECT id FROM words JOIN place ON place.number = words.rowid JOIN paragraph ON paragraph.number = words.rowid
    WHERE words MATCH ? AND place.city = coalesce(?, place.city) AND place.year = coalesce(?, place.year)
"""


class SqliteFts5:
    def __init__(self, folder: Path) -> None:
        self._file = folder / "fts5.sqlite"

    def build(self, paragraphs: Sequence[Paragraph]) -> None:
        database = sqlite3.connect(self._file)
        database.executescript(_TABLES)
        numbered = list(enumerate(paragraphs, 1))
        database.executemany(
            "INSERT INTO place VALUES (?, ?, ?)", ((n, p.city, p.year or NO_YEAR) for n, p in numbered)
        )
        database.executemany(
            "INSERT INTO paragraph VALUES (?, ?, ?)", ((n, p.id, p.text) for n, p in numbered)
        )
        rows = ((n, to_words(p.text)) for n, p in numbered)
        database.executemany("INSERT INTO words (rowid, body) VALUES (?, ?)", rows)
        database.commit()
        database.close()

    def open(self) -> None:
        self._database = sqlite3.connect(f"{self._file.as_uri()}?mode=ro", uri=True)
        self._database.executescript("PRAGMA cache_size = -262144; PRAGMA mmap_size = 4294967296;")

    def search(self, question: Question) -> Answer:
        run = self._database.execute
        match = _match(question)
        cities: dict[str, int] = {}
        years: dict[int | None, int] = {}
        total = 0
        for city, number, count in run(_COUNT, (match,)).fetchall():
            year = known_year(number)
            in_city, in_year = question.city in (None, city), question.year in (None, year)
            if in_year:
                cities[city] = cities.get(city, 0) + count
            if in_city:
                years[year] = years.get(year, 0) + count
            if in_city and in_year:
                total += count
        if question.city is None and question.year is None:
            best = run(_BEST, (match, PAGE_HITS)).fetchall()
        else:
            best = run(_BEST_IN_PLACE, (match, question.city, question.year, PAGE_HITS)).fetchall()
        rows = [run("SELECT id, text FROM paragraph WHERE number = ?", number).fetchone() for number in best]
        return Answer(total, tuple(row[0] for row in rows), tuple(row[1] for row in rows), cities, years)

    def all_ids(self, question: Question) -> frozenset[str]:
        rows = self._database.execute(_ALL, (_match(question), question.city, question.year))
        return frozenset(row[0] for row in rows)

    def close(self) -> None:
        self._database.close()


def _match(question: Question) -> str:
    if question.exact:
        return f'"{to_words(question.words[0])}"'
    return " AND ".join(f'"{word}"' for word in question.words)
