"""Whether every answer is right while nodes fail: the managing node killed, all restarted in turn, slow, refusing.

    .ci/cluster 3 …  python -m benchmarks.cluster.failures INDEX ADDRESS LOG [--answers 5000] [--threads 3]
                     [--ways manager,rolling,slow,busy] [--least 6] [--quiet 30] [--questions 500] [--most-ms 60]

Threads ask for pages of random queries; every one is compared with the page of the index in a folder that holds the
same files. What can't be answered within the thirty seconds that a request is tried again is asked again after the
time that the error names, as a client of the web server is told to by 503 and Retry-After. Questions that take longer
than `--most-ms` while nothing fails are left out: they would fill the time with few answers. Every answer is asked of
the nodes, which the nodes' own count of searches shows. LOG has a line for each way to fail; run again with the same
LOG it goes on until each way has its share of the answers. Ends with 1 if an answer is wrong or was never given.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from benchmarks.cluster.answers import are_tied, difference, page_of
from benchmarks.cluster.nodes import Nodes, NotThere, nodes_of
from benchmarks.cluster.questions import take_queries
from search.addresses import open_collection
from search.answer.searcher import Searcher
from search.errors import CollectionUnavailable
from search.language.text import Analyzer, load_analyzer
from search.model import Query
from tests.laws.bruteforce import Collection

_ASKED_AGAIN_SECONDS = 300.0
"""How long a question is asked again before it counts as failed in the end."""
_BUSY_OPTIONS = ("-Ethread_pool.search.size=1", "-Ethread_pool.search.queue_size=1")
Expected = list[tuple[Query, Any]]


@dataclass(slots=True)
class Tally:
    """What became of the questions of one way to fail.

    Args:
        tied: right, but for the order of equal scores.
        late: not answered in time, and asked again.
        failed: not answered in the end.
        done: how often each thing was done to a node.
    """

    way: str
    answers: int = 0
    wrong: int = 0
    tied: int = 0
    late: int = 0
    failed: int = 0
    slowest_s: float = 0.0
    done: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    refused: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, action: str) -> None:
        """Note what was done."""
        self.done[action] = self.done.get(action, 0) + 1
        print(
            f"{time.strftime('%H:%M:%S')} {self.way}: {action}; {self.answers} answers",
            file=sys.stderr,
            flush=True,
        )

    def to_line(self) -> str:
        """The tally as a line of JSON."""
        return json.dumps({name: getattr(self, name) for name in self.__slots__ if name != "lock"})


class Asking:
    """Threads that ask while `way` goes on.

    Args:
        wanted: so many answers.
        least: so many failures, however many answers came.
        quiet_s: between one failure, once all copies are there again, and the next.
        prefix: of the collection.
    """

    def __init__(
        self,
        searcher: Searcher,
        expected: Expected,
        tally: Tally,
        *,
        wanted: int,
        least: int,
        quiet_s: float,
        prefix: str,
    ) -> None:
        self._searcher, self._expected, self.tally = searcher, expected, tally
        self.wanted, self._least = wanted, least
        self.quiet_s, self.prefix = quiet_s, prefix
        self._stopped = threading.Event()

    @property
    def is_enough(self) -> bool:
        """Whether as many answers came as are wanted, and as many failures."""
        return self.tally.answers >= self.wanted and sum(self.tally.done.values()) >= self._least

    def run(self, threads: int, way: Callable[[Asking], None]) -> None:
        """Ask from so many threads until `way` returns."""
        started = [threading.Thread(target=self._work, args=(number,)) for number in range(threads)]
        for thread in started:
            thread.start()
        try:
            way(self)
        finally:
            self._stopped.set()
            for thread in started:
                thread.join()

    def wait(self, seconds: float) -> None:
        """Let questions be asked for a while."""
        self._stopped.wait(seconds)

    def _work(self, number: int) -> None:
        chance = random.Random(number)
        while not self._stopped.is_set():
            query, expected = chance.choice(self._expected)
            self._ask(query, expected)

    def _ask(self, query: Query, expected: Any) -> None:
        begun, tally = time.monotonic(), self.tally
        found: Any = None
        while found is None:
            try:
                found = page_of(self._searcher, query)
            except CollectionUnavailable as error:
                with tally.lock:
                    tally.late += 1
                    print(f"late by {time.monotonic() - begun:.0f} s: {error}", file=sys.stderr, flush=True)
                if time.monotonic() - begun > _ASKED_AGAIN_SECONDS:
                    with tally.lock:
                        tally.failed += 1
                    return
                time.sleep(error.retry_after_s)
        wrong = difference(expected, found)
        is_tied = wrong is not None and are_tied(expected, found)
        with tally.lock:
            tally.answers += 1
            tally.tied += is_tied
            tally.slowest_s = round(max(tally.slowest_s, time.monotonic() - begun), 1)
            if wrong is not None and not is_tied:
                tally.wrong += 1
                tally.differences.append(f"{query.text!a}: {wrong}"[:300])


# Ways to fail


def kill_managers(nodes: Nodes, asking: Asking) -> None:
    """The node that manages is killed, and started again twelve seconds later."""
    while not asking.is_enough:
        node = nodes.manager()
        node.end(signal.SIGKILL)
        asking.tally.note("manager killed")
        asking.wait(12)
        node.start()
        nodes.wait_until_whole(asking.prefix)
        asking.wait(asking.quiet_s)


def restart_in_turn(nodes: Nodes, asking: Asking) -> None:
    """Each node is ended in order and started again, the next one once all copies are there."""
    while not asking.is_enough:
        for node in nodes.every:
            node.end(signal.SIGTERM)
            asking.tally.note("ended in order")
            node.start()
            nodes.wait_until_whole(asking.prefix)
            asking.wait(asking.quiet_s / 2)


def slow_down(nodes: Nodes, asking: Asking) -> None:
    """A node stands still for most of each second for a while, and then for six seconds; then the next one does."""
    while not asking.is_enough:
        for node in nodes.every:
            for _ in range(15):
                node.send(signal.SIGSTOP)
                asking.wait(0.8)
                node.send(signal.SIGCONT)
                asking.wait(0.2)
            asking.tally.note("slow for 15 s")
            node.send(signal.SIGSTOP)
            asking.wait(6)
            node.send(signal.SIGCONT)
            asking.tally.note("stopped for 6 s")
            nodes.wait_until_whole(asking.prefix)


def refuse(nodes: Nodes, asking: Asking) -> None:
    """Nodes that search with one thread and let one search wait refuse the others with 429."""
    for node in nodes.every:
        node.end(signal.SIGTERM)
        node.start(*_BUSY_OPTIONS)
        nodes.wait_until_whole(asking.prefix)
    for node in nodes.every:
        asking.tally.note(f"small queue of {node.name}")
    while asking.tally.answers < asking.wanted:
        asking.wait(2)
    pools = nodes.say("/_cat/thread_pool/search?format=json&h=rejected") or []
    asking.tally.refused = sum(int(of["rejected"]) for of in pools)
    for node in nodes.every:
        node.end(signal.SIGTERM)
        node.start()
        nodes.wait_until_whole(asking.prefix)


WAYS: dict[str, Callable[[Nodes, Asking], None]] = {
    "manager": kill_managers,
    "rolling": restart_in_turn,
    "slow": slow_down,
    "busy": refuse,
}


def expect(index: str, analyzer: Analyzer, count: int, seed: int) -> Expected:
    """Queries with the pages that the index in a folder gives."""
    with closing(Searcher(open_collection(index, analyzer=analyzer), analyzer)) as folder:
        queries = take_queries(Collection(folder), seed, count)
        return [(query, page_of(folder, query)) for query in queries]


def choose(searcher: Searcher, expected: Expected, most_ms: float, searches: Callable[[], int]) -> Expected:
    """Those that the cluster answers in time once it was asked for them, nothing failing meanwhile.

    Args:
        searches: how many the nodes have done.

    Raises:
        NotThere: answers came that no node was asked for.
    """
    chosen: Expected = []
    for query, page in expected:
        page_of(searcher, query)
        begun = time.perf_counter()
        page_of(searcher, query)
        if 1_000 * (time.perf_counter() - begun) <= most_ms:
            chosen.append((query, page))
    refused = sum("refused" in page for _, page in chosen)
    before = searches()
    for query, _ in chosen:
        page_of(searcher, query)
    done = searches() - before
    print(
        f"{len(chosen)} of {len(expected)} questions, {refused} of them refused; {done} searches for asking each once",
        file=sys.stderr,
        flush=True,
    )
    if done < len(chosen) - refused:
        raise NotThere("answers that no node was asked for")
    return chosen


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", help="the index in a folder")
    parser.add_argument("address", help="the collection on a cluster")
    parser.add_argument("log", type=Path)
    parser.add_argument("--answers", type=int, default=5_000, help="in all ways together")
    parser.add_argument("--threads", type=int, default=3)
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--least", type=int, default=6, help="failures in each way")
    parser.add_argument("--quiet", type=float, default=30.0, help="seconds after each failure")
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--most-ms", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=19)
    options = parser.parse_args()
    analyzer, nodes, ways = load_analyzer(), nodes_of(), options.ways.split(",")
    every = expect(options.index, analyzer, options.questions, options.seed)
    before = (
        [json.loads(line) for line in options.log.read_text("utf-8").splitlines()]
        if options.log.exists()
        else []
    )
    prefix = options.address.rpartition("/")[2]
    nodes.wait_until_whole(prefix)
    with closing(Searcher(open_collection(options.address, analyzer=analyzer), analyzer)) as searcher:
        expected = choose(searcher, every, options.most_ms, lambda: nodes.searches(prefix))
        for way in ways:
            wanted = -(-options.answers // len(ways)) - sum(
                of["answers"] for of in before if of["way"] == way
            )
            if wanted <= 0:
                continue
            asking = Asking(
                searcher,
                expected,
                Tally(way),
                wanted=wanted,
                least=options.least,
                quiet_s=options.quiet,
                prefix=prefix,
            )
            try:
                asking.run(options.threads, lambda asking, way=way: WAYS[way](nodes, asking))  # type: ignore[misc]
            finally:
                with options.log.open("a", encoding="utf-8") as log:
                    log.write(asking.tally.to_line() + "\n")
    lines = [json.loads(line) for line in options.log.read_text("utf-8").splitlines()]
    names = ("answers", "wrong", "tied", "late", "failed")
    totals = {name: sum(of[name] for of in lines) for name in names}
    print(json.dumps({"ways": lines, **totals}, indent=1, ensure_ascii=False))
    return int(totals["wrong"] > 0 or totals["failed"] > 0)


if __name__ == "__main__":
    raise SystemExit(main())
