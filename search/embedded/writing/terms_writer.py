"""Writes a segment's dictionary and posting lists: for our own writer in chunks, for Whoosh's posting by posting."""

from __future__ import annotations

import pickle
import struct
from itertools import pairwise
from typing import Any

import numpy as np
from whoosh import formats
from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Codec
from whoosh.util.numeric import length_to_byte

from search.embedded.arrays import ArrayWriter
from search.embedded.postings_layout import FIRST_OF_DOC, MAX_POSITION, PER_TERM
from search.embedded.schema import FORMAT_VERSION
from search.embedded.writing.postings_writer import TermChunk, write_chunk

_CHUNK_POSTINGS = 1 << 17


class TermsWriter:
    """Writes a segment's dictionary and postings, field by field.

    `start_field`, then `write` with any number of chunks, each term in just one of them, then `finish_field`.
    """

    def __init__(self, terms_file: Any, postings_file: Any) -> None:
        self._terms_file, self._postings_file = terms_file, postings_file
        self._terms = ArrayWriter(terms_file)
        self._postings = ArrayWriter(postings_file)
        self._fields: list[str] = []
        self._texts: list[bytes] = []
        self._infos: list[dict[str, Any]] = []

    def start_field(self, name: str) -> None:
        self._fields.append(name)

    def write(self, texts: list[bytes], chunk: TermChunk, lengths: Any) -> None:
        self._texts.extend(texts)
        self._infos.append(write_chunk(self._postings, chunk, lengths))

    def finish_field(self) -> None:
        """Write the field's part of the dictionary; terms that came in another order are sorted here."""
        prefix = f"{len(self._fields) - 1}."
        texts = self._texts
        order = None
        if any(a >= b for a, b in pairwise(texts)):
            order = np.array(sorted(range(len(texts)), key=texts.__getitem__))
            texts = [texts[place] for place in order]
        starts = np.zeros(len(texts) + 1, dtype=np.uint32)
        np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)), out=starts[1:])
        self._terms.add(prefix + "text", np.frombuffer(b"".join(texts), dtype=np.uint8))
        self._terms.add(prefix + "starts", starts)
        for name, dtype in PER_TERM.items():
            parts = [info[name] for info in self._infos]
            values = np.concatenate(parts) if parts else np.zeros(0, dtype=dtype)
            self._terms.add(prefix + name, values if order is None else values[order])
        self._texts, self._infos = [], []

    def close(self) -> None:
        meta = {"format": FORMAT_VERSION}
        self._terms.finish({**meta, "fields": self._fields})
        self._postings.finish(meta)
        self._terms_file.close()
        self._postings_file.close()


class ArrayFieldWriter(base.FieldWriter):  # type: ignore[misc]
    """What Whoosh's own segment writer calls, posting by posting."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self._out = TermsWriter(
            segment.create_file(storage, W3Codec.TERMS_EXT), segment.create_file(storage, W3Codec.POSTS_EXT)
        )
        self._format: formats.Format | None = None
        self.is_closed = False
        self._reset()

    def _reset(self) -> None:
        self._texts: list[bytes] = []
        self._df: list[int] = []
        self._docs: list[int] = []
        self._weights: list[float] = []
        self._values: list[bytes] = []
        self._lengths: list[int] = []

    def start_field(self, fieldname: str, fieldobj: Any) -> None:
        self._format = fieldobj.format
        self._out.start_field(fieldname)

    def start_term(self, text: bytes) -> None:
        if self._format is None:
            raise ValueError("start_term was called before start_field")
        self._texts.append(text)
        self._df.append(0)

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int | None) -> None:
        self._df[-1] += 1
        self._docs.append(docnum)
        self._weights.append(weight)
        self._values.append(vbytes)
        self._lengths.append(length_to_byte(length or 0))

    def finish_term(self) -> None:
        if len(self._docs) >= _CHUNK_POSTINGS:
            self._flush()

    def _flush(self) -> None:
        if not self._texts:
            return
        df = np.array(self._df, dtype=np.int64)
        chunk = TermChunk(
            df, np.array(self._docs, dtype=np.uint32), np.array(self._weights, dtype=np.float32)
        )
        positions = _positions(self._format, self._values)
        if positions is None:
            chunk.blobs = self._values
        else:
            counts = np.fromiter(map(len, positions), dtype=np.int64, count=len(positions))
            flat = np.fromiter(
                (p for of_doc in positions for p in of_doc), dtype=np.uint16, count=int(counts.sum())
            )
            starts = np.cumsum(counts) - counts
            flat[starts] |= FIRST_OF_DOC
            chunk.positions = flat
            chunk.cf = np.add.reduceat(counts, np.cumsum(df) - df)
        self._out.write(self._texts, chunk, np.array(self._lengths, dtype=np.uint8))
        self._reset()

    def finish_field(self) -> None:
        self._flush()
        self._out.finish_field()
        self._format = None

    def close(self) -> None:
        self._out.close()
        self.is_closed = True


def _positions(format_: Any, values: list[bytes]) -> list[list[int]] | None:
    """The positions in `values` where they fit 14 bits and encode to the same bytes again, else None."""
    if type(format_) is not formats.Positions:
        return None
    decoded = []
    for value in values:
        try:
            found = format_.decode_positions(value)
        except (EOFError, pickle.UnpicklingError, struct.error, TypeError, IndexError, KeyError):
            return None
        if not found or min(found) < 0 or max(found) > MAX_POSITION or format_.encode(found) != value:
            return None
        decoded.append(found)
    return decoded
