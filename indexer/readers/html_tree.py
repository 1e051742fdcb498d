"""HTML to a tree, as a browser reads it: text behind </html>, unclosed tags, and templates included.

The parser is Lexbor (selectolax), which follows the HTML standard. The tree is bounded in depth: what is nested deeper
than a browser would show it stays, a level higher.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from search.messages import Message

COMMENT = "!"
"""The tag of a comment; its only child is its text."""
MAX_DEPTH = 500
MAX_OPEN_TAGS = 5_000

# fmt: off
_NESTING = (
    "div|span|font|b|i|u|strong|em|small|big|table|tbody|ul|ol|dl|section|article|main|aside|header|footer|nav|form|"
    "center|blockquote|details|figure|fieldset|address|template|svg|math|noscript|ruby|sup|sub|del|ins"
)
# fmt: on
_TAG = re.compile(rf"<(/?)(?:{_NESTING})\b[^<>]*>", re.IGNORECASE)


_OPENING = re.compile(r"<!--.*?(?:-->|\Z)|<(?P<raw>script|style)\b|<(?P<tag>[a-zA-Z][^\s/>]*)", re.DOTALL)
_ATTRIBUTE = re.compile(
    r"""[\s/]*=?[^\s/>=]+(?:\s*=\s*(?:"[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|[^\s>"'][^\s>]*)?)?""", re.DOTALL
)
_XML = re.compile(r"\s*<\?xml\b[^>]*>")
_EMPTY = re.compile(
    r"<(?!(?:br|hr|img|input|link|meta|col|area|base|embed|source|track|wbr|param)\b)([a-z][\w:-]*)((?:\s[^<>]*)?)/>",
    re.IGNORECASE,
)


@dataclass(slots=True, eq=False)
class Node:
    """An element or a comment.

    Args:
        children: elements, comments and texts, in order.
        reason: why it is set aside, where that was found out from outside of it.
        is_data: whether a table holds data; None where nobody has looked.
    """

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)
    reason: Message | None = None
    is_data: bool | None = None

    def walk(self) -> Iterator[Node]:
        """This node and all below it, each before what it holds."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(child for child in reversed(node.children) if isinstance(child, Node))

    def find(self, *tags: str) -> Iterator[Node]:
        """The elements of these kinds below."""
        return (node for node in self.walk() if node.tag in tags and node is not self)

    def texts(self, *, comments: bool = True) -> Iterator[str]:
        """The texts below, in order."""
        stack: list[Node | str] = [self]
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                yield node
            elif comments or node.tag != COMMENT:
                stack.extend(reversed(node.children))

    @property
    def text(self) -> str:
        """The text below as one string, comments aside."""
        return "".join(self.texts(comments=False))


def parse_html(text: str) -> Node:
    """The page: a node that holds the element html, and the comments beside it."""
    from selectolax.lexbor import LexborHTMLParser

    flat = _flatten(_open_and_close(text).replace("\0", "\ufffd"))
    page = Node("page")
    root = LexborHTMLParser(flat.encode("utf-8", "replace")).root
    if root is not None:
        _copy(root.parent if root.parent is not None else root, page)
    return page


def most_attributes(text: str, enough: int) -> int:
    """How many attributes the tag with the most has; no more are looked for beyond `enough`.

    Parsing takes their number squared. What stands in scripts, styles and comments is no tag.
    """
    most = at = 0
    while most <= enough and (found := _OPENING.search(text, at)):
        at = found.end()
        if found.lastgroup == "raw":
            end = text.find(f"</{found['raw']}", at)
            at = len(text) if end < 0 else end
            continue
        count = 0
        while found["tag"] and (attribute := _ATTRIBUTE.match(text, at)):
            at, count = attribute.end(), count + 1
            if count > enough:
                break
        most = max(most, count)
    return most


def _copy(document: Any, page: Node) -> None:
    """Copy what a node of Lexbor holds, without recursion."""
    stack: list[tuple[Any, Node, int]] = [(document.first_child, page, 0)]
    while stack:
        node, parent, depth = stack.pop()
        while node is not None:
            if node.is_text_node:
                parent.children.append(node.text_content or "")
            elif node.is_comment_node:
                parent.children.append(Node(COMMENT, children=[node.comment_content or ""]))
            elif node.is_element_node:
                break
            elif (instruction := node.html or "").startswith("<?"):
                parent.children.append(Node(COMMENT, children=[instruction[1:].removesuffix(">")]))
            node = node.next
        if node is None:
            continue
        tag = node.tag or ""
        attributes = {name: value or "" for name, value in node.attributes.items()}
        copied = Node(tag, attributes)
        parent.children.append(copied)
        stack.append((node.next, parent, depth))
        fragments = node.template_fragments() if tag == "template" else []
        first = (fragments[0] if fragments else node).first_child
        stack.append((first, copied, depth + 1) if depth < MAX_DEPTH else (first, parent, depth))


def _open_and_close(text: str) -> str:
    """XHTML with <title/> as <title></title>: HTML would read all that follows as the title."""
    declaration = _XML.match(text)
    return _EMPTY.sub(r"<\1\2></\1>", text[declaration.end() :]) if declaration else text


def _flatten(text: str) -> str:
    """The text without the tags that open more elements than any page has: parsing takes their number squared."""
    if text.count("<") <= MAX_OPEN_TAGS:
        return text
    depth = 0

    def keep(tag: re.Match[str]) -> str:
        nonlocal depth
        depth = max(0, depth - 1) if tag.group(1) else depth + 1
        return tag.group() if depth <= MAX_OPEN_TAGS else ""

    return _TAG.sub(keep, text)
