"""Text of pictures of pages: a page image -> its lines, each with how sure the recognition is.

Only with the extra `ocr` (RapidOCR on ONNX Runtime, whose wheel holds its models: nothing is downloaded). The work is
done by a process of its own, bounded in memory and in time a page, so that a page can cost itself and nothing else.

Used by readers of formats whose pages may be pictures alone:

    with Recogniser() as recogniser:
        for page in pages:
            lines = recogniser.read(PageImage(width, height, rgb))
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from importlib.util import find_spec
from types import TracebackType

MAX_SECONDS = 120
"""For a page; the first has the loading of the models as well."""
MAX_MEMORY_BYTES = 6 << 30
MAX_PIXELS = 60_000_000
INSTALL = "Install the extra: pip install 'xiesou[ocr]'."

_WORKER = (sys.executable, "-m", "indexer.readers.ocr_worker")


class RecognitionFailed(Exception):
    """A page could not be read; the next may be."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as pixels, row by row from the top, three bytes (red, green, blue) each; 144 to 200 dpi are best."""

    width: int
    height: int
    rgb: bytes


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """A line of text with its box in pixels from the upper left; `confidence` is 0 to 1."""

    text: str
    confidence: float
    left: float
    top: float
    right: float
    bottom: float


def is_installed() -> bool:
    """Whether the extra is there."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


class Recogniser:
    """Reads pages one after the other in a process that starts with the first and ends with `close`."""

    def __init__(self, *, max_seconds: float = MAX_SECONDS) -> None:
        self._max_seconds = max_seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Recogniser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, image: PageImage) -> tuple[RecognisedLine, ...]:
        """The lines of a page in the order of recognition: from the top, from the left.

        Raises:
            RecognitionFailed: the image is too large or not what it says, or reading it failed or took too long.
        """
        if image.width * image.height > MAX_PIXELS:
            raise RecognitionFailed(f"the picture has more than {MAX_PIXELS:,} pixels")
        if len(image.rgb) != 3 * image.width * image.height or not image.rgb:
            raise RecognitionFailed("the picture is damaged")
        process = self._started()
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self._max_seconds, end)
        timer.start()
        try:
            answer = _exchange(process, image)
        finally:
            timer.cancel()
        if late.is_set() or not answer:
            self.close()
            why = f"took more than {self._max_seconds:g} s" if late.is_set() else "ended its process"
            raise RecognitionFailed(f"recognition {why}")
        found = json.loads(answer)
        if "error" in found:
            raise RecognitionFailed(str(found["error"]))
        return tuple(RecognisedLine(*line) for line in found["lines"])

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.communicate()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                _WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            _limit_memory(self._process.pid)
        return self._process


def _exchange(process: subprocess.Popen[bytes], image: PageImage) -> bytes:
    """The worker's answer, or b"" where it has ended."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(f"{image.width} {image.height}\n".encode())
        process.stdin.write(image.rgb)
        process.stdin.flush()
    except OSError:
        return b""
    return process.stdout.readline()


def _limit_memory(pid: int) -> None:
    if sys.platform != "linux":
        return
    import resource

    try:
        resource.prlimit(pid, resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    except (ProcessLookupError, PermissionError, ValueError):
        return  # it has ended already, or is bounded tighter
