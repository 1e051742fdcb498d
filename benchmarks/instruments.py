"""What instruments take: the first request of a process, the same again, and others of its kind.

python -m benchmarks.instruments INDEX    (prints a table: processor time in ms, memory of the process at the end)

Each line has a process of its own, in which the index is open and the dictionary loaded, as a server has both before
it takes a request, and nothing was asked before. `again` is the least of three times the same; `others` the median of
the same instrument for other reports, where it is about one.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.measure import ROOT, tree_bytes
from search import Query, Searcher, open_searcher
from search.instruments import (
    choose_sides,
    compare_queries,
    diff_reports,
    find_collocates,
    find_keywords,
    find_numbers,
    find_reuse,
    find_spread,
    match_text,
)
from search.model import Report
from web.loading import keep_loaded

SEARCHES = ("新质生产力", "营商环境", "科技创新", "民生")
COMPARED = ("放管服", "营商环境", "乡村振兴", "科技创新", "民生", "数字经济", "新质生产力", "夜经济")
SIDES = (
    ("plan_year:2024", "plan_year:2014"),
    ("year:2024", "year:2014"),
    ("city:苏州市", "city:太原市"),
    ("province:江苏省", "province:山西省"),
    ("plan_year:2024", ""),
)
OTHERS = 7

Work = Callable[[Searcher], object]


def cases() -> dict[str, Work]:
    """Each line of the table that is about searches or parts of the collection, by its name."""
    found: dict[str, Work] = {}
    for text in SEARCHES:
        found[f"spread {text}"] = partial(find_spread, query=Query(text))
        found[f"collocates {text}"] = partial(find_collocates, query=Query(text))
    found["compare, 8 searches"] = partial(compare_queries, queries=[Query(text) for text in COMPARED])
    found["numbers 固定资产投资"] = partial(find_numbers, query=Query("固定资产投资"))
    for of, against in SIDES:
        chosen, other = choose_sides(of, against)
        found[f"keywords {of} against {against or 'the rest'}"] = partial(
            find_keywords, of=chosen, against=other
        )
    return found


def tell(name: str, searcher: Searcher, report: Report) -> object:
    """What an instrument says of one report."""
    if name == "reuse":
        return find_reuse(searcher, report.id)
    if name == "diff":
        return diff_reports(searcher, report.id)
    text = "".join(paragraph.text for paragraph in searcher.report(report.id).paragraphs)
    return match_text(searcher, text[2_000:2_300])


def some_reports(searcher: Searcher) -> Sequence[Report]:
    """Reports that are not their place's first, the same for every run."""
    first_years: dict[str | None, int | None] = {}
    later = []
    for report in sorted(searcher.reports(), key=lambda report: (report.year or 0, report.id)):
        is_ours = report.city and report.type == "政府工作报告"
        if is_ours and first_years.setdefault(report.city, report.year) != report.year:
            later.append(report)
    return Random(17).sample(later, min(OTHERS + 1, len(later)))


def processor_ms(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000


def measure(index: Path, name: str) -> dict[str, float | int | None]:
    """One line of the table, in this process."""
    searcher = open_searcher(index)
    searcher.search(Query("协搜", per_page=1))
    gc.collect()
    keep_loaded()  # as the server does
    work = cases().get(name)
    if work is not None:
        first = processor_ms(partial(work, searcher))
        rest = min(processor_ms(partial(work, searcher)) for _ in range(3))
    else:
        reports = some_reports(searcher)
        if len(reports) < 2:
            raise SystemExit("The index has too few government reports with a place and an earlier one.")
        first, *others = (processor_ms(partial(tell, name, searcher, report)) for report in reports)
        rest = median(others)
    memory_bytes = tree_bytes(os.getpid())
    searcher.close()
    return {"first": first, "rest": rest, "memory_bytes": memory_bytes}


def main(index: str, *names: str) -> None:
    if os.environ.get(_ALONE):
        print(json.dumps(measure(Path(index), names[0])))
        return
    print("| what | first ms | again or others ms | MB |\n|---|---|---|---|")
    for name in names or [*cases(), "reuse", "diff", "match-text"]:
        command = [sys.executable, "-m", "benchmarks.instruments", index, name]
        environment = {**os.environ, _ALONE: "1"}
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            print(f"| {name} | | | |", flush=True)
            continue
        line = json.loads(done.stdout)
        memory = "-" if line["memory_bytes"] is None else f"{line['memory_bytes'] / 1e6:.0f}"
        print(f"| {name} | {line['first']:.0f} | {line['rest']:.0f} | {memory} |", flush=True)


_ALONE = "XIESOU_BENCHMARK_ALONE"

if __name__ == "__main__":
    main(*sys.argv[1:])
