"""What kind of file the bytes are, and a plain word for each kind that can't be read."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from indexer.readers.source import Source
from search.errors import SourceError
from search.messages import Declared
from search.messages import sources as says

UNSUPPORTED: Mapping[str, tuple[Declared, Declared]] = {
    ".doc": (says.KIND_WORD_OLD, says.SAVE_AS_DOCX),
    ".dot": (says.KIND_WORD_TEMPLATE, says.SAVE_AS_DOCX),
    ".wps": (says.KIND_WPS, says.SAVE_AS_DOCX),
    ".ofd": (says.KIND_OFD, says.EXPORT_OFD),
    ".rtf": (says.KIND_RTF, says.SAVE_AS_DOCX),
    ".odt": (says.KIND_ODT, says.SAVE_AS_DOCX),
    ".docm": (says.KIND_WORD_MACROS, says.SAVE_AS_DOCX),
    ".pages": (says.KIND_PAGES, says.SAVE_AS_DOCX),
    ".epub": (says.KIND_EBOOK, says.SAVE_AS_PDF),
    ".mht": (says.KIND_WEB_ARCHIVE, says.SAVE_PAGE_HTML),
    ".mhtml": (says.KIND_WEB_ARCHIVE, says.SAVE_PAGE_HTML),
    ".caj": (says.KIND_CAJ, says.EXPORT_CAJ),
    ".xls": (says.KIND_SPREADSHEET, says.SAVE_AS_CSV),
    ".xlsx": (says.KIND_SPREADSHEET, says.SAVE_AS_CSV),
    ".ods": (says.KIND_SPREADSHEET, says.SAVE_AS_CSV),
    ".et": (says.KIND_WPS_SPREADSHEET, says.SAVE_AS_CSV),
    ".ppt": (says.KIND_PRESENTATION, says.SAVE_AS_PDF),
    ".pptx": (says.KIND_PRESENTATION, says.SAVE_AS_PDF),
    ".json": (says.KIND_JSON, says.ONE_OBJECT_A_LINE),
    ".xml": (says.KIND_XML, says.SAVE_TEXT_HTML),
    **dict.fromkeys(
        (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp"),
        (says.KIND_IMAGE, says.RECOGNISE_TEXT),
    ),
    **dict.fromkeys(
        (".rar", ".7z", ".gz", ".tgz", ".tar", ".xz", ".bz2", ".zst"), (says.KIND_ARCHIVE, says.UNPACK_OR_ZIP)
    ),
}
"""Suffix -> what it is, and what to do."""

_MAGIC = (
    (b"{\\rtf", ".rtf"),
    (b"\x89PNG\r\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"II*\0", ".tif"),
    (b"MM\0*", ".tif"),
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
_ZIP_KINDS = (
    ("word/document.xml", "docx"),
    ("OFD.xml", ".ofd"),
    ("xl/workbook.xml", ".xlsx"),
    ("ppt/presentation.xml", ".pptx"),
    ("META-INF/container.xml", ".epub"),
)


def sniff(source: Source) -> str | None:
    """The reader that the first bytes ask for, or None where they say nothing.

    Raises:
        SourceError: they are those of a kind that can't be read.
    """
    data = source.data
    if data.startswith(_OLE):
        raise _refuse_ole(source)
    for magic, suffix in _MAGIC:
        if data.startswith(magic):
            raise _refuse(source, suffix)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        raise _refuse(source, ".webp")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(source)
    if b"%PDF-" in data[:1024] and (source.suffix == ".pdf" or data.lstrip()[:5] == b"%PDF-"):
        return "pdf"
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


def _refuse_ole(source: Source) -> SourceError:
    if "EncryptedPackage".encode("utf-16-le") in source.data:
        return source.refuse(
            says.PASSWORD(),
            hint=says.SAVE_WITHOUT_PASSWORD(),
        )
    suffix = source.suffix if source.suffix in (".wps", ".xls", ".ppt", ".dot", ".et") else ".doc"
    return _refuse(source, suffix)


def _zip_kind(source: Source) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, OverflowError) as error:
        what = "DOCX document" if source.suffix == ".docx" else "ZIP archive"
        raise source.refuse(
            says.CONTAINER_BROKEN(kind=what, error=str(error)), hint=says.GET_FILE_AGAIN()
        ) from error
    for member, kind in _ZIP_KINDS:
        if member in names:
            if kind.startswith("."):
                raise _refuse(source, kind)
            return kind
    if "mimetype" in names and "content.xml" in names:
        raise _refuse(source, ".odt")
    if source.suffix == ".docx":
        raise source.refuse(says.DOCX_WITHOUT_TEXT(), hint=says.SAVE_AS_DOCX())
    return "archive"
