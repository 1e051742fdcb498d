"""How soon one more report can be found in a large collection that is being served.

    python benchmarks/adding.py INDEX [--times N]

INDEX is copied. Then, N times: a file is written, `xiesou index` is started, and a running engine is asked for it until
it answers. What is counted begins with the start of the command's process.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from search import open_searcher

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measure import ROOT, describe_machine
from search import Query

_LIMIT_SECONDS = 120.0
_REPORT = """四平市人民政府工作报告

——{year}年1月10日在四平市第{year}届人民代表大会上

各位代表：

第{number}次写下的这一段话，只为知道多久以后找得到。
"""


def seconds_until_found(index: Path, work: Path, times: int) -> list[tuple[float, float]]:
    """For each time: seconds until the command ended, and until a running engine found the report."""
    engine = open_searcher(index)
    taken = []
    for number in range(times):
        (work / f"report-{number}.txt").write_text(
            _REPORT.format(year=2001 + number, number=number), encoding="utf-8"
        )
        command = [sys.executable, "-m", "xiesou", "index", str(work), "--index", str(index), "--json"]
        begun = time.perf_counter()
        found = 0.0
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
            ended = None
            while not found and time.perf_counter() - begun < _LIMIT_SECONDS:
                if ended is None and process.poll() is not None:
                    ended = time.perf_counter() - begun
                if engine.search(Query(f'"第{number}次写下的这一段话"')).total:
                    found = time.perf_counter() - begun
                else:
                    time.sleep(0.01)
            process.wait()
            ended = ended or time.perf_counter() - begun
        if not found:
            raise TimeoutError("the report was not found")
        taken.append((ended, found))
    engine.close()
    return taken


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args(arguments)
    print(describe_machine().describe(), end="\n\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="xiesou-bench-") as work:
        index, sources = Path(work) / "index", Path(work) / "sources"
        shutil.copytree(options.index, index)
        sources.mkdir()
        taken = seconds_until_found(index, sources, options.times)
    for name, seconds in (
        ("The command ended", [ended for ended, _ in taken]),
        ("A running engine found the report", [found for _, found in taken]),
    ):
        print(f"{name} after {statistics.median(seconds):.2f} s (worst {max(seconds):.2f} s).")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
