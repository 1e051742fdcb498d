"""HTML: the text of a page without the page around it, which is set aside and not lost.

bytes -> characters (mark, declared charset, `encoding`) -> tree (`html_tree`) -> blocks -> lines, headings with level.

Set aside: scripts and styles, navigation, headers, footers and sidebars, blocks that are mostly links, the page title,
comments, what is hidden or deleted, readings of ruby, and single lines of furniture (`chrome`). A row of a table of
data is one line, its cells divided by tabs; a table that only lays out the page is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexer.model import Document, Line, Problem
from indexer.readers.encoding import Decoded, decode, decode_declared
from indexer.readers.html_notes import is_note_mark, note_kind
from indexer.readers.html_tree import COMMENT, Node, most_attributes, parse_html
from indexer.readers.prose import Prose
from indexer.readers.source import Source
from search.messages import Message, aside
from search.messages import sources as says

LINK_SHARE = 0.6
FEWEST_LINKS = 3
MOST_CELL_CHARS = 200

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_BOILERPLATE_TAGS = {
    "script": aside.SCRIPT,
    "style": aside.STYLE,
    "noscript": aside.NOSCRIPT,
    "template": aside.TEMPLATE,
    "title": aside.PAGE_TITLE,
    "nav": aside.NAVIGATION,
    "footer": aside.PAGE_FOOTER,
    "aside": aside.SIDEBAR,
    "header": aside.PAGE_HEADER,
    "button": aside.PAGE_BUTTONS,
    "select": aside.PAGE_BUTTONS,
    "iframe": aside.FRAME,
    "textarea": aside.FORM,
    "rt": aside.RUBY,
    "rp": aside.RUBY,
    "rtc": aside.RUBY,
    "del": aside.DELETED_TEXT,
    "s": aside.DELETED_TEXT,
    "strike": aside.DELETED_TEXT,
}
_BOILERPLATE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|topbar|breadcrumbs?|crumbs?|position|location|dqwz|share|bdshare\w*|"
    r"social|sidebar|footer|foot|copyright|toolbar|pagination|pager|related|recommend|xgxx|fontsize|print|"
    r"header|top-?nav|bottom|friendlink|search-?box)(?:$|[\s_-])",
    re.IGNORECASE,
)
# fmt: off
_BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div",
        "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
        "h6", "head", "header", "hr", "html", "li", "main", "nav", "ol", "option", "p", "pre",
        "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul",
        "script", "style", "noscript", "template", "caption",
    )
)
# fmt: on
_CONTAINERS = frozenset(("div", "ul", "ol", "dl", "table", "td", "section", "p", "aside", "form", "center"))
_OFTEN_TEXT = (aside.PAGE_HEADER, aside.NAVIGATION, aside.SIDEBAR, aside.PAGE_FOOTER, aside.HIDDEN_TEXT)
_HEADINGS = {f"h{level}": f"heading{level}" for level in range(1, 7)}
_META_FIELDS = {"articletitle": "title", "contentsource": "source", "pubdate": "published", "url": "url"}
_STRUCK = re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def iter_documents(source: Source) -> Iterator[Document]:
    """The page as one Document.

    Raises:
        SourceError: empty, binary, in no encoding that can be told, or without any text.
    """
    yield read_page(source, _decode(source))


def read_page(source: Source, decoded: Decoded) -> Document:
    """The Document of a page that is already decoded.

    Raises:
        SourceError: the page holds no text at all, or asks for more work than any.
    """
    source.check_chars(decoded.text)
    most = source.bounds.tag_attributes
    if most_attributes(decoded.text, most) > most:
        raise source.refuse(says.TAG_ATTRIBUTES(most=most), hint=says.SAVE_FROM_BROWSER())
    root = parse_html(decoded.text)
    problems = [Problem(source.path, None, decoded.problem)] if decoded.problem else []
    fields = _fields(root)
    _mark_link_lists(root)
    page = _Page()
    page.read(root)
    if not any(line.text.strip() for line in page.prose.lines):
        problems.append(Problem(source.path, None, says.ONLY_NAVIGATION()))
    lines, set_aside = page.prose.finish()
    if not lines and not set_aside:
        raise source.refuse(says.HTML_EMPTY(), hint=says.SAVE_FROM_BROWSER())
    return Document(source.name, "html", decoded.encoding, lines, fields, set_aside, tuple(problems))


def _decode(source: Source) -> Decoded:
    declared = _CHARSET.search(source.data[:4096])
    return decode_declared(source, declared.group(1).decode("ascii")) if declared else decode(source)


def _fields(root: Node) -> dict[str, str]:
    fields: dict[str, str] = {}
    for meta in root.find("meta"):
        field = _META_FIELDS.get(meta.attributes.get("name", "").lower())
        content = " ".join(meta.attributes.get("content", "").split())
        if field and content:
            fields.setdefault(field, content)
    return fields


class _Page:
    """Walks the tree in document order and cuts its text into lines at the blocks."""

    def __init__(self) -> None:
        self.prose = Prose()
        self._text: list[str] = []
        self._cells: list[str] | None = None
        self._hint: str | None = None
        self._in_pre = False
        self._tables: list[Node] = []
        self._note: tuple[Node, str] | None = None

    def read(self, root: Node) -> None:
        """Add what the page holds."""
        stack = [(root, iter(root.children))]
        while stack:
            node, children = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self._close(node)
            elif isinstance(child, str):
                self._text.append(child)
            elif self._open(child):
                stack.append((child, iter(child.children)))
        self._break()

    def _open(self, node: Node) -> bool:
        """Begin an element; whether its children are to be read."""
        tag = node.tag
        reason = aside.HTML_COMMENT if tag == COMMENT else _reason_to_set_aside(node)
        if reason:
            if tag in _BLOCKS:
                self._break()
            self.prose.leave_out(_all_text(node), self._next, reason)
            return False
        if self._note is None and (kind := note_kind(node)):
            self._break()
            self._note = node, kind
        if tag == "table":
            self._tables.append(node)
        if tag == "br":
            self._break_line()
        elif tag == "tr" and self._cells is None and self._tables and _is_data_table(self._tables[-1]):
            self._break()
            self._cells = []
        elif tag in _BLOCKS and self._cells is None:
            self._break()
            self._hint = _HEADINGS.get(tag) or ("list" if tag == "li" else None)
            self._in_pre = tag == "pre"
        elif tag in _BLOCKS:
            self._text.append(" ")
        return True

    def _close(self, node: Node) -> None:
        tag = node.tag
        if self._cells is not None and tag in ("td", "th"):
            self._cells.append(self._taken())
        elif self._cells is not None and tag == "tr":
            last = self._taken()
            cells = [*self._cells, last] if last else self._cells
            self._cells = None
            if any(cells):
                self._add("\t".join(cells), "table", ends=True)
        elif tag in _BLOCKS and self._cells is None:
            self._break()
            self._hint = None
            self._in_pre = False
        if tag == "table":
            self._tables.pop()
        if self._note is not None and self._note[0] is node:
            self._break()
            self._note = None

    @property
    def _next(self) -> int:
        return len(self.prose.lines) + 1

    def _add(self, text: str, hint: str | None, *, ends: bool | None) -> None:
        hint = self._note[1] if self._note else hint
        self.prose.lines.append(Line(text, self._next, None, hint, ends))

    def _taken(self) -> str:
        text = _BLANKS.sub(" ", "".join(self._text)).strip(" ")
        self._text.clear()
        if _CONTROL.search(text):
            self.prose.gather(aside.CONTROL_CHARACTERS, "".join(_CONTROL.findall(text)))
            text = _CONTROL.sub("", text)
        return text

    def _break_line(self) -> None:
        """End a line. Only two breaks end a paragraph for certain: some pages break lines at a width."""
        lines = self.prose.lines
        if self._cells is not None or self._in_pre:
            self._break()
        elif (text := self._taken()).strip():
            self._add(text, self._hint, ends=None)
        elif lines and lines[-1].ends_paragraph is None:
            lines[-1] = replace(lines[-1], ends_paragraph=True)

    def _break(self) -> None:
        if self._cells is not None:
            self._text.append(" ")
            return
        if self._in_pre:
            for line in "".join(self._text).splitlines():
                if line.strip():
                    self._add(line, None, ends=None)
            self._text.clear()
            return
        text = self._taken()
        if text.strip():
            self._add(text, self._hint, ends=True)


def _reason_to_set_aside(node: Node) -> Message | None:
    """Why an element is the page's and not the text's, or None."""
    tag = node.tag
    if node.reason:
        return node.reason
    style = node.attributes.get("style", "")
    if style and _STRUCK.search(style):
        return aside.DELETED_TEXT
    if tag in ("html", "body", "main", "article") or tag in _HEADINGS:
        return None
    if tag in ("a", "sup") and is_note_mark(node):
        return aside.NOTE_MARK
    reason = None if note_kind(node) else _BOILERPLATE_TAGS.get(tag)
    names = f"{node.attributes.get('class', '')} {node.attributes.get('id', '')}"
    if not reason and names.strip() and _BOILERPLATE_NAMES.search(names):
        reason = aside.NAVIGATION
    if not reason and ("hidden" in node.attributes or (style and _HIDDEN.search(style))):
        reason = aside.HIDDEN_TEXT
    if reason in _OFTEN_TEXT and _holds_text(node):
        return None
    return reason


def _holds_text(node: Node) -> bool:
    """Whether there is running text or the page's headline inside, so that the name must mislead."""
    if next(node.find("h1", "article"), None) is not None:
        return True
    return sum(len(paragraph.text.strip()) > 80 for paragraph in node.find("p")) >= 2


