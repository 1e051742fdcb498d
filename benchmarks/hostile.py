"""Files made to stop a run, among good ones: what becomes of each, whether the run commits the rest, and its memory.

    python benchmarks/hostile.py [--files 300] [--idle-cpu-s 60] [--kind NAME] [--keep FOLDER]

ended  the run's worker was ended over it, for time or memory, or died
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.hostile_files import FAMILIES, Make, good_file
from benchmarks.measure import ROOT, MemoryWatch, describe_machine
from benchmarks.tables import Table, to_text

GOOD_FILES = 40
OUTCOMES = ("read", "in part", "refused", "ended")
_ENDED = ("worker_out_of_time", "worker_killed", "worker_out_of_memory")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run over hostile files did.

    Args:
        of_kind: for each kind of file, how often each of `OUTCOMES`.
        lost: good files that are not held.
        failed: what is no refusal but a fault of ours, as it was told.
    """

    of_kind: dict[str, Counter[str]]
    lost: int
    failed: list[str]
    status: int
    seconds: float
    memory_bytes: int | None


def write_files(folder: Path, files: int, kinds: Sequence[Make] = FAMILIES) -> dict[str, str]:
    """Write hostile and good files, in turn; gives the kind of each hostile one by its name."""
    kind_of = {}
    for number in range(files):
        make = kinds[number % len(kinds)]
        suffix, data = make(random.Random(number))
        name = f"{number:04d}-{make.__name__}{suffix}"
        (folder / name).write_bytes(data)
        kind_of[name] = make.__name__
    for number in range(GOOD_FILES):
        place = number * max(files // GOOD_FILES, 1)
        (folder / f"{place:04d}-好{number}.txt").write_text(good_file(number), "utf-8")
    return kind_of


def index_files(folder: Path, index: Path, kind_of: dict[str, str], *, idle_cpu_s: int) -> Outcome:
    """Index them by the command, and hold what it says against what is there."""
    command = [
        sys.executable,
        "xiesou.py",
        "index",
        str(folder),
        "--index",
        str(index),
        "--json",
        "--lang",
        "en",
    ]
    environment = {**os.environ, "XIESOU_MOST_IDLE_CPU_S": str(idle_cpu_s)}
    begun = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment) as process:
        watch = MemoryWatch(process.pid)
        out, _ = process.communicate()
        watch.stop()
    seconds = time.perf_counter() - begun
    held = _held(index)
    codes: dict[str, set[str]] = defaultdict(set)
    failed = []
    for problem in json.loads(out)["problems"]:
        name = Path(problem["path"]).relative_to(folder).parts[0].partition("!/")[0].partition("#")[0]
        codes[name] |= _codes(problem)
        if "reading_failed" in codes[name]:
            failed.append(f"{name}: {problem['reason']}")
    of_kind: dict[str, Counter[str]] = defaultdict(Counter)
    for name, kind in kind_of.items():
        of_kind[kind][_outcome(name in held, codes[name])] += 1
    lost = sum(f"-好{number}." not in "".join(held) for number in range(GOOD_FILES))
    return Outcome(dict(of_kind), lost, failed, process.returncode, seconds, watch.peak_bytes)


def _held(index: Path) -> set[str]:
    command = [sys.executable, "xiesou.py", "reports", "--all", "--json", "--index", str(index)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return {
        report["source"].partition("/")[2].partition("#")[0].partition("!/")[0]
        for report in json.loads(done.stdout)
    }


def _codes(value: object) -> set[str]:
    """The codes of a message and of those that it holds."""
    if isinstance(value, list):
        return set().union(*map(_codes, value)) if value else set()
    if not isinstance(value, dict):
        return set()
    inner = set().union(*map(_codes, value.values())) if value else set()
    return inner | ({str(value["code"])} if "code" in value else set())


def _outcome(is_held: bool, codes: set[str]) -> str:
    if not codes.isdisjoint(_ENDED):
        return "ended"
    if is_held:
        return "in part" if codes else "read"
    return "refused"


def table(outcome: Outcome) -> Table:
    """A row a kind."""
    rows = [
        [kind, *(str(counts[name] or "") for name in OUTCOMES)]
        for kind, counts in sorted(outcome.of_kind.items())
    ]
    sums = Counter[str]()
    for counts in outcome.of_kind.values():
        sums += counts
    rows.append(["all", *(str(sums[name]) for name in OUTCOMES)])
    return Table("What became of them", ["kind", *OUTCOMES], rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--idle-cpu-s", type=int, default=60)
    parser.add_argument("--kind", choices=[make.__name__ for make in FAMILIES])
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    kinds = [make for make in FAMILIES if given.kind in (None, make.__name__)]
    with tempfile.TemporaryDirectory(prefix="xiesou-hostile-") as work:
        folder = given.keep or Path(work, "files")
        folder.mkdir(parents=True, exist_ok=True)
        kind_of = write_files(folder, given.files, kinds)
        outcome = index_files(folder, Path(work, "index"), kind_of, idle_cpu_s=given.idle_cpu_s)
    memory = "" if outcome.memory_bytes is None else f", peak {outcome.memory_bytes / 2**20:,.0f} MB"
    print(describe_machine())
    print(to_text(table(outcome)))
    print(
        f"exit status {outcome.status}, {GOOD_FILES - outcome.lost} of {GOOD_FILES} good files held, "
        f"{outcome.seconds:,.0f} s{memory}"
    )
    for line in outcome.failed:
        print(f"a fault of ours: {line}")


if __name__ == "__main__":
    main()
