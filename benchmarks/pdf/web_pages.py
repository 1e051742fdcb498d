"""A story as HTML, printed by Chromium or WeasyPrint."""

from __future__ import annotations

import html
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.pdf.kinds import Kind
from benchmarks.pdf.known_text import TABLE, WATERMARK, Story


def print_with_chromium(story: Story, kind: Kind, target: Path) -> None:
    """The page as Chromium prints it."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(to_html(story, kind, vertical="writing-mode: vertical-rl"), encoding="utf-8")
        subprocess.run(
            [
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-pdf-header-footer",
                f"--user-data-dir={folder}/profile",
                f"--print-to-pdf={target}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )


def print_with_weasyprint(story: Story, kind: Kind, target: Path) -> None:
    """The page as WeasyPrint prints it."""
    page = to_html(story, kind, vertical="width: 1em; white-space: normal")
    command = [sys.executable, "-m", "weasyprint", "-", str(target)]
    subprocess.run(command, input=page.encode(), check=True, capture_output=True, timeout=120)


def to_html(story: Story, kind: Kind, *, vertical: str) -> str:
    """The story as a page; `vertical` is the style by which the producer stands a headline upright."""
    head = "@top-center { content: '云川日报 2024年1月11日 第3版'; font-size: 9pt }" if kind.heads else ""
    foot = "@bottom-center { content: '— ' counter(page) ' —'; font-size: 9pt }" if kind.heads else ""
    turned = "page-orientation: rotate-left;" if kind.sideways == "page" else ""
    wide = kind.landscape or kind.sideways == "page"
    flow = f"column-count: {kind.columns}; column-gap: {kind.gap_em}em;" if kind.columns > 1 else ""
    if kind.vertical:
        flow = "writing-mode: vertical-rl; height: 165mm;"
    indent = "text-indent: 2em; margin: 0" if kind.indented else "margin: 0 0 0.8em"
    upright = f"<div class=upright>{story.title}</div>" if kind.headline == "vertical" else ""
    title = "" if upright else f"<h1>{html.escape(story.title)}</h1><p class=centre>{story.session}</p>"
    style = f"""
    @page {{ size: {"297mm 210mm" if wide else "210mm 297mm"}; margin: 22mm 20mm; {turned} {head} {foot} }}
    body {{ font: {kind.size_pt}pt/1.7 "Noto Serif CJK SC"; margin: 0; {"padding-left: 5em" if upright else ""};
      text-align: {"justify" if kind.justified else "left"} }}
    h1 {{ font-size: 1.9em; text-align: center; margin: 0 0 0.4em; line-height: 1.4 }}
    h2 {{ font-size: {"1.4em" if kind.headline else "1em"}; text-align: {"center" if kind.headline else "left"};
      {"column-span: all; margin: .6em 0" if kind.headline == "centred" else indent} }}
    p {{ {indent} }} p.centre {{ text-align: center; text-indent: 0; margin-bottom: 1em }}
    table {{ width: 100%; border-collapse: collapse; margin: 1em 0 }} td {{ border: 1px solid; padding: 2pt 6pt }}
    .flow {{ {flow} }}
    .upright {{ position: absolute; left: 0; top: 0; font-size: 2.2em; line-height: 1.3; {vertical} }}
    .note {{ float: footnote; font-size: 0.75em; text-align: left; text-indent: 0 }}
    .mark {{ position: fixed; color: #ccc; white-space: nowrap }}
    .diagonal {{ font-size: 48pt; left: 2cm; top: 11cm; transform: rotate(-45deg) }}
    .straight {{ font-size: 40pt; left: 1.5cm; top: 10cm }}
    .tiled {{ font-size: 13pt; transform: rotate(-30deg) }}"""
    body = "".join(_block(block.kind, block.text, block.note, story) for block in story.blocks)
    if kind.table:
        first = body.index("</p>") + 4
        rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in TABLE)
        body = f"{body[:first]}<table>{rows}</table>{body[first:]}"
    page = f"{_marks(kind)}{upright}{title}<div class=flow>{body}</div>"
    return f"<!doctype html><html lang=zh-CN><meta charset=utf-8><style>{style}</style><body>{page}</body></html>"


def _block(kind: str, text: str, note: int, story: Story) -> str:
    if kind == "heading":
        return f"<h2>{html.escape(text)}</h2>"
    mark = f"<span class=note>{story.footnotes[note - 1]}</span>" if note else ""
    return f"<p>{html.escape(text)}{mark}</p>"


def _marks(kind: Kind) -> str:
    if kind.watermark == "tiled":
        places = [(x, y) for x in range(0, 17, 5) for y in range(1, 24, 4)]
        return "".join(
            f'<div class="mark tiled" style="left:{x}cm;top:{y}cm">{WATERMARK[:4]}</div>' for x, y in places
        )
    return f'<div class="mark {kind.watermark}">{WATERMARK}</div>' if kind.watermark else ""
