"""EPUB: the chapters of a book in their order, each read as a page, together one Document.

container -> META-INF/container.xml -> package (manifest, spine) -> chapters -> `html` -> lines

Pages that are pictures are read by recognition, where the extra is installed (`inserted_pictures`).
Set aside, beside what is set aside of a page: the table of contents, and pages that the book does not turn to.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from indexer.model import Document, Line, Problem, SetAside
from indexer.readers.container import Container
from indexer.readers.html import iter_documents as iter_pages
from indexer.readers.inserted_pictures import InsertedPictures
from indexer.readers.prose import Prose
from indexer.readers.source import Source
from search.errors import SourceError
from search.messages import aside, in_a_row
from search.messages import sources as says

MOST_CHAPTERS = 5_000

_OPF = "{http://www.idpf.org/2007/opf}"
_ROOT_FILE = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
_PAGES = ("application/xhtml+xml", "text/html")
_SUFFIXES = (".xhtml", ".html", ".htm")
_PICTURE = re.compile(
    rb"""<(?:\w+:)?(?:img|image)\b[^<>]*?\s(?:src|(?:xlink:)?href)\s*=\s*["']([^"'<>]+)["']""", re.I
)
_NAVIGATION = aside.TABLE_OF_CONTENTS
_UNTURNED = aside.PAGE_OUTSIDE_ORDER


def iter_documents(source: Source) -> Iterator[Document]:
    """The book as one Document.

    Raises:
        SourceError: the container or its package is broken, its chapters are protected, or none has text.
    """
    book = _Book(source)
    book.read()
    book.read_pictures()
    if not book.lines and not book.set_aside:
        why = book.problems[0].reason if book.problems else None
        raise source.refuse(in_a_row([says.BOOK_EMPTY(), why]), hint=book.again)
    yield Document(
        source.name,
        "epub",
        book.encoding,
        tuple(book.lines),
        {},
        tuple(book.set_aside),
        (*book.problems, *book.pictures.problems),
        tuple(book.pictures.notes),
    )


@dataclass(slots=True)
class _Chapter:
    name: str
    in_spine: bool
    is_navigation: bool


class _Book:
    """One book while it is read."""

    def __init__(self, source: Source) -> None:
        self.lines: list[Line] = []
        self.set_aside: list[SetAside] = []
        self.problems: list[Problem] = []
        self.pictures = InsertedPictures(source)
        self.encoding = ""
        self._source = source
        self._container = Container(source, what=says.E_BOOK())
        self.again = self._container.again

    def read(self) -> None:
        """Read all chapters."""
        protected = self._container.data("META-INF/encryption.xml") or b""
        package = self._package()
        chapters = list(self._chapters(package))
        if any(chapter.name.encode() in protected for chapter in chapters):
            raise self._source.refuse(
                says.BOOK_PROTECTED(),
                hint=says.GET_UNPROTECTED(),
            )
        for chapter in chapters[:MOST_CHAPTERS]:
            self._read(chapter)
        if len(chapters) > MOST_CHAPTERS:
            reason = says.BOOK_TOO_LONG(n=len(chapters), most=MOST_CHAPTERS)
            self.problems.append(Problem(self._source.path, None, reason))

    def read_pictures(self) -> None:
        """Put the text of pages that are pictures behind the text of their chapters."""
        prose = Prose(self.lines, self.set_aside)
        self.pictures.read(prose)
        prose.end_gathering()

    def _package(self) -> str:
        data = self._container.data("META-INF/container.xml") or b"<container/>"
        root = self._container.parse("META-INF/container.xml", data)
        for element in root.iter(_ROOT_FILE):
            name = element.get("full-path") or ""
            if name in self._container:
                return str(name)
        raise self._source.refuse(says.BOOK_WITHOUT_ORDER(), hint=self.again)

    def _chapters(self, package: str) -> Iterator[_Chapter]:
        """The pages in the order of the book, then those that it does not turn to."""
        root = self._container.parse(package, self._container.data(package) or b"")
        folder = posixpath.dirname(package)
        items: dict[str, Any] = {
            item.get("id") or "": item
            for item in root.iter(f"{_OPF}item")
            if item.get("media-type") in _PAGES
        }
        listed: set[str] = set()
        spine = [item.get("idref") or "" for item in root.iter(f"{_OPF}itemref")]
        for key in dict.fromkeys((*spine, *items)):
            item = items.get(key)
            if item is not None:
                name = posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))
                listed.add(name)
                yield _Chapter(name, key in spine, "nav" in (item.get("properties") or "").split())
        for name in self._container.names:
            if name.endswith(_SUFFIXES) and name not in listed:
                yield _Chapter(name, in_spine=False, is_navigation=False)

    def _read(self, chapter: _Chapter) -> None:
        pictures: list[bytes] = []
        try:
            data = self._container.data(chapter.name)
            if data is None:
                raise self._source.refuse(says.PAGE_NOT_IN_BOOK())
            pictures = self._pictures(chapter, data)
            page = self._source.within(data, f"{self._source.name}!/{chapter.name}")
            document = next(iter_pages(page))
        except SourceError as error:
            for picture in pictures:
                self.pictures.place(picture, len(self.lines))
            if pictures:
                return
            self.problems.append(
                Problem(
                    self._source.path, None, says.MEMBER_UNREADABLE(member=chapter.name, reason=error.said)
                )
            )
            return
        self.encoding = self.encoding or document.encoding
        self.set_aside += (replace(entry, line=None) for entry in document.set_aside)
        reason = _NAVIGATION if chapter.is_navigation else None if chapter.in_spine else _UNTURNED
        for line in document.lines:
            if reason:
                self.set_aside.append(SetAside(line.text, None, reason))
            else:
                self.lines.append(replace(line, number=len(self.lines) + 1))
        for picture in pictures:
            self.pictures.place(picture, len(self.lines))

    def _pictures(self, chapter: _Chapter, page: bytes) -> list[bytes]:
        """The pictures of a page of the book, in order."""
        found = []
        for match in _PICTURE.finditer(page) if chapter.in_spine else ():
            address = unquote(html.unescape(match[1].decode("utf-8", "replace")))
            name = posixpath.normpath(posixpath.join(posixpath.dirname(chapter.name), address))
            data = self._container.data(name)
            if data:
                found.append(data)
        return found
