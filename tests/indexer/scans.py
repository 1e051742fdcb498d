"""Pages as recognition gives them, without recognising: lines of text with boxes, a little aslant as scans are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

import pytest

from benchmarks.pdf.drawing import HEIGHT, WIDTH, Placed, width_ems
from indexer.readers import ocr
from indexer.readers.ocr import Point, RecognisedLine, RecognisedPage, RecognitionFailed

PIXELS_PER_POINT = 200 / 72


def recognised(
    placed: Sequence[Placed], *, tilt: float = 0.0, confidence: float = 0.98, pages: int = 1
) -> RecognisedPage:
    """A page of strings as recognition finds them: box by box, from the top."""
    lines = []
    for at, string in enumerate(sorted(placed, key=lambda string: -string.y)):
        size, text = string.size, string.text
        wide = width_ems(text) * size + string.spread * (len(text) - 1)
        left, right = string.x - 0.2 * size, string.x + wide + 0.2 * size
        top, bottom = string.y + 0.95 * size, string.y - 0.2 * size
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        lines.append(RecognisedLine(text, confidence - at / 1000, _pixels(corners, tilt)))
    return RecognisedPage(
        round(WIDTH * PIXELS_PER_POINT), round(HEIGHT * PIXELS_PER_POINT), tuple(lines), pages
    )


def _pixels(corners: Sequence[Point], tilt: float) -> tuple[Point, Point, Point, Point]:
    sine, cosine = math.sin(math.radians(tilt)), math.cos(math.radians(tilt))
    turned = [(x * cosine - y * sine, x * sine + y * cosine) for x, y in corners]
    first, second, third, fourth = (
        (x * PIXELS_PER_POINT, (HEIGHT - y) * PIXELS_PER_POINT) for x, y in turned
    )
    return first, second, third, fourth


def pretend(
    monkeypatch: pytest.MonkeyPatch, pages: Mapping[int, RecognisedPage] | Sequence[RecognisedPage]
) -> list[int]:
    """Have recognition give these pages; what it gives none for fails. Gives the numbers of the pages asked for."""
    given = pages if isinstance(pages, Mapping) else dict(enumerate(pages))
    asked: list[int] = []

    class Pretended:
        def __init__(self, kind: str, data: bytes, **_: Any) -> None:
            assert kind in ("pdf", "image", "pictures")
            assert data

        def __enter__(self) -> Pretended:
            return self

        def __exit__(
            self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
        ) -> None:
            pass

        def read(self, page: int) -> RecognisedPage:
            asked.append(page)
            if page not in given:
                raise RecognitionFailed("recognition took more than 2 s")
            return given[page]

    monkeypatch.setattr(ocr, "is_installed", lambda: True)
    monkeypatch.setattr(ocr, "Recogniser", Pretended)
    return asked
