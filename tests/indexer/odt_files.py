"""ODT files from raw XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
NAMESPACES = {
    "office": f"{_ODF}office:1.0",
    "text": f"{_ODF}text:1.0",
    "table": f"{_ODF}table:1.0",
    "draw": f"{_ODF}drawing:1.0",
    "style": f"{_ODF}style:1.0",
    "svg": f"{_ODF}svg-compatible:1.0",
    "chart": f"{_ODF}chart:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "math": "http://www.w3.org/1998/Math/MathML",
    "xlink": "http://www.w3.org/1999/xlink",
}
DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
MIMETYPE = "application/vnd.oasis.opendocument.text"


def p(*content: str) -> str:
    """A paragraph."""
    return f"<text:p>{''.join(content)}</text:p>"


def note(text: str, kind: str = "footnote") -> str:
    """A footnote or endnote."""
    body = f"<text:note-body>{p(text)}</text:note-body>"
    return f'<text:note text:note-class="{kind}"><text:note-citation>1</text:note-citation>{body}</text:note>'


def box(*content: str) -> str:
    """A text box."""
    return (
        f"<draw:frame><draw:text-box>{''.join(content)}</draw:text-box><svg:desc>图注</svg:desc></draw:frame>"
    )


def items(style: str, *content: str, more: str = "") -> str:
    """A list."""
    inner = "".join(f"<text:list-item>{one}</text:list-item>" for one in content)
    return f'<text:list text:style-name="{style}" {more}>{inner}</text:list>'


def table(*rows: tuple[str, ...]) -> str:
    """A table."""
    cells = ("".join(f"<table:table-cell>{p(cell)}</table:table-cell>" for cell in row) for row in rows)
    return (
        f"<table:table>{''.join(f'<table:table-row>{row}</table:table-row>' for row in cells)}</table:table>"
    )


def level(at: int, form: str, prefix: str, suffix: str, more: str = "") -> str:
    """A numbered level of a list style."""
    return (
        f'<text:list-level-style-number text:level="{at}" style:num-format="{form}" style:num-prefix="{prefix}" '
        f'style:num-suffix="{suffix}" {more}/>'
    )


def make_odt(
    body: str, *, styles: str = "", running: str = "", parts: Mapping[str, str] | None = None
) -> bytes:
    """A document of a body, list styles, running headers, and parts of objects."""
    content = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    content += f"<office:body><office:text>{body}</office:text></office:body>"
    master = f"<office:master-styles><style:master-page>{running}</style:master-page></office:master-styles>"
    members = {
        "mimetype": MIMETYPE,
        "content.xml": _root("document-content", content),
        "styles.xml": _root("document-styles", master),
        **{name: text.replace(">", f" {DECLARED}>", 1) for name, text in (parts or {}).items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def _root(name: str, content: str) -> str:
    return f"<office:{name} {DECLARED}>{content}</office:{name}>"
