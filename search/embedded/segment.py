"""One segment of a collection, read as arrays: "here is a document number, give me its paragraph".

Files beside the codec's `.trm` and `.pst`:
    .par  for each document: its kind, part, flags, enclosing heading, the years that headings name, how sure it was
          recognised, source lines and length
    .txt  texts in compressed blocks of about 1 kB, the paragraphs of a report one behind the other, and the dictionary
          that they are compressed with
    .wrd  the words of each document as they stand side by side (`search.embedded.word_runs`)
    .mrk  where marks alone stand between two characters (`search.embedded.bridges`)
    .cat  the catalogue: for each report its record and sizes, and as columns what lists go by (places, years, days,
          ranks by source and title, division codes); for each file what was read from it
    _<field>_len.col  field lengths as Whoosh's byte codes

Useful for reading only; `search.embedded.writing.writer` writes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from search.embedded.bridges import TABLES, BridgeTable
from search.embedded.mapped_files import MappedFiles
from search.embedded.postings import FieldPostings
from search.embedded.schema import SCORED_FIELDS
from search.embedded.stored_texts import StoredTexts
from search.embedded.word_runs import EXT as RUNS_EXT
from search.embedded.word_runs import WordRuns
from search.errors import IndexDamaged
from search.lru import LruCache
from search.messages import Declared
from search.messages import stores as says
from search.model import PARTS

if TYPE_CHECKING:
    from search.embedded.codec import ArraySegment

NO_HEADING = 0xFFFFFFFF
GONE = 0xFFFFFFFF
"""In a map from the documents of a segment to those of another: a document that was deleted."""
KINDS = (
    "title",
    "session",
    "date",
    "speaker",
    "salutation",
    "heading",
    "paragraph",
    "list",
    "table",
    "appendix",
    "source",
    "footnote",
    "textbox",
    "comment",
)
JOINED, REPEATED = 1, 2
NOT_RECOGNISED = 255
"""In the column `ocr`, which has percent: text that the source holds."""
NAMED_FIELDS = ("city", "province", "type", "level")
"""What reports are counted by, beside their years: the catalogue has a column of each, as places among its values."""
NO_TIME = 0
_KEPT_RECORDS = 2_000
_decoder: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder()


class _Scratch:
    """A byte for each document of a segment, all 0: each thread's own, lent, to be left as it was found.

    Kept, because memory that is new for each use costs more than what is done with it.
    """

    def __init__(self, doc_count: int) -> None:
        self._doc_count, self._kept = doc_count, local()

    @contextmanager
    def lend(self) -> Iterator[NDArray[np.uint8]]:
        kept: NDArray[np.uint8] | None = getattr(self._kept, "bytes", None)
        self._kept.bytes = None
        lent = np.zeros(self._doc_count, dtype=np.uint8) if kept is None else kept
        yield lent
        self._kept.bytes = lent


def to_confidence(percent: int) -> float | None:
    """How sure a recognition was, 0 to 1; None where there was none."""
    return None if percent == NOT_RECOGNISED else percent / 100


CONFIDENCES = tuple(map(to_confidence, range(256)))
"""The same of every number that a byte can be."""


class SegmentData:
    """The arrays of one segment, mapped.

    Args:
        folder: the index directory.
        segment: its entry in the TOC; deletions are taken from it as they are now.

    Raises:
        IndexDamaged: a file is missing, truncated or no array file.
    """

    def __init__(self, folder: Path, segment: ArraySegment) -> None:
        self.segment = segment
        self.id: str = segment.segment_id()
        self.doc_count: int = segment.doc_count_all()
        self.files = MappedFiles(folder, segment)
        self.terms, self.postings = self.files.arrays(".trm"), self.files.arrays(".pst")
        self.paragraphs, self.catalogue = self.files.arrays(".par"), self.files.arrays(".cat")
        self.stored_texts = StoredTexts(self.files.arrays(".txt"), self.doc_count)
        marks = self.files.arrays(".mrk")
        self.bridges = {name: BridgeTable(marks, name) for name in TABLES}
        self.word_runs = WordRuns(self.files.arrays(RUNS_EXT)) if self.files.has(RUNS_EXT) else None
        self._numbers = {name: number for number, name in enumerate(self.terms.meta["fields"])}
        self._fields: dict[str, FieldPostings | None] = {}
        self.first: NDArray[np.uint32] = self.catalogue["first"]
        sizes = self.catalogue["paragraphs"]
        self.report_of: NDArray[np.uint32] = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)
        self.lengths = {name: self.files.column(f"._{name}_len.col") for name in SCORED_FIELDS}
        self.total_lengths = {name: int(segment._fieldlengths.get(name, 0)) for name in SCORED_FIELDS}
        deleted = list(segment.deleted_docs())
        self.live: NDArray[np.bool_] | None = None
        if deleted:
            self.live = np.ones(self.doc_count, dtype=bool)
            self.live[deleted] = False
        self.scratch = _Scratch(self.doc_count).lend
        self._known_records: LruCache[int, dict[str, Any]] = LruCache(most=_KEPT_RECORDS)

    # Terms

    def field(self, name: str) -> FieldPostings | None:
        """The posting lists of a field, or None where no paragraph has any."""
        if name not in self._fields:
            number = self._numbers.get(name)
            self._fields[name] = None if number is None else FieldPostings(self.terms, self.postings, number)
        return self._fields[name]

    # Paragraphs

    @cached_property
    def parents(self) -> NDArray[np.uint32]:
        parents: NDArray[np.uint32] = self.paragraphs["parent"]
        return parents

    @cached_property
    def kind_codes(self) -> NDArray[np.uint8]:
        kinds: NDArray[np.uint8] = self.paragraphs["kind"]
        return kinds

    @cached_property
    def parts_of(self) -> NDArray[np.uint8]:
        """Of each document, the place of its part in PARTS."""
        parts: NDArray[np.uint8] = self.paragraphs["part"]
        if len(parts) and int(parts.max()) >= len(PARTS):
            raise self.damaged(".par", says.RECORD_DAMAGED)
        return parts

    @cached_property
    def repeated(self) -> NDArray[np.int64]:
        """The documents that stand earlier in their own file already, ascending."""
        return np.flatnonzero(self.paragraphs["flags"] & REPEATED)

    @cached_property
    def ocr(self) -> NDArray[np.uint8]:
        """Of each document, how sure the recognition of a picture was in percent, or NOT_RECOGNISED."""
        percent: NDArray[np.uint8] = self.paragraphs["ocr"]
        return percent

    def number(self, doc: int) -> int:
        """The paragraph's number in its report, from 1."""
        return doc - int(self.first[self.report_of[doc]]) + 1

    def numbers(self, docs: NDArray[np.int64]) -> NDArray[np.int64]:
        """The paragraphs' numbers in their reports, from 1."""
        return docs - self.first.take(self.report_of.take(docs)) + 1

    def kind(self, doc: int) -> str:
        code = int(self.kind_codes[doc])
        if code >= len(KINDS):
            raise self.damaged(".par", says.RECORD_DAMAGED)
        return KINDS[code]

    def part(self, doc: int) -> str:
        return PARTS[self.parts_of[doc]]

    def confidence(self, doc: int) -> float | None:
        """How sure the recognition of a picture was, 0 to 1; None where the source has text."""
        return to_confidence(int(self.ocr[doc]))

    def context_years(self, doc: int) -> tuple[int, int]:
        """The years that the nearest heading above names which names any; (0, 0) for none."""
        return int(self.paragraphs["context_first"][doc]), int(self.paragraphs["context_last"][doc])

    def flags(self, doc: int) -> int:
        return int(self.paragraphs["flags"][doc])

    def lines(self, doc: int) -> tuple[int, int]:
        return int(self.paragraphs["line_from"][doc]), int(self.paragraphs["line_to"][doc])

    def damaged(self, ext: str, what: Declared) -> IndexDamaged:
        """The error for something of one of the files that can't be decoded."""
        return IndexDamaged.because(what(name=self.files.name(ext)))

    def texts(self, docs: NDArray[np.int64]) -> list[str]:
        """The paragraphs' texts as they stand in the source; neighbours cost least."""
        return self.stored_texts.read(docs)

    def text(self, doc: int) -> str:
        """The paragraph's text as it stands in the source."""
        return self.texts(np.array([doc], dtype=np.int64))[0]

    def heading(self, doc: int) -> tuple[str, ...]:
        """The headings above the paragraph, outermost first."""
        return tuple(map(self.text, self.heading_docs(doc)))

    def heading_docs(self, doc: int) -> list[int]:
        """The documents that are the headings above the paragraph, outermost first; of the same report."""
        path: list[int] = []
        parent = int(self.parents[doc])
        while parent != NO_HEADING:
            if parent >= doc:  # what stood behind what it is above could lead back to itself, for ever
                raise self.damaged(".par", says.HEADING_DAMAGED)
            path.append(parent)
            doc, parent = parent, int(self.parents[parent])
        return path[::-1]

    # Catalogue

    @property
    def report_count(self) -> int:
        return len(self.catalogue["first"])

    def report_docs(self, report: int) -> range:
        """The documents of a report of this segment."""
        first = int(self.catalogue["first"][report])
        return range(first, first + int(self.catalogue["paragraphs"][report]))

    def live_reports(self) -> NDArray[np.bool_]:
        """Which reports have not been deleted."""
        if self.live is None:
            return np.ones(self.report_count, dtype=bool)
        live: NDArray[np.bool_] = self.live.take(np.minimum(self.catalogue["first"], self.doc_count - 1))
        return live

    def find_report(self, report_id: str) -> int | None:
        """The number of a report that has not been deleted, or None."""
        postings = self.field("report")
        number = None if postings is None else postings.find(report_id.encode("utf-8", "surrogatepass"))
        if postings is None or number is None:
            return None
        report = int(self.report_of[int(postings.info["first"][number])])
        return report if self.is_live(report) else None

    def is_live(self, report: int) -> bool:
        """Whether the report has not been deleted; reports are deleted whole."""
        return self.live is None or bool(self.live[int(self.catalogue["first"][report])])

    def record(self, report: int) -> dict[str, Any]:
        """The report's catalogue record; it is shared, so leave it as it is."""
        known = self._known_records.get(report)
        if known is None:
            known = self._known_records.put(report, self._record("records", report))
        return known

    def file_record(self, file: int) -> dict[str, Any]:
        """What was read from a source file."""
        return self._record("files", file)

    def source_key(self, report: int) -> tuple[bytes, int]:
        """(source, order in it) of a report."""
        start, end = self.catalogue["source_at"][report : report + 2].tolist()
        return self.catalogue.part("source", start, end).tobytes(), int(self.catalogue["ordinal"][report])

    def source_keys(self) -> list[tuple[bytes, int]]:
        """(source, order in it) of each report: the order in which reports are listed."""
        starts = self.catalogue["source_at"].tolist()
        joined = self.catalogue["source"].tobytes()
        sources = (joined[start:end] for start, end in pairwise(starts))
        return list(zip(sources, self.catalogue["ordinal"].tolist(), strict=True))

    def _record(self, name: str, number: int) -> dict[str, Any]:
        starts = self.catalogue[f"{name}_at"]
        start, end = int(starts[number]), int(starts[number + 1])
        try:
            return _read_json(self.catalogue.part(name, start, end).tobytes())
        except ValueError as error:
            raise self.damaged(".cat", says.RECORD_DAMAGED) from error


def _read_json(packed: bytes) -> dict[str, Any]:
    """A record; ValueError where it can't be decoded."""
    try:
        return _decoder.decode(packed)
    except (ValueError, msgspec.DecodeError):  # halves of a surrogate pair, or damage
        record: dict[str, Any] = json.loads(packed)
        return record


def to_seconds(stamp: str | None) -> int:
    """A UTC time stamp such as 2026-01-31T08:00:00Z in seconds since 1970; NO_TIME where there is none."""
    return NO_TIME if stamp is None else int(datetime.fromisoformat(stamp).timestamp())
