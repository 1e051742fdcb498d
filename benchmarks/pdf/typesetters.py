"""A story set by XeLaTeX, Typst or LibreOffice."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.pdf.kinds import Kind
from benchmarks.pdf.known_text import TABLE, WATERMARK, Block, Story

_TEX_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "%$#&_"})


def print_with_xelatex(story: Story, kind: Kind, target: Path) -> None:
    """The story set with ctex and multicol."""
    leading = kind.size_pt * 1.6
    lines = [
        r"\documentclass{article}\usepackage[fontset=none,heading=false]{ctex}",
        r"\usepackage{multicol,graphicx}\usepackage[a4paper,margin=22mm]{geometry}",
        r"\setCJKmainfont{Noto Serif CJK SC}\pagestyle{plain}\begin{document}",
        rf"\fontsize{{{kind.size_pt}pt}}{{{leading}pt}}\selectfont\setlength{{\parindent}}{{2em}}",
        rf"\setlength{{\columnsep}}{{{kind.gap_em}em}}",
        rf"\begin{{center}}{{\fontsize{{18pt}}{{24pt}}\selectfont {story.title}}}\par {story.session}\end{{center}}",
    ]
    if kind.watermark:
        mark = rf"\rotatebox{{45}}{{\fontsize{{48pt}}{{48pt}}\selectfont\color[gray]{{.8}}{WATERMARK}}}"
        lines[1] += r"\usepackage{color}"
        lines.insert(3, rf"\AddToHook{{shipout/background}}{{\put(100,-600){{{mark}}}}}")
    if kind.columns > 1:
        lines.append(rf"\begin{{multicols}}{{{kind.columns}}}")
    for at, block in enumerate(story.blocks):
        note = rf"\footnote{{{story.footnotes[block.note - 1]}}}" if block.note else ""
        lines += [block.text.translate(_TEX_SIGNS) + note, ""]
        if kind.table and at == 1:
            rows = "".join(" & ".join(row) + r"\\\hline " for row in TABLE)
            lines += [
                r"\begin{center}\begin{tabular}{|l|l|r|r|}\hline " + rows + r"\end{tabular}\end{center}",
                "",
            ]
    if kind.columns > 1:
        lines.append(r"\end{multicols}")
    lines.append(r"\end{document}")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "story.tex").write_text("\n".join(lines), encoding="utf-8")
        command = ["xelatex", "-interaction=nonstopmode", "-halt-on-error", "story.tex"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
        target.write_bytes((Path(folder) / "story.pdf").read_bytes())


def print_with_typst(story: Story, kind: Kind, target: Path) -> None:
    """The story set by Typst."""
    mark = f"background: rotate(-45deg, text(48pt, fill: luma(205))[{WATERMARK}]), " if kind.watermark else ""
    heads = 'numbering: "— 1 —", header: align(center)[云川日报 2024年1月11日 第3版], ' if kind.heads else ""
    wide = "flipped: true, " if kind.landscape else ""
    lines = [
        f'#set page(paper: "a4", margin: 22mm, {wide}{mark}{heads})',
        f'#set text(font: "Noto Serif CJK SC", size: {kind.size_pt}pt, lang: "zh")',
        "#set par(justify: true, leading: 0.8em, spacing: 0.8em, first-line-indent: (amount: 2em, all: true))",
        f"#align(center)[#text(18pt)[{story.title}] \\ {story.session}]",
    ]
    if kind.columns > 1:
        lines.append(f"#columns({kind.columns}, gutter: {kind.gap_em}em)[")
    for at, block in enumerate(story.blocks):
        text = block.text.replace("#", "\\#").replace("*", "\\*").replace("_", "\\_").replace("@", "\\@")
        note = f"#footnote[{story.footnotes[block.note - 1]}]" if block.note else ""
        lines += [text + note, ""]
        if kind.table and at == 1:
            cells = ", ".join(f"[{cell}]" for row in TABLE for cell in row)
            lines += [f"#align(center, table(columns: 4, {cells}))", ""]
    if kind.columns > 1:
        lines.append("]")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "story.typ"
        page.write_text("\n".join(lines), encoding="utf-8")
        program = "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2])"
        command = [sys.executable, "-c", program, str(page), str(target)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


def print_with_libreoffice(story: Story, kind: Kind, target: Path) -> None:
    """The story as a Word file, printed by LibreOffice."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document = Document()
    style = document.styles["Normal"]
    style.font.size = Pt(kind.size_pt)
    style.font.name = "Noto Serif CJK SC"
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Serif CJK SC")
    style.paragraph_format.space_after = Pt(0)
    if kind.heads:
        document.sections[0].header.paragraphs[0].text = "云川日报 2024年1月11日 第3版"
    for text, size in ((story.title, 18.0), (story.session, kind.size_pt)):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(text).font.size = Pt(size)
    if kind.columns > 1:
        section = document.add_section(0)
        columns = OxmlElement("w:cols")
        columns.set(qn("w:num"), str(kind.columns))
        columns.set(qn("w:space"), str(round(kind.gap_em * kind.size_pt * 20)))
        for old in section._sectPr.findall(qn("w:cols")):
            section._sectPr.remove(old)
        section._sectPr.append(columns)
    for at, block in enumerate(story.blocks):
        _add_paragraph(document, block, kind)
        if kind.table and at == 1:
            table = document.add_table(rows=0, cols=len(TABLE[0]), style="Table Grid")
            for row in TABLE:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
    with tempfile.TemporaryDirectory() as folder:
        document.save(f"{folder}/story.docx")
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, "story.docx"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=180)
        target.write_bytes((Path(folder) / "story.pdf").read_bytes())


def _add_paragraph(document: object, block: Block, kind: Kind) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = document.add_paragraph(block.text)  # type: ignore[attr-defined]
    paragraph.paragraph_format.first_line_indent = Pt(2 * kind.size_pt)
    justified = WD_ALIGN_PARAGRAPH.JUSTIFY if kind.justified else WD_ALIGN_PARAGRAPH.LEFT
    paragraph.alignment = justified
