"""Sentences of paragraphs, and the pieces of them that are looked for elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.language.text import normalize_text
from search.model import Paragraph, Span

PROSE = ("paragraph", "list", "appendix")
"""Kinds of paragraph that have sentences; headings, dates and salutations are none."""
LEAST_LETTERS = 8
"""Shorter sentences say nothing of where they come from."""

_SENTENCE = re.compile(r"[^。；;！？!?\n]+[。；;！？!?\n]*[”\"』」）)]*")
_LETTERS = re.compile(r"\w+")
_PIECE = re.compile(r"[^\W_]+(?:\.[0-9]+)?")
_LONGEST_PIECE = 12
_SHORTEST_PIECE = 5


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a paragraph.

    Args:
        span: in the paragraph's text, without blanks around it.
        form: its letters, digits and ideographs in normal form; marks and blanks are left out.
    """

    paragraph: Paragraph
    span: Span
    form: str

    @property
    def text(self) -> str:
        return self.paragraph.text[self.span[0] : self.span[1]]


def split_sentences(text: str) -> Iterator[Span]:
    """Where the sentences of a text are; nothing but blanks lies between them.

    Example:
        >>> list(split_sentences("优化环境。提升服务；"))
        [(0, 5), (5, 10)]
    """
    for match in _SENTENCE.finditer(text):
        said = match[0].strip()
        if said:
            start = match.start() + match[0].index(said[0])
            yield start, start + len(said)


def letters_of(text: str) -> str:
    """What a text says in normal form, marks and blanks aside.

    Example:
        >>> letters_of("優化“營商環境”，PM2.5")
        '优化营商环境pm25'
    """
    return "".join(_LETTERS.findall(normalize_text(text)))


def sentences_of(paragraphs: Sequence[Paragraph]) -> list[Sentence]:
    """The sentences of a report's prose, those too short to tell left out."""
    found = []
    for paragraph in paragraphs:
        if paragraph.kind not in PROSE:
            continue
        for start, end in split_sentences(paragraph.text):
            form = letters_of(paragraph.text[start:end])
            if len(form) >= LEAST_LETTERS:
                found.append(Sentence(paragraph, (start, end), form))
    return found


def pieces_of(text: str) -> list[str]:
    """The clauses of a text in normal form, without marks; long ones are cut into equal parts.

    Example:
        >>> pieces_of("持续优化营商环境，扎实推进共同富裕示范区建设各项工作，好")
        ['持续优化营商环境', '扎实推进共同富裕', '示范区建设各项工作']
    """
    pieces = []
    for match in _PIECE.finditer(normalize_text(text)):
        clause = match[0]
        parts = -(-len(clause) // _LONGEST_PIECE)
        size = len(clause) / parts
        cuts = [round(size * part) for part in range(parts + 1)]
        pieces += [clause[a:b] for a, b in pairwise(cuts)]
    return [piece for piece in pieces if len(piece) >= _SHORTEST_PIECE and not piece.isascii()]
