"""Passages that stand twice in one file: kept, marked, and not counted twice."""

from __future__ import annotations

REPEAT_CHARS = 30
CONTAINED_CHARS = 100
SENTENCE_CHARS = 15


class Repeats:
    """Remembers a file's passages, to tell whether one has stood there before."""

    def __init__(self) -> None:
        self._passages: set[str] = set()
        self._sentences: dict[str, str] = {}

    def note(self, text: str) -> bool:
        """Whether the text, blanks aside, is an earlier passage or (from 100 characters) all within one.

        Remembers it. Texts under 30 characters are never called repeated: headings and greetings recur by
        right.
        """
        if len(text) < REPEAT_CHARS:
            return False
        passage = "".join(text.split())
        if len(passage) < REPEAT_CHARS:
            return False
        if passage in self._passages:
            return True
        self._passages.add(passage)
        sentences = [sentence for sentence in passage.split("。") if len(sentence) >= SENTENCE_CHARS]
        contained = len(passage) >= CONTAINED_CHARS and any(
            passage in self._sentences[sentence] for sentence in sentences if sentence in self._sentences
        )
        for sentence in sentences:
            self._sentences.setdefault(sentence, passage)
        return contained
