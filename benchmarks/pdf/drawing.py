"""A story set line by line onto newspaper pages, drawn as a PDF without any library.

Every string has its place, so that a page can have what producers seldom make: text in the order of its rows,
headlines over an odd number of columns, sideways and upright strings.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pdf.kinds import Kind
from benchmarks.pdf.known_text import WATERMARK, Story

WIDTH, HEIGHT, MARGIN = 595.0, 842.0, 56.0
_PICTURE = f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x7e EI Q\n"
_UNIT = re.compile(r"[“‘《（(]*(?:[!-~]+|.)[，。；：？！、”’》）)%％…]*")


@dataclass(frozen=True, slots=True)
class Placed:
    """A string with the lower left corner of its first character, in points; `angle` in degrees."""

    x: float
    y: float
    text: str
    size: float = 10.0
    spread: float = 0.0
    angle: float = 0.0


def width_ems(text: str) -> float:
    """The width of a text: half an em for small letters and digits, three quarters for what is wider in ASCII."""
    return sum(1.0 if not c.isascii() else 0.75 if c.isupper() or c in "%+" else 0.5 for c in text)


def break_lines(text: str, ems: float, *, indent: float = 2.0) -> list[str]:
    """The lines of a paragraph; no mark begins a line, and no number or word is divided.

    Example:
        >>> break_lines("工业增长51.36%，农业增长。", 6, indent=0)
        ['工业增长', '51.36%，农', '业增长。']
    """
    lines, line, room = [], "", ems - indent
    for unit in _UNIT.findall(text):
        if line and width_ems(unit) > room + 1e-6:
            lines.append(line)
            line, room = "", ems
        line += unit
        room -= width_ems(unit)
    return [*lines, line] if line else lines


def set_story(story: Story, kind: Kind) -> list[list[Placed]]:
    """The pages of a story."""
    size, leading = kind.size_pt, kind.size_pt * 1.6
    left = MARGIN + (4 * size if kind.headline == "vertical" else 0)
    ems = ((WIDTH - MARGIN - left) / size - (kind.columns - 1) * kind.gap_em) // kind.columns
    wide = ((ems * kind.columns) + (kind.columns - 1) * kind.gap_em) * size
    pages: list[list[Placed]] = []
    y = 0.0
    for number, group in enumerate(_groups(story, kind)):
        rows = [row for block in group for row in _rows(block.text, ems, kind)]
        while rows:
            if y < MARGIN + 6 * leading:
                pages.append([])
                y = HEIGHT - MARGIN - leading
                if len(pages) == 1:
                    y = _draw_title(pages[0], story, kind, left, wide, y)
            if number and group and kind.headline == "centred" and rows[0][2] == "head":
                text = rows.pop(0)[1].strip()
                large = 1.5 * size
                y -= 1.2 * large
                pages[-1].append(Placed(left + (wide - width_ems(text) * large) / 2, y, text, large))
                y -= 1.6 * large
            depth = min(int((y - MARGIN) // leading), -(-len(rows) // kind.columns))
            now, rows = rows[: depth * kind.columns], rows[depth * kind.columns :]
            drawn = []
            for at, (indent, text, _, spread) in enumerate(now):
                x = left + (at // depth) * (ems + kind.gap_em) * size + indent * size
                drawn.append(Placed(x, y - (at % depth) * leading, text, size, spread * size))
            if "rows" in kind.name:
                drawn.sort(key=lambda placed: (-placed.y, placed.x))
            pages[-1] += drawn
            y -= depth * leading
    for number, page in enumerate(pages, 1):
        _finish(page, number, kind)
    return pages


def _groups(story: Story, kind: Kind) -> list[list]:  # type: ignore[type-arg]
    """The blocks, divided at each heading where headings stand across the columns."""
    groups: list[list] = [[]]  # type: ignore[type-arg]
    for block in story.blocks:
        if block.kind == "heading" and kind.headline == "centred" and groups[-1]:
            groups.append([])
        groups[-1].append(block)
    return groups


def _rows(text: str, ems: float, kind: Kind) -> list[tuple[float, str, str, float]]:
    lines = break_lines(text, ems)
    rows = []
    for at, line in enumerate(lines):
        indent = 2.0 if at == 0 else 0.0
        room = ems - indent - width_ems(line)
        last = at == len(lines) - 1
        spread = room / max(len(line) - 1, 1) if kind.justified and not last else 0.0
        head = "head" if re.match("[一二三]、", text) else ""
        rows.append((indent, line, head, spread))
    return rows


def _draw_title(page: list[Placed], story: Story, kind: Kind, left: float, wide: float, y: float) -> float:
    if kind.headline == "vertical":
        page += [Placed(MARGIN, y - 30 * at, sign, 24.0) for at, sign in enumerate(story.title)]
        return y
    for text, size in ((story.title, 20.0), (story.session, 10.0)):
        page.append(Placed(left + (wide - width_ems(text) * size) / 2, y, text, size))
        y -= 1.8 * size
    return y - 10


def _finish(page: list[Placed], number: int, kind: Kind) -> None:
    if kind.heads:
        page.insert(0, Placed(MARGIN, HEIGHT - 40, "云川日报 2024年1月11日 第3版", 9.0))
        page.append(Placed(WIDTH / 2 - 10, 30, f"- {number} -", 9.0))
    if kind.watermark:
        angle, x, y = (45.0, 120.0, 250.0) if kind.watermark == "diagonal" else (0.0, 90.0, 420.0)
        page.insert(0, Placed(x, y, WATERMARK, 50.0, 0.0, angle))


def turned(pages: Sequence[Sequence[Placed]]) -> list[list[Placed]]:
    """The pages with all their text turned to the left on a page that stays upright."""
    return [
        [Placed(HEIGHT - p.y, p.x, p.text, p.size, p.spread, p.angle + 90) for p in page] for page in pages
    ]


def print_by_hand(story: Story, kind: Kind, target: Path) -> None:
    """The pages as a PDF without any library."""
    pages = set_story(story, kind)
    target.write_bytes(draw_pdf(turned(pages), wide=True) if kind.sideways == "text" else draw_pdf(pages))


def draw_pdf(
    pages: Sequence[Sequence[Placed]],
    *,
    wide: bool = False,
    trailer: str = "",
    page_entries: str = "",
    pictures: Collection[int] = (),
) -> bytes:
    """A PDF with each string at its place, in a font that is named and not embedded.

    Args:
        wide: whether the pages lie on their side.
        trailer, page_entries: what else the trailer and each page's dictionary are to say.
        pictures: the indexes of pages that a grey picture fills, below their text.
    """
    widths = " ".join(f"{round(1000 * width_ems(chr(code)))}" for code in range(0x20, 0x7F))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe)"
        f" /Ordering (GB1) /Supplement 4 >> /FontDescriptor 5 0 R /DW 1000 /W [1 [{widths}]] >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
        " /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    box = f"{HEIGHT} {WIDTH}" if wide else f"{WIDTH} {HEIGHT}"
    kids = []
    for index, page in enumerate(pages):
        content = _PICTURE if index in pictures else ""
        content += "".join(_drawn(placed) for placed in page)
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}endstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {box}] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {len(objects)} 0 R {page_entries} >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return assemble_pdf(objects, trailer)


def assemble_pdf(objects: Sequence[str], trailer: str = "") -> bytes:
    """A file of numbered objects, the first of which is the catalogue."""
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    end = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode("latin-1")


def _drawn(placed: Placed) -> str:
    radians = math.radians(placed.angle)
    sine, cosine = math.sin(radians), math.cos(radians)
    matrix = f"{cosine:.5f} {sine:.5f} {-sine:.5f} {cosine:.5f} {placed.x:.2f} {placed.y:.2f}"
    text = placed.text.encode("utf-16-be").hex()
    return f"BT /F1 {placed.size} Tf {placed.spread:.3f} Tc {matrix} Tm <{text}> Tj ET\n"
