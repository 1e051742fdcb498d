"""Law 4's independent counters: what a file holds, by a parser that shares nothing with the reader.

A reader that counts its own text proves nothing about what it did not look at. These count from the raw parts of a
file with the standard library or html5lib, and know no structure: only which nodes are text.
"""

from __future__ import annotations

import base64
import io
import quopri
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from xml.etree import ElementTree

import html5lib

from indexer.model import Document
from indexer.readers import text
from indexer.readers.encoding import decode, decode_declared
from indexer.readers.registry import decoded_text, read_source
from indexer.readers.source import Source
from search.errors import SourceError
from tests.laws.old_word import old_word_texts

DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError)
WORD_TEXTS = re.compile(
    r"\{[^}]*/wordprocessingml/(?:2006/)?main\}(?:t|delText|instrText|delInstrText)"
    r"|\{[^}]*/drawingml/(?:2006/)?main\}t"
    r"|\{[^}]*/officeDocument/(?:2006/)?math\}t"
    r"|\{[^}]*/drawingml/(?:2006/)?chart\}v"
    r"|\{[^}]*/drawing/2014/chartex\}(?:v|pt)"
)


def signs(texts: Iterable[str]) -> Counter[str]:
    """The non-blank characters of texts."""
    return Counter(c for text in texts for c in text if not c.isspace())


def kept(documents: Iterable[Document]) -> Counter[str]:
    """The non-blank characters of what a reader gives, without those that it says are generated."""
    found: Counter[str] = Counter()
    for document in documents:
        for line in document.lines:
            text = line.text
            for start, end in reversed(line.generated):
                text = text[:start] + text[end:]
            found.update(signs([text]))
        found.update(signs(entry.text for entry in document.set_aside))
    return found


def difference(counted: Counter[str], found: Counter[str]) -> dict[str, Counter[str]]:
    """What was lost and what was made: empty where a reader keeps everything."""
    return {
        name: rest for name, rest in (("lost", counted - found), ("made", found - counted)) if rest.total()
    }


def counted(source: Source) -> Counter[str]:
    """The non-blank characters of a file, by the counter of its format.

    Plain texts, tables and PDFs are counted by what their reader decodes.
    """
    kind = _kind(source)
    if kind == "docx":
        return signs(word_texts(source.data))
    if kind == "odt":
        return signs(open_texts(source.data))
    if kind in (".html", ".htm", ".xhtml"):
        return signs(html_texts(read_source_text(source)))
    if kind in (".mht", ".mhtml"):
        return signs(mail_texts(source.data))
    if kind == ".rtf":
        return signs(rich_texts(source.data))
    if kind == "epub":
        return signs(book_texts(source.data))
    if kind == "zip":
        return sum((counted(member) for member in _members(source)), Counter())
    if kind in (".doc", ".dot", ".wps"):
        is_binary = source.data.startswith(b"\xd0\xcf\x11\xe0")
        return signs(old_word_texts(source.data) if is_binary else [text.decoded_text(source)])
    return signs([decoded_text(source)])


def html_texts(text: str) -> Iterator[str]:
    """Every text node and comment of a page, by the standard's own algorithm in html5lib.

    The standard once dropped tags within a select, as html5lib does, and keeps them now; under a name of no meaning
    they are kept here too.
    """
    builder = html5lib.getTreeBuilder("etree", fullTree=True)
    if "<frameset" in text.lower():  # behind a </br> there is no frameset any more, as html5lib doesn't know
        text = re.sub(r"</br(?=[\s/>])", "<br", text, flags=re.IGNORECASE)
    plain = re.sub(r"^\s*<\?xml\b[^>]*>", "", text).replace("\0", "\ufffd")
    plain = re.sub(r"(</?)(?=select[\s/>])", r"\1x-", plain, flags=re.IGNORECASE)
    for element in html5lib.HTMLParser(builder).parse(plain).iter():
        if isinstance(element.tag, str) and element.tag.startswith("<!"):
            yield element.tail or ""  # the doctype
        else:
            for found in (element.text or "", element.tail or ""):  # of a script, tags are text
                yield re.sub(r"(</?)x-(?=select[\s/>])", r"\1", found, flags=re.IGNORECASE)


