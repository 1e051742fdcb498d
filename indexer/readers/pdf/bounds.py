"""Whether reading a PDF is more work than any real one asks for, told before it is read.

Work is counted in bytes: what a stream unpacks to, and the drawing instructions of a page with the forms that it
calls, each as often as it is called. So the same file is refused on every machine, however fast.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.bounds import Bounds

MOST_SWELL = 1040
"""Deflate swells at most about a thousandfold."""
_OTHER_SWELL = {b"LZWDecode": 1400, b"LZW": 1400, b"RunLengthDecode": 64, b"RL": 64}
_DEEPEST = 60
_CHUNK = 1 << 20
_SMALL_BYTES = 16 << 20
"""What can't swell to more is not unpacked only to be counted."""

_OBJECT = re.compile(rb"(?<![0-9])(\d{1,9})[\s\x00]+\d{1,5}[\s\x00]+obj\b")
_STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
_FILTER = re.compile(rb"/(?:Filter|F)\s*(\[[^\]]*\]|/\w+)")
_NAMED = re.compile(rb"/([^\s/\[\]<>(){}%]+)[\s\x00]+(\d{1,9})[\s\x00]+\d{1,5}[\s\x00]+R\b")
_REFERENCE = re.compile(rb"(\d{1,9})[\s\x00]+\d{1,5}[\s\x00]+R\b")
_CALL = re.compile(rb"/([^\s/\[\]<>(){}%]+)[\s\x00]+Do\b")
_CONTENTS = re.compile(rb"/Contents\s*(\[[^\]]*\]|\d{1,9}\s+\d{1,5}\s+R)")
_PROCEDURES = re.compile(rb"/CharProcs\s*(<<.*?>>|(\d{1,9})\s+\d{1,5}\s+R)", re.DOTALL)
_IMAGE = re.compile(rb"/Subtype\s*/Image\b")
_PAGE = re.compile(rb"/Type\s*/Page\b")
_LISTED = re.compile(rb"/Type\s*/ObjStm\b")


class TooMuchWork(Exception):
    """The file asks for more work than any real one."""


@dataclass(slots=True)
class _Object:
    head: bytes
    packed: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Drawing instructions: how many bytes they are, and which names they call how often."""

    size: int
    calls: Counter[bytes]


@dataclass(slots=True)
class _Work:
    """The objects of a file, and what each costs to draw."""

    objects: dict[int, _Object]
    unpacker: _Unpacker
    named: dict[bytes, list[int]] = field(default_factory=dict)
    costs: dict[int, int] = field(default_factory=dict)
    contents: dict[int, _Drawing] = field(default_factory=dict)
    open: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, data: bytes, bounds: Bounds) -> _Work:
        """The work in a file."""
        work = cls(dict(_iter_objects(data)), _Unpacker(bounds))
        for entry in work.objects.values():
            for name, number in _NAMED.findall(entry.head):
                work.named.setdefault(name, []).append(int(number))
        return work


def check_streams(data: bytes, bounds: Bounds) -> None:
    """See that no stream swells beyond all measure, whatever its filters; pictures are never unpacked.

    Raises:
        TooMuchWork: one does, or all together.
    """
    unpacker = _Unpacker(bounds)
    for _, entry in _iter_objects(data):
        if entry.packed is not None and not _IMAGE.search(entry.head):
            unpacker.unpack(entry, keep=False)


def check_pages(data: bytes, bounds: Bounds) -> None:
    """See that no page has more to draw than a page can have, with the forms that it calls.

    Args:
        data: the file as PDFium writes it anew, neither encrypted nor with objects in streams.

    Raises:
        TooMuchWork: one has.
    """
    work = _Work.of(data, bounds)
    total = 0
    most_of_page = bounds.page_drawing_mb << 20
    for entry in list(work.objects.values()):
        if not _PAGE.search(entry.head):
            continue
        found = _CONTENTS.search(entry.head)
        numbers = [int(number) for number in _REFERENCE.findall(found.group(1))] if found else []
        numbers = [n for number in numbers for n in _listed(work, number)]
        cost = 0
        for number, times in Counter(numbers).items():
            drawing = _content(work, number)
            cost += times * (drawing.size + 1 + _calls(work, entry.head, drawing, 0))
        total += cost
        if cost > most_of_page or total > bounds.streams_mb << 20:
            raise TooMuchWork
    for number in _glyph_procedures(work):
        if _cost(work, number, 0) > most_of_page:
            raise TooMuchWork


def _glyph_procedures(work: _Work) -> Iterator[int]:
    """The streams that draw the characters of fonts of type 3."""
    for entry in work.objects.values():
        found = _PROCEDURES.search(entry.head)
        if found is None:
            continue
        listed = work.objects.get(int(found.group(2))) if found.group(2) else None
        text = listed.head if listed is not None else found.group(1)
        yield from (int(number) for _, number in _NAMED.findall(text))


def _listed(work: _Work, number: int) -> list[int]:
    """The streams that /Contents names: itself one, or an array of them."""
    entry = work.objects.get(number)
    if entry is None or entry.packed is not None:
        return [number]
    return [int(reference) for reference in _REFERENCE.findall(entry.head)]


def _content(work: _Work, number: int) -> _Drawing:
    if number not in work.contents:
        entry = work.objects.get(number)
        drawn = entry is not None and entry.packed is not None and not _IMAGE.search(entry.head)
        text = work.unpacker.unpack(entry, keep=True) if entry is not None and drawn else b""
        work.contents[number] = _Drawing(len(text), Counter(_CALL.findall(text)))
    return work.contents[number]


def _calls(work: _Work, head: bytes, drawing: _Drawing, depth: int) -> int:
    """What the forms cost that some instructions call, by the names that their resources give.

    A name that they don't give may be the page's; then whatever has that name anywhere counts.
    """
    if not drawing.calls:
        return 0
    names = _names(work, head)
    total = 0
    for name, count in drawing.calls.items():
        numbers = names.get(name) or work.named.get(name) or []
        total += count * max((_cost(work, number, depth) for number in numbers), default=0)
    return total


def _cost(work: _Work, number: int, depth: int) -> int:
    entry = work.objects.get(number)
    if entry is None or entry.packed is None or _IMAGE.search(entry.head):
        return 0
    if number in work.open or depth > _DEEPEST:
        raise TooMuchWork  # a form that calls itself
    if number not in work.costs:
        work.open.add(number)
        drawing = _content(work, number)
        work.costs[number] = drawing.size + 1 + _calls(work, entry.head, drawing, depth + 1)
        work.open.discard(number)
    return work.costs[number]


def _names(work: _Work, head: bytes) -> dict[bytes, list[int]]:
    """Name -> objects, in a dictionary and in those that it refers to for its resources or its parent's."""
    names: dict[bytes, list[int]] = {}
    waiting, seen = [head], 0
    while waiting and seen < _DEEPEST:
        seen += 1
        for name, reference in _NAMED.findall(waiting.pop()):
            number = int(reference)
            if name in (b"Resources", b"XObject", b"Parent"):
                entry = work.objects.get(number)
                if entry is not None:
                    waiting.append(entry.head)
            else:
                names.setdefault(name, []).append(number)
    return names


