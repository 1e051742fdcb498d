"""How well the ranking puts first what people look for: ours and its baselines on judged queries, in one run.

python benchmarks/relevance.py <folder of sets>; see benchmarks/README.md.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

if __package__ in (None, ""):
    sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

import click
import ir_measures
from ir_measures import RR, R, nDCG

from benchmarks.relevance_sets import RelevanceSet, SetMissing, find_sets, read_set
from benchmarks.relevance_systems import (
    Bm25Baseline,
    Ours,
    StockWhoosh,
    System,
    TantivyJieba,
    bigrams,
    jieba_words,
)

MEASURES = {"MRR@10": RR @ 10, "nDCG@10": nDCG @ 10, "recall@10": R @ 10}
OURS = "ours"


@dataclass(frozen=True, slots=True)
class Row:
    """A system's figures on one set; the median time is of a query."""

    system: str
    figures: dict[str, float]
    median_ms: float


def systems(whoosh: bool) -> dict[str, Callable[[RelevanceSet, Path], System]]:
    """The systems by name, each to be made of a set and a scratch folder."""
    made: dict[str, Callable[[RelevanceSet, Path], System]] = {
        OURS: lambda found, folder: Ours(found.passages, folder),
        "BM25, jieba words": lambda found, folder: Bm25Baseline(found.passages, jieba_words),
        "BM25, bigrams": lambda found, folder: Bm25Baseline(found.passages, bigrams),
        "Tantivy, jieba words": lambda found, folder: TantivyJieba(found.passages, folder),
    }
    if whoosh:
        made["Whoosh as it is"] = lambda found, folder: StockWhoosh(found.passages, folder)
    return made


def measure(system: System, found: RelevanceSet, name: str) -> Row:
    """Put all of a set's queries to a system."""
    run, times = {}, []
    for query, text in found.queries.items():
        begun = time.perf_counter()
        run[query] = system.rank(text)
        times.append((time.perf_counter() - begun) * 1000)
    return Row(name, evaluate(found, run), sorted(times)[len(times) // 2])


def evaluate(found: RelevanceSet, run: dict[str, dict[str, float]]) -> dict[str, float]:
    """The figures of a run; a query without an answer counts as 0."""
    judged = {query: found.judgements[query] for query in found.queries}
    figures = ir_measures.calc_aggregate(list(MEASURES.values()), judged, run)
    return {name: float(figures[measure]) for name, measure in MEASURES.items()}


def to_table(found: RelevanceSet, rows: list[Row], *, markdown: bool) -> str:
    """The rows of a set as a table."""
    head = ["system", *MEASURES, "median ms"]
    lines = [[r.system, *(f"{r.figures[name]:.3f}" for name in MEASURES), f"{r.median_ms:.1f}"] for r in rows]
    title = f"{found.name}: {len(found.queries):,} queries, {len(found.passages):,} passages"
    if markdown:
        body = [head, ["---", *("---:" for _ in head[1:])], *lines]
        return "\n".join([f"### {title}", "", *(f"| {' | '.join(line)} |" for line in body), ""])
    widths = [max(len(line[at]) for line in [head, *lines]) for at in range(len(head))]
    aligned = (
        "  ".join(
            cell.ljust(width) if not at else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in [head, *lines]
    )
    return "\n".join([title, *aligned, ""])


@contextmanager
def scratch(work: Path | None, name: str) -> Iterator[Path]:
    """A folder for an index: kept under `work` where that is named, else for this run only."""
    if work is not None:
        folder = work / name
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="xiesou-relevance-") as made:
        yield Path(made)


@click.command()
@click.argument("sets", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--markdown", is_flag=True, help="Print tables for a README.")
@click.option("--whoosh", is_flag=True, help="Also Whoosh as it is, which takes many minutes to index.")
@click.option("--only", multiple=True, help="Only systems whose name has this; may be given several times.")
@click.option("--work", type=click.Path(file_okay=False, path_type=Path), help="Keep our indexes here.")
def main(sets: Path, markdown: bool, whoosh: bool, only: tuple[str, ...], work: Path | None) -> None:
    """Measure the ranking on every set in the folder SETS."""
    try:
        folders = find_sets(sets)
        for folder in folders:
            found = read_set(folder)
            rows = []
            for name, make in systems(whoosh).items():
                if only and not any(part in name for part in only):
                    continue
                with scratch(work if name == OURS else None, found.name) as place:
                    rows.append(measure(make(found, place), found, name))
                click.echo(f"{found.name}: {name} done", err=True)
            click.echo(to_table(found, rows, markdown=markdown))
    except SetMissing as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
