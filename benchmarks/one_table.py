"""All reports of a corpus as one CSV file, indexed by the command: what a run takes whose only file is large.

    python benchmarks/one_table.py CORPUS [--writer-mb 128] [--csv FILE]

Memory is the peak over the whole tree of processes: pages that several share count once, pages of mapped files too.
With `--csv` the table is kept there, and made only where it is not.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.corpus import iter_reports
from benchmarks.measure import ROOT, MemoryWatch, describe_machine

WRITER_MB = 128


@dataclass(frozen=True, slots=True)
class Run:
    """What indexing the table did; memory is None where the system doesn't tell."""

    reports: int
    paragraphs: int
    table_bytes: int
    problems: int
    seconds: float
    memory_bytes: int | None


def write_table(corpus: Path, table: Path) -> int:
    """Write a row a report; gives how many."""
    rows = 0
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["city", "year", "text"])
        for _, city, year, lines in iter_reports(corpus):
            writer.writerow([city, year, "\n".join(lines)])
            rows += 1
    return rows


def index_table(table: Path, index: Path, writer_mb: int, *, jobs: int | None = None) -> Run:
    """Index it by the command, and watch its processes."""
    command = [sys.executable, "xiesou.py", "index", str(table), "--index", str(index), "--json"]
    command += [] if jobs is None else ["--jobs", str(jobs)]
    environment = {**os.environ, "XIESOU_WRITER_MB": str(writer_mb)}
    begun = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment) as process:
        watch = MemoryWatch(process.pid)
        out, _ = process.communicate()
        watch.stop()
    summary = json.loads(out)
    return Run(
        reports=summary["reports"],
        paragraphs=summary["paragraphs"],
        table_bytes=table.stat().st_size,
        problems=len(summary["problems"]),
        seconds=time.perf_counter() - begun,
        memory_bytes=watch.peak_bytes,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--writer-mb", type=int, default=WRITER_MB)
    parser.add_argument("--csv", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xiesou-table-") as folder:
        table = given.csv or Path(folder, "reports.csv")
        if not table.exists():
            write_table(given.corpus, table)
        run = index_table(table, Path(folder, "index"), given.writer_mb)
    memory = "" if run.memory_bytes is None else f", peak {run.memory_bytes / 2**20:,.0f} MB"
    print(describe_machine())
    print(
        f"{run.table_bytes / 2**20:,.0f} MB, {run.reports:,} reports, {run.paragraphs:,} paragraphs, "
        f"{run.problems} problems: {run.seconds:,.0f} s{memory} (writer {given.writer_mb} MB)"
    )


if __name__ == "__main__":
    main()
