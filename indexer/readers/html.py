"""HTML: the text of a page without the page around it, which is set aside and not lost.

bytes -> characters (mark, declared charset, `encoding`) -> tree -> blocks -> lines, headings with level.

Set aside: scripts and styles, navigation, headers, footers and sidebars, blocks that are mostly links, the
page title, comments, and single lines of furniture (`chrome`). A row of a table of data is one line, its
cells divided by tabs; a table that only lays out the page is not.

Conservation counts the text nodes and the comments of the tree, not attributes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from indexer.model import Document, Line, Problem
from indexer.readers.encoding import Decoded, decode
from indexer.readers.prose import Prose
from indexer.readers.source import Source
from search.messages import aside
from search.messages import sources as says

LINK_SHARE = 0.6
FEWEST_LINKS = 3
MOST_CELL_CHARS = 200
MAX_DEPTH = 5000

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_ENCODING_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_BOILERPLATE_TAGS = {
    "script": "script",
    "style": "style",
    "noscript": "noscript",
    "template": "template",
    "title": "page title",
    "nav": "navigation",
    "footer": "page footer",
    "aside": "sidebar",
    "header": "page header",
    "button": "page buttons",
    "select": "page buttons",
    "iframe": "frame",
    "textarea": "form",
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
_HEADINGS = {f"h{level}": f"heading{level}" for level in range(1, 7)}
_META_FIELDS = {"articletitle": "title", "contentsource": "source", "pubdate": "published", "url": "url"}
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_REASON = "xiesou-reason"


def iter_documents(source: Source) -> Iterator[Document]:
    """The page as one Document.

    Raises:
        SourceError: empty, binary, in no encoding that can be told, or without any text.
    """
    decoded = _decode(source)
    root = _tree(source, decoded.text)
    problems = [Problem(source.path, None, decoded.problem)] if decoded.problem else []
    page = _Page()
    _mark_link_lists(root)
    page.read(root)
    if not any(line.text.strip() for line in page.prose.lines):
        problems.append(Problem(source.path, None, says.ONLY_NAVIGATION()))
    lines, set_aside = page.prose.finish()
    yield Document(source.name, "html", decoded.encoding, lines, _fields(root), set_aside, tuple(problems))


def decoded_text(source: Source) -> str:
    """What conservation is measured against: every text node and comment of the page."""
    root = _tree(source, _decode(source).text)
    return "\n".join(
        text
        for element in root.iter()
        for text in (_own_text(element), element.tail if element is not root else "")
        if text
    )


def _own_text(element: Any) -> str:
    from lxml import etree  # type: ignore[import-untyped, unused-ignore]

    return "" if element.tag is etree.ProcessingInstruction else element.text or ""


def _decode(source: Source) -> Decoded:
    declared = _CHARSET.search(source.data[:4096])
    if declared and not source.data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        name = declared.group(1).decode("ascii").lower()
        codec = "gb18030" if name in ("gb2312", "gbk", "gb18030") else name
        try:
            return Decoded(source.data.decode(codec), f"{codec} (declared as {name})")
        except (UnicodeDecodeError, LookupError):
            found = decode(source)
            problem = found.problem or says.ENCODING_DECLARED(codec=name)
            return Decoded(found.text, found.encoding, problem)
    return decode(source)


def _tree(source: Source, text: str) -> Any:
    from lxml import etree  # type: ignore[import-untyped, unused-ignore]

    text = _ENCODING_DECLARATION.sub("", text.replace("\0", "\ufffd"))
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise _broken(source, str(error)) from error
    if root is None:
        raise _broken(source, "it has no elements")
    return root


def _broken(source: Source, why: str) -> Exception:
    return source.refuse(says.HTML_WITHOUT_TEXT(why=why), hint=says.SAVE_FROM_BROWSER())


def _fields(root: Any) -> dict[str, str]:
    fields: dict[str, str] = {}
    for meta in root.iter("meta"):
        field = _META_FIELDS.get((meta.get("name") or "").lower())
        content = " ".join((meta.get("content") or "").split())
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

    def read(self, root: Any) -> None:
        """Add what the page holds."""
        stack: list[tuple[Any, Any]] = [(root, iter(root))]
        if self._open(root):
            while stack:
                element, children = stack[-1]
                child = next(children, None)
                if child is None:
                    stack.pop()
                    self._close(element)
                    if stack:
                        self._say(element.tail)
                elif self._open(child):
                    stack.append((child, iter(child)))
                else:
                    self._say(child.tail)
        self._break(ends=True)

    def _open(self, element: Any) -> bool:
        """Begin an element; whether its children are to be read."""
        tag = element.tag
        if not isinstance(tag, str):
            if _own_text(element).strip():
                self.prose.leave_out(element.text.strip(), self._next, aside.HTML_COMMENT)
            return False
        reason = _reason_to_set_aside(element)
        if reason:
            if tag in _BLOCKS:
                self._break(ends=True)
            self.prose.leave_out(_all_text(element), self._next, reason)
            return False
        if tag == "br":
            self._break(ends=True)
            self._say(element.text)
            return True
        if tag == "tr" and self._cells is None and _is_data_table(_table_of(element)):
            self._break(ends=True)
            self._cells = []
        elif tag in _BLOCKS and self._cells is None:
            self._break(ends=True)
            self._hint = _HEADINGS.get(tag) or ("list" if tag == "li" else None)
            self._in_pre = tag == "pre"
        elif tag in _BLOCKS:
            self._text.append(" ")
        self._say(element.text)
        return True

    def _close(self, element: Any) -> None:
        tag = element.tag
        if self._cells is not None and tag in ("td", "th"):
            self._cells.append(self._taken())
        elif self._cells is not None and tag == "tr":
            last = self._taken()
            cells = [*self._cells, last] if last else self._cells
            self._cells = None
            if any(cells):
                self.prose.lines.append(Line("\t".join(cells), self._next, None, "table", True))
        elif tag in _BLOCKS and self._cells is None:
            self._break(ends=True)
            self._hint = None
            self._in_pre = False

    @property
    def _next(self) -> int:
        return len(self.prose.lines) + 1

    def _say(self, text: str | None) -> None:
        if text:
            self._text.append(text)

    def _taken(self) -> str:
        text = _BLANKS.sub(" ", "".join(self._text)).strip(" ")
        self._text.clear()
        if _CONTROL.search(text):
            self.prose.gather(aside.CONTROL_CHARACTERS, "".join(_CONTROL.findall(text)))
            text = _CONTROL.sub("", text)
        return text

    def _break(self, *, ends: bool) -> None:
        if self._cells is not None:
            self._text.append(" ")
            return
        if self._in_pre:
            for line in "".join(self._text).splitlines():
                if line.strip():
                    self.prose.lines.append(Line(line, self._next, None, None, None))
            self._text.clear()
            return
        text = self._taken()
        if text.strip():
            self.prose.lines.append(Line(text, self._next, None, self._hint, ends))


def _reason_to_set_aside(element: Any) -> str:
    """Why an element is the page's and not the text's, or ""."""
    tag = element.tag
    marked = element.get(_REASON)
    if marked:
        return str(marked)
    if tag in ("html", "body", "main", "article", "h1") or tag in _HEADINGS:
        return ""
    reason = _BOILERPLATE_TAGS.get(tag, "")
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if not reason and names.strip() and _BOILERPLATE_NAMES.search(names):
        reason = "navigation"
    if reason in ("page header", "navigation", "sidebar", "page footer") and _holds_text(element):
        return ""
    return reason


def _holds_text(element: Any) -> bool:
    """Whether there is running text or the page's headline inside, so that the name must mislead."""
    if next(element.iter("h1", "article"), None) is not None:
        return True
    return sum(len("".join(p.itertext()).strip()) > 80 for p in element.iter("p")) >= 2


