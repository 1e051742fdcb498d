"""What kind of file the bytes are, and a plain word for each kind that can't be read."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from indexer.readers.container import BROKEN
from indexer.readers.source import Source
from search.errors import SourceError
from search.messages import Declared
from search.messages import sources as says

UNSUPPORTED: Mapping[str, tuple[Declared, Declared]] = {
    ".ole": (says.KIND_OFFICE_OLD, says.SAVE_AS_DOCX),
    ".ofd": (says.KIND_OFD, says.EXPORT_OFD),
    ".pages": (says.KIND_PAGES, says.SAVE_AS_DOCX),
    ".caj": (says.KIND_CAJ, says.EXPORT_CAJ),
    ".et": (says.KIND_WPS_SPREADSHEET, says.SAVE_AS_CSV),
    ".odp": (says.KIND_PRESENTATION, says.SAVE_AS_PDF),
    ".ppt": (says.KIND_PRESENTATION, says.SAVE_AS_PDF),
    ".pptx": (says.KIND_PRESENTATION, says.SAVE_AS_PDF),
    ".xml": (says.KIND_XML, says.SAVE_TEXT_HTML),
    **dict.fromkeys(
        (".rar", ".7z", ".gz", ".tgz", ".tar", ".xz", ".bz2", ".zst"), (says.KIND_ARCHIVE, says.UNPACK_OR_ZIP)
    ),
}
"""Suffix -> what it is, and what to do."""

_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
_MAGIC = (
    (b"Rar!\x1a", ".rar"),
    (b"7z\xbc\xaf\x27\x1c", ".7z"),
    (b"\x1f\x8b", ".gz"),
    (b"\xfd7zXZ\0", ".xz"),
    (b"BZh9", ".bz2"),
    (b"CAJ\0", ".caj"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,400}?-->\s*){0,4}<(?:!doctype\s+html|html[\s>]|head[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_RTF = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\\rtf")
_MHT = re.compile(
    rb"(?:[A-Za-z-]{2,40}:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n){0,40}content-type:\s*multipart/related",
    re.IGNORECASE,
)
_WORD_SUFFIXES = (".docx", ".docm", ".dotx")
_LEGACY_WORD = (".doc", ".dot", ".wps")
_ZIP_KINDS = (
    ("word/document.xml", "docx"),
    ("OFD.xml", ".ofd"),
    ("xl/workbook.xml", "spreadsheet"),
    ("ppt/presentation.xml", ".pptx"),
    ("META-INF/container.xml", "epub"),
)


def sniff(source: Source) -> str | None:
    """The reader that the first bytes ask for, or None where they say nothing.

    Raises:
        SourceError: they are those of a kind that can't be read.
    """
    data = source.data
    if data.startswith(_OLE):
        if source.suffix == ".xls" and "EncryptedPackage".encode("utf-16-le") not in data:
            return "spreadsheet"
        return _ole_kind(source)
    for magic, suffix in _MAGIC:
        if data.startswith(magic):
            raise _refuse(source, suffix)
    if data.startswith(_PICTURES) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        return "picture"
    if _RTF.match(data[:64]):
        return "rtf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(source)
    if b"%PDF-" in data[:1024] and (source.suffix == ".pdf" or data.lstrip()[:5] == b"%PDF-"):
        return "pdf"
    if _MHT.match(data[:4096]):
        return "mht"
    if source.suffix not in (".html", ".htm", ".xhtml") and _HTML.match(data[:4096]):
        return "html"
    return None


def refuse_kind(source: Source) -> SourceError:
    """The error for a suffix without a reader."""
    if source.suffix in UNSUPPORTED:
        return _refuse(source, source.suffix)
    return source.refuse(
        says.SUFFIX_UNREADABLE(suffix=source.suffix),
        hint=says.NAME_IT_TXT(),
    )


def _refuse(source: Source, suffix: str) -> SourceError:
    what, hint = UNSUPPORTED[suffix]
    return source.refuse(says.KIND_UNREADABLE(kind=what(suffix=suffix)), hint=hint())


def _ole_kind(source: Source) -> str:
    """The reader of an OLE document: Word's by its stream, or by its name where another program made it."""
    if "EncryptedPackage".encode("utf-16-le") in source.data:
        raise source.refuse(
            says.PASSWORD(),
            hint=says.SAVE_WITHOUT_PASSWORD(),
        )
    if "WordDocument".encode("utf-16-le") in source.data or source.suffix in _LEGACY_WORD:
        return "legacy_word"
    raise _refuse(source, source.suffix if source.suffix in (".ppt", ".et") else ".ole")


def _zip_kind(source: Source) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            names = set(archive.namelist())
            kind_stated = archive.open("mimetype").read(200) if "mimetype" in names else b""
    except BROKEN as error:
        what = says.DOCX_DOCUMENT() if source.suffix == ".docx" else says.ZIP_ARCHIVE()
        raise source.refuse(
            says.CONTAINER_BROKEN(kind=what, error=str(error)), hint=says.GET_FILE_AGAIN()
        ) from error
    for member, kind in _ZIP_KINDS:
        if member in names:
            if kind.startswith("."):
                raise _refuse(source, kind)
            return kind
    if "mimetype" in names and "content.xml" in names:
        if b"opendocument.spreadsheet" in kind_stated:
            return "spreadsheet"
        if b"opendocument.presentation" in kind_stated:
            raise _refuse(source, ".odp")
        return "odt"
    if source.suffix in _WORD_SUFFIXES and "_rels/.rels" in names:
        return "docx"
    return "archive"
