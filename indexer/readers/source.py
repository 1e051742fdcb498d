"""What a reader is given: the bytes of one file, row container or archive member, and how to refuse it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from search.errors import SourceError
from search.messages import Said


@dataclass(frozen=True, slots=True)
class Source:
    """A file's bytes.

    Args:
        data: all of it; sizes are bounded before a Source is made.
        name: for people, and for `Document.name`: "报告.txt", "全部.zip!/四平.txt".
        path: what an error or a problem names as its file.
    """

    data: bytes
    name: str
    path: str

    @property
    def suffix(self) -> str:
        """The lower-case suffix of the name, with the dot; "" where there is none."""
        return PurePosixPath(self.name.replace("\\", "/")).suffix.lower()

    def refuse(self, message: Said, *, hint: Said | None = None, line: int | None = None) -> SourceError:
        """The error to raise for this source."""
        return SourceError(message, path=self.path, line=line, hint=hint)


def nonblank(text: str) -> Iterator[str]:
    """The characters that the conservation law counts."""
    return (c for c in text if not c.isspace())
