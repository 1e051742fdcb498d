"""Several segments to one, array by array, without reading a text again.

Deleted documents are left out, the others keep their order. Terms are merged in slices of the dictionary, so that
memory stays within the budget.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.embedded.codec import ArraySegment
from search.embedded.postings import FieldPostings
from search.embedded.postings_layout import document_starts
from search.embedded.schema import FILTER_FIELDS, SCORED_FIELDS
from search.embedded.segment import GONE, NO_HEADING, SegmentData
from search.embedded.writing.bridge_tables import merge_bridges
from search.embedded.writing.catalogue import (
    Row,
    encode_record,
    filter_values,
    write_catalogue,
    write_filter_field,
)
from search.embedded.writing.posting_ranges import read_range
from search.embedded.writing.postings_writer import TermChunk
from search.embedded.writing.segment_files import SegmentFiles, TextWriter
from search.embedded.writing.terms_writer import TermsWriter
from search.embedded.writing.word_runs import merge_runs

TIER_FACTOR = 4
"""How many segments of about one size there may be before they become one."""
_SMALLEST_TIER_DOCS = 5_000
_DELETED_SHARE = 0.4
_BYTES_PER_POSTING = 320
"""What a posting takes while it is merged, with its occurrence, all copies counted."""
_COPIED = (
    "part",
    "ocr",
    "context_first",
    "context_last",
    "characters",
    "flags",
    "digest",
    "line_from",
    "line_to",
)
"""Columns of paragraphs that are merged as they are."""


def tier(documents: int) -> int:
    """0 for small segments, then one more for each `TIER_FACTOR` times as many documents."""
    level, limit = 0, _SMALLEST_TIER_DOCS
    while documents > limit:
        level, limit = level + 1, limit * TIER_FACTOR
    return level


def plan_merges(segments: Sequence[ArraySegment]) -> list[ArraySegment]:
    """The segments to merge next, in their order; empty when none should be.

    Merges a whole tier when it has `TIER_FACTOR` segments, the largest such, and all smaller segments with it: they
    cost little beside it, and every segment costs each search something. Rewrites one that is largely deleted.
    """
    for segment in segments:
        if segment.deleted_count() > _DELETED_SHARE * segment.doc_count_all():
            return [segment]
    levels = [tier(segment.doc_count()) for segment in segments]
    full = [level for level, count in Counter(levels).items() if count >= TIER_FACTOR]
    return [
        segment for segment, level in zip(segments, levels, strict=True) if level <= max(full, default=-1)
    ]


def merge_segments(
    folder: Path, sources: Sequence[SegmentData], version: Mapping[str, Any], budget_bytes: int
) -> ArraySegment:
    """Write the live documents of `sources` as one new segment.

    Raises:
        IndexDamaged: a file of `sources` was altered. The new segment would have it under fresh checksums, so that
            nothing could tell any more.
    """
    for data in sources:
        data.files.check()
        data.files.forget_pages()
    files = SegmentFiles(folder)
    doc_maps, doc_count = _map_documents(sources)
    rows, sizes, file_records, file_of = _merge_catalogues(sources)
    write_catalogue(files, rows, sizes, file_records, file_of, version)
    kinds = _merge_paragraphs(files, sources, doc_maps)
    merge_bridges(files, sources, doc_maps)
    merge_runs(files, sources)
    codes = {
        name: np.concatenate([_live(data, data.lengths[name]) for data in sources]) for name in SCORED_FIELDS
    }
    for name in SCORED_FIELDS:
        files.write_lengths(name, codes[name])
    out = TermsWriter(files.create(".trm"), files.create(".pst"))
    for name in SCORED_FIELDS:
        out.start_field(name)
        _merge_field(out, name, sources, doc_maps, codes[name], budget_bytes)
        out.finish_field()
    starts = np.cumsum(sizes) - np.array(sizes)
    for name in FILTER_FIELDS:
        out.start_field(name)
        write_filter_field(out, filter_values(name, rows, kinds, starts, np.array(sizes)))
        out.finish_field()
    out.close()
    totals = {name: _total_length(sources, name) for name in SCORED_FIELDS}
    for data in sources:
        data.files.refuse_cut()
    return files.finish(doc_count, totals)


def _total_length(sources: Sequence[SegmentData], name: str) -> int:
    """The field's length over live documents: exact where nothing was deleted, in proportion where something was."""
    total = 0
    for data in sources:
        share = 1.0 if data.live is None else float(data.live.sum()) / data.doc_count
        total += round(data.total_lengths[name] * share)
    return total


def _live(data: SegmentData, values: NDArray[Any]) -> NDArray[Any]:
    return values if data.live is None else values[data.live]


def _map_documents(sources: Sequence[SegmentData]) -> tuple[list[NDArray[np.uint32]], int]:
    maps, base = [], 0
    for data in sources:
        live = np.ones(data.doc_count, dtype=bool) if data.live is None else data.live
        numbers = np.full(data.doc_count, GONE, dtype=np.uint32)
        count = int(live.sum())
        numbers[live] = np.arange(base, base + count, dtype=np.uint32)
        maps.append(numbers)
        base += count
    return maps, base


def _merge_catalogues(
    sources: Sequence[SegmentData],
) -> tuple[list[Row], list[int], list[bytes], list[int]]:
    rows: list[Row] = []
    sizes: list[int] = []
    file_records: list[bytes] = []
    file_of: list[int] = []
    for data in sources:
        numbers: dict[int, int] = {}
        for report, file in enumerate(data.catalogue["file_of"].tolist()):
            if not data.is_live(report):
                continue
            if file not in numbers:
                numbers[file] = len(file_records)
                file_records.append(encode_record(data.file_record(file)))
            rows.append(Row.of(data.record(report)))
            sizes.append(len(data.report_docs(report)))
            file_of.append(numbers[file])
    return rows, sizes, file_records, file_of


