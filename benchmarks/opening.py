"""Opening an index in a fresh process: until the first answer, and what it holds after many.

python -m benchmarks.opening INDEX < questions    (a JSON list of [text, city, year] a line; prints JSON)
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import ROOT, tree_bytes
from search.model import Query


@dataclass(frozen=True, slots=True)
class Opening:
    """From the first import of the engine to the first answer; memory of the process, None where it can't be told."""

    first_answer_ms: float
    questions: int
    memory_bytes: int | None


def open_alone(index: Path, queries: Iterable[Query]) -> Opening:
    """Open the index in a process of its own and put the queries to it, one after another."""
    lines = "\n".join(json.dumps([query.text, query.city, query.year]) for query in queries)
    command = [sys.executable, "-m", "benchmarks.opening", str(index)]
    done = subprocess.run(command, cwd=ROOT, input=lines, stdout=subprocess.PIPE, text=True, check=True)
    return Opening(**json.loads(done.stdout))


def main(index: str) -> None:
    queries = [
        Query(text, city=tuple(city), year=tuple(year)) for text, city, year in map(json.loads, sys.stdin)
    ]
    begun = time.perf_counter()
    from search import open_searcher

    engine = open_searcher(Path(index))
    engine.search(queries[0])
    first_answer_ms = (time.perf_counter() - begun) * 1000
    for query in queries[1:]:
        engine.search(query)
    memory_bytes = tree_bytes(os.getpid())
    engine.close()
    print(
        json.dumps(
            {"first_answer_ms": first_answer_ms, "questions": len(queries), "memory_bytes": memory_bytes}
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
