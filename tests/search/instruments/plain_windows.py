"""Windows as anybody would read them: what compiled and NumPy loops are held against."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from search.language.text import Analyzer


def read_plainly(
    forms: list[str], spans: list[tuple[int, int, int]], analyzer: Analyzer, window: int | None, side: str
) -> tuple[list[str], Counter[str]]:
    """The pieces of windows and their words, character by character."""
    pieces, words = [], Counter[str]()
    for number, form in enumerate(forms):
        near, inside = set(), set()
        for start, end in [(start, end) for of, start, end in spans if of == number]:
            if window is None:
                ends = [0, *(match.end() for match in re.finditer("[。;！!？?；]", form)), len(form)]
                first = max(at for at in ends if at <= start)
                last = max(end, min([at for at in ends if at > start], default=len(form)))
            else:
                first, last = max(0, start - window), min(len(form), end + window)
            near |= set(range(start if side == "right" else first, end if side == "left" else last))
            inside |= set(range(start, end))
        for match in re.finditer("x+", "".join("x" if i in near - inside else " " for i in range(len(form)))):
            pieces.append(form[match.start() : match.end()])
            own = [
                token
                for token in analyzer.query_tokens(form)
                if match.start() <= token.start and token.start + token.length <= match.end()
            ]
            is_han = [bool(re.fullmatch("[一-鿕]+", token.term)) for token in own]
            words.update(
                token.term for token, han in zip(own, is_han, strict=True) if han and token.length > 1
            )
            for one, two in pairwise(
                [token if han else None for token, han in zip(own, is_han, strict=True)]
            ):
                if one and two and 3 <= one.length + two.length <= 8:
                    words[one.term + two.term] += 1
    return pieces, words
