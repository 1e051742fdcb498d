"""DOCX: all text of a document, straight from its XML, with what its styles and numbers say of it.

package (parts, bounded) -> styles, numbering -> story (body, notes) -> assembly -> lines

Footnotes, endnotes, comments, text boxes, charts and diagrams are lines of their own kind behind the paragraph
that they belong to; chunks of other formats stand where they are anchored, and so does what is recognised in pictures
that look like scanned pages. Automatic numbers are written out and
marked as generated. Set aside, each with its reason: running headers and footers, what is deleted or hidden, tables of
contents, instructions of fields, copies for older programs, and the text of parts that nothing refers to.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from indexer.model import Document, Line, Problem
from indexer.readers import registry
from indexer.readers.assembly import Found, leave_out_here, take_line
from indexer.readers.docx.graphics import drawn_lines, holds_drawn_text
from indexer.readers.docx.numbering import Numbering
from indexer.readers.docx.package import A, Package, R, W
from indexer.readers.docx.story import Story
from indexer.readers.docx.styles import Style, read_styles
from indexer.readers.inserted_pictures import InsertedPictures
from indexer.readers.prose import Prose
from indexer.readers.source import Source
from search.errors import SourceError
from search.messages import Message, aside
from search.messages import sources as says

MOST_NESTED = 3

_NOTE_KINDS = {"footnotes": "footnote", "endnotes": "footnote", "comments": "comment"}
_CHART = (
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart",
    "{http://schemas.microsoft.com/office/drawing/2014/chartex}chart",
)
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_PICTURES = {f"{A}blip": "embed", "{urn:schemas-microsoft-com:vml}imagedata": "id"}
"""What refers to a picture, and by which attribute."""
_OBJECT = "{urn:schemas-microsoft-com:office:office}OLEObject"
_OTHER_REASONS = (
    (re.compile(r".*/header\d*\.xml"), aside.RUNNING_HEADER),
    (re.compile(r".*/footer\d*\.xml"), aside.RUNNING_FOOTER),
    (re.compile(r".*/glossary/.*"), aside.BUILDING_BLOCK),
    (re.compile(r".*/diagrams/drawing\d*\.xml"), aside.OLDER_COPY),
)
_UNREFERRED = aside.UNREFERRED_PART


def iter_documents(source: Source) -> Iterator[Document]:
    """The document as one Document.

    Raises:
        SourceError: the container or the main part is broken, a part swells beyond measure, or there is no text.
    """
    word = _Word(source)
    word.read()
    word.prose.lines = word.lines_with_boxes_as_text()
    word.pictures.read(word.prose)
    if not any(line.text.strip() for line in word.prose.lines) and not word.prose.set_aside:
        raise source.refuse(says.DOCUMENT_WITHOUT_TEXT(), hint=word.pictures.hint_if_no_text())
    finished, set_aside = word.prose.finish()
    yield Document(
        source.name,
        "docx",
        "",
        finished,
        set_aside=set_aside,
        problems=(*word.problems, *word.pictures.problems),
        notes=tuple(word.pictures.notes),
    )


class _Word:
    """One document while it is read; what its stories ask of it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.prose = Prose()
        self.pictures = InsertedPictures(source)
        self.problems: list[Problem] = []
        self._package = Package(source)
        self.styles: Mapping[str, Style] = read_styles(self._package)
        self.number = Numbering(self._package, self.styles).next_number
        self._consumed = {self._package.main}
        self._notes: dict[tuple[str, str], Any] = {}
        self._notes_read = False
        self._embedded: Counter[str] = Counter()
        self._told: set[Message] = set()

    def read(self) -> None:
        """Read the body, then what nothing in it refers to."""
        Story(self).read(self._package.tree(self._package.main))
        self._find_notes()
        for kind, note_id in list(self._notes):
            for found in self.note(kind, note_id):
                self.emit(found)
        for name in self._package.names:
            if name.endswith(".xml") and name not in self._consumed:
                self._read_other(name)
        if self._embedded:
            kinds = ", ".join(f"{kind} × {count}" for kind, count in sorted(self._embedded.items()))
            self._tell(says.OBJECTS_NOT_READ(names=kinds))

    def lines_with_boxes_as_text(self) -> list[Line]:
        """The lines; those of text boxes are running text where most of the text stands in boxes."""
        chars: Counter[str | None] = Counter()
        for line in self.prose.lines:
            chars["textbox" if line.hint == "textbox" else None] += len(line.text)
        if chars["textbox"] <= chars[None]:
            return self.prose.lines
        return [replace(line, hint=None) if line.hint == "textbox" else line for line in self.prose.lines]

    # What stories ask for

    def emit(self, found: Found) -> None:
        take_line(found, self.prose, self.pictures)

    def set_aside(self, text: str, reason: Message) -> None:
        leave_out_here(text, self.prose, reason)

    def note(self, kind: str, note_id: str) -> list[Found]:
        self._find_notes()
        element = self._notes.pop((kind, note_id), None)
        return [] if element is None else self._lines_of(element, _NOTE_KINDS[kind])

    def referred(self, element: Any) -> Iterable[Found]:
        tag = element.tag
        if tag in _PICTURES:
            return self._picture(self._target(element, _PICTURES[tag]))
        if tag in _CHART or tag == _DIAGRAM:
            name = self._target(element, "dm" if tag == _DIAGRAM else "id")
            return self._drawn(name) if name else ()
        if tag == f"{W}altChunk":
            name = self._target(element, "id")
            return self._chunk(name) if name else ()
        if tag == f"{W}subDoc":
            self._tell(says.OTHER_FILES_NOT_READ())
        elif tag == _OBJECT:
            self._embedded[element.get("ProgID") or "?"] += 1
        return ()

    def _tell(self, reason: Message) -> None:
        if reason not in self._told:
            self._told.add(reason)
            self.problems.append(Problem(self.source.path, None, reason))

    def _lines_of(self, element: Any, kind: str | None) -> list[Found]:
        collected = _Collected(self)
        Story(collected, kind=kind).read(element)
        return collected.lines

    def _tree(self, name: str) -> Any:
        """A part beside the main one; a damaged one is told, and the rest is read."""
        self._consumed.add(name)
        try:
            return self._package.tree(name)
        except SourceError as error:
            self._tell(error.said)
            return None

    def _target(self, element: Any, attribute: str) -> str:
        """The part that an element refers to, or ""."""
        part = self._package.part_of(element)
        found = self._package.related(part).get(element.get(f"{R}{attribute}") or "")
        return found.target if found and not found.external and found.target in self._package else ""

    def _find_notes(self) -> None:
        if self._notes_read:
            return
        self._notes_read = True
        for kind in _NOTE_KINDS:
            for name in (*self._package.parts_of(kind), f"word/{kind}.xml"):
                root = None if name in self._consumed else self._tree(name)
                for element in () if root is None else root.iterchildren(f"{W}{kind.removesuffix('s')}"):
                    self._notes.setdefault((kind, element.get(f"{W}id") or ""), element)

    def _drawn(self, name: str) -> Iterator[Found]:
        root = None if name in self._consumed else self._tree(name)
        for text in () if root is None else drawn_lines(root):
            if text.strip():
                yield Found(text)

    def _picture(self, name: str) -> Iterator[Found]:
        try:
            data = self._package.data(name)
        except SourceError as error:
            self._tell(says.MEMBER_UNREADABLE(member=name, reason=error.said))
        else:
            if data:
                yield Found("", picture=data)

    def _chunk(self, name: str) -> Iterator[Found]:
        """The lines of a part in another format, by that format's reader."""
        data = None if name in self._consumed else self._package.data(name)
        self._consumed.add(name)
        if not data:
            return
        chunk = self.source.within(data, f"{self.source.name}!/{name.rsplit('/', 1)[-1]}")
        try:
            if chunk.name.count("!/") > MOST_NESTED:
                raise chunk.refuse(says.NESTED_DOCUMENTS())
            for document in registry.read_source(chunk):
                self.problems.extend(document.problems)
                self.prose.set_aside.extend(replace(entry, line=None) for entry in document.set_aside)
                for line in document.lines:
                    yield Found(line.text, line.hint, None, line.generated)
        except SourceError as error:
            self._tell(says.MEMBER_UNREADABLE(member=chunk.name, reason=error.said))

    def _read_other(self, name: str) -> None:
        """Set aside the text of a part that no story has brought in."""
        root = self._tree(name)
        if root is None or not holds_drawn_text(root):
            return
        reason = next((why for pattern, why in _OTHER_REASONS if pattern.fullmatch(name)), _UNREFERRED)
        if root.tag.startswith(W):
            texts = [found.own_text for found in self._lines_of(root, None)]
        else:
            texts = list(drawn_lines(root))
        for text in texts:
            self.prose.leave_out(text, None, reason)


@dataclass(slots=True)
class _Collected:
    """The document as a story sees it whose lines go elsewhere."""

    word: _Word
    lines: list[Found] = field(default_factory=list)

    @property
    def styles(self) -> Mapping[str, Style]:
        return self.word.styles

    def emit(self, found: Found) -> None:
        if found.text.strip() or found.picture is not None:
            self.lines.append(found)

    def set_aside(self, text: str, reason: Message) -> None:
        self.word.set_aside(text, reason)

    def number(self, number: str, level: str, style_id: str) -> tuple[str, bool]:
        return self.word.number(number, level, style_id)

    def note(self, kind: str, note_id: str) -> list[Found]:
        return self.word.note(kind, note_id)

    def referred(self, element: Any) -> Iterable[Found]:
        return self.word.referred(element)
