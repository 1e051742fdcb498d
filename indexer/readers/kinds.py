"""What kind of file the bytes are, and a plain word for each kind that can't be read."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping

from indexer.readers.source import Source
from search.errors import SourceError

_AS_DOCX = "Open it in Word or WPS and save it as .docx, or as .txt in UTF-8."
_AS_PDF = "Open it in the program it was made with and save it as .docx, .txt or a PDF with text."
_OCR = "Have its text recognised (OCR) and give the result as .txt, .docx or a PDF with a text layer."
_AS_CSV = "Save the sheet as CSV in UTF-8, with columns such as title, text, city, year."
_UNPACK = "Unpack it, or pack its files as .zip."

UNSUPPORTED: Mapping[str, tuple[str, str]] = {
    ".ole": ("an old Office document", _AS_DOCX),
    ".ofd": ("an OFD document (.ofd)", "Export it from an OFD reader as .txt, .docx or PDF."),
    ".pages": ("a Pages document (.pages)", _AS_DOCX),
    ".caj": ("a CAJ document (.caj)", "Export it from CAJViewer as PDF or text."),
    ".et": ("a WPS spreadsheet (.et)", _AS_CSV),
    ".odp": ("a presentation (.odp)", _AS_PDF),
    ".ppt": ("a presentation (.ppt)", _AS_PDF),
    ".pptx": ("a presentation (.pptx)", _AS_PDF),
    ".xml": ("an XML file (.xml)", "Save its text as .txt or .html."),
    **{
        suffix: (f"an image ({suffix})", _OCR)
        for suffix in (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp")
    },
    **{
        suffix: (f"an archive ({suffix})", _UNPACK)
        for suffix in (".rar", ".7z", ".gz", ".tgz", ".tar", ".xz", ".bz2", ".zst")
    },
}
"""Suffix -> what it is, and what to do."""

_MAGIC = (
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
_BROKEN = (
    zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError, EOFError, OverflowError, RuntimeError
)  # fmt: skip
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
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        raise _refuse(source, ".webp")
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
        f"files with the suffix {source.suffix} can't be read.",
        hint="If it is text, name it .txt; otherwise save it as .txt, .docx, .html or PDF.",
    )


def _refuse(source: Source, suffix: str) -> SourceError:
    what, hint = UNSUPPORTED[suffix]
    return source.refuse(f"this is {what}, which can't be read.", hint=hint)


def _ole_kind(source: Source) -> str:
    """The reader of an OLE document: Word's by its stream, or by its name where another program made it."""
    if "EncryptedPackage".encode("utf-16-le") in source.data:
        raise source.refuse(
            "this document is protected by a password.",
            hint="Open it with the password and save it without one.",
        )
    if "WordDocument".encode("utf-16-le") in source.data or source.suffix in _LEGACY_WORD:
        return "legacy_word"
    raise _refuse(source, source.suffix if source.suffix in (".ppt", ".et") else ".ole")


def _zip_kind(source: Source) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            names = set(archive.namelist())
            kind_stated = archive.open("mimetype").read(200) if "mimetype" in names else b""
    except _BROKEN as error:
        what = "DOCX document" if source.suffix == ".docx" else "ZIP archive"
        raise source.refuse(
            f"the {what} is broken ({error}).", hint="Get the file again from where it came from."
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
