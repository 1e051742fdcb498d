"""What the checksums of an index cost: opening it, the first time questions are asked, and the second.

    python benchmarks/checksums.py INDEX [--rounds 5] [QUERY…]

Fresh processes in turn, one that compares checksums as it always does, one in which every block counts as verified;
the directories of files, a thousandth of them, are compared in both. Processor time of the thread: other work on the
machine changes it less than the clock's.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measure import ROOT

QUERIES = (
    "营商环境,乡村振兴,发展,有事好商量,养老服务 社区,新能源 汽车 产业,城市更新,河长制,义务教育 均衡 发展,的,工作,"
    '"人民群众","高质量发展",GDP,5G 基站,政协 委员 提案,水污染防治,数字经济,夜经济,一带一路'
)
KINDS = ("with", "without")
STEPS = ("opening", "first time, each", "second time, each")


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--alone", choices=KINDS, help=argparse.SUPPRESS)
    parser.add_argument("queries", nargs="*", default=QUERIES.split(","))
    given = parser.parse_args()
    if given.alone:
        print(json.dumps(measure(given.index, given.queries, is_verifying=given.alone == "with")))
        return
    found: dict[str, list[list[float]]] = {kind: [] for kind in KINDS}
    for _ in range(given.rounds):
        for kind in KINDS:
            command = [
                sys.executable,
                __file__,
                str(given.index),
                "--alone",
                kind,
                *(["--", *given.queries] if given.queries != QUERIES.split(",") else []),
            ]
            done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
            found[kind].append(json.loads(done.stdout))
    print("| ms of processor time, medians | with checksums | without | least with | least without |")
    print("|---|---:|---:|---:|---:|")
    for at, step in enumerate(STEPS):
        columns = [[times[at] for times in found[kind]] for kind in KINDS]
        shown = [*map(statistics.median, columns), *map(min, columns)]
        print(f"| {step} | " + " | ".join(f"{ms:.2f}" for ms in shown) + " |")


def measure(index: Path, queries: list[str], *, is_verifying: bool) -> list[float]:
    """Milliseconds of each of `STEPS`."""
    from search import open_searcher
    from search.embedded.arrays import ArrayFile
    from search.language.text import load_analyzer
    from search.model import Query

    analyzer = load_analyzer()
    analyzer.query_tokens("协搜")  # loads the dictionary, which is no part of this
    if not is_verifying:
        _believe(ArrayFile)
    begun = time.thread_time()
    searcher = open_searcher(index, analyzer=analyzer)
    times = [time.thread_time() - begun]
    for _ in range(2):
        searcher._caches.clear()
        begun = time.thread_time()
        for text in queries:
            searcher.search(Query(text))
        times.append((time.thread_time() - begun) / len(queries))
    searcher.close()
    return [seconds * 1000 for seconds in times]


def _believe(array_file: Any) -> None:
    """Make all blocks of files count as verified."""
    real_init = array_file.__init__

    def init(self: Any, *args: Any, **options: Any) -> None:
        real_init(self, *args, **options)
        self.verified[:] = b"\1" * len(self.verified)  # in place: compiled code has its address

    array_file.__init__ = init


if __name__ == "__main__":
    main()
