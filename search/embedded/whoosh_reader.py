"""What Whoosh's searcher reads of our posting lists: terms, cursors, matchers. Xiesou itself never comes here."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any

from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Codec
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo, TermNotFound
from whoosh.util.numeric import byte_to_length

from search.embedded.arrays import ArrayFile, buffer_of
from search.embedded.postings import FieldPostings
from search.embedded.postings_layout import POSITION_MASK, document_starts

_BLOCK = 128
"""Postings that a matcher treats as one block when it skips by quality."""


class ArrayTermInfo(TermInfo):  # type: ignore[misc]
    """Whoosh's statistics of a term, read from the arrays."""

    def __init__(self, field: FieldPostings, number: int) -> None:
        info = field.info
        super().__init__(
            weight=float(info["weight"][number]),
            df=int(info["df"][number]),
            minlength=byte_to_length(int(info["minlen"][number])),
            maxlength=byte_to_length(int(info["maxlen"][number])),
            maxweight=float(info["maxweight"][number]),
            minid=int(info["first"][number]),
            maxid=int(info["last"][number]),
        )


class ArrayTermsReader(base.TermsReader):  # type: ignore[misc]
    """A segment's dictionary. `field` gives the arrays; the rest is Whoosh's interface over them."""

    def __init__(self, storage: Any, segment: Any) -> None:
        extensions = (W3Codec.TERMS_EXT, W3Codec.POSTS_EXT)
        self._files = [segment.open_file(storage, ext) for ext in extensions]
        self.terms_file, self.postings_file = (
            ArrayFile(buffer_of(file), name=segment.make_filename(ext))
            for file, ext in zip(self._files, extensions, strict=True)
        )
        self._numbers = {name: number for number, name in enumerate(self.terms_file.meta["fields"])}
        self._fields: dict[str, FieldPostings] = {}

    def field(self, name: str) -> FieldPostings | None:
        """The posting lists of a field, or None where the segment has no term of it."""
        if name not in self._fields:
            if name not in self._numbers:
                return None
            self._fields[name] = FieldPostings(self.terms_file, self.postings_file, self._numbers[name])
        return self._fields[name]

    def _find(self, fieldname: str, text: bytes) -> tuple[FieldPostings, int]:
        field = self.field(fieldname)
        number = None if field is None else field.find(text)
        if field is None or number is None:
            raise KeyError((fieldname, text))
        return field, number

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        field = self.field(term[0])
        return field is not None and field.find(term[1]) is not None

    def indexed_field_names(self) -> Iterable[str]:
        return self._numbers.keys()

    def cursor(self, fieldname: str, fieldobj: Any) -> base.FieldCursor:
        field = self.field(fieldname)
        return base.EmptyCursor() if field is None else ArrayCursor(field, fieldobj)

    def _items_from(self, start: tuple[str, bytes] | None) -> Iterator[tuple[str, FieldPostings, int]]:
        names = sorted(self._numbers)  # Whoosh merges segments' terms by (field, text)
        begin = 0 if start is None else bisect_left(names, start[0])
        for name in names[begin:]:
            field = self.field(name)
            if field is not None:
                first = field.ceiling(start[1]) if start is not None and name == start[0] else 0
                for number in range(first, len(field)):
                    yield name, field, number

    def terms(self) -> Iterator[tuple[str, bytes]]:
        return ((name, field.term(number)) for name, field, number in self._items_from(None))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        return ((name, field.term(number)) for name, field, number in self._items_from((fieldname, prefix)))

    def items(self) -> Iterator[tuple[tuple[str, bytes], ArrayTermInfo]]:
        return (((n, f.term(i)), ArrayTermInfo(f, i)) for n, f, i in self._items_from(None))

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], ArrayTermInfo]]:
        return (((n, f.term(i)), ArrayTermInfo(f, i)) for n, f, i in self._items_from((fieldname, prefix)))

    def term_info(self, fieldname: str, text: bytes) -> ArrayTermInfo:
        try:
            return ArrayTermInfo(*self._find(fieldname, text))
        except KeyError:
            raise TermNotFound(f"No term {fieldname}:{text!r}") from None

    def frequency(self, fieldname: str, text: bytes) -> float:
        field, number = self._find(fieldname, text)
        return float(field.info["weight"][number])

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        field, number = self._find(fieldname, text)
        return int(field.df[number])

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ArrayMatcher:
        try:
            field, number = self._find(fieldname, text)
        except KeyError:
            raise TermNotFound(f"No term {fieldname}:{text!r}") from None
        return ArrayMatcher(field, number, format_, term=(fieldname, text), scorer=scorer)

    def close(self) -> None:
        self._fields.clear()
        for file in self._files:
            file.close()


