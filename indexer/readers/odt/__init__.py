"""ODT: all text of an OpenDocument text, straight from its XML, with what its outline and lists say of it.

container (parts, bounded) -> list styles -> story -> `assembly` -> lines

Footnotes, endnotes, comments and text boxes are lines of their own kind behind the paragraph that they belong to;
automatic numbers are written out and marked as generated. Set aside, each with its reason: running headers and footers,
deleted and hidden text, tables of contents, readings of ruby, descriptions of pictures, names of commentators.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from indexer.model import Document, Problem
from indexer.readers.assembly import Found, leave_out_here, take_line
from indexer.readers.container import Container
from indexer.readers.inserted_pictures import InsertedPictures
from indexer.readers.odt.numbering import STYLE, Numbering
from indexer.readers.odt.story import OFFICE, Story
from indexer.readers.odt.styles import hidden_styles
from indexer.readers.prose import Prose
from indexer.readers.source import Source
from search.errors import SourceError
from search.messages import Message, aside
from search.messages import sources as says

_RUNNING = re.compile(re.escape(STYLE) + r"(header|footer)(?:-left|-first)?")


def iter_documents(source: Source) -> Iterator[Document]:
    """The document as one Document.

    Raises:
        SourceError: the container or its content is broken or protected, or there is no text.
    """
    text = _Text(source)
    text.read()
    text.pictures.read(text.prose)
    lines, set_aside = text.prose.finish()
    if not any(line.text.strip() for line in lines) and not set_aside:
        raise source.refuse(says.DOCUMENT_WITHOUT_TEXT(), hint=text.pictures.hint_if_no_text())
    yield Document(
        source.name,
        "odt",
        "",
        lines,
        set_aside=set_aside,
        problems=(*text.problems, *text.pictures.problems),
        notes=tuple(text.pictures.notes),
    )


class _Text:
    """One document while it is read."""

    def __init__(self, source: Source) -> None:
        self.prose = Prose()
        self.pictures = InsertedPictures(source)
        self.problems: list[Problem] = []
        self._source = source
        self._embedded: set[str] = set()
        self._container = Container(source, what=says.OPENDOCUMENT_TEXT())
        if b"encryption-data" in (self._container.data("META-INF/manifest.xml") or b""):
            raise source.refuse(
                says.PASSWORD(),
                hint=says.SAVE_WITHOUT_PASSWORD(),
            )
        content = self._container.data("content.xml")
        if content is None:
            raise source.refuse(says.ODT_EMPTY(), hint=self._container.again)
        self._content = self._container.parse("content.xml", content)
        self._styles = self._part("styles.xml")
        roots = [root for root in (self._styles, self._content) if root is not None]
        self.numbering = Numbering(roots)
        self.hidden = hidden_styles(roots)

    def read(self) -> None:
        """Read the body, then the running headers and footers."""
        body = self._content.find(f"{OFFICE}body")
        Story(self).read(self._content if body is None else body)
        for element in () if self._styles is None else self._styles.iter():
            found = _RUNNING.fullmatch(element.tag) if isinstance(element.tag, str) else None
            if found:
                lines: list[Found] = []
                Story(self, emit=lines.append).read(element)
                reason = aside.RUNNING_HEADER if found.group(1) == "header" else aside.RUNNING_FOOTER
                for line in lines:
                    self.prose.leave_out(line.own_text, None, reason)

    def emit(self, found: Found) -> None:
        """Take a line."""
        take_line(found, self.prose, self.pictures)

    def set_aside(self, text: str, reason: Message) -> None:
        """Keep a text that is in no line."""
        leave_out_here(text, self.prose, reason)

    def embedded(self, address: str) -> Any:
        """The content of an object in the document (a formula, a chart), or None."""
        name = posixpath.normpath(posixpath.join(address, "content.xml"))
        if name.startswith(("..", "/")) or name == "content.xml" or name in self._embedded:
            return None
        self._embedded.add(name)
        return self._part(name)

    def picture(self, address: str) -> bytes | None:
        """A picture in the document, or None."""
        try:
            return self._container.data(posixpath.normpath(address))
        except SourceError as error:
            said = says.MEMBER_UNREADABLE(member=address, reason=error.said)
            self.problems.append(Problem(self._source.path, None, said))
            return None

    def _part(self, name: str) -> Any:
        """The root of a part beside the content; a damaged one is told, and the rest is read."""
        try:
            data = self._container.data(name)
            return None if data is None else self._container.parse(name, data)
        except SourceError as error:
            self.problems.append(Problem(self._source.path, None, error.said))
            return None
