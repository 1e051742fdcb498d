"""The questions put to all peers in one process, one after another, question by question.

    python -m benchmarks.race FOLDER CORPUS REPETITIONS CHECKED_HITS CLOCK NAME…    (prints JSON)

FOLDER has each peer's index in a folder of its name. The first round is not timed: it warms up, and its answers are
compared. The order of the peers changes from question to question. A question's time is the median of its repetitions.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.corpus import iter_paragraphs
from benchmarks.peers import Answer, Peer, Question, load_peer
from benchmarks.queries import EXACT, SAMPLE_PARAGRAPHS, make_questions

INDEX_OF = {"ours-bare": "ours", "tantivy-marked": "tantivy"}
"""Contestants that read another's index."""
CLOCKS = {"wall": time.perf_counter, "cpu": time.thread_time}
_SEED = 20240101
SAME_TERMS = "tantivy-terms"
"""The peer that should find exactly what ours finds. Its terms overlap, so that it can't look for strings."""


@dataclass(slots=True)
class Race:
    """Times and answers of one size.

    Args:
        clock: what the times are of; see `race`.
        times_ms: class -> contestant -> each question's median.
        totals: class -> contestant -> paragraphs found, summed over its questions.
        compared: class -> how ours stands against `SAME_TERMS`, and against jieba's words.
    """

    clock: str = "wall"
    times_ms: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    totals: dict[str, dict[str, int]] = field(default_factory=dict)
    compared: dict[str, dict[str, int]] = field(default_factory=dict)


def race(
    peers: Mapping[str, Peer],
    classes: Mapping[str, Sequence[Question]],
    *,
    repetitions: int,
    checked_hits: int,
    clock: str = "wall",
) -> Race:
    """Put every question to every peer.

    Args:
        peers: open.
        checked_hits: sets of paragraphs are compared up to so many, totals and counts beyond.
        clock: wall, or cpu for the thread's own time, which says more on a machine that has other work.
    """
    now = CLOCKS[clock]
    result = Race(clock)
    for name, questions in classes.items():
        answers = {who: [peer.search(q) for q in questions] for who, peer in peers.items() if _can(who, name)}
        result.totals[name] = {who: sum(answer.total for answer in given) for who, given in answers.items()}
        if SAME_TERMS in peers and "ours" in peers and name != EXACT:
            result.compared[name] = _compare(peers, questions, checked_hits)
    times: dict[tuple[str, int, str], list[float]] = {}
    shuffled = random.Random(_SEED)
    for _ in range(repetitions):
        gc.collect()
        for name, questions in classes.items():
            order = [who for who in peers if _can(who, name)]
            for at, question in enumerate(questions):
                shuffled.shuffle(order)
                for who in order:
                    begun = now()
                    peers[who].search(question)
                    took_ms = (now() - begun) * 1000
                    times.setdefault((name, at, who), []).append(took_ms)
    for (name, _, who), taken in times.items():
        result.times_ms.setdefault(name, {}).setdefault(who, []).append(statistics.median(taken))
    return result


def _can(who: str, name: str) -> bool:
    return who != SAME_TERMS or name != EXACT


def _compare(peers: Mapping[str, Peer], questions: Sequence[Question], checked_hits: int) -> dict[str, int]:
    """Counts of questions, of equal answers, of compared sets, and of paragraphs that jieba's words lose or add."""
    found = dict.fromkeys(("questions", "equal", "sets", "paragraphs", "jieba_loses", "jieba_adds"), 0)
    for question in questions:
        theirs = peers[SAME_TERMS].search(question)
        found["questions"] += 1
        if theirs.total <= checked_hits:
            ours_ids = peers["ours"].all_ids(question)
            found["equal"] += ours_ids == peers[SAME_TERMS].all_ids(question)
            found["sets"] += 1
            if "tantivy" in peers:
                jieba_ids = peers["tantivy"].all_ids(question)
                found["paragraphs"] += len(ours_ids)
                found["jieba_loses"] += len(ours_ids - jieba_ids)
                found["jieba_adds"] += len(jieba_ids - ours_ids)
        else:
            found["equal"] += _same_counts(peers["ours"].search(question), theirs)
    return found


def _same_counts(ours: Answer, theirs: Answer) -> bool:
    return (ours.total, ours.cities, ours.years) == (theirs.total, theirs.cities, theirs.years)


def main(folder: str, corpus: str, repetitions: str, checked_hits: str, clock: str, *names: str) -> None:
    peers = {name: load_peer(name, Path(folder) / INDEX_OF.get(name, name)) for name in names}
    classes = make_questions(list(iter_paragraphs(Path(corpus), SAMPLE_PARAGRAPHS)))
    for peer in peers.values():
        peer.open()
    found = race(peers, classes, repetitions=int(repetitions), checked_hits=int(checked_hits), clock=clock)
    for peer in peers.values():
        peer.close()
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main(*sys.argv[1:])
