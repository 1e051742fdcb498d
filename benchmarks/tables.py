"""What was measured, as tables: for the terminal and as Markdown. Nothing is measured here."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.measure import Indexing
from benchmarks.opening import Opening
from benchmarks.pages import Serving
from benchmarks.race import INDEX_OF, Race, Times
from benchmarks.timings import Spread, spread, to_digits

TITLES = {
    "ours": "ours",
    "tantivy-marked": "Tantivy, marked",
    "tantivy-terms-marked": "Tantivy, our terms, marked",
    "ours-bare": "ours, bare",
    "tantivy": "Tantivy",
    "tantivy-terms": "Tantivy, our terms",
    "lucene": "Lucene, our terms",
    "fts5": "SQLite FTS5",
    "whoosh": "Whoosh as it is",
}
ALL = "all classes"
_PAIRS = (
    ("ours", "tantivy-marked"),
    ("ours", "tantivy-terms-marked"),
    ("ours-bare", "tantivy"),
    ("ours-bare", "tantivy-terms"),
    ("ours-bare", "lucene"),
)
"""Whose times are divided by whose: pages with marks and without, each also with equal sets."""


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()


def to_text(table: Table) -> str:
    """For a terminal, in columns."""
    rows = [list(table.head), *map(list, table.rows)]
    widths = [max(_width(row[at]) for row in rows) for at in range(len(table.head))]
    lines = [
        "  ".join(_pad(cell, width, at) for at, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([table.title, "", *(line.rstrip() for line in lines), "", *table.notes])


def to_markdown(table: Table) -> str:
    """For a page."""
    rule = ["---", *["---:"] * (len(table.head) - 1)]
    rows = ["| " + " | ".join(row) + " |" for row in [table.head, rule, *table.rows]]
    notes = ["", "\n".join(table.notes)] if table.notes else []
    return "\n".join([f"### {table.title}", "", *rows, *notes])


def _width(cell: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in cell)


def _pad(cell: str, width: int, column: int) -> str:
    blanks = " " * (width - _width(cell))
    return blanks + cell if column else cell + blanks


# The tables


def indexing_table(found: Sequence[Indexing]) -> Table:
    """Time, size and memory of each peer at each size."""
    rows = []
    for one in found:
        theirs = next((o for o in found if o.peer == "tantivy" and o.paragraphs == one.paragraphs), None)
        rows.append(
            [
                f"{one.paragraphs:,} {TITLES[one.peer]}",
                f"{one.seconds:.1f}",
                f"{one.paragraphs / one.seconds:,.0f}",
                "-" if theirs is None else f"{one.seconds / theirs.seconds:.2f}",
                f"{one.disk_bytes / 1e6:.1f}",
                f"{one.disk_bytes / one.text_bytes:.2f}",
                _to_mb(one.memory_bytes),
            ]
        )
    largest = max(found, key=lambda one: one.paragraphs)
    return Table(
        "Indexing",
        (
            "paragraphs, peer",
            "seconds",
            "a second",
            "to Tantivy",
            "MB on disk",
            "bytes a byte of text",
            "MB of memory",
        ),
        rows,
        (
            f"Segmentation is part of every time: jieba's alone, in one thread, is about "
            f"{largest.words_seconds:.1f} s for {largest.paragraphs:,} paragraphs ({largest.text_bytes / 1e6:.0f} MB).",
            "Stored text is part of every size.",
        ),
    )


def query_table(size: int, race: Race) -> Table:
    """Median, 95th percentile and worst of each class, in milliseconds."""
    return _times_table(f"Queries on {size:,} paragraphs: median / p95 / worst", race, race.times_ms, str)


def in_turn_table(size: int, race: Race) -> Table:
    """The same where each question goes to all contestants before the next: medians."""
    title = f"The same on {size:,}, in turn: medians"
    return _times_table(title, race, race.in_turn_ms, lambda times: to_digits(times.median))


def _times_table(title: str, race: Race, times: Times, say: Callable[[Spread], str]) -> Table:
    peers = _peers(race)
    ratios = [pair for pair in _PAIRS if set(pair) <= set(peers)]
    everything: dict[str, list[float]] = {
        peer: [taken for by_peer in times.values() for taken in by_peer.get(peer, ())] for peer in peers
    }
    rows = []
    for name, by_peer in {**times, ALL: everything}.items():
        cells = [say(spread(by_peer[peer])) if by_peer.get(peer) else "-" for peer in peers]
        of_row = times if name == ALL else {name: by_peer}
        rows.append([name, *cells, *(_ratio(of_row, *pair) for pair in ratios)])
    pairs = (f"{TITLES[ours]} to {TITLES[theirs]}" for ours, theirs in ratios)
    of = "ms" if race.clock == "wall" else "ms of processor time"
    return Table(f"{title}, {of}", ("class", *(TITLES[peer] for peer in peers), *pairs), rows)


def _ratio(times: Times, ours: str, theirs: str) -> str:
    """Median to median, of the classes that both answer."""
    both = [by_peer for by_peer in times.values() if ours in by_peer and theirs in by_peer]
    if not both:
        return "-"
    medians = [spread([taken for by_peer in both for taken in by_peer[who]]).median for who in (ours, theirs)]
    return f"{medians[0] / medians[1]:.2f}"


def found_table(size: int, race: Race) -> Table:
    """What each class found: paragraphs over all its questions."""
    peers = [peer for peer in _peers(race) if peer not in INDEX_OF]
    rows = [
        [name, *(f"{totals[peer]:,}" if peer in totals else "-" for peer in peers)]
        for name, totals in race.totals.items()
    ]
    return Table(f"Paragraphs found on {size:,}", ("class", *(TITLES[peer] for peer in peers)), rows)


def comparison_table(size: int, race: Race) -> Table:
    """Whether the same sets were found."""
    rows = [
        [
            name,
            f"{found['equal']} of {found['questions']}",
            str(found["sets"]),
            f"{found['paragraphs']:,}",
            f"{found['jieba_loses']:,}",
            f"{found['jieba_adds']:,}",
        ]
        for name, found in race.compared.items()
    ]
    head = (
        "class",
        "answers equal",
        "by sets",
        "paragraphs in the sets",
        "lost by jieba's words",
        "only by jieba's words",
    )
    return Table(f"Ours against Tantivy with our terms on {size:,}", head, rows)


def pages_table(served: Sequence[tuple[int, Serving]]) -> Table:
    """The whole page under load, over so many paragraphs."""
    rows = [
        [
            f"{label:,} {load.path}",
            str(load.clients),
            str(load.requests),
            to_digits(load.p50_ms),
            to_digits(load.p95_ms),
            to_digits(load.worst_ms),
            f"{load.per_second:.0f}",
            to_digits(load.client_ms),
            "" if load.server_ms is None else to_digits(load.server_ms),
        ]
        for label, serving in served
        for load in serving.rounds
    ]
    notes = [
        f"{label:,} paragraphs: the first page {serving.first_answer_seconds:.2f} s after the start of the process, "
        f"{_to_mb(serving.memory_bytes)} MB of memory after the last request."
        for label, serving in served
    ]
    times = ("p50 ms", "p95 ms", "worst ms", "a second", "clients' ms each", "server's ms each")
    head = ("page", "clients", "requests", *times)
    return Table("Pages over HTTP", head, rows, notes)


def growth_table(
    indexed: Sequence[Indexing], races: Sequence[tuple[int, Race]], opened: Mapping[int, Opening]
) -> Table:
    """How the cost of ours grows with the collection."""
    by_size = dict(races)
    rows = []
    for one in (one for one in indexed if one.peer == "ours"):
        times = spread(all_times(by_size[one.paragraphs], "ours"))
        opening = opened[one.paragraphs]
        rows.append(
            [
                f"{one.paragraphs:,}",
                f"{one.seconds:.1f}",
                f"{one.disk_bytes / 1e6:.1f}",
                _to_mb(one.memory_bytes),
                to_digits(times.median),
                to_digits(times.worst),
                f"{opening.first_answer_ms:.0f}",
                _to_mb(opening.memory_bytes),
            ]
        )
    questions = max((opening.questions for opening in opened.values()), default=0)
    head = (
        "paragraphs",
        "seconds to index",
        "MB on disk",
        "MB while indexing",
        "median query ms",
        "worst query ms",
        "ms to open and answer",
        f"MB after {questions:,} questions",
    )
    return Table("Growth of ours", head, rows)


def _to_mb(size_bytes: int | None) -> str:
    return "-" if size_bytes is None else f"{size_bytes / 1e6:.0f}"


def _peers(race: Race) -> list[str]:
    """In the order in which they were named."""
    raced = {peer for totals in race.totals.values() for peer in totals}
    return [peer for peer in TITLES if peer in raced]


def all_times(race: Race, peer: str) -> list[float]:
    """A contestant's time for every question."""
    return [taken for by_peer in race.times_ms.values() for taken in by_peer.get(peer, ())]
