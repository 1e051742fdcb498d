"""Xiesou against its peers: `make bench CORPUS=<folder>`.

    python benchmarks/run.py CORPUS [--sizes 10000,100000,all] [--peers ours,tantivy] [--markdown FILE]

index each peer in a process of its own -> race all in one process -> pages over HTTP -> tables
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.corpus import CorpusMissing, iter_paragraphs
from benchmarks.growth import Line, draw_growth
from benchmarks.language import language_table, measure
from benchmarks.measure import ROOT, Indexing, IndexingFailed, describe_machine, index_alone
from benchmarks.opening import Opening, open_alone
from benchmarks.pages import ServerFailed, Serving, measure_pages, mixed
from benchmarks.peers.lucene import LuceneMissing, find_java
from benchmarks.peers.ours import to_query
from benchmarks.queries import SAMPLE_PARAGRAPHS, make_questions
from benchmarks.race import CLOCKS, INDEX_OF, SAME_TERMS, Race
from benchmarks.tables import (
    TITLES,
    Table,
    all_times,
    comparison_table,
    found_table,
    growth_table,
    in_turn_table,
    indexing_table,
    pages_table,
    query_table,
    to_markdown,
    to_text,
)
from benchmarks.timings import spread

BEGIN, END = "<!-- results -->", "<!-- end of results -->"
PICTURE = "growth.svg"
LEAST_FOR_LANGUAGE = 5_000
"""Smaller collections have too few words that their questions could be drawn from."""
_MANY_PER_CLASS = 100
"""Questions of each class before memory is looked at: about a thousand."""
_RACERS = (
    "ours",
    "tantivy-marked",
    "tantivy-terms-marked",
    "ours-bare",
    "tantivy",
    SAME_TERMS,
    "lucene",
    "fts5",
    "whoosh",
)


@dataclass(slots=True)
class Results:
    """Everything that one run measured."""

    machine: str
    indexed: list[Indexing] = field(default_factory=list)
    races: list[tuple[int, Race]] = field(default_factory=list)
    opened: dict[int, Opening] = field(default_factory=dict)
    language: list[tuple[int, dict[str, list[tuple[str, float]]]]] = field(default_factory=list)
    served: list[tuple[int, Serving]] = field(default_factory=list)

    def tables(self) -> list[Table]:
        tables = [indexing_table(self.indexed)]
        for size, race in self.races:
            tables += [query_table(size, race), in_turn_table(size, race)]
        tables += [found_table(size, race) for size, race in self.races]
        tables += [comparison_table(size, race) for size, race in self.races if race.compared]
        tables += [language_table(size, times) for size, times in self.language]
        tables += [pages_table(self.served)] if self.served else []
        return [*tables, growth_table(self.indexed, self.races, self.opened)]

    def picture(self) -> str:
        """Query time and indexing time over size."""
        queries: dict[str, Line] = {}
        seconds: dict[str, Line] = {}
        for peer in _RACERS:
            raced = [(size, race) for size, race in self.races if all_times(race, peer)]
            queries[TITLES[peer]] = [(size, spread(all_times(race, peer)).median) for size, race in raced]
            seconds[TITLES[peer]] = [
                (one.paragraphs, one.seconds) for one in self.indexed if one.peer == peer
            ]
        return draw_growth({"median query, ms": queries, "indexing, seconds": seconds})


def run(options: argparse.Namespace, work: Path) -> Results:
    """Measure every size, saying each table as soon as it is known."""
    results = Results(describe_machine().describe())
    print(results.machine, end="\n\n", flush=True)
    for size in options.sizes:
        _measure_size(results, options, size, work / str(size or "all"))
    _say(growth_table(results.indexed, results.races, results.opened))
    return results


def _measure_size(results: Results, options: argparse.Namespace, size: int | None, folder: Path) -> None:
    peers = _peers_for(size, options)
    found: list[Indexing] = []
    for peer in (peer for peer in peers if peer not in INDEX_OF):
        found.append(index_alone(peer, folder / peer, options.corpus, size))
        _note(f"{found[-1].paragraphs:,} paragraphs, {TITLES[peer]}: indexed in {found[-1].seconds:.1f} s")
    results.indexed += found
    _say(indexing_table(found))
    paragraphs = found[0].paragraphs
    race = _race(folder, options, peers)
    results.races.append((paragraphs, race))
    _say(query_table(paragraphs, race))
    _say(in_turn_table(paragraphs, race))
    _say(found_table(paragraphs, race))
    if race.compared:
        _say(comparison_table(paragraphs, race))
    if "ours" not in peers:
        return
    if paragraphs >= LEAST_FOR_LANGUAGE:
        times = measure(folder / "ours", repetitions=options.repetitions, clock=options.clock)
        results.language.append((paragraphs, times))
        _say(language_table(paragraphs, times))
    sample = list(iter_paragraphs(options.corpus, SAMPLE_PARAGRAPHS))
    many = mixed(make_questions(sample, per_class=_MANY_PER_CLASS))
    results.opened[paragraphs] = open_alone(folder / "ours", map(to_query, many))
    if options.pages:
        questions = mixed(make_questions(sample))
        results.served.append(
            (paragraphs, measure_pages(folder / "ours", questions, requests=options.requests))
        )
        _say(pages_table(results.served[-1:]))


def _peers_for(size: int | None, options: argparse.Namespace) -> list[str]:
    """The peers that take part at a size: slow ones only up to their limit."""
    limits = {"whoosh": options.whoosh_limit, SAME_TERMS: options.terms_limit}
    found = math.inf if size is None else size
    indexes = {peer: INDEX_OF.get(peer, peer) for peer in _RACERS}
    return [
        peer
        for peer, index in indexes.items()
        if index in options.peers and found <= limits.get(index, math.inf)
    ]


def _race(folder: Path, options: argparse.Namespace, peers: Sequence[str]) -> Race:
    numbers = (str(options.repetitions), str(options.checked_hits), options.clock)
    command = [sys.executable, "-m", "benchmarks.race", str(folder), str(options.corpus), *numbers, *peers]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return Race(**json.loads(done.stdout))


def _say(table: Table) -> None:
    print(to_text(table), end="\n\n", flush=True)


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def write_markdown(file: Path, results: Results) -> None:
    """Put the tables between the marks of a page that has them, else make a page of them; the picture stands beside."""
    parts = [f"Measured on {results.machine}.", *map(to_markdown, results.tables())]
    parts.append(f"![Query and indexing time over the number of paragraphs]({PICTURE})")
    text = "\n\n".join(parts)
    old = file.read_text(encoding="utf-8") if file.is_file() else ""
    if BEGIN in old and END in old:
        text = f"{old.partition(BEGIN)[0]}{BEGIN}\n{text}\n{END}{old.partition(END)[2]}"
    file.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    file.with_name(PICTURE).write_text(results.picture(), encoding="utf-8")


def _sizes(text: str) -> list[int | None]:
    return [None if size == "all" else int(size) for size in text.split(",")]


def _is_there(peer: str) -> bool:
    """Whether what the peer needs beyond Python is installed."""
    if peer != "lucene":
        return True
    try:
        find_java()
    except LuceneMissing:
        return False
    return shutil.which("mvn") is not None


def _limit(text: str) -> float:
    return math.inf if text == "all" else int(text)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("corpus", type=Path, help="a folder with reports/*.txt, gov_reports.tar.xz, *_paragraphs.jsonl.xz")
    add("--sizes", type=_sizes, default="10000,100000,all", help="paragraphs (default %(default)s)")
    add(
        "--peers",
        type=lambda text: text.split(","),
        default=",".join(peer for peer in _RACERS if peer not in INDEX_OF and _is_there(peer)),
        help="default %(default)s",
    )
    add("--repetitions", type=int, default=7, help="of every question (default %(default)s)")
    add(
        "--whoosh-limit",
        type=_limit,
        default=20_000,
        help="largest size for Whoosh as it is, or all (default %(default)s)",
    )
    add(
        "--terms-limit",
        type=_limit,
        default=100_000,
        help="largest size at which sets are compared, or all (default %(default)s)",
    )
    add(
        "--checked-hits",
        type=int,
        default=20_000,
        help="sets are compared up to so many (default %(default)s)",
    )
    add("--requests", type=int, default=400, help="of each round over HTTP (default %(default)s)")
    add(
        "--clock",
        choices=sorted(CLOCKS),
        default="wall",
        help="cpu: the thread's own time, for a busy machine",
    )
    add("--no-pages", dest="pages", action="store_false", help="leave HTTP out")
    add("--markdown", type=Path, help="write the tables to this file and a picture beside it")
    add("--work", type=Path, help="an empty folder for the indexes, which stay (default: a temporary one)")
    return parser.parse_args(arguments)


def _work_folder(chosen: Path | None) -> AbstractContextManager[str | Path]:
    return tempfile.TemporaryDirectory(prefix="xiesou-bench-") if chosen is None else nullcontext(chosen)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parse(arguments)
    options.corpus = options.corpus.resolve()
    try:
        iter_paragraphs(options.corpus)  # Says at once that there is nothing.
        with _work_folder(options.work) as work:
            results = run(options, Path(work).resolve())
    except (CorpusMissing, IndexingFailed, ServerFailed) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        print(f"benchmarks: the race ended with exit status {error.returncode}", file=sys.stderr)
        return 2
    if options.markdown is not None:
        write_markdown(options.markdown, results)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
