"""Whether a cluster answers random queries as an index in a folder does: pages, distributions, occurrences, exports.

    python -m benchmarks.cluster.equality INDEX ADDRESS LOG [--queries 2000] [--threads 2] [--seed 18]
                                         [--views-every 1]

Of every query the page is compared; the distribution, occurrences and the export of every `--views-every`th.
Both hold the same files, each indexed by `xiesou index`. Every query is written to LOG with what differs, as a line of
JSON, once all of it is compared; run again with the same LOG it goes on after those. A query that the cluster can't
answer now is left for the next run, and counted. Ends with 1 if anything differs or is left.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from benchmarks.cluster.answers import are_tied, cells_of, difference, export_of, lines_of, page_of
from benchmarks.cluster.questions import take_queries
from search.addresses import open_collection
from search.answer.searcher import Searcher
from search.errors import CollectionUnavailable
from search.language.text import load_analyzer
from search.model import Query
from tests.laws.bruteforce import Collection

Json = dict[str, Any]
ROWS = 1_000
"""Of an export, at most; but for every query whose number `WHOLE` divides, of which all are compared."""
WHOLE = 20
_TOLD_SECONDS = 60.0


class Comparison:
    """Puts queries to both and keeps what differs.

    Args:
        log: a line for each query that was compared.
        views_every: more than the page is compared of queries whose number this divides.
    """

    def __init__(self, folder: Searcher, cluster: Searcher, log: Path, *, views_every: int = 1) -> None:
        self._folder, self._cluster, self._log = folder, cluster, log
        self._views_every = views_every
        self._lock = Lock()
        self._told = time.monotonic()
        lines = log.read_text("utf-8").splitlines() if log.exists() else []
        self.done: dict[int, Json] = {of["number"]: of for of in map(json.loads, lines)}
        self.unanswered = 0

    def compare(self, number: int, query: Query) -> None:
        """Compare all that is asked about a query."""
        begun = time.perf_counter()
        try:
            page = page_of(self._cluster, query)
            took_ms = 1_000 * (time.perf_counter() - begun)
            self._keep(number, query, page, took_ms)
        except CollectionUnavailable as error:
            with self._lock:
                self.unanswered += 1
                print(f"{number} {query.text!r}: {error}", file=sys.stderr, flush=True)

    def _keep(self, number: int, query: Query, page: Any, took_ms: float) -> None:
        rows = None if number % WHOLE == 0 else ROWS
        begun = time.perf_counter()
        expected = page_of(self._folder, query)
        folder_ms = 1_000 * (time.perf_counter() - begun)
        pairs = {"page": (expected, page)}
        if number % self._views_every == 0:
            pairs["cells"] = (cells_of(self._folder, query), cells_of(self._cluster, query))
            pairs["lines"] = (lines_of(self._folder, query), lines_of(self._cluster, query))
            pairs["export"] = (export_of(self._folder, query, rows), export_of(self._cluster, query, rows))
        differs = {name: found for name, of in pairs.items() if (found := difference(*of)) is not None}
        ties = [name for name in differs if are_tied(*pairs[name])]
        differs = {name: found for name, found in differs.items() if name not in ties}
        sizes = {name: len(ours) for name, (ours, _) in pairs.items() if isinstance(ours, list)}
        entry = {
            "number": number,
            "query": repr(query).encode("ascii", "backslashreplace").decode(),
            "differs": differs,
            "ties": ties,
            "refused": page.get("refused"),
            "total": page.get("total", 0),
            "hits": len(page.get("hits", ())),
            "whole": "export" in sizes and (rows is None or sizes["export"] < rows),
            **sizes,
            "cluster_ms": round(took_ms, 1),
            "folder_ms": round(folder_ms, 1),
        }
        with self._lock:
            self.done[number] = entry
            with self._log.open("a", encoding="utf-8") as log:
                log.write(json.dumps(entry, ensure_ascii=False) + "\n")
            if time.monotonic() - self._told > _TOLD_SECONDS:
                self._told = time.monotonic()
                print(json.dumps(self.totals()), flush=True)

    def totals(self) -> Json:
        """What was compared, and how much of it differs."""
        every = list(self.done.values())
        answered = [of for of in every if not of["refused"]]
        parts = Counter(part for of in every for part in of["differs"])
        return {
            "queries": len(every),
            "differing": sum(bool(of["differs"]) for of in every),
            "differing_parts": dict(parts),
            "ties_in_another_order": sum(bool(of.get("ties")) for of in every),
            "refused_by_both": sum(bool(of["refused"]) and not of["differs"] for of in every),
            "with_hits": sum(bool(of["hits"]) for of in answered),
            "hits": sum(of["hits"] for of in answered),
            "cells": sum(of.get("cells", 0) for of in answered),
            "occurrence_places": sum(max(of.get("lines", 0) - 1, 0) for of in answered),
            "distributions": sum("cells" in of for of in answered),
            "exports": sum("export" in of for of in answered),
            "whole_exports": sum(of["whole"] for of in answered),
            "exported_rows": sum(of.get("export", 0) for of in answered),
            "unanswered": self.unanswered,
            "cluster_page_median_ms": _median([of["cluster_ms"] for of in answered]),
            "folder_page_median_ms": _median([of["folder_ms"] for of in answered]),
        }


def _median(times: list[float]) -> float | None:
    return round(statistics.median(times), 1) if times else None


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", help="the index in a folder")
    parser.add_argument("address", help="the collection on a cluster")
    parser.add_argument("log", type=Path, help="where to keep what was compared, to go on after it")
    parser.add_argument("--queries", type=int, default=2_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=18)
    parser.add_argument("--views-every", type=int, default=1)
    options = parser.parse_args()
    analyzer = load_analyzer()
    with (
        closing(Searcher(open_collection(options.index, analyzer=analyzer), analyzer)) as folder,
        closing(Searcher(open_collection(options.address, analyzer=analyzer), analyzer)) as cluster,
    ):
        held = Collection(folder)
        print(json.dumps({"paragraphs": len(held.rows), "reports": len(held.report_ids)}), flush=True)
        queries = take_queries(held, options.seed, options.queries)
        del held
        comparison = Comparison(folder, cluster, options.log, views_every=options.views_every)
        left = [of for of in enumerate(queries) if of[0] not in comparison.done]
        with ThreadPoolExecutor(options.threads) as pool:
            for future in [pool.submit(comparison.compare, *of) for of in left]:
                future.result()
        totals = comparison.totals()
    print(json.dumps(totals, indent=1))
    return int(totals["differing"] > 0 or totals["queries"] < options.queries)


if __name__ == "__main__":
    raise SystemExit(main())
