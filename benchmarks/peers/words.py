"""Text to words for the peers that don't segment Chinese: the usual way, jieba's search mode.

lower case -> punctuation to blanks -> rjieba.cut_for_search -> joined by blanks, for a tokenizer that splits at blanks
"""

from __future__ import annotations

import re

import rjieba

_NOT_WORD = re.compile(r"[\W_]+")


def to_words(text: str) -> str:
    """The words of a text with blanks between.

    Example:
        >>> to_words("营商环境，2023年").split()
        ['营商', '环境', '2023', '年']
    """
    return " ".join(rjieba.cut_for_search(_NOT_WORD.sub(" ", text.lower())))