def _iter_objects(data: bytes) -> Iterator[tuple[int, _Object]]:
    at = 0
    while True:
        found = _OBJECT.search(data, at)
        if found is None:
            return
        end = data.find(b"endobj", found.end())
        stream = _STREAM.search(data, found.end(), end if end >= 0 else len(data))
        if stream is None:
            at = len(data) if end < 0 else end
            yield int(found.group(1)), _Object(data[found.end() : at])
            continue
        head = data[found.end() : stream.start()]
        at = data.find(b"endstream", stream.end())
        at = len(data) if at < 0 else at
        yield int(found.group(1)), _Object(head, data[stream.end() : at])


class _Unpacker:
    """Takes the filters off streams, and counts what comes out of all of them."""

    def __init__(self, bounds: Bounds) -> None:
        self._most_of_stream = bounds.stream_mb << 20
        self._left = bounds.streams_mb << 20

    def unpack(self, entry: _Object, *, keep: bool) -> bytes:
        """A stream without its filters, as far as they are known; what is damaged ends where the damage begins.

        Raises:
            TooMuchWork: it swells beyond measure.
        """
        data = entry.packed or b""
        found = _FILTER.search(entry.head)
        names = re.findall(rb"/(\w+)", found.group(1)) if found else []
        for at, name in enumerate(names):
            if name in (b"FlateDecode", b"Fl"):
                last = at == len(names) - 1
                if last and not keep and len(data) * MOST_SWELL < _SMALL_BYTES:
                    return b""
                data = self._inflate(data, keep=keep or not last)
            elif name in _OTHER_SWELL:
                if len(data) * _OTHER_SWELL[name] > self._most_of_stream:
                    raise TooMuchWork
                return b""
            else:
                return b""
        return data

    def _inflate(self, packed: bytes, *, keep: bool) -> bytes:
        unpacker = zlib.decompressobj()
        parts: list[bytes] = []
        size = 0
        rest = packed
        try:
            while rest and not unpacker.eof:
                part = unpacker.decompress(rest, _CHUNK)
                rest = unpacker.unconsumed_tail
                size += len(part)
                self._left -= len(part)
                if size > self._most_of_stream or self._left < 0:
                    raise TooMuchWork
                if keep:
                    parts.append(part)
        except zlib.error:
            pass  # the reader meets the damage later, and copes
        return b"".join(parts)
