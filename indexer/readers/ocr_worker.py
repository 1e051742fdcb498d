"""The process behind `ocr`: a file on standard input, then numbers of its pages, until input ends.

`kind bytes` and the file; then for each page its number on a line, answered by a line of JSON on standard output.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from typing import Any

DPI = 200
"""Gutters of one em between columns are seen apart at this resolution, and rarely at 150."""
LONGEST_SIDE = 4700
"""In pixels: an A2 sheet of a newspaper at `DPI`."""
SMALLEST_SIDE = 240
BLANK_RANGE = 24
"""A page whose lightest and darkest grey differ by less is blank."""

Pages = tuple[int, Callable[[int], Any]]
"""How many there are, and the picture of each."""


def main() -> None:
    """Read the file, then answer for each page."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no answer
    given = sys.stdin.buffer
    kind, size = given.readline().split()
    data = given.read(int(size))
    engine: Any = None
    while asked := given.readline():
        try:
            count, draw = _OPENED[kind](data)
            picture = draw(int(asked))
            found = []
            if not _is_blank(picture):
                engine = engine or _load_engine()
                found = _read(engine, picture)
            answer = {"width": picture.width, "height": picture.height, "lines": found, "pages": count}
        except Exception as error:  # a library may raise anything; the page is told, and the next is read
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def _open_pdf(data: bytes) -> Pages:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)

    def draw(number: int) -> Any:
        page = document[number]
        scale = min(DPI / 72, LONGEST_SIDE / max(page.get_size()))
        return page.render(scale=scale).to_pil().convert("RGB")

    return len(document), draw


def _open_image(data: bytes) -> Pages:
    from PIL import Image, ImageOps, ImageSequence

    file = Image.open(io.BytesIO(data))

    def draw(number: int) -> Any:
        frame = ImageSequence.Iterator(file)[number]
        upright = ImageOps.exif_transpose(frame)
        if upright.mode in ("RGBA", "LA", "PA", "P"):
            paper = Image.new("RGBA", upright.size, "white")
            upright = Image.alpha_composite(paper, upright.convert("RGBA"))
        picture = upright.convert("RGB")
        if min(picture.size) < SMALLEST_SIDE:
            raise ValueError(
                f"a picture of {picture.width} by {picture.height} pixels is too small for a page"
            )
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        return picture

    return getattr(file, "n_frames", 1) if file.format == "TIFF" else 1, draw


def _open_pictures(data: bytes) -> Pages:
    """Pictures one behind the other, each behind its length in eight bytes; one is a page."""
    begins = []
    at = 0
    while at < len(data):
        begins.append(at + 8)
        at += 8 + int.from_bytes(data[at : at + 8], "little")
    ends = [begin - 8 for begin in begins[1:]] + [len(data)]
    return len(begins), lambda number: _open_image(data[begins[number] : ends[number]])[1](0)


_OPENED: dict[bytes, Callable[[bytes], Pages]] = {
    b"pdf": _open_pdf,
    b"image": _open_image,
    b"pictures": _open_pictures,
}


def _is_blank(picture: Any) -> bool:
    darkest, lightest = picture.convert("L").getextrema()
    return bool(lightest - darkest < BLANK_RANGE)


def _load_engine() -> Any:
    from rapidocr import RapidOCR  # type: ignore[import-not-found, unused-ignore]

    threads = "EngineConfig.onnxruntime.intra_op_num_threads"
    return RapidOCR(params={"Global.log_level": "error", "Global.max_side_len": LONGEST_SIDE, threads: 1})


def _read(engine: Any, picture: Any) -> list[tuple[str, float, list[list[float]], list[float]]]:
    found = engine(picture, return_word_box=True, return_single_char_box=True)
    if found.txts is None:
        return []
    words = found.word_results or [()] * len(found.txts)
    return [
        (
            text,
            round(float(confidence), 4),
            [[round(float(x), 1), round(float(y), 1)] for x, y in corners],
            _centres(corners, characters),
        )
        for text, confidence, corners, characters in zip(
            found.txts, found.scores, found.boxes, words, strict=True
        )
    ]


def _centres(corners: Any, characters: Any) -> list[float]:
    """How far along its line each character stands."""
    (x0, y0), (x1, y1) = corners[0], corners[1]
    along = float((x1 - x0) ** 2 + (y1 - y0) ** 2)
    found = []
    for text, _, box in characters:
        if text.strip() and along:
            x, y = (sum(point[axis] for point in box) / len(box) for axis in (0, 1))
            found.append(round(float((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / along, 4))
    return found


if __name__ == "__main__":
    main()