def _all_text(node: Node) -> str:
    return "\n".join(line for line in map(str.strip, "\n".join(node.texts()).splitlines()) if line)


def _is_data_table(table: Node) -> bool:
    """Whether a table holds data: two rows and columns at least, no table inside, short cells."""
    if table.is_data is None:
        rows = list(table.find("tr"))
        wide = sum(len(_cells(row.children)) >= 2 for row in rows)
        table.is_data = (
            wide >= 2
            and 2 * wide >= len(rows)
            and next(table.find("h1", "h2", "h3", "table"), None) is None
            and all(len(cell.text.strip()) <= MOST_CELL_CHARS for cell in table.find("td", "th"))
        )
    return table.is_data


def _cells(children: Sequence[Node | str]) -> list[Node]:
    return [child for child in children if isinstance(child, Node) and child.tag in ("td", "th")]


def _mark_link_lists(root: Node) -> None:
    """Mark the outermost blocks that are mostly links, counted from the leaves up in one pass."""
    counts: dict[Node, tuple[int, int, int]] = {}
    for node in reversed(list(root.walk())):
        if node.tag == COMMENT:
            continue
        chars = linked = links = 0
        for child in node.children:
            if isinstance(child, str):
                chars += len("".join(child.split()))
            elif child in counts:
                inner = counts.pop(child)
                chars, linked, links = chars + inner[0], linked + inner[1], links + inner[2]
        if node.tag in ("script", "style", "noscript"):
            chars = 0
        if node.tag == "a" and node.attributes.get("href"):
            linked, links = chars, 1
        counts[node] = (chars, linked, links)
        fewest = 2 if node.tag in ("ul", "ol") and linked == chars else FEWEST_LINKS
        if (
            node.tag in _CONTAINERS
            and links >= fewest
            and linked >= LINK_SHARE * chars
            and chars - linked <= 60
        ):
            node.reason = aside.LIST_OF_LINKS
