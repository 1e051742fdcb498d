"""What pages of a served cluster take: time, processor time of nodes and of the web process, disk.

    .ci/cluster 3 …  python -m benchmarks.cluster.figures INDEX ADDRESS [--questions 200] [--seed 20]

INDEX is the index of the same files in a folder: random queries are drawn from it, and it is served and asked as well,
to set beside the cluster. Each question is asked as a page and of the API, all of them a first time and then again.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from benchmarks.cluster.nodes import Nodes, nodes_of, processor_seconds
from benchmarks.cluster.questions import take_queries
from benchmarks.pages import serving
from benchmarks.timings import spread
from search.addresses import open_collection
from search.answer.searcher import Searcher
from search.errors import QueryError
from search.language.text import load_analyzer
from search.model import Query
from tests.laws.bruteforce import Collection

Json = dict[str, Any]
_PATHS = {"page": "/search", "API": "/api/v1/search"}


def to_target(query: Query) -> str:
    """What follows the path where a query is asked of the web server."""
    values = [("q", query.text), ("sort", query.sort), ("match", query.match)]
    for name in ("city", "province", "year", "type"):
        values += [(name, str(of)) for of in getattr(query, name) if of is not None]
    return urlencode(values)


def ask_all(port: int, targets: Sequence[str], spent: Callable[[], dict[str, float]]) -> Json:
    """Ask all questions on one connection; the spread of times, and the processor time of each question."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    took_ms: list[float] = []
    failed = 0
    before = spent()
    with closing(connection):
        for target in targets:
            begun = time.perf_counter()
            connection.request("GET", target)
            response = connection.getresponse()
            response.read()
            took_ms.append(1_000 * (time.perf_counter() - begun))
            failed += response.status != 200
    after = spent()
    each = {name: round(1_000 * (after[name] - before[name]) / len(targets), 1) for name in before}
    times = spread(took_ms)
    return {
        "median_ms": round(times.median, 1),
        "p95_ms": round(times.p95, 1),
        "worst_ms": round(times.worst, 1),
        "not_answered": failed,
        "processor_ms": each,
        "load": round(os.getloadavg()[0], 1),
    }


def measure(index: str, targets: Sequence[str], nodes: Nodes | None) -> Json:
    """Serve a collection and ask it everything twice, as pages and of the API."""
    with serving(index) as (port, process):

        def spent() -> dict[str, float]:
            of_nodes = {} if nodes is None else {"nodes": nodes.processor_seconds()}
            return {"web": processor_seconds(process.pid), **of_nodes}

        ask_all(port, [f"/search?{urlencode({'q': '发展'})}"], spent)
        found: Json = {}
        for time_name in ("first", "again"):
            for name, path in _PATHS.items():
                found[f"{name}, {time_name}"] = ask_all(port, [f"{path}?{of}" for of in targets], spent)
        return found


def sizes(nodes: Nodes, address: str, paragraphs: int) -> Json:
    """Bytes of one copy of the collection on the cluster."""
    said = nodes.say(f"/{address.rpartition('/')[2]}/_stats/store,segments")
    store = said["_all"]["primaries"]["store"]["size_in_bytes"]
    return {
        "mb_a_copy": round(store / 1e6, 1),
        "bytes_a_paragraph": round(store / paragraphs),
        "segments": said["_all"]["primaries"]["segments"]["count"],
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", help="the index in a folder")
    parser.add_argument("address", help="the collection on a cluster")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20)
    options = parser.parse_args()
    nodes, analyzer = nodes_of(), load_analyzer()
    with closing(Searcher(open_collection(options.index, analyzer=analyzer), analyzer)) as folder:
        held = Collection(folder)
        queries = [
            of for of in take_queries(held, options.seed, 2 * options.questions) if _is_read(folder, of)
        ]
        paragraphs = len(held.rows)
    targets = [to_target(query) for query in queries[: options.questions]]
    found = {
        "nodes": len(nodes.every),
        "paragraphs": paragraphs,
        "questions": len(targets),
        "disk": sizes(nodes, options.address, paragraphs),
        "cluster": measure(options.address, targets, nodes),
        "folder": measure(options.index, targets, None),
    }
    print(json.dumps(found, indent=1, ensure_ascii=False))
    return 0


def _is_read(searcher: Searcher, query: Query) -> bool:
    """Whether a query can be asked at all."""
    try:
        searcher.interpret(query)
    except QueryError:
        return False
    return all(char.isprintable() for char in query.text) and bool(query.text.strip())


if __name__ == "__main__":
    raise SystemExit(main())
