"""Index with one peer, alone in a process: `python -m benchmarks.peers NAME FOLDER CORPUS [SIZE]`.

Says `ready` when the paragraphs are in memory, so that whoever watches knows what they take, and then the seconds.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from benchmarks.corpus import iter_paragraphs
from benchmarks.peers import load_peer
from benchmarks.peers.words import to_words

_SAMPLE_EVERY = 20


def main(name: str, folder: str, corpus: str, size: str = "") -> None:
    paragraphs = list(iter_paragraphs(Path(corpus), int(size) if size else None))
    text_bytes = sum(len(paragraph.text.encode()) for paragraph in paragraphs)
    # What a first call loads once is no part of the work that grows.
    to_words("预热")
    Path(folder).mkdir(parents=True, exist_ok=True)
    peer = load_peer(name, Path(folder))
    _say({"event": "ready", "paragraphs": len(paragraphs), "text_bytes": text_bytes})
    begun = time.perf_counter()
    peer.build(paragraphs)
    seconds = time.perf_counter() - begun
    begun = time.perf_counter()
    for paragraph in paragraphs[::_SAMPLE_EVERY]:
        to_words(paragraph.text)
    _say(
        {"event": "built", "seconds": seconds, "words_seconds": (time.perf_counter() - begun) * _SAMPLE_EVERY}
    )


def _say(event: dict[str, object]) -> None:
    print(json.dumps(event), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
