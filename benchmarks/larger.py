"""A larger corpus of the same shape: the given one, and copies with every place's name and every number changed.

    python -m benchmarks.larger CORPUS FOLDER [--copies 9] [--seed 20] [--jobs 2]

    四平市_2022.txt, 2022年四平市实现生产总值612亿元  ->  柳州市_1987-2000.txt, 1987年柳州市实现生产总值845亿元

The first copy is the original, byte by byte. In each other one a name becomes that of a place of the same level and
length and a number one with as many digits, a year a year, the same ones throughout the copy; so copies have as many
paragraphs as the original, of the same lengths. Reports go into one archive, each table into one of its name, copy
after copy: the first paragraphs of the larger corpus are those of the given one. The same seed makes the same bytes.
Texts go through as a stream.

What stays: places that no other of their level equals in length, short names of counties (和平 and 东方 are words) and
their names of two characters (和县 stands in 市和县 too), numbers in Chinese numerals.
"""

from __future__ import annotations

import argparse
import functools
import io
import json
import lzma
import random
import re
import tarfile
import zlib
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpus import REPORT_NAME, CorpusMissing, find_tables, iter_report_files
from search.language.places import Place, places

SEED = 20
COPIES = 9
"""With the shared corpus, 10,368,963 paragraphs."""
_PRESET = 0
_NUMBER = re.compile(r"\d+")
_PAIRS, _SPREAD = 2**20, 40_503
_FIRST_YEAR, _YEARS = 1950, 77
_SHORTEST_COUNTY = 3
_ARCHIVE = "gov_reports.tar.xz"


class Changed:
    """What becomes of names and numbers in one copy, counted from 1; in the first they stay."""

    def __init__(self, copy: int, seed: int = SEED) -> None:
        self.copy = copy
        self._chance = random.Random(f"{seed} {copy}")
        self._years = self._chance.randrange(1, _YEARS)
        self._names = Names(_draw_names(self._chance))
        self._key = self._chance.random()
        self._number = functools.lru_cache(100_000)(self._change_number)

    def text(self, text: str) -> str:
        """A text of the copy."""
        if self.copy == 1:
            return text
        return _NUMBER.sub(lambda found: self._number(found[0]), self._names.replace(text))

    def year(self, year: int) -> int:
        """A year of the copy; one out of the range of years stays."""
        if self.copy == 1 or not _FIRST_YEAR <= year < _FIRST_YEAR + _YEARS:
            return year
        return _FIRST_YEAR + (year - _FIRST_YEAR + self._years) % _YEARS

    def file_name(self, name: str) -> str:
        """The name of a report's file, which no other copy has."""
        named = REPORT_NAME.fullmatch(name.removesuffix(".txt"))
        if self.copy == 1:
            return name
        if named is None:
            return f"{self.text(name.removesuffix('.txt'))}-{self.copy}.txt"
        place, year, number = named[1], self.year(int(named[2])), int(named[3] or 0)
        return f"{self.text(place)}_{year}-{self.copy * 1000 + number}.txt"

    def row(self, line: str) -> str:
        """A line of a table. Its document keeps its name, behind which the copy stands."""
        if self.copy == 1:
            return line
        row: dict[str, Any] = json.loads(line)
        row["doc"] = f"{row['doc']}-{self.copy}"
        row["year"] = None if row["year"] is None else self.year(row["year"])
        row["text"] = self.text(row["text"])
        return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"

    def _change_number(self, written: str) -> str:
        """Another number with as many digits; zeros before it stay."""
        digits = str(int(written))
        zeros, value = len(written) - len(digits), int(digits)
        year = self.year(value)
        if year != value:
            changed = year
        else:
            least = 10 ** (len(digits) - 1) if len(digits) > 1 else 0
            count = 10 ** len(digits) - least
            shift = 1 + zlib.crc32(f"{self._key} {len(digits)}".encode()) % (count - 1)
            changed = least + (value - least + shift) % count
        return "0" * zeros + str(changed)


