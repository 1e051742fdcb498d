"""What a reader is given: the bytes of one file, row container or archive member, and how to refuse it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from indexer.bounds import DEFAULT, Bounds
from search.errors import SourceError
from search.messages import Message
from search.messages import sources as says


@dataclass(frozen=True, slots=True)
class Source:
    """A file's bytes.

    Args:
        data: all of it; sizes are bounded before a Source is made.
        name: for people, and for `Document.name`: "报告.txt", "全部.zip!/四平.txt".
        path: what an error or a problem names as its file.
        bounds: how much work it may ask for.
    """

    data: bytes
    name: str
    path: str
    bounds: Bounds = DEFAULT

    @property
    def suffix(self) -> str:
        """The lower-case suffix of the name, with the dot; "" where there is none."""
        return PurePosixPath(self.name.replace("\\", "/")).suffix.lower()

    def within(self, data: bytes, name: str) -> Source:
        """The source of what stands in this one: a member, a chapter, a part."""
        return Source(data, name, self.path, self.bounds)

    def check_chars(self, text: str) -> None:
        """See that a text is not longer than one document may be.

        Raises:
            SourceError: it is.
        """
        if len(text) > self.bounds.document_chars:
            most = self.bounds.document_chars
            raise self.refuse(says.DOCUMENT_TOO_LONG(n=len(text), most=most), hint=says.DIVIDE_FILE())

    def refuse(
        self, message: Message, *, hint: Message | None = None, line: int | None = None
    ) -> SourceError:
        """The error to raise for this source."""
        return SourceError(message, path=self.path, line=line, hint=hint)
