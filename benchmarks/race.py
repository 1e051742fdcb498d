"""The questions put to all peers in one process: in rounds, and then in turn.

    python -m benchmarks.race FOLDER CORPUS REPETITIONS CHECKED_HITS CLOCK NAME…    (prints JSON)

FOLDER has each peer's index in a folder of its name. The first answers are not timed: they warm up, and are compared.
In rounds, a peer answers all questions before the next one does, as a server would that has nothing else to do. In
turn, each question goes to all peers before the next one, so that every answer begins with caches full of what the
others read. The order of the peers changes each time. A question's time is the median of its repetitions. A peer in a
process of its own says what it took there (`inside_ms`).
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
from benchmarks.queries import SAMPLE_PARAGRAPHS, make_questions
from web.loading import keep_loaded

INDEX_OF = {"ours-bare": "ours", "tantivy-marked": "tantivy", "tantivy-terms-marked": "tantivy-terms"}
"""Contestants that read another's index."""
CLOCKS = {"wall": time.perf_counter, "cpu": time.thread_time}
_SEED = 20240101
SAME_TERMS = "tantivy-terms"
"""The peer that should find exactly what ours finds. Its terms overlap, so that it can't look for strings."""


Times = dict[str, dict[str, list[float]]]
_Taken = dict[tuple[str, int, str], list[float]]


@dataclass(slots=True)
class Race:
    """Times and answers of one size.

    Args:
        clock: what the times are of; see `race`.
        times_ms: class -> contestant -> each question's median, in rounds.
        in_turn_ms: the same, in turn.
        totals: class -> contestant -> paragraphs found, summed over its questions.
        compared: class -> how ours stands against `SAME_TERMS`, and against jieba's words.
    """

    clock: str = "wall"
    times_ms: Times = field(default_factory=dict)
    in_turn_ms: Times = field(default_factory=dict)
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
        able = {who: peer for who, peer in peers.items() if _can(who, questions[0])}
        answers = {who: [peer.search(q) for q in questions] for who, peer in able.items()}
        result.totals[name] = {who: sum(answer.total for answer in given) for who, given in answers.items()}
        if SAME_TERMS in able and "ours" in peers and questions[0].typed is None:
            result.compared[name] = _compare(peers, questions, checked_hits)
    gc.collect()
    keep_loaded()  # as the server does
    rounds: _Taken = {}
    in_turn: _Taken = {}
    asked = [(name, at, question) for name, of in classes.items() for at, question in enumerate(of)]
    shuffled = random.Random(_SEED)

    def ask(who: str, name: str, at: int, question: Question, taken: _Taken) -> None:
        if _can(who, question):
            begun = now()
            peers[who].search(question)
            took_ms = (now() - begun) * 1000
            taken.setdefault((name, at, who), []).append(getattr(peers[who], "inside_ms", took_ms))

    for _ in range(repetitions):
        for who in shuffled.sample(list(peers), len(peers)):
            gc.collect()
            for name, at, question in asked:
                ask(who, name, at, question, rounds)
    for _ in range(repetitions):
        gc.collect()
        for name, at, question in asked:
            for who in shuffled.sample(list(peers), len(peers)):
                ask(who, name, at, question, in_turn)
    result.times_ms, result.in_turn_ms = _medians(rounds), _medians(in_turn)
    return result


def _medians(taken: _Taken) -> Times:
    times: Times = {}
    for (name, _, who), of_question in taken.items():
        times.setdefault(name, {}).setdefault(who, []).append(statistics.median(of_question))
    return times


def _can(who: str, question: Question) -> bool:
    return INDEX_OF.get(who, who) != SAME_TERMS or not question.exact


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
