"""From report files to a committed index, whole, beside Whoosh's own writing of the same paragraphs.

    python benchmarks/whole_path.py CORPUS [--stock-files N]

ours   `xiesou index` on all files of gov_reports.tar.xz: reading, structure, metadata, segmentation, writing
stock  Whoosh's writer with jieba.analyse.ChineseAnalyzer on the paragraphs of those files, which it is given ready; of
       every N-th file, where so many are too many to wait for, and its time is then multiplied
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measure import ROOT, MemoryWatch, describe_machine
from benchmarks.tables import Table, to_text

ARCHIVE = "gov_reports.tar.xz"


@dataclass(frozen=True, slots=True)
class Ours:
    """What `xiesou index` did. `seconds` are of the whole process, its start included."""

    files: int
    paragraphs: int
    seconds: float
    disk_bytes: int
    memory_bytes: int | None


@dataclass(frozen=True, slots=True)
class Stock:
    """What Whoosh's writer did with the lines of some of the files."""

    files: int
    paragraphs: int
    text_bytes: int
    seconds: float


def unpack(corpus: Path, to: Path) -> list[Path]:
    """The report files of a corpus, by name."""
    with tarfile.open(corpus / ARCHIVE, "r:xz") as archive:
        archive.extractall(to, filter="data")
    return sorted(to.rglob("*.txt"))


def index_ours(files: Path, index: Path) -> Ours:
    """Index a folder by the command, and watch its processes."""
    command = [sys.executable, "-m", "xiesou", "index", str(files), "--index", str(index), "--json"]
    begun = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        watch = MemoryWatch(process.pid)
        assert process.stdout is not None, "it is a pipe"
        summary = json.loads(process.stdout.read())
        watch.stop()
    return Ours(
        files=summary["added"],
        paragraphs=summary["paragraphs"],
        seconds=time.perf_counter() - begun,
        disk_bytes=sum(file.stat().st_size for file in index.rglob("*") if file.is_file()),
        memory_bytes=watch.peak_bytes,
    )


def index_stock(files: Sequence[Path], index: Path) -> Stock:
    """Write the files' lines with Whoosh as it is; reading them and loading jieba is not counted."""
    import jieba
    from jieba.analyse import ChineseAnalyzer
    from whoosh import fields
    from whoosh.index import create_in

    texts = [file.read_text(encoding="utf-8", errors="replace").splitlines() for file in files]
    lines = [line.strip() for of_file in texts for line in of_file if line.strip()]
    jieba.dt.tmp_dir = str(index)  # It keeps its dictionary in a folder that anyone may write to.
    analyzer = ChineseAnalyzer()
    list(analyzer("预热"))
    begun = time.perf_counter()
    schema = fields.Schema(text=fields.TEXT(stored=True, analyzer=analyzer))
    writer = create_in(str(index), schema).writer(limitmb=256)
    for line in lines:
        writer.add_document(text=line)
    writer.commit()
    text_bytes = sum(len(line.encode()) for line in lines)
    return Stock(len(files), len(lines), text_bytes, time.perf_counter() - begun)


def table(ours: Ours, stock: Stock) -> Table:
    """Both, and how many times as fast ours is."""
    whole = stock.seconds * ours.files / stock.files
    memory = "-" if ours.memory_bytes is None else f"{ours.memory_bytes / 1e6:.0f}"
    of = "" if stock.files == ours.files else f" ({stock.files:,} files in {stock.seconds:.0f} s)"
    return Table(
        f"The whole path of {ours.files:,} report files",
        ("what", "paragraphs", "seconds", "MB on disk", "MB of memory"),
        [
            [
                "ours, files to index",
                f"{ours.paragraphs:,}",
                f"{ours.seconds:.1f}",
                f"{ours.disk_bytes / 1e6:.1f}",
                memory,
            ],
            [f"Whoosh's writing alone{of}", f"{stock.paragraphs:,}", f"{whole:.0f}", "-", "-"],
        ],
        (f"Ours is {whole / ours.seconds:.1f} times as fast.",),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, help=f"a folder with {ARCHIVE}")
    parser.add_argument("--stock-files", type=int, default=1, metavar="N", help="every N-th (default all)")
    options = parser.parse_args(arguments)
    if not (options.corpus / ARCHIVE).is_file():
        print(f"benchmarks: {options.corpus} has no {ARCHIVE}", file=sys.stderr)
        return 2
    print(describe_machine().describe(), end="\n\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="xiesou-bench-") as work:
        files, index, beside = (Path(work) / name for name in ("files", "ours", "stock"))
        beside.mkdir()
        found = unpack(options.corpus, files)
        ours = index_ours(files, index)
        stock = index_stock(found[:: options.stock_files], beside)
    print(to_text(table(ours, stock)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
