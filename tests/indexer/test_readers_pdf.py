"""PDFs drawn here from known text come back as the known paragraphs.

They have what newspapers and offices make: columns, running heads, page numbers, paragraphs over page breaks.
"""

from __future__ import annotations

import random
import time
import zlib
from collections import Counter
from pathlib import Path

import pytest

from indexer.model import Document
from indexer.readers import read
from indexer.readers.registry import decoded_text
from indexer.readers.source import Source, nonblank
from search.errors import SourceError
from search.messages.words import render

SIZE = 10.0
LEADING = 16.0
PARAGRAPHS = (
    "过去一年，市政协常委会坚持以人民为中心，围绕中心服务大局，认真履行政治协商、民主监督、参政议政职能，"
    "为推动全市高质量发展作出了积极贡献，充分发挥了人民政协压舱石的作用，各项工作取得新的进展。",
    "一年来，我们聚焦营商环境开展协商议政，组织委员深入企业调研三十余次，提出意见建议一百二十六条，"
    "其中八十五条被市委市政府采纳，转化为具体的政策措施，有力促进了民营经济的发展壮大。",
    "坚持提案办理协商，全年立案提案四百三十二件，办复率达到百分之百，委员满意率达到百分之九十八点五，"
    "一批事关群众切身利益的问题得到解决，群众的获得感和幸福感不断增强，社会各界反响良好。",
    "新的一年，我们将更加紧密地团结在以习近平同志为核心的党中央周围，在市委坚强领导下，凝心聚力、"
    "守正创新，以实干实绩谱写政协事业发展的新篇章，为全面建设社会主义现代化城市而团结奋斗。",
)
Placed = tuple[float, float, str]


