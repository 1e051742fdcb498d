"""HTML comments in a plain text."""

from __future__ import annotations

import re

from indexer.readers.prose import Prose, unescape_text
from search.messages import aside

_COMMENT_EDGE = re.compile(r"<!--|-->")


class Comments:
    """HTML comments, which may run over several lines. One that is never closed is only its mark."""

    def __init__(self, text: str, prose: Prose) -> None:
        self._prose = prose
        self._closes = text.count("-->")
        self._open: list[str] = []
        self._from: int | None = None
        self._seen = 0

    def outside(self, line: str, number: int) -> str:
        """The part of a line that is in no comment."""
        if self._from is None and "<!--" not in line and "-->" not in line:
            return line
        kept, at = "", 0
        for edge in _COMMENT_EDGE.finditer(line):
            if edge.group() == "-->":
                self._seen += 1
                if self._from is not None:
                    self._open.append(line[at : edge.end()])
                    self._close()
                    at = edge.end()
            elif self._from is None:
                kept += line[at : edge.start()]
                at = edge.start()
                if self._seen < self._closes:
                    self._from = number
                else:
                    self._prose.gather(aside.HTML_TAG, edge.group())
                    at = edge.end()
        if self._from is None:
            return kept + line[at:]
        self._open.append(line[at:])
        return kept

    def _close(self) -> None:
        text = unescape_text("\n".join(part for part in self._open if part.strip()))
        self._prose.leave_out(text, self._from, aside.HTML_COMMENT)
        self._open, self._from = [], None

    def finish(self) -> None:
        """Set aside what is still open."""
        if self._from is not None:
            self._close()
