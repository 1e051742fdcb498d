"""Scans: PDFs and pictures whose pages are read by recognition, each line marked with how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.pdf.drawing import Placed, draw_pdf, set_story
from benchmarks.pdf.kinds import KINDS, Kind
from benchmarks.pdf.known_text import make_story, read_sentences
from indexer.model import Document
from indexer.readers import read
from indexer.readers.ocr import RecognisedLine, RecognisedPage
from indexer.readers.pdf.pictures import page_numbers
from indexer.structure import structure
from search.errors import SourceError
from tests.indexer.scans import pretend, recognised

PNG = b"\x89PNG\r\n\x1a\n123"
TYPED = [
    Placed(76.0, 700.0 - 16 * at, line)
    for at, line in enumerate(
        [
            "过去一年，全市上下坚持稳中求进，地区生产总值增长百分之五点八，一般公共预",
            "算收入增长百分之六，城乡居民收入持续增长，全年新增就业三万二千人，困难群",
            "众得到妥善安置，各项民生实事全部办结，群众获得感不断增强，社会大局稳定。",
        ]
    )
]
SAID = "".join(line.text for line in TYPED)
PRINTED = [
    kind
    for kind in KINDS
    if kind.producer == "by hand" and not (kind.sideways or kind.watermark or kind.headline == "vertical")
]


def pdf(tmp_path: Path, data: bytes) -> Document:
    path = tmp_path / "扫描.pdf"
    path.write_bytes(data)
    (document,) = read(path)
    return document


def compact(text: str) -> str:
    return "".join(text.split())


def blocks_of(document: Document) -> list[tuple[str, float | None]]:
    return [
        (compact(block.text), block.confidence)
        for draft in structure(document).drafts
        for block in draft.blocks
    ]


def test_scanned_page_is_read_and_each_paragraph_says_how_surely(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = [Placed(150.0, 780.0, "云川市人民政府工作报告", 20.0)]
    pretend(monkeypatch, [recognised([*head, *TYPED])])
    document = pdf(tmp_path, draw_pdf([[]], pictures=[0]))
    assert blocks_of(document) == [("云川市人民政府工作报告", 0.98), (SAID, pytest.approx(0.98 - 0.003))]
    assert not document.problems
    (note,) = document.notes
    assert note.reason.code == "pages_recognised"
    assert dict(note.reason.args) == {"pages": "1"}


def test_only_pages_that_are_pictures_are_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = recognised([Placed(76.0, 700.0, "第二页是扫描的，政协委员围绕营商环境开展了三次专题协商。")])
    asked = pretend(monkeypatch, {1: scan})
    document = pdf(tmp_path, draw_pdf([TYPED, [], TYPED], pictures=[1]))
    assert asked == [1]
    assert [line.confidence for line in document.lines if line.page == 2] == [0.98]
    assert {line.confidence for line in document.lines if line.page != 2} == {None}


def test_page_with_a_picture_below_much_text_is_not_recognised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = pretend(monkeypatch, [])
    document = pdf(tmp_path, draw_pdf([TYPED], pictures=[0]))
    assert asked == []
    assert not document.problems


def test_few_characters_over_a_picture_stay_and_are_not_doubled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = Placed(250.0, 30.0, "云川市档案馆 数字化")
    pretend(monkeypatch, [recognised([*TYPED, stamp])])
    document = pdf(tmp_path, draw_pdf([[stamp]], pictures=[0]))
    texts = [compact(line.text) for line in document.lines]
    assert texts.count("云川市档案馆数字化") == 1
    marks = {compact(line.text): line.confidence for line in document.lines}
    assert marks["云川市档案馆数字化"] is None
    assert marks[TYPED[0].text] == 0.98


def test_page_that_cannot_be_recognised_is_a_problem_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, {0: recognised(TYPED)})
    document = pdf(tmp_path, draw_pdf([[], []], pictures=[0, 1]))
    (problem,) = document.problems
    assert problem.reason.code == "page_not_recognised"
    assert dict(problem.reason.args)["page"] == 2
    assert blocks_of(document)[0][0] == SAID


def test_without_the_extra_a_scan_is_refused_and_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no text layer") as caught:
        pdf(tmp_path, draw_pdf([[]], pictures=[0]))
    assert "xiesou[ocr]" in str(caught.value.hint)


def test_without_the_extra_pages_that_were_not_read_are_told(tmp_path: Path) -> None:
    document = pdf(tmp_path, draw_pdf([TYPED, [], [], TYPED, []], pictures=[1, 2, 4]))
    (problem,) = document.problems
    assert problem.reason.code == "pages_are_pictures"
    assert dict(problem.reason.args) == {"pages": "2–3, 5"}


def test_scan_on_which_nothing_is_recognised_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, [recognised([])])
    with pytest.raises(SourceError, match="nothing was recognised"):
        pdf(tmp_path, draw_pdf([[]], pictures=[0]))


@pytest.mark.parametrize("kind", PRINTED, ids=lambda kind: kind.name)
@pytest.mark.parametrize(
    "tilt", [0.7, *(pytest.param(tilt, marks=pytest.mark.thorough) for tilt in (0.0, -0.7))]
)
def test_scan_is_laid_out_as_the_page_was_printed(
    kind: Kind, tilt: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = make_story(read_sentences(), seed=f"scan {kind.name}", paragraphs=kind.paragraphs)
    pages = set_story(story, kind)
    pretend(monkeypatch, [recognised(page, tilt=tilt) for page in pages])
    found = [text for text, _ in blocks_of(pdf(tmp_path, draw_pdf([[] for _ in pages], pictures=range(99))))]
    wanted = [compact(block.text) for block in story.blocks if block.kind == "paragraph"]
    right = sum(text in found for text in wanted)
    assert right >= 0.9 * len(wanted), (right, len(wanted))


def test_line_recognised_over_a_gutter_is_cut_where_the_next_column_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = next(kind for kind in KINDS if (kind.producer, kind.name) == ("by hand", "2 columns, 1 em"))
    story = make_story(read_sentences(), seed="over a gutter", paragraphs=kind.paragraphs)
    pages = [_merged(recognised(page), every=4) for page in set_story(story, kind)]
    pretend(monkeypatch, pages)
    found = [text for text, _ in blocks_of(pdf(tmp_path, draw_pdf([[] for _ in pages], pictures=range(99))))]
    wanted = [compact(block.text) for block in story.blocks if block.kind == "paragraph"]
    assert sum(text in found for text in wanted) >= 0.9 * len(wanted)


def _merged(page: RecognisedPage, *, every: int) -> RecognisedPage:
    """The page with every so many pairs of lines side by side taken for one."""
    rows: dict[int, list[RecognisedLine]] = {}
    for line in page.lines:
        rows.setdefault(round(line.corners[0][1]), []).append(line)
    lines: list[RecognisedLine] = []
    pairs = 0
    for row in rows.values():
        row.sort(key=lambda line: line.corners[0][0])
        if len(row) == 2 and abs(row[1].corners[0][0] - row[0].corners[1][0]) < 60:
            pairs += 1
            if pairs % every == 0:
                row = [_one(*row)]
        lines += row
    assert pairs > 5
    return replace(page, lines=tuple(lines))


def _one(left: RecognisedLine, right: RecognisedLine) -> RecognisedLine:
    x0, x1 = left.corners[0][0], right.corners[1][0]
    centres = []
    for line in (left, right):
        begin, end = line.corners[0][0], line.corners[1][0]
        em = (end - begin) / (sum(1 if not c.isascii() else 0.5 for c in line.text) + 0.4)
        at = begin + 0.2 * em
        for character in line.text:
            wide = em if not character.isascii() else em / 2
            centres.append((at + wide / 2 - x0) / (x1 - x0))
            at += wide
    corners = (left.corners[0], right.corners[1], right.corners[2], left.corners[3])
    return replace(left, text=left.text + right.text, corners=corners, centres=tuple(centres))


def test_headline_that_stands_upright_in_a_scan_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = recognised(TYPED)
    scale = 200 / 72
    left, right, top, bottom = (at * scale for at in (40.0, 62.0, 120.0, 340.0))
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    upright = replace(page.lines[0], text="云川市政府工作报告", corners=corners)
    pretend(monkeypatch, [replace(page, lines=(*page.lines, upright))])
    texts = [compact(line.text) for line in pdf(tmp_path, draw_pdf([[]], pictures=[0])).lines]
    assert texts[0] == "云川市政府工作报告"


def test_picture_of_pages_is_a_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = pretend(monkeypatch, [recognised(TYPED, pages=2), recognised(TYPED[:1], pages=2)])
    path = tmp_path / "扫描.tif"
    path.write_bytes(b"II*\0 and so on")
    (document,) = read(path)
    assert asked == [0, 1]
    assert document.format == "image"
    assert [line.page for line in document.lines] == [1, 1, 1, 2]
    assert all(line.confidence is not None for line in document.lines)
    assert [note.reason.code for note in document.notes] == ["image_recognised"]


def test_picture_is_known_by_its_first_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, [recognised(TYPED)])
    path = tmp_path / "报告.txt"
    path.write_bytes(PNG)
    (document,) = read(path)
    assert document.format == "image"


@pytest.mark.parametrize(
    ("pages", "says"), [([], "can't be read"), ([recognised([])], "nothing was recognised")]
)
def test_picture_without_text_is_refused(
    pages: Sequence[RecognisedPage], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, pages)
    path = tmp_path / "照片.png"
    path.write_bytes(PNG)
    with pytest.raises(SourceError, match=says) as caught:
        read(path)
    assert caught.value.hint


def test_numbers_of_pages_are_put_together() -> None:
    assert page_numbers([4, 0, 1, 2, 8]) == "1–3, 5, 9"
