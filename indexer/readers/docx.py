"""DOCX: the document's own paragraphs, straight from its XML, with what its styles say of them.

Set aside, each with its reason: headers, footers, footnotes, endnotes, comments, text boxes, deleted text
and instructions of fields. A row of a table is one line, its cells divided by tabs.

Conservation counts the text runs of all those parts, once: the fallback copy that Word keeps of a text box is
not a second text.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from indexer.model import Document, Line
from indexer.readers.prose import Prose
from indexer.readers.source import Source
from search.messages import aside
from search.messages import sources as says

MAX_PART_BYTES = 64 << 20
MAX_RATIO = 400
RATIO_FROM_BYTES = 8 << 20
MOST_PARTS = 400

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARTS = (
    (re.compile(r"word/header\d*\.xml"), "running header"),
    (re.compile(r"word/footer\d*\.xml"), "running footer"),
    (re.compile(r"word/footnotes\.xml"), "footnote"),
    (re.compile(r"word/endnotes\.xml"), "endnote"),
    (re.compile(r"word/comments\.xml"), "comment"),
)
_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_ASIDE = {f"{_W}del": "deleted text", f"{_W}moveFrom": "deleted text", f"{_W}txbxContent": "text box"}
_AGAIN = "Get the file again, or open it in Word or WPS and save it anew."


def iter_documents(source: Source) -> Iterator[Document]:
    """The document as one Document.

    Raises:
        SourceError: the container or its XML is broken, a part swells beyond measure, or there is no text.
    """
    parts = _read_parts(source)
    body = _Body(_heading_levels(parts.get("word/styles.xml")))
    body.read(_parse(source, parts["word/document.xml"], "word/document.xml"))
    for name, reason in _other_parts(parts):
        root = _parse(source, parts[name], name)
        for paragraph in (*root.iter(f"{_W}p"), root):
            body.prose.leave_out("".join(_texts(paragraph, body.seen)), None, reason)
    if not any(line.text.strip() for line in body.prose.lines) and not body.prose.set_aside:
        raise source.refuse(says.DOCUMENT_WITHOUT_TEXT(), hint=says.RECOGNISE_IF_SCAN())
    lines, set_aside = body.prose.finish()
    yield Document(source.name, "docx", "", lines, set_aside=set_aside)


def decoded_text(source: Source) -> str:
    """What conservation is measured against: the text runs of all parts that are read, without fallbacks."""
    parts = _read_parts(source)
    names = ["word/document.xml", *(name for name, _ in _other_parts(parts))]
    return "\n".join("".join(_texts(_parse(source, parts[name], name), set())) for name in names)


class _Body:
    """Walks the body's paragraphs and tables, in document order."""

    def __init__(self, levels: dict[str, int]) -> None:
        self.prose = Prose()
        self.seen: set[Any] = set()
        self._levels = levels
        self._number = 0
        self._page = 1

    def read(self, root: Any) -> None:
        """Add what the main part holds."""
        body = root.find(f"{_W}body")
        stack = [iter(root if body is None else body)]
        while stack:
            element = next(stack[-1], None)
            if element is None:
                stack.pop()
            elif element.tag == f"{_W}p":
                self._paragraph(element)
            elif element.tag == f"{_W}tbl":
                self._table(element)
            elif element.tag in _ASIDE:
                self.prose.leave_out("".join(_texts(element, self.seen)), None, _ASIDE[element.tag])
            elif element.tag != _FALLBACK and isinstance(element.tag, str):
                stack.append(iter(element))
        self.prose.leave_out("".join(_texts(root, self.seen)), None, aside.OUTSIDE_PARAGRAPHS)

    def _paragraph(self, paragraph: Any) -> None:
        hint = self._hint(paragraph)
        pieces, asides = _divide(paragraph, self.seen)
        number = 0
        for kind, piece in pieces:
            if kind == "page":
                self._page += 1
                continue
            number += 1
            self._add(piece, hint)
        for reason, text in asides:
            self.prose.leave_out(text, self._number, reason)

    def _table(self, table: Any) -> None:
        for row in table.iter(f"{_W}tr"):
            if _outer(row, f"{_W}tbl") is not table:
                continue
            cells = []
            for cell in row.iter(f"{_W}tc"):
                if _outer(cell, f"{_W}tr") is not row:
                    continue
                texts = []
                for paragraph in cell.iter(f"{_W}p"):
                    if _nearest_paragraph(paragraph) is None:
                        pieces, asides = _divide(paragraph, self.seen)
                        texts.append(" ".join(piece for kind, piece in pieces if kind == "text"))
                        for reason, text in asides:
                            self.prose.leave_out(text, self._number + 1, reason)
                cells.append(" ".join(text for text in texts if text.strip()))
            self._add("\t".join(cells), "table")

    def _add(self, text: str, hint: str | None) -> None:
        self._number += 1
        if _CONTROL.search(text):
            text = _CONTROL.sub(" ", text)
        self.prose.lines.append(Line(text, self._number, self._page, hint, True))

    def _hint(self, paragraph: Any) -> str | None:
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return None
        outline = properties.find(f"{_W}outlineLvl")
        if (
            outline is not None
            and str(outline.get(f"{_W}val")).isdigit()
            and int(outline.get(f"{_W}val")) < 6
        ):
            return f"heading{int(outline.get(f'{_W}val')) + 1}"
        style = properties.find(f"{_W}pStyle")
        level = self._levels.get(style.get(f"{_W}val") or "", 0) if style is not None else 0
        if level:
            return f"heading{min(level, 6)}"
        return "list" if properties.find(f"{_W}numPr") is not None else None