class Names:
    """Names of two characters and more, and what becomes of each.

    Example:
        >>> Names({"朝阳": "阜新", "朝阳区": "南山区"}).replace("朝阳市、朝阳区")
        '阜新市、南山区'
    """

    def __init__(self, becomes: Mapping[str, str]) -> None:
        self._becomes = becomes
        self._beginning: dict[str, list[str]] = {}
        for name in sorted(becomes, key=len, reverse=True):
            self._beginning.setdefault(name[:2], []).append(name)
        # Which pairs of characters may begin a name; a few others too.
        self._pairs = np.zeros(_PAIRS, dtype=np.bool_)
        self._pairs[_pair_keys("".join(self._beginning))[::2]] = True

    def replace(self, text: str) -> str:
        """The text with every name changed, of two that begin together the longer one."""
        said, end = [], 0
        for begin in np.flatnonzero(self._pairs[_pair_keys(text)]).tolist():
            if begin < end:
                continue
            for name in self._beginning.get(text[begin : begin + 2], ()):
                if text.startswith(name, begin):
                    said += [text[end:begin], self._becomes[name]]
                    end = begin + len(name)
                    break
        return "".join([*said, text[end:]])


def _pair_keys(text: str) -> NDArray[np.uint32]:
    """A number below `_PAIRS` for every two neighbouring characters."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return (codes[:-1] * np.uint32(_SPREAD) + codes[1:]) % np.uint32(_PAIRS)


def _draw_names(chance: random.Random) -> dict[str, str]:
    """Another name for every name: of a place of the same level and shape, present or past as it is."""
    alike: dict[object, dict[str, Place]] = {}
    for level in ("省", "市", "县"):
        of_level = places().at_level(level)
        for place in sorted(of_level, key=lambda place: place.last is not None):
            shape = (level, place.last is None, len(place.name), place.name[-1] if level == "县" else "")
            shorts = () if level == "县" else tuple(map(len, place.shorts))
            if level != "县" or len(place.name) >= _SHORTEST_COUNTY:
                alike.setdefault((*shape, shorts), {}).setdefault(place.name, place)
    names: dict[str, str] = {}
    for group in alike.values():
        those = [place for name, place in group.items() if name not in names]
        chance.shuffle(those)
        for place, other in zip(those, those[1:] + those[:1], strict=True):
            names.setdefault(place.name, other.name)
            if place.level != "县":
                for short, instead in zip(place.shorts, other.shorts, strict=True):
                    names.setdefault(short, instead)
    return names


def write_reports(corpus: Path, folder: Path, copies: int, seed: int) -> None:
    """Every copy of the reports, in one archive."""
    with (
        lzma.open(folder / _ARCHIVE, "wb", preset=_PRESET) as packed,
        tarfile.open(fileobj=packed, mode="w|") as archive,
    ):
        for copy in range(1, copies + 1):
            changed = Changed(copy, seed)
            for name, content in iter_report_files(corpus):
                if copy > 1:
                    content = changed.text(content.decode("utf-8", "replace")).encode()
                member = tarfile.TarInfo(f"gov_reports/{changed.file_name(name)}")
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))


def write_table(table: Path, folder: Path, copies: int, seed: int) -> None:
    """Every copy of a table."""
    with lzma.open(folder / table.name, "wt", encoding="utf-8", preset=_PRESET) as written:
        for copy in range(1, copies + 1):
            changed = Changed(copy, seed)
            with lzma.open(table, "rt", encoding="utf-8") as lines:
                written.writelines(map(changed.row, lines))


def enlarge(corpus: Path, folder: Path, *, copies: int = COPIES, seed: int = SEED, jobs: int = 1) -> None:
    """Write the larger corpus into an empty folder.

    Raises:
        CorpusMissing: the corpus has nothing that can be read.
        FileExistsError: the folder has something in it.
    """
    tables = find_tables(corpus)
    reports = next(iter_report_files(corpus), None)
    if not tables and reports is None:
        raise CorpusMissing(f"{corpus} has no reports/*.txt, gov_reports.tar.xz or *_paragraphs.jsonl.xz")
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    largest_first = sorted(tables, key=lambda table: -table.stat().st_size)
    with ProcessPoolExecutor(jobs) as pool:
        written = [pool.submit(write_table, table, folder, copies, seed) for table in largest_first]
        if reports is not None:
            written.append(pool.submit(write_reports, corpus, folder, copies, seed))
        for one in written:
            one.result()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("corpus", type=Path)
    add("folder", type=Path)
    add("--copies", type=int, default=COPIES, help="the original is one of them (default %(default)s)")
    add("--seed", type=int, default=SEED)
    add("--jobs", type=int, default=2, help="sources that are written at a time")
    chosen = parser.parse_args()
    enlarge(chosen.corpus, chosen.folder, copies=chosen.copies, seed=chosen.seed, jobs=chosen.jobs)


if __name__ == "__main__":
    main()
