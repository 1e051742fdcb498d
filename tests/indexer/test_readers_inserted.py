"""Scans inside documents of word processors and e-books: read by recognition, or told."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from docx import Document as WordDocument
from docx.shared import Cm

from indexer.model import Document
from indexer.readers import ocr
from indexer.readers.inserted_pictures import MOST_PICTURES
from indexer.readers.ocr import RecognisedPage, packed
from indexer.readers.picture_size import size_of
from indexer.readers.registry import read_source
from indexer.readers.source import Source
from indexer.structure import structure
from search.errors import SourceError
from tests.indexer.odt_files import make_odt, p
from tests.indexer.scans import pretend, recognised
from tests.indexer.test_readers_pictures import SAID, TYPED, compact

PAGE = (1240, 1754)
PHOTOGRAPH = (1600, 1200)
ICON = (64, 64)
BEFORE, AFTER = "各位代表：现在报告工作。", "谢谢大家！"
LONG = "全市上下坚持稳中求进，各项事业取得新的进展。" * 20
KINDS = ("docx", "odt", "rtf", "epub")


def png(size: tuple[int, int], shade: int = 255) -> bytes:
    """A grey picture."""
    width, height = size

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes([shade]) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


Part = str | bytes
"""A paragraph, or a picture in one of its own."""


def as_docx(parts: Sequence[Part]) -> bytes:
    word = WordDocument()
    for part in parts:
        if isinstance(part, str):
            word.add_paragraph(part)
        else:
            word.add_picture(io.BytesIO(part), width=Cm(15))
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def as_odt(parts: Sequence[Part]) -> bytes:
    pictures = {f"Pictures/{n}.png": part for n, part in enumerate(parts) if isinstance(part, bytes)}
    body = "".join(
        p(part)
        if isinstance(part, str)
        else p(f'<draw:frame><draw:image xlink:href="./Pictures/{n}.png"/></draw:frame>')
        for n, part in enumerate(parts)
    )
    out = io.BytesIO(make_odt(body))
    with zipfile.ZipFile(out, "a") as archive:
        for name, data in pictures.items():
            archive.writestr(name, data)
    return out.getvalue()


def as_rtf(parts: Sequence[Part]) -> bytes:
    out = [r"{\rtf1\ansi\ansicpg936\deff0 "]
    for part in parts:
        if isinstance(part, str):
            out.append("".join(f"\\u{ord(char)}?" for char in part) + r"\par" + "\n")
        else:
            digits = part.hex()
            lines = "\n".join(digits[at : at + 127] for at in range(0, len(digits), 127))
            out.append(
                r"{\*\shppict{\pict{\*\picprop\shplid1025{\sp{\sn a}{\sv 1}}}\pngblip\picw1 " + lines + "}}"
            )
            out.append(r"{\nonshppict{\pict\wmetafile8 " + digits[:200] + r"}}\par" + "\n")
    return "".join([*out, "}"]).encode("ascii")


def as_epub(parts: Sequence[Part]) -> bytes:
    pages, items, spine = {}, "", ""
    for n, part in enumerate(parts):
        inner = (
            f"<p>{part}</p>" if isinstance(part, str) else f'<div><img alt="" src="../i/{n}%20a.png"/></div>'
        )
        pages[f"O/t/{n}.xhtml"] = (
            f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{inner}</body></html>'.encode()
        )
        if isinstance(part, bytes):
            pages[f"O/i/{n} a.png"] = part
        items += f'<item id="c{n}" href="t/{n}.xhtml" media-type="application/xhtml+xml"/>'
        spine += f'<itemref idref="c{n}"/>'
    package = f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{items}</manifest><spine>{spine}</spine></package>'
    root = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="O/a.opf"/></rootfiles></container>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", root)
        archive.writestr("O/a.opf", package)
        for name, data in pages.items():
            archive.writestr(name, data)
    return out.getvalue()


WRITERS: dict[str, Callable[[Sequence[Part]], bytes]] = {
    "docx": as_docx,
    "odt": as_odt,
    "rtf": as_rtf,
    "epub": as_epub,
}


def read_parts(kind: str, parts: Sequence[Part]) -> Document:
    name = f"报告.{kind}"
    (document,) = read_source(Source(WRITERS[kind](parts), name, name))
    return document


def texts(document: Document) -> list[tuple[str, float | None]]:
    return [(compact(line.text), line.confidence) for line in document.lines if line.text.strip()]


def page(text: Sequence[str] = (), confidence: float = 0.98) -> RecognisedPage:
    placed = TYPED if not text else [replace(TYPED[at], text=line) for at, line in enumerate(text)]
    return recognised(placed, confidence=confidence)


@pytest.mark.parametrize("kind", KINDS)
def test_scan_in_a_document_is_read_where_it_stands(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    pretend(monkeypatch, [page()])
    document = read_parts(kind, [BEFORE, png(PAGE), AFTER])
    found = texts(document)
    assert found[0] == (BEFORE, None)
    assert found[-1] == (AFTER, None)
    assert "".join(text for text, _ in found[1:-1]) == compact(SAID)
    assert all(confidence is not None for _, confidence in found[1:-1])
    assert [line.number for line in document.lines] == sorted({line.number for line in document.lines})
    assert [note.reason.code for note in document.notes] == ["pictures_recognised"]
    blocks = [block for draft in structure(document).drafts for block in draft.blocks]
    assert {compact(block.text): block.confidence is not None for block in blocks} == {
        BEFORE: False, compact(SAID): True, AFTER: False,
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_document_of_scans_alone_is_read(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    asked = pretend(monkeypatch, [page(), page(["四平市二〇〇三年政府工作报告"])])
    document = read_parts(kind, [png(PAGE), png(PAGE, 250)])
    assert asked == [0, 1]
    assert [text for text, _ in texts(document)][-1] == "四平市二〇〇三年政府工作报告"
    assert all(confidence is not None for _, confidence in texts(document))


@pytest.mark.parametrize("kind", KINDS)
def test_scan_is_told_where_nothing_can_be_recognised(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    document = read_parts(kind, [BEFORE, png(PAGE), png(PAGE, 250), AFTER])
    assert [text for text, _ in texts(document)] == [BEFORE, AFTER]
    (problem,) = document.problems
    assert problem.reason.code == "pictures_not_read"
    assert dict(problem.reason.args)["n"] == 2


@pytest.mark.parametrize("kind", ["docx", "odt", "rtf"])
def test_document_of_scans_alone_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    with pytest.raises(SourceError, match="xiesou\\[ocr\\]"):
        read_parts(kind, [png(PAGE)])


@pytest.mark.parametrize("kind", KINDS)
def test_photographs_and_icons_are_no_scans(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    asked = pretend(monkeypatch, [])
    document = read_parts(kind, [LONG, png(PHOTOGRAPH), png(ICON), LONG])
    assert asked == []
    assert not document.problems
    assert not document.notes


@pytest.mark.parametrize("kind", KINDS)
def test_few_words_in_a_picture_among_text_are_set_aside(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    pretend(monkeypatch, [page(["市民中心"])])
    document = read_parts(kind, [LONG, png(PAGE), LONG])
    assert [text for text, _ in texts(document)] == [LONG, LONG]
    assert [(entry.text, entry.reason.code) for entry in document.set_aside] == [("市民中心", "in_picture")]


def test_picture_that_stands_twice_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = pretend(monkeypatch, [page()])
    read_parts("docx", [png(PAGE), BEFORE, png(PAGE)])
    assert asked == [0]


def test_picture_that_fails_is_told_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, {1: page()})
    document = read_parts("docx", [png(PAGE), BEFORE, png(PAGE, 250)])
    assert [problem.reason.code for problem in document.problems] == ["picture_not_recognised"]
    assert compact(SAID) in "".join(text for text, _ in texts(document))


def test_what_is_set_aside_keeps_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, [page()])
    reading = (
        "<text:ruby><text:ruby-base>端</text:ruby-base><text:ruby-text>duān</text:ruby-text></text:ruby>"
    )
    document = read_parts("odt", [png(PAGE), BEFORE, f"旧文{reading}"])
    by_number = {line.number: line.text for line in document.lines}
    (entry,) = document.set_aside
    assert by_number[entry.line or 0] == "旧文端"


def test_more_pictures_than_are_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.readers.inserted_pictures.MOST_PICTURES", 1)
    asked = pretend(monkeypatch, [page()])
    document = read_parts("docx", [png(PAGE), png(PAGE, 250)])
    assert asked == [0]
    assert MOST_PICTURES > 1
    assert [problem.reason.code for problem in document.problems] == ["first_pages_only"]


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (png((300, 200)), (300, 200)),
        (b"BM" + bytes(16) + struct.pack("<ii", 300, -200), (300, 200)),
        (b"GIF87a" + struct.pack("<HH", 300, 200), (300, 200)),
        (
            b"\xff\xd8\xff\xe0\x00\x04AB\xff\xff\xc2" + struct.pack(">HBHH", 11, 8, 200, 300),
            (300, 200),
        ),
        (
            b"MM\0*" + struct.pack(">IHHHIHHHHIII", 8, 2, 256, 3, 1, 300, 0, 257, 4, 1, 200, 0),
            (300, 200),
        ),
        (b"II*\0" + struct.pack("<IH", 8, 60000), None),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"\xff\xd8\xff\xe0", None),
        (b"", None),
        (b"\xd7\xcd\xc6\x9a", None),
    ],
)
def test_size_of_a_picture_stands_in_its_first_bytes(data: bytes, size: tuple[int, int] | None) -> None:
    assert size_of(data) == size


@pytest.mark.recognition
@pytest.mark.skipif(not ocr.is_installed(), reason="the extra ocr is not installed")
def test_pictures_go_to_the_worker_together() -> None:
    from PIL import Image, ImageDraw

    pictures = []
    for size in ((700, 900), (900, 1300)):
        drawn = Image.new("L", size, 255)
        ImageDraw.Draw(drawn).text((100, 100), "2023 GDP", fill=0, font_size=60)
        out = io.BytesIO()
        drawn.save(out, "PNG")
        pictures.append(out.getvalue())
    with ocr.Recogniser("pictures", packed([*pictures, b"no picture"])) as recogniser:
        second, first = recogniser.read(1), recogniser.read(0)
        assert (first.width, first.height, first.pages) == (700, 900, 3)
        assert (second.width, second.height) == (900, 1300)
        assert ["2023" in found.lines[0].text for found in (first, second)] == [True, True]
        with pytest.raises(ocr.RecognitionFailed, match="cannot identify"):
            recogniser.read(2)