def draw_pdf(pages: list[list[Placed]], *, extra: str = "") -> bytes:
    """A PDF with each text at its place (x, y from the lower left corner, in points)."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe)"
        " /Ordering (GB1) /Supplement 4 >> /FontDescriptor 5 0 R /DW 1000 >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
        " /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    kids = []
    for page in pages:
        content = "".join(
            f"BT /F1 {SIZE} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm <{text.encode('utf-16-be').hex()}> Tj ET\n"
            for x, y, text in page
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}endstream")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    end = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {extra} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode("latin-1")


def set_columns(
    paragraphs: tuple[str, ...], *, columns: int, chars: int, lines: int, head: str = "", gap: float = 24.0
) -> list[list[Placed]]:
    """Typeset paragraphs with an indent of two characters, column after column, page after page."""
    rows: list[tuple[float, str]] = []
    for paragraph in paragraphs:
        first, rest = paragraph[: chars - 2], paragraph[chars - 2 :]
        rows.append((2 * SIZE, first))
        rows += [(0.0, rest[at : at + chars]) for at in range(0, len(rest), chars)]
    pages: list[list[Placed]] = []
    for at, (indent, text) in enumerate(rows):
        place = at % (columns * lines)
        if place == 0:
            number = f"- {len(pages) + 1} -"
            pages.append([(50.0, 800.0, head), (280.0, 30.0, number)] if head else [(280.0, 30.0, number)])
        x = 50.0 + (place // lines) * (chars * SIZE + gap) + indent
        pages[-1].append((x, 760.0 - (place % lines) * LEADING, text))
    return pages


def read_pdf(folder: Path, data: bytes) -> Document:
    path = folder / "报告.pdf"
    path.write_bytes(data)
    source = Source(data, path.name, str(path))
    (document,) = read(path)
    texts = [line.text for line in document.lines] + [entry.text for entry in document.set_aside]
    assert Counter(nonblank("".join(texts))) == Counter(nonblank(decoded_text(source)))
    return document


def paragraphs_of(document: Document) -> list[str]:
    """The lines put together where the reader says that the paragraph goes on."""
    paragraphs = [""]
    for line in document.lines:
        paragraphs[-1] += line.text
        if line.ends_paragraph:
            paragraphs.append("")
    return [paragraph for paragraph in paragraphs if paragraph]


@pytest.mark.parametrize(
    ("columns", "chars", "lines"), [(1, 40, 30), (2, 21, 6), (2, 20, 40), (3, 14, 9), (1, 33, 5)]
)
def test_known_paragraphs_come_back(tmp_path: Path, columns: int, chars: int, lines: int) -> None:
    pages = set_columns(PARAGRAPHS, columns=columns, chars=chars, lines=lines)
    document = read_pdf(tmp_path, draw_pdf(pages))
    assert paragraphs_of(document) == list(PARAGRAPHS)
    assert {line.page for line in document.lines} == set(range(1, len(pages) + 1))


def test_running_heads_and_page_numbers_are_set_aside(tmp_path: Path) -> None:
    pages = set_columns(PARAGRAPHS, columns=2, chars=21, lines=4, head="四平日报 2023年1月8日 第3版")
    document = read_pdf(tmp_path, draw_pdf(pages))
    assert paragraphs_of(document) == list(PARAGRAPHS)
    reasons = Counter(render(entry.reason, "en") for entry in document.set_aside)
    assert reasons["running header"] == len(pages) >= 2
    assert reasons["page number"] == len(pages)


def test_text_that_repeats_at_the_top_of_pages_is_no_running_head(tmp_path: Path) -> None:
    pages = set_columns(PARAGRAPHS * 12, columns=2, chars=21, lines=40)
    document = read_pdf(tmp_path, draw_pdf(pages))
    assert paragraphs_of(document) == list(PARAGRAPHS * 12)
    assert {render(entry.reason, "en") for entry in document.set_aside} == {"page number"}


def test_title_across_two_columns_comes_first(tmp_path: Path) -> None:
    (page,) = set_columns(PARAGRAPHS, columns=2, chars=21, lines=10)
    title = "中国人民政治协商会议四平市第九届委员会常务委员会工作报告"
    document = read_pdf(tmp_path, draw_pdf([[(120.0, 785.0, title), *page]]))
    assert paragraphs_of(document) == [title, *PARAGRAPHS]


def test_single_page_keeps_its_first_and_last_line(tmp_path: Path) -> None:
    document = read_pdf(
        tmp_path, draw_pdf([[(50.0, 800.0, "政协工作报告"), (50.0, 60.0, "二○二四年一月八日")]])
    )
    assert [line.text for line in document.lines] == ["政协工作报告", "二○二四年一月八日"]


def test_pdf_without_text_layer_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "扫描.pdf"
    path.write_bytes(draw_pdf([[]]))
    with pytest.raises(SourceError, match="no text layer") as caught:
        read(path)
    assert "OCR" in str(caught.value.hint)


def test_protected_pdf_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "加密.pdf"
    key = "00" * 32
    encrypt = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -4 >> /ID [<00> <00>]"
    path.write_bytes(draw_pdf([[(50.0, 700.0, "政协")]], extra=encrypt))
    with pytest.raises(SourceError, match="password"):
        read(path)


def test_pdf_that_swells_beyond_measure_is_refused(tmp_path: Path) -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(280)) + packer.flush()
    path = tmp_path / "炸弹.pdf"
    stream = b"<< /Filter /FlateDecode >>\nstream\n" + packed + b"\nendstream"
    path.write_bytes(b"%PDF-1.4\n9 0 obj\n" + stream + b"\nendobj\n")
    with pytest.raises(SourceError, match="swells"):
        read(path)


def test_broken_pdf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "坏.pdf"
    path.write_bytes(b"%PDF-1.4\nnothing of the kind")
    with pytest.raises(SourceError, match="broken"):
        read(path)


def test_damaged_pdf_is_read_or_refused_in_time(tmp_path: Path) -> None:
    whole = draw_pdf(set_columns(PARAGRAPHS, columns=2, chars=21, lines=6))
    chance = random.Random("pdf")
    outcomes: Counter[bool] = Counter()
    for attempt in range(80):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(broken))
            broken[at : at + chance.randrange(3)] = bytes([chance.randrange(256)])
        if attempt % 4 == 0:
            del broken[chance.randrange(1, len(broken)) :]
        begun = time.monotonic()
        try:
            read_pdf(tmp_path, bytes(broken))
            outcomes[True] += 1
        except SourceError:
            outcomes[False] += 1
        assert time.monotonic() - begun < 10
    assert outcomes[True]
    assert outcomes[False]
