"""How often places, years of delivery and work years are read right, over files named `<place>_<year>.txt`.

    python benchmarks/metadata_accuracy.py FOLDER [--hide-names] [--cut-heads] [--list]

Place and year of a file's name are taken as the truth, the year for both, unless `metadata_verified.tsv` beside this
script, verified by hand against the text, says otherwise. With --cut-heads all lines down to the opening words are
taken away, as if the file began in the middle: then a report of a December session may also give the year it plans,
for nothing below its head says when it was delivered.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from indexer.metadata import describe
from indexer.model import Document, Draft, Line, Metadata
from indexer.structure import structure
from search.language.places import places

VERIFIED = Path(__file__).with_name("metadata_verified.tsv")


@dataclass
class Tally:
    """Files, how many were given a value, how many of those were right, and the misses."""

    total: int = 0
    given: int = 0
    right: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, name: str, expected: object, got: object, evidence: str) -> None:
        self.total += 1
        if got is None:
            self.misses.append(f"{name}\t{expected}\t-")
            return
        self.given += 1
        if got == expected:
            self.right += 1
        else:
            self.misses.append(f"{name}\t{expected}\t{got}\t{evidence}")

    def line(self, label: str) -> str:
        given, right = self.given / max(self.total, 1), self.right / max(self.given, 1)
        share = f"given {self.given} ({given:.2%}), right {self.right} ({right:.2%} of given)"
        return f"{label}: {self.total} files, {share}"


def read_verified() -> dict[tuple[str, str], str]:
    """(file, field) -> value, for files whose text says another place or year of delivery than their name."""
    rows = [
        line.split("\t")
        for line in VERIFIED.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    return {(row[0], row[1]): row[2] for row in rows}


def read_draft(path: Path) -> tuple[Draft, Document]:
    """The longest report of a file, by structure."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    document = Document(path.name, "text", "utf-8", tuple(Line(line, number) for number, line in lines))
    drafts = structure(document).drafts
    reports = [draft for draft in drafts if draft.kind == "report"] or list(drafts)
    return max(reports, key=lambda draft: sum(len(block.text) for block in draft.blocks)), document


def head_length(draft: Draft) -> int:
    """How many blocks stand above the body: down to 各位代表 and 我代表…报告, at least three."""
    opening = re.compile(r"^.{0,20}各位代表|代表.{0,100}报告")
    ends = [at for at, block in enumerate(draft.blocks[:12], 1) if opening.search(block.text[:250])]
    return max(ends, default=3)


def place_of(metadata: Metadata) -> object:
    """What a file name would say."""
    if metadata.level.value == "国家":
        return "国务院"
    return metadata.city.value or metadata.province.value


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hide-names", action="store_true", help="read from the text alone")
    parser.add_argument("--list", action="store_true", help="print the misses")
    parser.add_argument(
        "--cut-heads", action="store_true", help="read from what stands below the opening words"
    )
    options = parser.parse_args()
    verified = read_verified()
    place_tally, year_tally, plan_tally = Tally(), Tally(), Tally()
    seconds = 0.0
    for path in sorted(options.folder.glob("*.txt")):
        stem = re.fullmatch(r"(.+)_(\d{4})(?:-\d+)?", path.stem)
        if stem is None:
            continue
        draft, document = read_draft(path)
        if options.cut_heads:
            draft = Draft(draft.kind, draft.blocks[head_length(draft) :])
        start = time.process_time()
        metadata = describe(draft, document, file_name="" if options.hide_names else path.name)
        seconds += time.process_time() - start
        place = places().resolve(stem[1])
        expected = (
            "国务院"
            if place and place.level == "国家"
            else places().present(place).name
            if place
            else stem[1]
        )
        expected = verified.get((path.name, "place"), expected)
        place_tally.add(path.name, expected, place_of(metadata), str(metadata.level.evidence))
        if options.cut_heads and metadata.year.value == int(stem[2]):
            verified.pop((path.name, "year"), None)
        year = int(verified.get((path.name, "year"), stem[2]))
        year_tally.add(path.name, year, metadata.year.value, str(metadata.year.evidence))
        plan = int(verified.get((path.name, "plan_year"), stem[2]))
        plan_tally.add(path.name, plan, metadata.plan_year.value, str(metadata.plan_year.evidence))
    print(place_tally.line("place"))
    print(year_tally.line("year"))
    print(plan_tally.line("plan_year"))
    print(f"{seconds:.1f} s in describe")
    if options.list:
        print(
            "\n".join(
                [
                    "-- places",
                    *place_tally.misses,
                    "-- years",
                    *year_tally.misses,
                    "-- work years",
                    *plan_tally.misses,
                ]
            )
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