class ArrayCursor(base.FieldCursor):  # type: ignore[misc]
    """Walks the terms of a field; spelling and prefix queries of Whoosh use it."""

    def __init__(self, field: FieldPostings, fieldobj: Any) -> None:
        self._field, self._fieldobj = field, fieldobj
        self._at = 0

    def first(self) -> Any:
        self._at = 0
        return self.text()

    def find(self, term: Any) -> Any:
        self._at = self._field.ceiling(term if isinstance(term, bytes) else self._fieldobj.to_bytes(term))
        return self.text()

    def next(self) -> Any:
        self._at += 1
        return self.text()

    def text(self) -> Any:
        return self._fieldobj.from_bytes(self._field.term(self._at)) if self.is_valid() else None

    def term_info(self) -> ArrayTermInfo | None:
        return ArrayTermInfo(self._field, self._at) if self.is_valid() else None

    def is_valid(self) -> bool:
        return self._at < len(self._field)


class ArrayMatcher(LeafMatcher):  # type: ignore[misc]
    """A Whoosh matcher over one posting list. Skipping is a binary search; quality is known for blocks of 128."""

    def __init__(self, field: FieldPostings, number: int, format_: Any, *, term: Any, scorer: Any) -> None:
        self._field, self._number = field, number
        self.format, self._term, self.scorer = format_, term, scorer
        self._docs: list[int] = field.docs(number).tolist()
        self._lazy_weights: list[float] | None = None
        self._lazy_blobs: list[bytes] | None = None
        self._lazy_positions: tuple[Any, list[int]] | None = None
        self._i = 0

    def reset(self) -> None:
        self._i = 0

    def is_active(self) -> bool:
        return self._i < len(self._docs)

    def copy(self) -> ArrayMatcher:
        twin = ArrayMatcher(self._field, self._number, self.format, term=self._term, scorer=self.scorer)
        twin._i = self._i
        return twin

    def id(self) -> int:
        return self._docs[self._i]

    def all_ids(self) -> Iterator[int]:
        return iter(self._docs)

    def next(self) -> bool:
        if not self.is_active():
            raise ReadTooFar
        self._i += 1
        return self._i % _BLOCK == 0

    def skip_to(self, targetid: int) -> None:
        if not self.is_active():
            raise ReadTooFar
        if targetid > self._docs[self._i]:
            self._i = bisect_left(self._docs, targetid, self._i)

    def _weights(self) -> list[float]:
        if self._lazy_weights is None:
            self._lazy_weights = self._field.weights(self._number).tolist()
        return self._lazy_weights

    def weight(self) -> float:
        return self._weights()[self._i]

    def _positions(self) -> list[int]:
        if self._lazy_positions is None:
            flagged = self._field.positions(self._number)
            self._lazy_positions = flagged & POSITION_MASK, [*document_starts(flagged).tolist(), len(flagged)]
        positions, starts = self._lazy_positions
        return positions[starts[self._i] : starts[self._i + 1]].tolist()  # type: ignore[no-any-return]

    def value(self) -> bytes:
        if self._field.has_positions(self._number):
            return self.format.encode(self._positions())  # type: ignore[no-any-return]
        if self._lazy_blobs is None:
            self._lazy_blobs = self._field.blobs(self._number) or [b""] * len(self._docs)
        return self._lazy_blobs[self._i]

    def value_as(self, astype: str) -> Any:
        if astype == "positions" and self._field.has_positions(self._number):
            return self._positions()
        return super().value_as(astype)

    def _block(self) -> tuple[int, int]:
        start = self._i - self._i % _BLOCK
        return start, min(start + _BLOCK, len(self._docs))

    def block_min_id(self) -> int:
        return self._docs[self._block()[0]]

    def block_max_id(self) -> int:
        return self._docs[self._block()[1] - 1]

    def block_min_length(self) -> int:
        return byte_to_length(int(self._field.info["minlen"][self._number]))  # type: ignore[no-any-return]

    def block_max_length(self) -> int:
        return byte_to_length(int(self._field.info["maxlen"][self._number]))  # type: ignore[no-any-return]

    def block_max_weight(self) -> float:
        start, end = self._block()
        return max(self._weights()[start:end])

    def skip_to_quality(self, minquality: float) -> int:
        skipped = 0
        while self.is_active() and self.block_quality() <= minquality:
            self._i = self._block()[1]
            skipped += 1
        return skipped
