"""Sets of judged queries: any folder with passages.jsonl.xz, queries.jsonl and qrels.tsv (TREC).

passages  {"id", "text"} a line, compressed or not
queries   {"id", "text"} a line
qrels     query, 0, passage, grade: by tabs
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Judgements = dict[str, dict[str, int]]
"""query -> passage -> grade."""


class SetMissing(Exception):
    """The folder has no set of queries."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What a query looks for."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class RelevanceSet:
    """One set, read whole."""

    name: str
    passages: list[Passage]
    queries: dict[str, str]
    judgements: Judgements


def find_sets(folder: Path) -> list[Path]:
    """The sets in a folder, or the folder itself where it is one.

    Raises:
        SetMissing: there is none.
    """
    found = sorted(path.parent for path in folder.glob("*/queries.jsonl"))
    if (folder / "queries.jsonl").is_file():
        found.insert(0, folder)
    if not found:
        raise SetMissing(f"{folder} has no set: a folder with queries.jsonl, qrels.tsv and passages.jsonl.xz")
    return found


def read_set(folder: Path) -> RelevanceSet:
    """The set in a folder; queries that no passage is judged for are left out.

    Raises:
        SetMissing: a file of it is missing.
    """
    judgements: Judgements = {}
    try:
        for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
            if line.strip():
                query, _, passage, grade = line.split()
                judgements.setdefault(query, {})[passage] = int(grade)
        with (folder / "queries.jsonl").open(encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        passages = [Passage(row["id"], row["text"]) for row in _iter_passages(folder)]
    except FileNotFoundError as error:
        raise SetMissing(f"{error.filename} is missing") from error
    queries = {row["id"]: row["text"] for row in rows if row["id"] in judgements}
    return RelevanceSet(folder.name, passages, queries, judgements)


def _iter_passages(folder: Path) -> Iterator[dict[str, str]]:
    plain = folder / "passages.jsonl"
    if plain.is_file():
        with plain.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)
    else:
        with lzma.open(folder / "passages.jsonl.xz", "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)
