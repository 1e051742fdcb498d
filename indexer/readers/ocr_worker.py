"""The process behind `ocr`: pages on standard input, a line of JSON for each on standard output, until input ends."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, BinaryIO


def main() -> None:
    """Read pages and answer each."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no answer
    engine = _load_engine()
    pages = sys.stdin.buffer
    while head := pages.readline():
        width, height = map(int, head.split())
        try:
            answer: dict[str, Any] = {"lines": _read(engine, width, height, pages)}
        except Exception as error:  # the engine may raise anything; the page is told, and the next is read
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def _load_engine() -> Any:
    from rapidocr import RapidOCR  # type: ignore[import-not-found, unused-ignore]

    threads = "EngineConfig.onnxruntime.intra_op_num_threads"
    return RapidOCR(params={"Global.log_level": "error", threads: 1})


def _read(
    engine: Any, width: int, height: int, pages: BinaryIO
) -> list[tuple[str, float, float, float, float, float]]:
    from PIL import Image

    found = engine(Image.frombytes("RGB", (width, height), pages.read(3 * width * height)))
    if found.txts is None:
        return []
    lines = []
    for text, confidence, corners in zip(found.txts, found.scores, found.boxes, strict=True):
        xs, ys = [float(x) for x, _ in corners], [float(y) for _, y in corners]
        lines.append((text, round(float(confidence), 4), min(xs), min(ys), max(xs), max(ys)))
    return lines


if __name__ == "__main__":
    main()
