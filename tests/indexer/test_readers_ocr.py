"""Recognition of page images: what goes to the worker and comes back, and that nothing it does can hang a run."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from indexer.readers import ocr
from indexer.readers.ocr import PageImage, RecognisedLine, Recogniser, RecognitionFailed

WHITE = PageImage(4, 2, bytes([255]) * 24)
ANSWER = """
import json, sys
while head := sys.stdin.buffer.readline():
    width, height = map(int, head.split())
    data = sys.stdin.buffer.read(3 * width * height)
    {act}
    print(json.dumps({{"lines": [[f"{{width}}x{{height}}", 0.5, 0, 0, sum(data), 1]]}}), flush=True)
"""


def worker(monkeypatch: pytest.MonkeyPatch, act: str = "pass") -> None:
    monkeypatch.setattr(ocr, "_WORKER", (sys.executable, "-c", ANSWER.format(act=act)))


def test_pages_go_to_one_process_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    worker(monkeypatch)
    with Recogniser() as recogniser:
        assert recogniser.read(WHITE) == (RecognisedLine("4x2", 0.5, 0, 0, 24 * 255, 1),)
        first = recogniser._process
        assert recogniser.read(PageImage(1, 1, b"\n\0\n"))[0].text == "1x1"
        assert recogniser._process is first
    assert first is not None
    assert first.poll() is not None


def test_page_that_takes_too_long_is_told_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    worker(monkeypatch, "import time; time.sleep(60 if width == 4 else 0)")
    begun = time.monotonic()
    with Recogniser(max_seconds=2) as recogniser, pytest.raises(RecognitionFailed, match="more than 2 s"):
        recogniser.read(WHITE)
    with Recogniser() as recogniser:
        assert recogniser.read(PageImage(1, 1, b"abc"))
    assert time.monotonic() - begun < 40


@pytest.mark.parametrize("act", ["sys.exit(3)", "import os; os.abort()"])
def test_worker_that_dies_is_told(act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    worker(monkeypatch, act)
    with Recogniser() as recogniser, pytest.raises(RecognitionFailed, match="ended its process"):
        recogniser.read(WHITE)


def test_error_of_the_engine_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    worker(monkeypatch, "print(json.dumps({'error': 'broken'}), flush=True); continue")
    with Recogniser() as recogniser, pytest.raises(RecognitionFailed, match="broken"):
        recogniser.read(WHITE)


@pytest.mark.parametrize(
    "image", [PageImage(4, 2, b"abc"), PageImage(0, 0, b""), PageImage(10_000, 10_000, b"")]
)
def test_picture_that_is_none_starts_no_process(image: PageImage) -> None:
    recogniser = Recogniser()
    with pytest.raises(RecognitionFailed):
        recogniser.read(image)
    assert recogniser._process is None


@pytest.mark.skipif(not ocr.is_installed(), reason="the extra `ocr` is not installed")
def test_scanned_lines_are_recognised() -> None:
    pictures, drawing, lettering = (
        pytest.importorskip(f"PIL.{name}") for name in ("Image", "ImageDraw", "ImageFont")
    )
    fonts = sorted(Path("/usr/share/fonts").glob("**/*CJK*Regular*.tt[cf]"))
    if not fonts:
        pytest.skip("there is no Chinese font to draw with")
    texts = ["四平市人民政府工作报告", "过去一年，我们坚持民生优先，增长5.8%。"]
    image = pictures.new("RGB", (1000, 220), "white")
    pen = drawing.Draw(image)
    for number, text in enumerate(texts):
        pen.text((60, 40 + 80 * number), text, font=lettering.truetype(str(fonts[0]), 32), fill="black")
    with Recogniser() as recogniser:
        lines = recogniser.read(PageImage(image.width, image.height, image.tobytes()))
    assert [line.text for line in lines] == texts
    assert all(line.confidence > 0.9 for line in lines)
    assert lines[0].top < lines[1].top
    assert 40 < lines[0].left < 80
