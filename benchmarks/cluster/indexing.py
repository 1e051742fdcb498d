"""Indexing on a cluster by the ordinary command: how long it takes, and what is there when a node or the run is killed.

    .ci/cluster 3 …  python -m benchmarks.cluster.indexing whole FOLDER ADDRESS
    .ci/cluster 3 …  python -m benchmarks.cluster.indexing node FOLDER ADDRESS [--kill writing|manager]
    .ci/cluster 3 …  python -m benchmarks.cluster.indexing kills ADDRESS LOG [--moments 30]

whole   `xiesou index`, with the processor time of the run and of the nodes; then `xiesou verify`.
node    the same, and once bulks are on their way the node that writes them (or that manages) is killed, and
        started again twelve seconds later.
kills   a small collection that changes with each run; the run is killed (kill -9, with its workers) at a random
        moment of its time. What is there then must be the old version or the new one, whole. LOG has a line for each
        moment; run again with the same LOG it goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from benchmarks.cluster.nodes import Nodes, NotThere, nodes_of, processor_seconds
from benchmarks.measure import ROOT
from benchmarks.week import sentence_of, write_file
from indexer.cli import EXIT_WITH_PROBLEMS
from search.addresses import open_collection
from search.answer.searcher import Searcher
from search.language.text import Analyzer, load_analyzer
from search.model import Query

Json = dict[str, Any]
_FILES = 60
"""Files of the collection that runs are killed in; each run changes a third of them."""
_STATES = 3


def _xiesou(*words: str) -> list[str]:
    return [sys.executable, "-m", "xiesou", *words]


@contextmanager
def _indexing(folder: Path, address: str) -> Iterator[subprocess.Popen[bytes]]:
    """`xiesou index` in a process group of its own, which ends with the block."""
    with tempfile.TemporaryFile() as words:
        run = subprocess.Popen(
            _xiesou("index", str(folder), "--index", address),
            cwd=ROOT,
            stdout=words,
            stderr=words,
            start_new_session=True,
        )
        try:
            yield run
        finally:
            if run.poll() is None:
                os.killpg(run.pid, signal.SIGKILL)
            if run.wait() > 0:
                words.seek(0)
                print(words.read().decode()[-500:], file=sys.stderr)


def _verify(address: str) -> bool:
    """Whether `xiesou verify` finds everything as it was written."""
    done = subprocess.run(
        _xiesou("verify", "--index", address), cwd=ROOT, capture_output=True, text=True, check=False
    )
    print(done.stdout.strip() or done.stderr.strip(), file=sys.stderr, flush=True)
    return done.returncode == 0


def index_whole(folder: Path, address: str, kill: str | None) -> Json:
    """Index a folder, with a node killed in it or without, and verify what is there."""
    nodes = nodes_of()
    killer = threading.Thread(target=_kill_node, args=(nodes, address, kill), daemon=True) if kill else None
    before, begun, spent = nodes.processor_seconds(), time.monotonic(), [0.0]
    writing: list[float] = []
    with _indexing(folder, address) as run:
        if killer is not None:
            killer.start()
        while run.poll() is None:
            spent.append(processor_seconds(run.pid))
            if not writing and _writing(nodes, address):
                writing.append(time.monotonic() - begun)
            time.sleep(0.5)
    seconds = time.monotonic() - begun
    of_nodes = nodes.processor_seconds() - before
    if killer is not None:
        killer.join(120)
    nodes.wait_until_whole()
    with closing(open_collection(address, analyzer=load_analyzer())) as collection:
        stats = collection.at().stats()
    return {
        "ended_with": run.returncode,
        "reports": stats.reports,
        "paragraphs": stats.paragraphs,
        "seconds": round(seconds),
        "seconds_until_written": round(writing[0]) if writing else None,
        "paragraphs_a_second": round(stats.paragraphs / seconds, 1),
        "paragraphs_a_second_written": round(stats.paragraphs / (seconds - writing[0]), 1)
        if writing
        else None,
        "run_processor_seconds": round(max(spent), 1),
        "nodes_processor_seconds": None if kill else round(of_nodes, 1),
        "killed": kill,
        "verified": _verify(address),
        "load": os.getloadavg()[0],
    }


def _writing(nodes: Nodes, address: str) -> list[str]:
    """Indexes of a collection that are written and that no alias names yet."""
    prefix = address.rpartition("/")[2]
    listed = nodes.say(f"/_cat/indices/{prefix}-g*?format=json&h=index") or []
    named = {of["index"] for of in nodes.say(f"/_cat/aliases/{prefix}?format=json&h=index") or []}
    return [of["index"] for of in listed if of["index"] not in named]


def _kill_node(nodes: Nodes, address: str, which: str) -> None:
    """Kill a node once some bulks were written, and start it again."""
    while not (names := _writing(nodes, address)):
        time.sleep(0.3)
    name = names[0]
    while _written(nodes, name) < 3_000:
        time.sleep(0.2)
    shards = nodes.say(f"/_cat/shards/{name}?format=json&h=node,prirep,state")
    node = nodes.manager() if which == "manager" else nodes.named(shards[0]["node"])
    node.end(signal.SIGKILL)
    print(
        f"{node.name} killed, which has {[of['node'] for of in shards].count(node.name)} shards",
        file=sys.stderr,
    )
    time.sleep(12)
    node.start()


def _written(nodes: Nodes, name: str) -> int:
    said = nodes.say(f"/{name}/_stats/indexing")
    if said is None:
        raise NotThere(name)
    return int(said["_all"]["primaries"].get("indexing", {}).get("index_total", 0))


# A run that is killed


class Changing:
    """A folder whose files say in which state they are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for number in range(_FILES):
            write_file(folder, number)

    def to(self, state: int) -> None:
        """Put a third of the files into a state, and take the state from the others."""
        for number in range(_FILES):
            path = self.folder / f"{number:05}.txt"
            text = re.sub("状态第[0-9]+次。\n", "", path.read_text("utf-8"))
            changed = f"{text}状态第{state}次。\n" if number % _STATES == state % _STATES else text
            path.write_text(changed, encoding="utf-8")


