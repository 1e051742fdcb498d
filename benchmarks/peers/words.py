"""Text to words for the peers that don't segment Chinese: the usual way, jieba's search mode; and our own terms.

lower case -> punctuation to blanks -> rjieba.cut_for_search -> joined by blanks, for a tokenizer that splits at blanks
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

import numpy as np
import rjieba

from search.language.text import load_analyzer

_NOT_WORD = re.compile(r"[\W_]+")
_BATCH = 2_000


def to_words(text: str) -> str:
    """The words of a text with blanks between.

    Example:
        >>> to_words("营商环境，2023年").split()
        ['营商', '环境', '2023', '年']
    """
    return " ".join(rjieba.cut_for_search(_NOT_WORD.sub(" ", text.lower())))


def iter_terms(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The terms of our own analyzer in each text, and their positions, both with blanks between.

    Example:
        >>> list(iter_terms(["营商环境"]))
        [('营 营商 商 环 环境 境', '0 0 1 2 2 3')]
    """
    analyzer, rest = load_analyzer(), iter(texts)
    while batch := list(islice(rest, _BATCH)):
        found = analyzer.index_batch(batch)
        ids, which = np.unique(found.term, return_inverse=True)
        names = [analyzer.term_text(term, found.atoms) for term in ids.tolist()]
        seen = np.array([not name.isspace() for name in names], dtype=np.bool_)[which]
        terms = np.array(names, dtype=object)[which[seen]]
        numbers = np.array(list(map(str, range(max(found.lengths.tolist()) + 1))), dtype=object)
        positions = numbers[found.position[seen]]
        bounds = np.searchsorted(found.text[seen], np.arange(len(batch) + 1)).tolist()
        for begin, end in pairwise(bounds):
            yield " ".join(terms[begin:end]), " ".join(positions[begin:end])
