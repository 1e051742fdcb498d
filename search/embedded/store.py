"""The index directory: opening a generation, publishing the next one, verifying.

One commit point: Whoosh's TOC file names the segments; it is renamed into place after everything that it names
has been synced. A reader keeps the generation that it opened.
"""

from __future__ import annotations

import os
import secrets
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import TOC
from whoosh.index import IndexError as WhooshIndexError

from search.collection import Version
from search.embedded.codec import ArraySegment
from search.embedded.known_pickles import TocStorage, UnknownClass, are_segments
from search.embedded.schema import FORMAT_VERSION, INDEX_NAME, SCHEMA_VERSION, SCORED_FIELDS, make_schema
from search.embedded.segment import SegmentData
from search.errors import (
    REBUILD,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexOutdated,
    IndexUnwritable,
    StoreError,
)
from search.messages import stores as says

_OPEN_RETRIES = 5
_SEAL = struct.Struct("<8s8sI")
_SEAL_MAGIC = b"XSTOC\0\0\2"
"""Ends our TOC file, with the commit's random id and the checksum of all before it. Whoosh reads no further than its
own part."""


def index_version(fingerprint: str | None) -> dict[str, Any]:
    """What a segment must have been written with to be read now."""
    return {"format": FORMAT_VERSION, "schema": SCHEMA_VERSION, "fingerprint": fingerprint}


def latest_generation(folder: Path) -> int:
    """The number of the newest committed generation, or -1 where there is none."""
    if not folder.is_dir():
        return -1
    return int(TOC._latest_generation(FileStorage(str(folder)), INDEX_NAME))


def latest_version(folder: Path) -> Version | None:
    """The newest committed version, by its TOC's name and seal alone; None where there is none that is sealed."""
    number = latest_generation(folder)
    if number < 0:
        return None
    try:
        with (folder / TOC._filename(INDEX_NAME, number)).open("rb") as file:
            file.seek(-_SEAL.size, os.SEEK_END)
            magic, commit_id, _ = _SEAL.unpack(file.read(_SEAL.size))
    except (OSError, struct.error):
        return None
    return Version(commit_id.hex(), number) if magic == _SEAL_MAGIC else None


@dataclass(slots=True)
class Generation:
    """One committed state of the index: the TOC's number, the commit's random id and the open segments.

    Args:
        averages: the average lengths that it scores by; None where they are the mean lengths.
    """

    number: int
    id: str
    segments: tuple[SegmentData, ...]
    averages: dict[str, float] | None = None

    @property
    def average_lengths(self) -> dict[str, float]:
        """The average length of each scored field."""
        return self.averages or mean_lengths([data.segment for data in self.segments])


def mean_lengths(segments: Sequence[ArraySegment]) -> dict[str, float]:
    """The mean length of each scored field over all documents, as Whoosh counts it; 1 where the field is empty."""
    count = sum(segment.doc_count_all() for segment in segments)
    totals = {name: sum(int(of._fieldlengths.get(name, 0)) for of in segments) for name in SCORED_FIELDS}
    return {name: total / count if total else 1.0 for name, total in totals.items()}


@dataclass(frozen=True, slots=True)
class SealedToc:
    """Whoosh's TOC of a generation, with the random id of its commit."""

    id: str
    toc: Any