def kill_runs(address: str, log: Path, moments: int) -> Json:
    """Kill the run at random moments, and look each time at what is there."""
    done = [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []
    analyzer, chance = load_analyzer(), random.Random(len(done))
    with tempfile.TemporaryDirectory() as made:
        changing = Changing(Path(made))
        state = 1 + max((of["state"] for of in done), default=0)
        changing.to(state)
        took, ended = _run(changing.folder, address, None)
        if ended != 0:
            raise NotThere("the first run did not end well")
        old = state
        while len(done) < moments:
            state += 1
            changing.to(state)
            moment = chance.uniform(0.1, took)
            _, ended = _run(changing.folder, address, moment)
            found = _state(address, analyzer)
            at = {"state": state, "killed_after_s": round(moment, 2), "ended_with": ended}
            done.append({**at, "old": old, "found": found})
            with log.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(done[-1]) + "\n")
            print(json.dumps(done[-1]), file=sys.stderr, flush=True)
            old = state if found == state else old
        state += 1
        changing.to(state)
        _, ended = _run(changing.folder, address, None)
        last = _state(address, analyzer)
    return {
        "moments": len(done),
        "killed_while_running": sum(of["ended_with"] == -signal.SIGKILL for of in done),
        "over_before": sum(of["ended_with"] == 0 for of in done),
        "old": sum(of["found"] == of["old"] for of in done),
        "new": sum(of["found"] == of["state"] for of in done),
        "neither": [of for of in done if of["found"] not in (of["old"], of["state"])],
        "a_whole_run_takes_s": round(took, 1),
        "last_run_whole": ended == 0 and last == state,
        "verified": _verify(address),
    }


def _run(folder: Path, address: str, killed_after_s: float | None) -> tuple[float, int]:
    """Index; gives how long it took and how it ended."""
    begun = time.monotonic()
    with _indexing(folder, address) as run:
        try:
            run.wait(killed_after_s)
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
    return time.monotonic() - begun, run.returncode


def _state(address: str, analyzer: Analyzer) -> int | str:
    """The state that the collection is in, all its documents read; in words where it is in none."""
    with closing(Searcher(open_collection(address, analyzer=analyzer), analyzer)) as searcher:
        searcher.collection.verify()
        hits = [hit.text for hit in searcher.iter_hits(Query('"状态第"'))]
        states = {int(number) for text in hits for number in re.findall("状态第([0-9]+)次", text)}
        own = [searcher.count(Query(f'"{sentence_of(number)}"')).paragraphs for number in range(_FILES)]
        if len(states) == 1 and len(hits) == _FILES // _STATES and own == [1] * _FILES:
            return states.pop()
        return f"{len(hits)} paragraphs in states {sorted(states)}, {sum(own)} sentences of {_FILES}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = parser.add_subparsers(dest="part", required=True)
    for name in ("whole", "node"):
        part = parts.add_parser(name)
        part.add_argument("folder", type=Path)
        part.add_argument("address")
        if name == "node":
            part.add_argument("--kill", choices=("writing", "manager"), default="writing")
    part = parts.add_parser("kills")
    part.add_argument("address")
    part.add_argument("log", type=Path)
    part.add_argument("--moments", type=int, default=30)
    options = parser.parse_args()
    if options.part == "kills":
        found = kill_runs(options.address, options.log, options.moments)
        is_told = found["killed_while_running"] + found["over_before"] == found["moments"]
        is_right = is_told and not found["neither"] and found["last_run_whole"] and found["verified"]
    else:
        found = index_whole(options.folder, options.address, getattr(options, "kill", None))
        is_right = found["ended_with"] in (0, EXIT_WITH_PROBLEMS) and found["verified"]
    print(json.dumps(found, indent=1, ensure_ascii=False))
    return int(not is_right)


if __name__ == "__main__":
    raise SystemExit(main())
