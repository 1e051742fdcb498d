"""Recognition of pages: what goes to the worker and comes back, and that nothing it does can hang a run."""

from __future__ import annotations

import io
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from indexer.readers import ocr
from indexer.readers.ocr import RecognisedLine, RecognisedPage, Recogniser, RecognitionFailed

FILE = b"\n1\n\0a file"
ANSWER = """
import json, sys
kind, size = sys.stdin.buffer.readline().split()
data = sys.stdin.buffer.read(int(size))
while asked := sys.stdin.buffer.readline():
    page = int(asked)
    {act}
    line = [f"{{kind.decode()}} {{page}}", 0.5, [[0, 0], [len(data), 0], [9, 9], [0, 9]], [0.5]]
    print(json.dumps({{"width": 4, "height": 2, "lines": [line], "pages": 7}}), flush=True)
"""


def worker(monkeypatch: pytest.MonkeyPatch, act: str = "pass") -> None:
    monkeypatch.setattr(ocr, "_WORKER", (sys.executable, "-c", ANSWER.format(act=act)))


def test_pages_go_to_one_process_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    worker(monkeypatch)
    with Recogniser("pdf", FILE) as recogniser:
        corners = ((0, 0), (len(FILE), 0), (9, 9), (0, 9))
        assert recogniser.read(3) == RecognisedPage(4, 2, (RecognisedLine("pdf 3", 0.5, corners, (0.5,)),), 7)
        first = recogniser._process
        assert recogniser.read(0).lines[0].text == "pdf 0"
        assert recogniser._process is first
    assert first is not None
    assert first.poll() is not None


def test_no_process_is_started_before_a_page_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    worker(monkeypatch)
    with Recogniser("image", FILE) as recogniser:
        assert recogniser._process is None


def test_page_that_takes_too_long_is_told_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    worker(monkeypatch, "import time; time.sleep(60 if page == 4 else 0)")
    begun = time.monotonic()
    with Recogniser("pdf", FILE, max_seconds=2) as recogniser:
        with pytest.raises(RecognitionFailed, match="more than 2 s"):
            recogniser.read(4)
        recogniser._max_seconds = 60
        assert recogniser.read(5).lines[0].corners[1][0] == len(FILE)
    assert time.monotonic() - begun < 40


@pytest.mark.parametrize("act", ["sys.exit(3)", "import os; os.abort()"])
def test_worker_that_dies_is_told_and_the_next_page_has_a_new_one(
    act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker(monkeypatch, f"if page: {act}")
    with Recogniser("pdf", FILE) as recogniser:
        with pytest.raises(RecognitionFailed, match="ended its process"):
            recogniser.read(1)
        assert recogniser.read(0).lines[0].text == "pdf 0"


def test_error_of_the_engine_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    worker(monkeypatch, "print(json.dumps({'error': 'broken'}), flush=True); continue")
    with Recogniser("image", FILE) as recogniser, pytest.raises(RecognitionFailed, match="broken"):
        recogniser.read(0)


engine = pytest.mark.skipif(
    not all(find_spec(name) for name in ocr._NEEDED), reason="the extra `ocr` is not installed"
)
TEXTS = ("四平市人民政府工作报告", "过去一年，我们坚持民生优先，增长5.8%。")


@pytest.fixture(scope="module")
def picture() -> bytes:
    """A page of two lines as PNG."""
    from PIL import Image, ImageDraw, ImageFont

    fonts = sorted(Path("/usr/share/fonts").glob("**/*CJK*Regular*.tt[cf]"))
    if not fonts:
        pytest.skip("there is no Chinese font to draw with")
    image = Image.new("L", (1000, 260), "white")
    pen = ImageDraw.Draw(image)
    for number, text in enumerate(TEXTS):
        pen.text((60, 40 + 80 * number), text, font=ImageFont.truetype(str(fonts[0]), 32), fill="black")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@pytest.mark.recognition
@engine
def test_scanned_lines_are_recognised(picture: bytes) -> None:
    with Recogniser("image", picture) as recogniser:
        found = recogniser.read(0)
    assert [line.text for line in found.lines] == list(TEXTS)
    assert (found.width, found.height, found.pages) == (1000, 260, 1)
    assert all(line.confidence > 0.9 for line in found.lines)
    (x0, y0), (x1, _) = found.lines[0].corners[:2]
    assert 40 < x0 < 80
    assert 20 < y0 < 60
    assert x1 == pytest.approx(60 + 11 * 32, abs=20)
    assert [len(line.centres) for line in found.lines] == [len(text) for text in TEXTS]
    assert list(found.lines[0].centres) == sorted(found.lines[0].centres)


@pytest.mark.recognition
@engine
def test_page_of_a_pdf_is_drawn_and_recognised(picture: bytes) -> None:
    from PIL import Image

    file = io.BytesIO()
    blank = Image.new("L", (1000, 260), "white")
    blank.save(file, "PDF", resolution=200, save_all=True, append_images=[Image.open(io.BytesIO(picture))])
    with Recogniser("pdf", file.getvalue()) as recogniser:
        assert recogniser.read(0).lines == ()
        found = recogniser.read(1)
    assert [line.text for line in found.lines] == list(TEXTS)
    assert found.pages == 2


@pytest.mark.recognition
@engine
@pytest.mark.parametrize("data", [b"no picture", b"\x89PNG\r\n\x1a\n123", b""])
def test_what_is_no_picture_is_told_with_what_is_wrong(data: bytes) -> None:
    with Recogniser("image", data) as recogniser, pytest.raises(RecognitionFailed, match="Error"):
        recogniser.read(0)


@pytest.mark.recognition
@engine
def test_icon_is_no_page() -> None:
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGBA", (64, 64), "red").save(file, "PNG")
    with (
        Recogniser("image", file.getvalue()) as recogniser,
        pytest.raises(RecognitionFailed, match="too small"),
    ):
        recogniser.read(0)