def read_toc(folder: Path) -> SealedToc:
    """The TOC of the newest generation; nothing of it is unpickled before its checksum has been compared.

    Raises:
        IndexMissing: there is no index in `folder`.
        IndexDamaged: the TOC has not our checksum, or names what no index of ours has.
        IndexOutdated: it names what this version hasn't.
        FileNotFoundError: a commit replaced it since it was listed.
    """
    number = latest_generation(folder)
    if number < 0:
        raise IndexMissing(says.INDEX_MISSING(folder=str(folder)), hint=says.BUILD_INDEX())
    name = TOC._filename(INDEX_NAME, number)
    data = (folder / name).read_bytes()
    content, seal = data[: -_SEAL.size], data[-_SEAL.size :]
    magic, commit_id, checksum = _SEAL.unpack(seal) if len(seal) == _SEAL.size else (b"", b"", 0)
    if magic != _SEAL_MAGIC or checksum != zlib.crc32(content + commit_id):
        raise IndexDamaged(says.INDEX_UNREADABLE(folder=str(folder), name=name), hint=REBUILD)
    ram = TocStorage()
    ram.files[name] = content
    try:
        toc = TOC.read(ram, INDEX_NAME, schema=make_schema())
        if not are_segments(toc.segments):
            raise UnknownClass("something else than segments")
        return SealedToc(commit_id.hex(), toc)
    except UnknownClass as error:
        raise IndexDamaged(says.INDEX_FOREIGN(folder=str(folder), what=str(error)), hint=REBUILD) from error
    except (UnpicklingError, EOFError, ValueError, LookupError, AssertionError, struct.error) as error:
        raise IndexDamaged(says.INDEX_UNREADABLE(folder=str(folder), name=name), hint=REBUILD) from error
    except (WhooshIndexError, ImportError, AttributeError, TypeError) as error:
        raise IndexOutdated(says.INDEX_OTHER_VERSION(folder=str(folder)), hint=REBUILD) from error


def open_generation(
    folder: Path, fingerprint: str | None, *, reuse: Mapping[str, SegmentData] | None = None
) -> Generation:
    """Open the newest generation.

    Args:
        fingerprint: of the analyzer that will read queries; None to read what doesn't depend on one.
        reuse: segments of an earlier generation by id; taken over where nothing in them was deleted since.

    Raises:
        IndexMissing, IndexDamaged: see `read_toc` and `SegmentData`.
        IndexOutdated: written by another version or with another dictionary.
    """
    for attempt in range(_OPEN_RETRIES):
        try:
            sealed = read_toc(folder)
        except FileNotFoundError:  # a commit replaced it between listing and opening
            continue
        toc = sealed.toc
        try:
            segments = tuple(_open_segments(folder, toc.segments, fingerprint, reuse or {}))
            averages = toc.segments[0].averages if toc.segments else None
            return Generation(toc.generation, sealed.id, segments, averages)
        except IndexDamaged:
            if attempt == _OPEN_RETRIES - 1 or not _is_replaced(folder, sealed):
                raise
    raise IndexDamaged(says.INDEX_CHANGING(folder=str(folder)), hint=says.TRY_AGAIN())


def _is_replaced(folder: Path, sealed: SealedToc) -> bool:
    """Whether a commit has replaced the generation since its TOC was read."""
    try:
        return read_toc(folder).id != sealed.id
    except (StoreError, FileNotFoundError):
        return True


def _open_segments(
    folder: Path, segments: list[ArraySegment], fingerprint: str | None, reuse: Mapping[str, SegmentData]
) -> Iterator[SegmentData]:
    for segment in segments:
        if not isinstance(segment, ArraySegment):
            raise IndexOutdated(says.INDEX_OTHER_PROGRAM(), hint=REBUILD)
        known = reuse.get(segment.segment_id())
        if known is not None and known.segment.deleted_count() == segment.deleted_count():
            yield known
            continue
        data = SegmentData(folder, segment)
        written = data.catalogue.meta.get("version", {})
        expected = index_version(written.get("fingerprint") if fingerprint is None else fingerprint)
        if written != expected:
            same_format = {**written, "fingerprint": fingerprint} == expected
            built = says.INDEX_OTHER_DICTIONARY if same_format else says.INDEX_OTHER_XIESOU
            raise IndexOutdated(built(), hint=REBUILD)
        yield data