def book_texts(data: bytes) -> Iterator[str]:
    """Every text node of every page in an EPUB; pages are XML there."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith((".xhtml", ".html", ".htm")):
                root = next(_elements(archive, name), None)
                if root is not None:
                    yield from root.itertext()


_RICH_SETTINGS = re.compile(
    "fonttbl|colortbl|stylesheet|info|listtable|listoverridetable|revtbl|rsidtbl|filetbl|pgdsctbl|latentstyles|themedata"
    "|colorschememapping|datastore|xmlnstbl|mmathPr|generator|userprops|pict|objdata|sp|bkmkstart|bkmkend|formfield"
)
"""Destinations of the specification (RTF 1.9.1) that hold settings, names or pictures."""
_RICH_PARTS = re.compile(
    r"\\([a-zA-Z]+)(-?\d+)? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+"
)
_RICH_SIGNS = dict(
    zip(["emdash", "endash", "lquote", "rquote", "ldblquote", "rdblquote", "bullet"], "—–‘’“”•", strict=True)
)


def rich_texts(data: bytes) -> Iterator[str]:
    """The text of every group of an RTF that is no setting; it knows one code page, GB18030."""
    outer: list[tuple[bool, int]] = []
    is_text, fallback, left_out = True, 1, 0
    begins = False
    found, escaped = "", b""
    for match in _RICH_PARTS.finditer(data.decode("latin-1")):
        word, number, code, symbol, brace, plain = match.groups()
        if code and left_out:
            left_out -= 1
        elif code:
            escaped += bytes.fromhex(code) if is_text else b""
        if code:
            continue
        found, escaped = found + escaped.decode("gb18030"), b""
        if brace == "{":
            outer.append((is_text, fallback))
        elif brace and outer:
            is_text, fallback = outer.pop()
        elif word == "uc":
            fallback = int(number)
        elif word == "u":
            found += chr(int(number) & 0xFFFF) if is_text else ""
        elif word and begins and _RICH_SETTINGS.fullmatch(word):
            is_text = False
        elif word and is_text:
            found += _RICH_SIGNS.get(word, "")
        elif is_text:
            text = (plain or "")[left_out:]
            found += {"_": "-"}.get(symbol, symbol) if symbol and symbol in "\\{}_" else text
        left_out = fallback if word == "u" else max(0, left_out - len(plain or "")) if plain else 0
        begins = brace == "{" or (begins and symbol == "*")
    found = re.sub("[\x00-\x1f]", "", found + escaped.decode("gb18030"))
    yield found.encode("utf-16", "surrogatepass").decode("utf-16")


def mail_texts(data: bytes) -> Iterator[str]:
    """Every text node of every page in an MHT, its parts cut out at the boundary."""
    boundary = re.search(rb'boundary="?([^"\r\n;]+)', data)
    assert boundary is not None
    for part in data.split(b"--" + boundary.group(1))[1:-1]:
        head, _, body = part.replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")
        if b"text/html" in head:
            charset = re.search(rb"charset=\"?([\w-]+)", head)
            raw = quopri.decodestring(body) if b"quoted-printable" in head else body
            raw = base64.b64decode(body) if b"base64" in head else raw
            yield from html_texts(raw.decode(charset.group(1).decode() if charset else "utf-8"))


def read_source_text(source: Source) -> str:
    """The characters of a page; which encoding it has is not what these counters test."""
    declared = re.search(
        rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", source.data[:4096], re.IGNORECASE
    )
    return (decode_declared(source, declared.group(1).decode()) if declared else decode(source)).text


def _members(source: Source) -> Iterator[Source]:
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        for name in archive.namelist():
            try:
                member = Source(archive.read(name), f"{source.name}!/{name}", source.path)
                tuple(read_source(member))
            except (SourceError, *DAMAGED):
                continue
            yield member


def _kind(source: Source) -> str:
    if not zipfile.is_zipfile(io.BytesIO(source.data)):
        return source.suffix
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        names = archive.namelist()
    parts = {"_rels/.rels": "docx", "content.xml": "odt", "META-INF/container.xml": "epub"}
    return next((kind for part, kind in parts.items() if part in names), "zip")


def word_texts(data: bytes) -> Iterator[str]:
    """Every text of a DOCX: of each part, whether anything refers to it or not, and of chunks in plain text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            suffix = PurePosixPath(name).suffix
            if suffix == ".xml" and not name.startswith(("docProps/", "customXml/", "[")):
                for element in _elements(archive, name):
                    yield from _word_text(element)
            elif suffix == ".txt":
                yield archive.read(name).decode("utf-8")
            elif suffix == ".docx":
                yield from word_texts(archive.read(name))


def open_texts(data: bytes) -> Iterator[str]:
    """Every text of an ODT: of its body, its objects (formulas, charts), and its running headers and footers."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith("content.xml"):
                root = next(_elements(archive, name), None)
                body = None if root is None else root.find("{*}body")
                if root is not None:
                    yield from (root if body is None else body).itertext()
        for element in _elements(archive, "styles.xml"):
            if re.fullmatch(r"\{[^}]*:style:1\.0\}(?:header|footer)(?:-left|-first)?", element.tag):
                yield from element.itertext()


def _elements(archive: zipfile.ZipFile, name: str) -> Iterator[ElementTree.Element]:
    """The elements of a part; of one that is damaged, none."""
    try:
        root = ElementTree.fromstring(archive.read(name))
    except (
        ElementTree.ParseError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        NotImplementedError,
    ):
        return
    yield from root.iter()


def _word_text(element: ElementTree.Element) -> Iterator[str]:
    if WORD_TEXTS.fullmatch(element.tag):
        yield element.text or ""
    name = element.tag.rpartition("}")[2]
    if name == "noBreakHyphen":
        yield "-"
    elif name == "textpath":
        yield element.get("string") or ""
    elif name == "sym":
        code = next((value for key, value in element.attrib.items() if key.endswith("}char")), "")
        yield chr(int(code, 16)) if code else ""
