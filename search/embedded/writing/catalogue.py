"""What a segment knows of its reports, written: the catalogue of their records, and the fields that filters ask."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.embedded.report_strings import pack_titles, place_values
from search.embedded.segment import KINDS, NAMED_FIELDS, to_seconds
from search.embedded.writing.postings_writer import TermChunk
from search.embedded.writing.segment_files import ONE, SegmentFiles
from search.embedded.writing.terms_writer import TermsWriter


def encode_record(record: Mapping[str, Any]) -> bytes:
    """A catalogue record as it is kept."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Row:
    """A report for the catalogue: what is counted and filtered by, and its whole record encoded."""

    id: str
    source: str
    ordinal: int
    is_report: bool
    city: str | None
    province: str | None
    type: str | None
    level: str | None
    code: str | None
    title: str | None
    year: int | None
    plan_year: int | None
    day: int
    added: int
    characters: int
    encoded: bytes

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Row:
        """The row of a record."""
        return cls(
            record["id"],
            str(record["source"]),
            int(record.get("ordinal", 0)),
            record.get("kind", "report") == "report",
            record.get("city"),
            record.get("province"),
            record.get("type"),
            record.get("level"),
            record.get("code"),
            record.get("title"),
            record.get("year"),
            record.get("plan_year"),
            _day(record.get("date")),
            to_seconds(record.get("added")),
            int(record["characters"]),
            encode_record(record),
        )


def _day(written: str | None) -> int:
    """A date such as 2024-01-16 as the number 20240116; 0 where it isn't known to the day."""
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", written or "")
    return int("".join(match.groups())) if match else 0


def _encoded_arrays(name: str, encoded: Sequence[bytes]) -> dict[str, NDArray[Any]]:
    """Records as one byte array with starts, so that one can be read without the others."""
    starts = np.zeros(len(encoded) + 1, dtype=np.uint64)
    np.cumsum(np.fromiter(map(len, encoded), dtype=np.uint64, count=len(encoded)), out=starts[1:])
    return {name: np.frombuffer(b"".join(encoded), dtype=np.uint8), f"{name}_at": starts}


def write_catalogue(
    files: SegmentFiles,
    rows: Sequence[Row],
    sizes: Sequence[int],
    file_records: Sequence[bytes],
    file_of: Sequence[int],
    version: Mapping[str, Any],
) -> None:
    """Write `.cat`: the reports' and files' records, and the values that facets count by.

    Args:
        sizes: the documents of each report.
        file_records: encoded, see `encode_record`; `file_of` has each report's place among them.
    """
    count = len(rows)
    arrays: dict[str, NDArray[Any]] = {
        **_source_arrays(rows),
        **pack_titles([row.title for row in rows]),
        **_encoded_arrays("records", [row.encoded for row in rows]),
        **_encoded_arrays("files", file_records),
        "is_report": np.array([row.is_report for row in rows], dtype=np.uint8),
        "paragraphs": np.array(sizes, dtype=np.uint32),
        "characters": np.fromiter((row.characters for row in rows), dtype=np.uint64, count=count),
        "first": (np.cumsum(sizes) - np.array(sizes)).astype(np.uint32),
        "file_of": np.array(file_of, dtype=np.uint32),
        "year": np.fromiter((row.year or 0 for row in rows), dtype=np.int32, count=count),
        "plan_year": np.fromiter((row.plan_year or 0 for row in rows), dtype=np.int32, count=count),
        "day": np.fromiter((row.day for row in rows), dtype=np.uint32, count=count),
        "added": np.fromiter((row.added for row in rows), dtype=np.int64, count=count),
    }
    values: dict[str, list[str]] = {}
    for field in (*NAMED_FIELDS, "code"):
        values[field], arrays[field] = place_values([getattr(row, field) for row in rows])
    files.write_arrays(".cat", arrays, {"version": dict(version), "values": values})


def _source_arrays(rows: Sequence[Row]) -> dict[str, NDArray[Any]]:
    """Which file each report is of, and which of its reports; and the reports' rank by both."""
    sources = [row.source.encode("utf-8", "surrogatepass") for row in rows]
    by_source = sorted(range(len(rows)), key=lambda number: (sources[number], rows[number].ordinal))
    source_rank = np.zeros(len(rows), dtype=np.uint32)
    source_rank[by_source] = np.arange(len(rows), dtype=np.uint32)
    return {
        "source": np.frombuffer(b"".join(sources), dtype=np.uint8),
        "source_at": np.cumsum([0, *map(len, sources)], dtype=np.uint64),
        "ordinal": np.array([row.ordinal for row in rows], dtype=np.uint32),
        "source_rank": source_rank,
    }


def filter_values(
    field: str,
    rows: Sequence[Row],
    kinds: NDArray[np.uint8],
    first: NDArray[np.int64],
    sizes: NDArray[np.int64],
) -> Iterator[tuple[str, NDArray[np.uint32]]]:
    """Each value of a filter field with its documents, by value.

    Args:
        kinds: of each document, as places in `KINDS`.
        first, sizes: of each report, its first document and how many it has.
    """
    if field == "kind":
        for code in sorted(set(kinds.tolist()), key=lambda code: KINDS[code]):
            yield KINDS[code], np.flatnonzero(kinds == code).astype(np.uint32)
        return
    reports: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        value = getattr(row, "id" if field == "report" else field)
        if value is not None:
            reports.setdefault(str(value), []).append(number)
    for value in sorted(reports):
        ranges = [np.arange(first[r], first[r] + sizes[r], dtype=np.uint32) for r in reports[value]]
        docs = np.concatenate(ranges)
        if len(docs):
            yield value, docs


def write_filter_field(out: TermsWriter, values: Iterator[tuple[str, NDArray[np.uint32]]]) -> None:
    """Write exact values, each with its documents, as terms of weight one."""
    terms, docs = [], []
    for value, of_value in values:
        terms.append(value.encode("utf-8", "surrogatepass"))
        docs.append(of_value)
    if terms:
        df = np.fromiter(map(len, docs), dtype=np.int64, count=len(docs))
        joined = np.concatenate(docs)
        ones = np.full(len(joined), ONE, dtype=np.uint8)
        out.write(terms, TermChunk(df, joined, ones), np.zeros(len(joined), dtype=np.uint8))