def _divide(paragraph: Any, seen: set[Any]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """A paragraph's lines ("text", …) and page breaks ("page", ""), and what is set aside of it."""
    pieces: list[tuple[str, str]] = []
    asides: list[tuple[str, str]] = []
    text = ""
    stack = [iter(paragraph)]
    while stack:
        element = next(stack[-1], None)
        if element is None:
            stack.pop()
            continue
        tag = element.tag
        if tag in _ASIDE:
            asides.append((_ASIDE[tag], "".join(_texts(element, seen))))
        elif element in seen:
            continue
        elif tag in (f"{_W}t", f"{_W}noBreakHyphen", f"{_W}tab", f"{_W}delText", f"{_W}instrText"):
            seen.add(element)
            if tag in (f"{_W}delText", f"{_W}instrText"):
                reason = "deleted text" if tag == f"{_W}delText" else "field instruction"
                asides.append((reason, element.text or ""))
            else:
                text += _run_text(element)
            stack.append(iter(element))
        elif tag in (f"{_W}br", f"{_W}cr"):
            if text.strip():
                pieces.append(("text", text))
                text = ""
            if element.get(f"{_W}type") == "page":
                pieces.append(("page", ""))
        elif tag != _FALLBACK and isinstance(tag, str):
            stack.append(iter(element))
    if text.strip() or not pieces:
        pieces.append(("text", text))
    return pieces, asides


def _run_text(element: Any) -> str:
    if element.tag == f"{_W}tab":
        return "\t"
    if element.tag == f"{_W}noBreakHyphen":
        return "-"
    return element.text or ""


def _texts(root: Any, seen: set[Any]) -> Iterator[str]:
    """The text of all runs below that are not yet in `seen`, fallback copies left out."""
    stack = [iter([root])]
    while stack:
        element = next(stack[-1], None)
        if element is None:
            stack.pop()
        elif element.tag in (f"{_W}t", f"{_W}delText", f"{_W}instrText", f"{_W}noBreakHyphen"):
            if element not in seen:
                seen.add(element)
                yield _run_text(element)
            stack.append(iter(element))
        elif element.tag in (f"{_W}p", f"{_W}tab", f"{_W}br"):
            yield "\n" if element.tag == f"{_W}p" else " "
            stack.append(iter(element))
        elif element.tag != _FALLBACK and isinstance(element.tag, str):
            stack.append(iter(element))


def _outer(element: Any, tag: str) -> Any:
    return next(element.iterancestors(tag), None)


def _nearest_paragraph(paragraph: Any) -> Any:
    """The paragraph that this one is inside of (in a text box), or None; fallbacks count as inside."""
    outer = next(paragraph.iterancestors(f"{_W}p", _FALLBACK, f"{_W}txbxContent"), None)
    return outer


def _heading_levels(styles: bytes | None) -> dict[str, int]:
    """Style id -> heading level, by the styles' names and outline levels."""
    from lxml import etree  # type: ignore[import-untyped, unused-ignore]

    levels: dict[str, int] = {}
    if styles is None:
        return levels
    try:
        root = etree.fromstring(styles, _parser())
    except etree.XMLSyntaxError:
        return levels  # the styles only hint; the text doesn't need them
    for style in root.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        value = str(name.get(f"{_W}val")) if name is not None else ""
        heading = _HEADING_NAME.fullmatch(value)
        outline = style.find(f"{_W}pPr/{_W}outlineLvl")
        if heading:
            levels[str(style.get(f"{_W}styleId"))] = int(heading.group(1))
        elif value.lower() in ("title", "标题"):
            levels[str(style.get(f"{_W}styleId"))] = 1
        elif outline is not None and str(outline.get(f"{_W}val")).isdigit() and outline.get(f"{_W}val") < "6":
            levels[str(style.get(f"{_W}styleId"))] = int(outline.get(f"{_W}val")) + 1
    return levels


def _other_parts(parts: dict[str, bytes]) -> list[tuple[str, str]]:
    return [(name, reason) for pattern, reason in _PARTS for name in sorted(parts) if pattern.fullmatch(name)]


def _read_parts(source: Source) -> dict[str, bytes]:
    """The parts that hold text, each bounded."""
    parts: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            wanted = [
                info
                for info in archive.infolist()
                if info.filename in ("word/document.xml", "word/styles.xml")
                or any(pattern.fullmatch(info.filename) for pattern, _ in _PARTS)
            ]
            for info in wanted[:MOST_PARTS]:
                if info.flag_bits & 1:
                    raise source.refuse(
                        says.PASSWORD(),
                        hint=says.SAVE_WITHOUT_PASSWORD(),
                    )
                limit = min(MAX_PART_BYTES, max(RATIO_FROM_BYTES, info.compress_size * MAX_RATIO))
                with archive.open(info) as stream:
                    data = stream.read(limit + 1)
                if len(data) > limit:
                    raise source.refuse(says.SWELLS(), hint=_AGAIN)
                parts[info.filename] = data.replace(_STRICT, _TRANSITIONAL)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise source.refuse(says.DOCX_BROKEN(error=str(error)), hint=_AGAIN) from error
    if "word/document.xml" not in parts:
        raise source.refuse(says.DOCX_WITHOUT_TEXT(), hint=_AGAIN)
    return parts


def _parser() -> Any:
    from lxml import etree  # type: ignore[import-untyped, unused-ignore]

    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)


def _parse(source: Source, data: bytes, part: str) -> Any:
    from lxml import etree  # type: ignore[import-untyped, unused-ignore]

    try:
        return etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        raise source.refuse(says.DOCX_PART_BROKEN(part=part, error=str(error)), hint=_AGAIN) from error
