"""Questions as readers ask them, of two to four common words, put to ours and to Whoosh as it is.

    python -m benchmarks.peers ours FOLDER/ours CORPUS 300000
    python -m benchmarks.peers whoosh FOLDER/whoosh CORPUS 300000
    python benchmarks/beside_whoosh.py FOLDER

The race's questions are drawn from bands of frequency, and most find little; these find hundreds to thousands. They are
asked in rounds, as the race is run, of which the first is not timed.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.peers import Question, load_peer

QUESTIONS = (
    "经济 发展",
    "乡村 振兴",
    "教育 就业",
    "产业 投资",
    "群众 服务",
    "生态 环境 保护",
    "企业 改革 创新",
    "农业 农村 农民",
    "城市 建设 管理",
    "社会 保障 工作",
    "科技 创新 企业",
    "安全 生产 监督",
    "群众 服务 社区 建设",
    "文化 旅游 产业 发展",
    "政府 工作 报告 全面",
)
CONTESTANTS = {"ours": "ours", "ours-bare": "ours", "whoosh": "whoosh"}
"""To the folder that each one's index is in."""


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="has the indexes ours and whoosh")
    parser.add_argument("--repetitions", type=int, default=7, help="of every question (default %(default)s)")
    options = parser.parse_args(arguments)
    peers = {name: load_peer(name, options.folder / of) for name, of in CONTESTANTS.items()}
    questions = [Question(tuple(text.split())) for text in QUESTIONS]
    for peer in peers.values():
        peer.open()
    taken: dict[str, list[list[float]]] = {name: [[] for _ in questions] for name in peers}
    totals = {name: [peer.search(question).total for question in questions] for name, peer in peers.items()}
    for _ in range(options.repetitions):
        for name, peer in peers.items():
            gc.collect()
            for at, question in enumerate(questions):
                begun = time.perf_counter()
                peer.search(question)
                taken[name][at].append((time.perf_counter() - begun) * 1000)
    medians = {
        name: [statistics.median(of_question) for of_question in times] for name, times in taken.items()
    }
    for at, text in enumerate(QUESTIONS):
        cells = (f"{name} {totals[name][at]:,} in {medians[name][at]:.2f} ms" for name in peers)
        print(text, *cells, sep="  ")
    theirs = statistics.median(medians["whoosh"])
    for name, times in medians.items():
        middle = statistics.median(times)
        print(
            f"{name}: median {middle:.2f} ms, worst {max(times):.2f}; Whoosh takes {theirs / middle:.0f} times"
        )
    for peer in peers.values():
        peer.close()


if __name__ == "__main__":
    main()
