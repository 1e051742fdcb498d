"""How many paragraphs of PDFs come back exactly as they were printed.

    python benchmarks/pdf_accuracy.py [--only TEXT] [--texts FOLDER] [--keep FOLDER] [--markdown FILE] [--list]

Prints a story of known text by every producer at hand (Chromium, WeasyPrint, LibreOffice, XeLaTeX, Typst, and
pages that are drawn by hand), as `benchmarks/pdf/kinds.py` says, reads it as `xiesou inspect` does, and counts the
paragraphs that are one block with the same characters, blanks apart. Producers that are missing are named and
left out; WeasyPrint and Typst come with `pip install weasyprint typst`, the others as Debian's packages.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pdf.drawing import print_by_hand
from benchmarks.pdf.kinds import KINDS, Kind
from benchmarks.pdf.known_text import SAMPLES, Story, make_story, read_sentences
from benchmarks.pdf.typesetters import print_with_libreoffice, print_with_typst, print_with_xelatex
from benchmarks.pdf.web_pages import print_with_chromium, print_with_weasyprint
from indexer.readers import read
from indexer.structure import structure

PRODUCERS: dict[str, tuple[str, Callable[[Story, Kind, Path], None]]] = {
    "chromium": ("chromium", print_with_chromium),
    "weasyprint": ("weasyprint", print_with_weasyprint),
    "libreoffice": ("soffice", print_with_libreoffice),
    "xelatex": ("xelatex", print_with_xelatex),
    "typst": ("typst", print_with_typst),
    "by hand": ("", print_by_hand),
}
_RADICALS = str.maketrans(
    "⺎⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰",
    "兀母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙",
)
"""What NFKC leaves: radicals that some producers name in place of ideographs."""


@dataclass
class Tally:
    """Paragraphs printed and those that came back, with what was lost."""

    kind: Kind
    paragraphs: int = 0
    right: int = 0
    seconds: float = 0.0
    lost: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.right / max(self.paragraphs, 1)


def main(arguments: list[str] | None = None) -> int:
    """Print, read, count, and say."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="kinds and producers that have this in their name")
    parser.add_argument("--texts", type=Path, default=SAMPLES, help="the reports whose sentences are printed")
    parser.add_argument(
        "--keep", type=Path, help="a folder for the PDFs; those that it has are not printed again"
    )
    parser.add_argument("--markdown", type=Path, help="write the table there")
    parser.add_argument("--list", action="store_true", help="show the paragraphs that didn't come back")
    options = parser.parse_args(arguments)
    sentences = read_sentences(options.texts)
    missing = sorted(
        name
        for name, (needs, _) in PRODUCERS.items()
        if needs and not shutil.which(needs) and not find_spec(needs)
    )
    if missing:
        print("left out, for they are not installed:", ", ".join(missing))
    kinds = [
        kind
        for kind in KINDS
        if options.only in f"{kind.producer} {kind.name}" and kind.producer not in missing
    ]
    with TemporaryDirectory() as folder:
        tallies = list(measure(kinds, sentences, options.keep or Path(folder)))
    for tally in tallies:
        print(
            f"{tally.share:6.1%} {tally.right:3}/{tally.paragraphs:3} {tally.seconds:6.2f} s  {_name(tally.kind)}"
        )
        if options.list:
            for text in tally.lost:
                print("        lost:", text)
    table = to_markdown(tallies)
    print(table)
    if options.markdown:
        options.markdown.write_text(table, encoding="utf-8")
    return 0


def measure(kinds: Iterable[Kind], sentences: list[str], folder: Path) -> Iterable[Tally]:
    """Each kind's tally; its PDF is printed into `folder` unless it is there."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in kinds:
        story = make_story(sentences, seed=_name(kind), paragraphs=kind.paragraphs, notes=kind.notes)
        target = folder / (re.sub(r"[^a-z0-9.]+", "-", _name(kind)) + ".pdf")
        if not target.exists():
            PRODUCERS[kind.producer][1](story, kind, target)
        yield count(story, kind, target)


def count(story: Story, kind: Kind, path: Path) -> Tally:
    """Which of a story's paragraphs are blocks of the PDF."""
    tally = Tally(kind)
    begun = time.perf_counter()
    blocks = [
        compact(block.text)
        for document in read(path)
        for draft in structure(document).drafts
        for block in draft.blocks
    ]
    tally.seconds = time.perf_counter() - begun
    for block in story.blocks:
        if block.kind != "paragraph":
            continue
        tally.paragraphs += 1
        wanted = compact(block.text)
        marks = [f"{wanted}{mark}" for mark in (block.note, f"[{block.note}]")] if block.note else []
        if any(text in blocks for text in (wanted, *marks)):
            tally.right += 1
        else:
            tally.lost.append(block.text[:60])
    return tally


def compact(text: str) -> str:
    """A text without blanks, with radicals as the ideographs that they look like."""
    return "".join(unicodedata.normalize("NFKC", text.translate(_RADICALS)).split())


def to_markdown(tallies: list[Tally]) -> str:
    """The shares of single-column and newspaper pages for each producer."""
    rows = ["| Producer | single column | newspaper pages | files |", "| --- | --- | --- | --- |"]
    producers = list(dict.fromkeys(tally.kind.producer for tally in tallies))
    for name in [*producers, "all"]:
        mine = [tally for tally in tallies if name in ("all", tally.kind.producer)]
        cells = []
        for newspaper in (False, True):
            chosen = [tally for tally in mine if tally.kind.is_newspaper == newspaper]
            total, right = sum(t.paragraphs for t in chosen), sum(t.right for t in chosen)
            cells.append(f"{right} of {total} ({right / total:.1%})" if total else "")
        rows.append(f"| {name} | {cells[0]} | {cells[1]} | {len(mine)} |")
    return "\n".join(rows) + "\n"


def _name(kind: Kind) -> str:
    return f"{kind.producer}: {kind.name}"


if __name__ == "__main__":
    sys.exit(main())
