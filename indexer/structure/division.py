"""Very long paragraphs to parts, at sentence ends and always the same way."""

from __future__ import annotations

import re

LONG_CHARS = 1_200
PART_CHARS = 800
HARD_CHARS = 8_000

_SENTENCE = re.compile(r"[^。！？!?；]*[。！？!?；]+[”’）」』)\]]*\s*|[^。！？!?；]+$")
_WEAK_END = re.compile(r"[，、,：:\s]")


def divide_text(text: str) -> list[str]:
    """The text, or its parts where it is longer than 1,200 characters.

    Parts are filled with whole sentences up to 800 characters; a single sentence may be longer, up to 8,000,
    where it is cut after a comma or a blank, or wherever it must.
    """
    if len(text) <= LONG_CHARS:
        return [text]
    parts: list[str] = []
    part = ""
    for found in _SENTENCE.finditer(text):
        for sentence in _cut(found.group()):
            if part and len(part) + len(sentence) > PART_CHARS:
                parts.append(part)
                part = ""
            part += sentence
    parts.append(part)
    return [stripped for stripped in (part.strip() for part in parts) if stripped]


def _cut(sentence: str) -> list[str]:
    pieces = []
    while len(sentence) > HARD_CHARS:
        ends = [found.end() for found in _WEAK_END.finditer(sentence, HARD_CHARS // 2, HARD_CHARS)]
        end = ends[-1] if ends else HARD_CHARS
        pieces.append(sentence[:end])
        sentence = sentence[end:]
    return [*pieces, sentence]
