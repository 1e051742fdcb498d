"""Text of pages that are pictures: a file and a page of it -> its lines, each with how sure the recognition is.

Only with the extra `ocr` (RapidOCR on ONNX Runtime, whose wheel holds its models: nothing is downloaded). A process
of its own opens the file, draws the page and reads it, bounded in memory and in time a page, so that a page can cost
itself and nothing else.

Used by readers of formats whose pages may be pictures alone:

    with Recogniser("pdf", data) as recogniser:
        for page in pages:
            found = recogniser.read(page)
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from types import TracebackType
from typing import Literal

MAX_SECONDS = 180
"""For a page; the first has the loading of the models as well."""
MAX_MEMORY_BYTES = 6 << 30

_WORKER = (sys.executable, "-m", "indexer.readers.ocr_worker")
_NEEDED = ("rapidocr", "onnxruntime", "PIL")

Point = tuple[float, float]


class RecognitionFailed(Exception):
    """A page could not be read; the next may be."""


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """A line of text.

    Args:
        confidence: 0 to 1.
        corners: of its box, clockwise from where it begins at its top, in pixels from the page's upper left.
        centres: where each character that is no blank is, from 0 at the line's begin to 1 at its end; empty where
            the recognition doesn't say.
    """

    text: str
    confidence: float
    corners: tuple[Point, Point, Point, Point]
    centres: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """A page: its size in pixels, its lines from the top and from the left, and how many pages its file has."""

    width: int
    height: int
    lines: tuple[RecognisedLine, ...]
    pages: int = 1


def is_installed() -> bool:
    """Whether the extra is there."""
    return all(find_spec(name) is not None for name in _NEEDED)


def packed(pictures: Iterable[bytes]) -> bytes:
    """Several pictures as one file: each behind its length in eight bytes."""
    return b"".join(part for picture in pictures for part in (len(picture).to_bytes(8, "little"), picture))


class Recogniser:
    """Reads pages of one file, one after the other, in a process that starts with the first and ends with `close`.

    Args:
        kind: how the file is opened.
        data: all of it; of "pictures", each of which is a page, as `packed` gives them.
        max_seconds: for a page.
    """

    def __init__(
        self, kind: Literal["pdf", "image", "pictures"], data: bytes, *, max_seconds: float = MAX_SECONDS
    ) -> None:
        self._kind = kind
        self._data = data
        self._max_seconds = max_seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Recogniser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, page: int) -> RecognisedPage:
        """What a page says, by its number from 0.

        Raises:
            RecognitionFailed: the page is damaged or no page, or reading it failed or took too long.
        """
        late = threading.Event()
        process, is_new = self._started()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self._max_seconds, end)
        timer.start()
        try:
            answer = self._exchange(process, page, is_new=is_new)
        finally:
            timer.cancel()
        if late.is_set() or not answer:
            self.close()
            why = f"took more than {self._max_seconds:g} s" if late.is_set() else "ended its process"
            raise RecognitionFailed(f"recognition {why}")
        found = json.loads(answer)
        if "error" in found:
            raise RecognitionFailed(str(found["error"]))
        lines = tuple(_line(*line) for line in found["lines"])
        return RecognisedPage(found["width"], found["height"], lines, found["pages"])

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.communicate()

    def _started(self) -> tuple[subprocess.Popen[bytes], bool]:
        """The process, and whether it was started for this."""
        if self._process is not None and self._process.poll() is None:
            return self._process, False
        self.close()
        self._process = subprocess.Popen(
            _WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        _limit_memory(self._process.pid)
        return self._process, True

    def _exchange(self, process: subprocess.Popen[bytes], page: int, *, is_new: bool) -> bytes:
        """The worker's answer, or b"" where it has ended."""
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            if is_new:
                process.stdin.write(f"{self._kind} {len(self._data)}\n".encode())
                process.stdin.write(self._data)
            process.stdin.write(f"{page}\n".encode())
            process.stdin.flush()
        except OSError:
            return b""
        return process.stdout.readline()


def _line(text: str, confidence: float, corners: list[list[float]], centres: list[float]) -> RecognisedLine:
    first, second, third, fourth = ((x, y) for x, y in corners)
    return RecognisedLine(text, confidence, (first, second, third, fourth), tuple(centres))


def _limit_memory(pid: int) -> None:
    if sys.platform != "linux":
        return
    import resource

    try:
        resource.prlimit(pid, resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    except (ProcessLookupError, PermissionError, ValueError):
        return  # it has ended already, or is bounded tighter
