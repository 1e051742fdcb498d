"""DOCX files from raw XML, so that features which no library writes can be tested."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "dsp": "http://schemas.microsoft.com/office/drawing/2008/diagram",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "lc": "http://schemas.openxmlformats.org/drawingml/2006/lockedCanvas",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
}
DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*content: str, style: str = "", properties: str = "") -> str:
    """A paragraph of runs; what is no markup becomes a run."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    runs = "".join(part if part.startswith("<") else run(part) for part in content)
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{runs}</w:p>"


def numbered(text: str, level: int = 0, number: int = 1) -> str:
    """A paragraph with an automatic number."""
    return p(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def table(*rows: tuple[str, ...]) -> str:
    """A table; a cell that is no markup becomes a paragraph."""
    cells = (
        "".join(f"<w:tc>{cell if cell.startswith('<') else p(cell)}</w:tc>" for cell in row) for row in rows
    )
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def level(at: int, form: str, text: str, *, start: int = 1, more: str = "") -> str:
    """A level of a list."""
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(*levels: str, more: str = "") -> str:
    """The part of one list with the number 1."""
    abstract = f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>'
    return f'{abstract}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{more}'


def box(content: str) -> str:
    """A text box as Word 2010 and later write it, with the copy for older programs."""
    inner = f"<w:txbxContent>{content}</w:txbxContent>"
    shape = f"<wps:wsp><wps:txbx>{inner}</wps:txbx></wps:wsp>"
    graphic = f"<a:graphic><a:graphicData>{shape}</a:graphicData></a:graphic>"
    drawing = f"<w:drawing><wp:inline>{graphic}</wp:inline></w:drawing>"
    old = f"<w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def fields(*parts: str) -> str:
    """Runs with marks of fields: "begin", "separate", "end", "=INSTRUCTION"; all else is text."""
    runs = ""
    for part in parts:
        if part in ("begin", "separate", "end"):
            runs += f'<w:r><w:fldChar w:fldCharType="{part}"/></w:r>'
        elif part.startswith("="):
            runs += f'<w:r><w:instrText xml:space="preserve">{part[1:]}</w:instrText></w:r>'
        else:
            runs += run(part)
    return runs


def make_docx(
    body: str,
    parts: Mapping[str, str | bytes] | None = None,
    related: Mapping[str, tuple[str, str]] | None = None,
    *,
    main: str = "word/document.xml",
) -> bytes:
    """A document of a body and other parts.

    Args:
        parts: name below word/ -> content; one without an XML root gets the root that its name says.
        related: id -> (kind, target) of the main part's relationships, beside those to `parts` of known kinds.
    """
    links = dict(related or {})
    members: dict[str, str | bytes] = {main: f"<w:document {DECLARED}><w:body>{body}</w:body></w:document>"}
    for name, content in (parts or {}).items():
        stem = name.removesuffix(".xml").rstrip("0123456789")
        root = {"header": "hdr", "footer": "ftr", "document": "document"}.get(stem, stem)
        if isinstance(content, str) and name.endswith(".xml") and DECLARED not in content:
            content = f"<w:{root} {DECLARED}>{content}</w:{root}>"
        members[f"word/{name}"] = content
        if (
            name.endswith(".xml")
            and "/" not in name
            and not any(target == name for _, target in links.values())
        ):
            links[f"auto{len(links)}"] = (stem, name)
    folder, _, base = main.rpartition("/")
    members[f"{folder}/_rels/{base}.rels".lstrip("/")] = _rels(links)
    members["[Content_Types].xml"] = _content_types(members, main)
    members["_rels/.rels"] = _rels({"rId1": ("officeDocument", main)})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def part(root: str, content: str) -> str:
    """A part of another vocabulary: `part("c:chartSpace", …)`."""
    return f"<{root} {DECLARED}>{content}</{root}>"


def _content_types(members: Mapping[str, str | bytes], main: str) -> str:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml."
    kinds = {f"/{main}": f"{word}document.main+xml"}
    for stem in ("styles", "numbering", "footnotes", "endnotes", "comments", "header", "footer"):
        kinds |= {f"/{name}": f"{word}{stem}+xml" for name in members if name.startswith(f"word/{stem}")}
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in kinds.items())
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'<Types xmlns="{CONTENT_TYPES}"><Default Extension="rels" ContentType="{rels}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _rels(links: Mapping[str, tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="{name}" Type="{KIND}{kind}" Target="{target}"/>'
        for name, (kind, target) in links.items()
    )
    return f'<Relationships xmlns="{RELATIONSHIPS}">{entries}</Relationships>'