def _all_text(element: Any) -> str:
    return "\n".join(line for line in map(str.strip, "\n".join(_every_text(element)).splitlines()) if line)


def _every_text(element: Any) -> Iterator[str]:
    for inner in element.iter():
        yield _own_text(inner)
        if inner is not element and inner.tail:
            yield inner.tail


def _table_of(row: Any) -> Any:
    return next(row.iterancestors("table"), None)


def _is_data_table(table: Any) -> bool:
    """Whether a table holds data: two rows and columns at least, no table inside, short cells."""
    if table is None:
        return False
    known = table.get("xiesou-data")
    if known is None:
        rows = list(table.iter("tr"))
        wide = sum(sum(1 for cell in row if cell.tag in ("td", "th")) >= 2 for row in rows)
        data = (
            wide >= 2
            and 2 * wide >= len(rows)
            and next(table.iter("h1", "h2", "h3"), None) is None
            and sum(1 for _ in table.iter("table")) == 1
            and all(
                len("".join(cell.itertext()).strip()) <= MOST_CELL_CHARS for cell in table.iter("td", "th")
            )
        )
        known = "yes" if data else "no"
        table.set("xiesou-data", known)
    return bool(known == "yes")


def _mark_link_lists(root: Any) -> None:
    """Mark the outermost blocks that are mostly links, counted from the leaves up in one pass."""
    chars: dict[Any, int] = {}
    linked: dict[Any, int] = {}
    links: dict[Any, int] = {}
    found: list[Any] = []
    for element in reversed(list(root.iter())):
        own = len("".join(_own_text(element).split())) if isinstance(element.tag, str) else 0
        total, in_links, count = own, 0, 0
        if element.tag in ("script", "style", "noscript"):
            total = 0
        for child in element:
            total += chars.pop(child, 0) + len("".join((child.tail or "").split()))
            in_links += linked.pop(child, 0)
            count += links.pop(child, 0)
        if element.tag == "a" and element.get("href"):
            in_links, count = total, 1
        chars[element], linked[element], links[element] = total, in_links, count
        if (
            element.tag in _CONTAINERS
            and count >= FEWEST_LINKS
            and in_links >= LINK_SHARE * total
            and total - in_links <= 60
        ):
            found.append(element)
    for element in found:
        element.set(_REASON, "list of links")
