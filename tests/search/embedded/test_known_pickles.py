"""Opening an index runs no code that is in it."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC

from search.embedded.codec import ArrayCodec, ArraySegment
from search.embedded.schema import INDEX_NAME, make_schema
from search.embedded.store import _SEAL, _SEAL_MAGIC, read_toc
from search.errors import IndexDamaged


class Calls:
    """A value whose pickle has something called."""

    def __init__(self, called: Callable[..., Any], *arguments: Any) -> None:
        self._called, self._arguments = called, arguments

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self._called, self._arguments


def _write_toc(folder: Path, segments: Any) -> None:
    """A list of segments as ours is, whatever it holds: sealed with the right checksum."""
    ram = RamStorage()
    TOC(make_schema(), segments, 1).write(ram, INDEX_NAME)
    (name,) = ram.files
    content, commit = ram.files[name], b"12345678"
    checksum = zlib.crc32(content + commit)
    (folder / TOC._filename(INDEX_NAME, 1)).write_bytes(content + _SEAL.pack(_SEAL_MAGIC, commit, checksum))


def _segment(**attributes: Any) -> ArraySegment:
    segment = ArraySegment(ArrayCodec(), INDEX_NAME)
    for name, value in attributes.items():
        setattr(segment, name, value)
    return segment


def test_our_own_segments_are_read(tmp_path: Path) -> None:
    segment = _segment()
    segment.checks = {segment.make_filename(".trm"): 5}
    segment.delete_document(3)
    _write_toc(tmp_path, [segment])
    (read,) = read_toc(tmp_path).toc.segments
    assert (read.checks, read.deleted_count()) == (segment.checks, 1)


@pytest.mark.parametrize("wrap", [lambda of: of, lambda of: [of], lambda of: [_segment(checks=of)]])
@pytest.mark.parametrize("how", ["system", "open", "eval"])
def test_nothing_is_called(tmp_path: Path, how: str, wrap: Callable[[Any], Any]) -> None:
    witness = tmp_path / "witness"
    called = {
        "system": Calls(os.system, f"touch {witness}"),
        "open": Calls(open, str(witness), "w"),
        "eval": Calls(eval, f"open({str(witness)!r}, 'w')"),
    }[how]
    index = tmp_path / "index"
    index.mkdir()
    _write_toc(index, wrap(called))
    witness.unlink(missing_ok=True)
    with pytest.raises(IndexDamaged, match="not loaded"):
        read_toc(index)
    assert not witness.exists()


@pytest.mark.parametrize("name", ["../elsewhere", "/etc/passwd", "MAIN_other.trm", "{}/../x", "{}\\x", 5])
def test_a_segment_names_no_file_but_its_own(tmp_path: Path, name: Any) -> None:
    segment = _segment()
    prefix = segment.make_filename(".trm")
    segment.checks = {name.format(prefix) if isinstance(name, str) else name: 5}
    _write_toc(tmp_path, [segment])
    with pytest.raises(IndexDamaged):
        read_toc(tmp_path)


@pytest.mark.parametrize("segments", [None, "segments", {"a": 1}, [None], [["nested"]], [5]])
def test_something_else_than_segments_is_refused(tmp_path: Path, segments: Any) -> None:
    _write_toc(tmp_path, segments)
    with pytest.raises(IndexDamaged):
        read_toc(tmp_path)


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_list_that_breaks_off_is_damaged(tmp_path: Path, cut: int) -> None:
    """Sealed with a right checksum, as whoever forges an index would."""
    _write_toc(tmp_path, [_segment()])
    (file,) = tmp_path.iterdir()
    content = file.read_bytes()[: -_SEAL.size][:-cut]
    commit = b"12345678"
    file.write_bytes(content + _SEAL.pack(_SEAL_MAGIC, commit, zlib.crc32(content + commit)))
    with pytest.raises(IndexDamaged):
        read_toc(tmp_path)
