"""ZIP archives: every member is read by the reader of its own kind.

Bounded in members, in bytes and in how far a member may swell; archives in archives are refused. Member names
are labels and never paths: nothing is written to disk. A member that can't be read is a problem, and the rest
goes on.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace

from indexer.allowance import made_progress
from indexer.bounds import Bounds
from indexer.model import Document, Problem
from indexer.readers import registry
from indexer.readers.container import BROKEN, overlap
from indexer.readers.file_names import decode_name
from indexer.readers.source import Source
from search.errors import SourceError
from search.messages import Message, in_a_row, quoted
from search.messages import sources as says

MAX_RATIO = 200
RATIO_FROM_BYTES = 10 << 20
UTF8_FLAG = 0x800
ENCRYPTED_FLAG = 0x1


def iter_documents(source: Source) -> Iterator[Document]:
    """The Documents of all members, by the members' names.

    Raises:
        SourceError: the archive is broken, too large, protected, or no member can be read.
    """
    problems: list[Problem] = []
    ready: Document | None = None
    for member, trouble in _iter_members(source):
        if member is None:
            problems.append(Problem(source.path, None, trouble))
            continue
        try:
            for document in registry.read_source(member):
                if ready is not None:
                    yield ready
                ready = replace(document, problems=(*problems, *document.problems))
                problems = []
        except SourceError as error:
            problems.append(
                Problem(
                    source.path, error.line, says.MEMBER_UNREADABLE(member=member.name, reason=error.said)
                )
            )
    if ready is None:
        why = problems[0].reason if problems else says.ARCHIVE_EMPTY()
        raise source.refuse(in_a_row([says.ARCHIVE_WITHOUT_DOCUMENTS(), why]), hint=says.UNPACK_AND_LOOK())
    yield replace(ready, problems=(*ready.problems, *problems))


def _iter_members(source: Source) -> Iterator[tuple[Source | None, Message]]:
    """The members' bytes in the order of their names, or why one is not given."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            infos = archive.infolist()
            if len(infos) > source.bounds.members:
                raise source.refuse(
                    says.ARCHIVE_TOO_MANY(n=len(infos), most=source.bounds.members), hint=says.DIVIDE_IT()
                )
            if overlap(infos):
                raise source.refuse(says.ARCHIVE_OVERLAPS(), hint=says.GET_FILE_AGAIN())
            most = max(RATIO_FROM_BYTES, len(source.data)) * MAX_RATIO
            left = min(source.bounds.inflated_mb << 20, most)
            for name, info in sorted(((_label(info), info) for info in infos), key=lambda pair: pair[0]):
                if _is_furniture(name):
                    continue
                made_progress()
                reason = _reason_to_refuse(info, source.bounds)
                if reason:
                    yield None, says.MEMBER_UNREADABLE(member=f"{source.name}!/{name}", reason=reason)
                    continue
                data = _inflate(archive, info, min(source.bounds.member_mb << 20, left))
                if isinstance(data, Message):
                    yield None, says.MEMBER_UNREADABLE(member=f"{source.name}!/{name}", reason=data)
                    continue
                left -= len(data)
                if data.startswith((b"PK\x03\x04", b"PK\x05\x06")) and not any(
                    part in data for part in (b"word/", b"xl/workbook", b"content.xml")
                ):
                    yield (
                        None,
                        says.MEMBER_UNREADABLE(member=f"{source.name}!/{name}", reason=says.MEMBER_ARCHIVE()),
                    )
                    continue
                yield source.within(data, f"{source.name}!/{name}"), quoted("")
    except BROKEN as error:
        raise source.refuse(says.ZIP_BROKEN(error=str(error)), hint=says.GET_FILE_AGAIN()) from error


def _inflate(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes | Message:
    """A member's bytes, or why it is not read. Believes no size that the archive states."""
    if info.compress_size * MAX_RATIO < limit:
        limit = min(limit, max(RATIO_FROM_BYTES, info.compress_size * MAX_RATIO))
    try:
        with archive.open(info) as stream:
            data = stream.read(limit + 1)
    except BROKEN as error:
        return says.MEMBER_BROKEN(error=str(error))
    if len(data) > limit:
        return says.MEMBER_SWELLS()
    return data


def _label(info: zipfile.ZipInfo) -> str:
    """The member's name as people know it: names without the UTF-8 flag are often GBK."""
    name = info.filename
    if not info.flag_bits & UTF8_FLAG:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            return name
        if not raw.isascii():
            return decode_name(raw) or name
    return name


def _is_furniture(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    return not parts[-1] or hidden or parts[0] == "__MACOSX" or parts[-1] == "metadata.csv"


def _reason_to_refuse(info: zipfile.ZipInfo, bounds: Bounds) -> Message | None:
    if info.flag_bits & ENCRYPTED_FLAG:
        return says.MEMBER_PASSWORD()
    if info.external_attr >> 28 == 0xA:
        return says.MEMBER_LINK()
    if info.filename.lower().endswith(".zip"):
        return says.MEMBER_ARCHIVE()
    if info.file_size > bounds.member_mb << 20:
        return says.MEMBER_TOO_LARGE(size=info.file_size >> 20, most=bounds.member_mb)
    return None
