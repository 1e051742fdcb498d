"""Prepared files on disk until the commit: impacts need average lengths, which are known once all are there."""

from __future__ import annotations

import pickle
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from search.collection import SourceRecord
from search.file_parts import join_records
from search.opensearch.documents import PreparedSource
from search.opensearch.mapping import FIELDS


@dataclass(slots=True)
class Spooled:
    """Where the parts of a file are, and what they hold.

    Args:
        places: (offset, bytes) of each part.
        lengths: characters of each scored field, in all paragraphs.
    """

    record: SourceRecord
    places: list[tuple[int, int]] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    paragraphs: int = 0
    lengths: Counter[str] = field(default_factory=Counter)

    def join(self, part: Spooled) -> None:
        """Add the next part of the file."""
        (self.record,) = join_records([self.record, part.record]).values()
        self.places += part.places
        self.reports += part.reports
        self.paragraphs += part.paragraphs
        self.lengths.update(part.lengths)


class Spool:
    """Files in the order in which they came; a file that comes again takes the place of itself."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._parts: dict[str, Spooled] = {}
        self.files: dict[str, Spooled] = {}

    def put(self, prepared: PreparedSource, *, goes_on: bool) -> None:
        """Keep a file, or a part of one that goes on."""
        path = prepared.source.path
        place = self._write(prepared)
        lengths: Counter[str] = Counter()
        paragraphs = [of for report in prepared.reports for of in report.paragraphs]
        for of in paragraphs:
            lengths.update(of.lengths())
        names = [report.record["id"] for report in prepared.reports]
        part = Spooled(prepared.source, [place], names, len(paragraphs), lengths)
        before = self._parts.pop(path, None)
        if before is not None:
            before.join(part)
            part = before
        if goes_on:
            self._parts[path] = part
        else:
            self.files.pop(path, None)
            self.files[path] = part

    def _write(self, prepared: PreparedSource) -> tuple[int, int]:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="xiesou-")  # noqa: SIM115 - closed by close()
        at = self._file.seek(0, 2)
        size_bytes = self._file.write(pickle.dumps(prepared, protocol=pickle.HIGHEST_PROTOCOL))
        return at, size_bytes

    def withdraw(self, path: str) -> None:
        """Drop the parts of a file that goes on."""
        self._parts.pop(path, None)

    def drop(self, path: str) -> Spooled | None:
        """Drop a file, if there is one."""
        return self.files.pop(path, None)

    def read(self, spooled: Spooled) -> Iterator[PreparedSource]:
        """The parts of a file."""
        assert self._file is not None, "something was put"
        for at, size_bytes in spooled.places:
            self._file.seek(at)
            prepared: PreparedSource = pickle.loads(self._file.read(size_bytes))
            yield prepared

    def totals(self) -> tuple[int, Counter[str]]:
        """Paragraphs of all files, and the characters of each scored field."""
        lengths: Counter[str] = Counter()
        for of in self.files.values():
            lengths.update(of.lengths)
        return sum(of.paragraphs for of in self.files.values()), lengths

    def close(self) -> None:
        """Let go of everything; it can be filled again."""
        if self._file is not None:
            self._file.close()
        self._file = None
        self._parts.clear()
        self.files.clear()


def mean_lengths(paragraphs: int, totals: Counter[str]) -> dict[str, float]:
    """The mean length of each scored field; 1 where it is empty everywhere."""
    return {name: totals[name] / paragraphs if paragraphs and totals[name] else 1.0 for name in FIELDS}