def _merge_paragraphs(
    files: SegmentFiles, sources: Sequence[SegmentData], doc_maps: Sequence[NDArray[np.uint32]]
) -> NDArray[np.uint8]:
    largest = max(sources, key=lambda data: data.doc_count)
    texts = TextWriter(files.create(".txt"), largest.stored_texts.dictionary)
    for data in sources:
        if data.live is None:
            texts.copy(data.stored_texts)
        else:
            texts.add(map(data.text, np.flatnonzero(data.live).tolist()))
        data.files.forget_pages()
    texts.close()
    parents = []
    for data, numbers in zip(sources, doc_maps, strict=True):
        of_live = _live(data, data.paragraphs["parent"])
        has = of_live != NO_HEADING
        moved = np.full(len(of_live), NO_HEADING, dtype=np.uint32)
        moved[has] = numbers[of_live[has]]
        parents.append(moved)

    def joined(name: str) -> NDArray[Any]:
        return np.concatenate([_live(data, data.paragraphs[name]) for data in sources])

    kinds: NDArray[np.uint8] = joined("kind")
    files.write_arrays(
        ".par",
        {
            "parent": np.concatenate(parents),
            "kind": kinds,
            **{name: joined(name) for name in _COPIED},
        },
    )
    return kinds


def _merge_field(
    out: TermsWriter,
    name: str,
    sources: Sequence[SegmentData],
    doc_maps: Sequence[NDArray[np.uint32]],
    codes: NDArray[np.uint8],
    budget_bytes: int,
) -> None:
    fields = [
        (field, numbers)
        for data, numbers in zip(sources, doc_maps, strict=True)
        if (field := data.field(name))
    ]
    union, numbered = _union([field for field, _ in fields])
    if not union:
        return
    sizes = np.zeros(len(union), dtype=np.int64)
    for (field, _), numbers in zip(fields, numbered, strict=True):
        sizes[numbers] += np.maximum(field.df, field.cf).astype(np.int64)
    for start, end in _slices(sizes, budget_bytes):
        parts = []
        for (field, doc_map), numbers in zip(fields, numbered, strict=True):
            first, last = np.searchsorted(numbers, (start, end)).tolist()
            if first < last:
                parts.append(_read_terms(field, range(first, last), numbers, doc_map))
        kept, chunk = _combine(parts)
        if len(kept):
            out.write([union[number] for number in kept.tolist()], chunk, codes[chunk.docs])
        for data in sources:
            data.files.forget_pages()


def _union(fields: Sequence[FieldPostings]) -> tuple[list[bytes], list[NDArray[np.int64]]]:
    """All terms in order, and for each field the places of its own among them."""
    texts = [[field.term(number) for number in range(len(field))] for field in fields]
    union = sorted(set().union(*texts))
    place = {text: number for number, text in enumerate(union)}
    return union, [np.array([place[text] for text in of_field], dtype=np.int64) for of_field in texts]


def _slices(sizes: NDArray[np.int64], budget_bytes: int) -> Iterator[tuple[int, int]]:
    """Ranges of terms that fit the budget, each term having so many postings or occurrences."""
    slice_of = np.cumsum(sizes) // max(budget_bytes // _BYTES_PER_POSTING, 1)
    return pairwise([0, *(np.flatnonzero(np.diff(slice_of)) + 1).tolist(), len(sizes)])


_Part = tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint8], NDArray[np.int64], NDArray[np.uint16]]
"""Of some postings: term numbers, documents, codes of weights, occurrences; and the occurrences themselves."""


def _read_terms(
    field: FieldPostings, terms: range, numbers: NDArray[np.int64], doc_map: NDArray[np.uint32]
) -> _Part:
    docs, weights, flat = read_range(field, terms)
    docs = doc_map[docs]
    term_of = np.repeat(
        numbers[terms.start : terms.stop], field.df[terms.start : terms.stop].astype(np.int64)
    )
    counts = np.zeros(len(docs), dtype=np.int64)
    if len(flat):
        counts = np.diff(np.append(document_starts(flat), len(flat)))
    live = docs != GONE
    if not live.all():
        flat = flat[np.repeat(live, counts)] if len(flat) else flat
        docs, term_of, weights, counts = docs[live], term_of[live], weights[live], counts[live]
    return term_of, docs, weights, counts, flat


def _combine(parts: Sequence[_Part]) -> tuple[NDArray[np.int64], TermChunk]:
    """Posting lists of several segments as one: sources come in the order of their documents, so a stable sort by
    term is all that is needed."""
    terms = np.concatenate([part[0] for part in parts])
    order = np.argsort(terms, kind="stable")
    counts = np.concatenate([part[3] for part in parts])
    flat = np.concatenate([part[4] for part in parts])
    terms = terms[order]
    docs = np.concatenate([part[1] for part in parts])[order]
    weights = np.concatenate([part[2] for part in parts])[order]
    starts = np.flatnonzero(np.diff(terms, prepend=-1))
    df = np.diff(np.append(starts, len(terms)))
    chunk = TermChunk(df, docs, weights)
    if len(flat):
        begins = (np.cumsum(counts) - counts)[order]
        moved = counts[order]
        places = np.arange(len(flat)) - np.repeat(np.cumsum(moved) - moved, moved) + np.repeat(begins, moved)
        chunk.positions = flat[places]
        chunk.cf = np.add.reduceat(moved, starts)
    return terms[starts], chunk