def publish(folder: Path, segments: Sequence[ArraySegment], generation: int) -> str:
    """Make `segments` the collection: sync what they name, then rename the TOC into place, then sync the folder.

    Returns:
        The random id of the commit.

    Raises:
        OSError: the collection is as it was.
        IndexUnwritable: it is the new one, but the disk didn't confirm that it will stay so.
    """
    for segment in segments:
        for name in segment.checks:
            sync(folder / name)
    ram = RamStorage()
    TOC(make_schema(), list(segments), generation).write(ram, INDEX_NAME)
    name = TOC._filename(INDEX_NAME, generation)
    temporary = folder / f"{name}.new"
    with temporary.open("wb") as file:
        file.write(ram.files[name])
        commit_id = secrets.token_bytes(8)
        file.write(_SEAL.pack(_SEAL_MAGIC, commit_id, zlib.crc32(ram.files[name] + commit_id)))
        file.flush()
        os.fsync(file.fileno())
    sync(folder)
    temporary.rename(folder / name)
    try:
        sync(folder)
    except OSError as error:
        raise IndexUnwritable(
            says.COMMIT_UNCONFIRMED(folder=str(folder), error=error.strerror or str(error)),
            hint=says.CHECK_DISK_AND_VERIFY(),
        ) from error
    return commit_id.hex()


def is_index_file(name: str) -> bool:
    """Whether a file of an index directory is the index's own, by its name."""
    return name.startswith((f"{INDEX_NAME}_", f"_{INDEX_NAME}_"))


def clean(folder: Path, segments: Sequence[ArraySegment], generation: int) -> list[str]:
    """Remove what no generation needs: older TOCs, files of segments that are gone, leftovers of a killed run.

    Returns:
        The names of files that could not be removed.
    """
    keep = {TOC._filename(INDEX_NAME, generation)}
    prefixes = tuple(f"{segment.segment_id()}." for segment in segments)
    left = []
    for name in sorted(os.listdir(folder)):
        if not is_index_file(name) or name.endswith("_WRITELOCK") or name in keep:
            continue
        if prefixes and name.startswith(prefixes):
            continue
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError:
            left.append(name)
    return left


def sync(path: Path) -> None:
    """Have the disk confirm a file, or a folder's names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def write_lock(folder: Path) -> Iterator[None]:
    """Hold Whoosh's write lock on `folder`, making the folder where there is none.

    Raises:
        IndexLocked: another run holds it.
        IndexUnwritable: the folder can't be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f"{INDEX_NAME}_probe.{os.getpid()}"
        probe.touch()
        probe.unlink()
        lock = FileStorage(str(folder)).lock(f"{INDEX_NAME}_WRITELOCK")
        acquired = lock.acquire()
    except OSError as error:
        raise IndexUnwritable(
            says.FOLDER_UNWRITABLE(folder=str(folder), error=error.strerror or str(error)),
            hint=says.CHOOSE_FOLDER(),
        ) from error
    if not acquired:
        raise IndexLocked(says.INDEX_LOCKED(folder=str(folder)), hint=says.WAIT_FOR_RUN())
    _let_go_in_children()
    _HELD_LOCKS.add(lock.fd)
    try:
        yield
    finally:
        _HELD_LOCKS.discard(lock.fd)
        lock.release()


_HELD_LOCKS: set[int | None] = set()
"""The descriptors of the locks that this process holds."""


@cache
def _let_go_in_children() -> None:
    """Have every child let go of our locks: one that outlives a killed run by a moment would keep the next one out."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_let_go)


def _let_go() -> None:
    for descriptor in _HELD_LOCKS:
        if descriptor is not None:
            os.close(descriptor)
    _HELD_LOCKS.clear()


def verify(folder: Path, fingerprint: str | None) -> Generation:
    """Open the newest generation and read every byte of it; a commit meanwhile doesn't matter.

    Args:
        fingerprint: as for `open_generation`.

    Raises:
        StoreError: the first thing that is wrong.
    """
    generation = open_generation(folder, fingerprint)
    for data in generation.segments:
        data.files.check()
    return generation
