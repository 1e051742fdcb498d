"""The array codec: a Whoosh codec whose terms and postings are contiguous arrays in mapped files.

Everything of Whoosh works on it, because it hands out normal matchers; the searcher reads the same arrays without
them. Per-document data and vectors stay Whoosh's own (`W3Codec`) when Whoosh's writer makes the segment.

Files of a segment: `.trm` the dictionary (arrays of `postings.PER_TERM` for each field), `.pst` the posting lists.
"""

from __future__ import annotations

from typing import Any

from whoosh.codec.whoosh3 import W3Codec, W3Segment

from search.embedded.stored_fields import ArrayPerDocReader
from search.embedded.whoosh_reader import ArrayTermsReader
from search.embedded.writing.terms_writer import ArrayFieldWriter


class ArrayCodec(W3Codec):  # type: ignore[misc]
    """Contiguous, compact, mapped postings behind Whoosh's codec interface. Needs no arguments."""

    def field_writer(self, storage: Any, segment: Any) -> ArrayFieldWriter:
        return ArrayFieldWriter(storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> ArrayTermsReader:
        return ArrayTermsReader(storage, segment)

    def per_document_reader(self, storage: Any, segment: Any) -> Any:
        if not segment.checks:
            return super().per_document_reader(storage, segment)
        return ArrayPerDocReader(storage, segment)

    def new_segment(self, storage: Any, indexname: str) -> ArraySegment:
        return ArraySegment(self, indexname)


class ArraySegment(W3Segment):  # type: ignore[misc]
    """A segment.

    `checks` has the size of each file that Xiesou wrote, so that a truncated one is seen at once; `sums` the checksum
    of each that has none in itself. `averages` are the average lengths by which its collection scores; None in older
    indexes, which score by mean lengths until they are written again.
    """

    averages: dict[str, float] | None = None

    def __init__(self, codec: ArrayCodec, indexname: str, **kwargs: Any) -> None:
        super().__init__(codec, indexname, **kwargs)
        self.checks: dict[str, int] = {}
        self.sums: dict[str, int] = {}

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        if delete:
            super().delete_document(docnum)
        elif self._deleted is not None:
            self._deleted.discard(docnum)
