"""The paragraphs that are measured on: any folder of the shape of the shared corpus, read as a stream.

    reports/*.txt, gov_reports.tar.xz     <place>_<year>.txt, a line a paragraph
    *_paragraphs.jsonl.xz                 {"doc", "year", "text"} a line; rows of one document stand together

Archives are read as they are, nothing is unpacked to disk. Sources take turns by whole documents, so that the first
10,000 paragraphs are as mixed as the first million and each size contains the smaller ones.
"""

from __future__ import annotations

import itertools
import json
import lzma
import re
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from search.language.places import places

_ARCHIVE = "gov_reports.tar.xz"
MAX_CHARS = 12_000
"""A longer line is divided: no peer has to take more at once."""
REPORT_NAME = re.compile(r"(.+)_(\d{4})(?:-(\d+))?")
"""Place, year and number of a report in its file's name without the ending."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with what is counted: `n` is its place in the document, from 1."""

    document: str
    n: int
    city: str
    year: int | None
    text: str

    @property
    def id(self) -> str:
        return f"{self.document}-p{self.n}"


Lines = tuple[str, str, int | None, list[str]]
"""A document: its name, city, year and lines."""


class CorpusMissing(Exception):
    """The folder has nothing that can be read."""


def iter_paragraphs(folder: Path, limit: int | None = None) -> Iterator[Paragraph]:
    """The first `limit` paragraphs of a corpus; all where None.

    Raises:
        CorpusMissing: the folder has none of the files that are looked for.
    """
    return itertools.islice(itertools.chain.from_iterable(_iter_mixed(_sources(folder))), limit)


def iter_reports(folder: Path) -> Iterator[Lines]:
    """The reports of a corpus alone, whole.

    Raises:
        CorpusMissing: the folder has none.
    """
    if not _has_reports(folder):
        raise CorpusMissing(f"{folder} has no reports/*.txt or gov_reports.tar.xz")
    return _iter_reports(folder)


def find_tables(folder: Path) -> list[Path]:
    """The tables of a corpus."""
    return sorted(folder.glob("*_paragraphs.jsonl.xz"))


def _has_reports(folder: Path) -> bool:
    return (folder / _ARCHIVE).is_file() or any((folder / "reports").glob("*.txt"))


def _sources(folder: Path) -> list[Iterator[Lines]]:
    tables = find_tables(folder)
    if not (tables or _has_reports(folder)):
        raise CorpusMissing(f"{folder} has no reports/*.txt, gov_reports.tar.xz or *_paragraphs.jsonl.xz")
    return [_iter_reports(folder), *(_iter_table(table) for table in tables)]


def _iter_mixed(sources: list[Iterator[Lines]]) -> Iterator[list[Paragraph]]:
    """Document by document, always the next document of the source that has given the fewest paragraphs."""
    given = dict.fromkeys(range(len(sources)), 0)
    while given:
        number = min(given, key=lambda number: (given[number], number))
        document = next(sources[number], None)
        if document is None:
            del given[number]
        else:
            paragraphs = list(_to_paragraphs(document))
            given[number] += len(paragraphs)
            yield paragraphs


def _iter_reports(folder: Path) -> Iterator[Lines]:
    return itertools.starmap(_to_report, iter_report_files(folder))


def iter_report_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The name and content of every report file of a corpus, each name once."""
    archive, seen = folder / _ARCHIVE, set()
    for path in sorted((folder / "reports").glob("*.txt")):
        seen.add(path.name)
        yield path.name, path.read_bytes()
    if archive.is_file():
        with tarfile.open(archive, "r|xz") as members:
            for member in members:
                name = Path(member.name).name
                if member.isfile() and name.endswith(".txt") and name not in seen:
                    content = members.extractfile(member)
                    assert content is not None, "a file member has content"
                    yield name, content.read()


def _to_report(name: str, content: bytes) -> Lines:
    stem = name.removesuffix(".txt")
    named = REPORT_NAME.fullmatch(stem)
    city, year = (named[1], int(named[2])) if named else (city_for(stem), None)
    return f"gov/{stem}", city, year, content.decode("utf-8", "replace").splitlines()


def _iter_table(path: Path) -> Iterator[Lines]:
    source = path.name.removesuffix("_paragraphs.jsonl.xz")
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines)
        for (name, year), group in itertools.groupby(rows, key=lambda row: (row["doc"], row["year"])):
            yield f"{source}/{name}/{year}", city_for(name), year, [row["text"] for row in group]


def city_for(name: str) -> str:
    """A city for a text that is of none, the same on every run, so that counting by city is real work."""
    cities = city_names()
    return cities[zlib.crc32(name.encode()) % len(cities)]


_CITIES: list[str] = []


def city_names() -> list[str]:
    """The prefecture cities of today, by their codes."""
    if not _CITIES:
        _CITIES.extend(dict.fromkeys(place.name for place in places().at_level("市") if place.last is None))
    return _CITIES


def _to_paragraphs(document: Lines) -> Iterator[Paragraph]:
    name, city, year, lines = document
    texts = (line.strip() for line in lines)
    parts = (text[at : at + MAX_CHARS] for text in texts for at in range(0, len(text), MAX_CHARS))
    for n, text in enumerate((part for part in parts if any(map(str.isalnum, part))), 1):
        yield Paragraph(name, n, city, year, text)
