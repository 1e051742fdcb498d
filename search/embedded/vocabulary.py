"""The terms of the texts with how often they are used, from the dictionary of posting lists.

Terms are worked on as bytes in arrays, those of one size at a time: a collection has some hundred thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.collection import TermUse
from search.embedded.postings import FieldPostings, sized_terms
from search.embedded.schema import ALIGNED_QUARTERS, STRADDLING_QUARTERS
from search.embedded.snapshot import Snapshot
from search.language.text.segment import HAN

I64 = NDArray[np.int64]

_BYTES_PER_CHARACTER = 3
_FIRST_HAN, _LAST_HAN = (int.from_bytes(character.encode(), "big") for character in HAN.split("-"))
_STRADDLING = STRADDLING_QUARTERS / ALIGNED_QUARTERS


def count_terms(snapshot: Snapshot, most: int) -> list[TermUse]:
    """The most used terms of two Han characters and more; up to a quarter more than `most` per segment."""
    fields = [postings for part in snapshot.parts if (postings := part.data.field("text")) is not None]
    chosen = [_choose(postings, most + most // 4) for postings in fields]
    of_sizes = [postings.term_bytes()[numbers] for postings, (numbers, _) in zip(fields, chosen, strict=True)]
    found: list[TermUse] = []
    for size in sorted({size for sizes in of_sizes for size in sizes.tolist()}):
        masks = [sizes == size for sizes in of_sizes]
        rows = [(numbers[mask], uses[mask]) for (numbers, uses), mask in zip(chosen, masks, strict=True)]
        found += _count_sized(fields, rows, size)
    return found


def _choose(postings: FieldPostings, most: int) -> tuple[I64, I64]:
    """The numbers of a segment's most used terms that may be words, ascending, and the uses of each.

    The weight of a posting list tells how many of its occurrences are words of a precise cut, the others straddling.
    """
    occurrences = postings.cf.astype(np.float64)
    aligned = (postings.info["weight"] - _STRADDLING * occurrences) / (1 - _STRADDLING)
    uses = np.rint(aligned).astype(np.int64)
    chosen = np.flatnonzero((postings.term_bytes() >= 2 * _BYTES_PER_CHARACTER) & (uses > 0))
    if len(chosen) > most:
        chosen = np.sort(chosen[np.argpartition(-uses[chosen], most)[:most]])
    return chosen, uses[chosen]


def _count_sized(
    fields: Sequence[FieldPostings], chosen: Sequence[tuple[I64, I64]], size: int
) -> list[TermUse]:
    """The words of `size` bytes among what was chosen of each segment, with their paragraphs in all of them.

    A segment may have a word and not among its most used.
    """
    if size % _BYTES_PER_CHARACTER:
        return []
    listed = [
        sized_terms(postings, numbers, size) for postings, (numbers, _) in zip(fields, chosen, strict=True)
    ]
    every = np.concatenate(listed)
    is_word = _are_han(every, size)
    every, used = every[is_word], np.concatenate([used for _, used in chosen])[is_word]
    if not len(every):
        return []
    order = np.argsort(every, kind="stable")
    every = every[order]
    firsts = np.flatnonzero(np.concatenate([[True], every[1:] != every[:-1]]))
    terms, uses = every[firsts], np.add.reduceat(used[order], firsts)
    paragraphs = np.zeros(len(terms), dtype=np.int64)
    for postings in fields:
        paragraphs += _document_frequencies(postings, terms, size)
    text, length = terms.tobytes().decode("utf-8"), size // _BYTES_PER_CHARACTER
    words = [text[at : at + length] for at in range(0, len(text), length)]
    return list(map(TermUse, words, paragraphs.tolist(), uses.tolist()))


def _document_frequencies(postings: FieldPostings, terms: NDArray[Any], size: int) -> I64:
    """In how many documents of a segment each term stands, 0 where it has none."""
    held = np.flatnonzero(postings.term_bytes() == size)
    if not len(held):
        return np.zeros(len(terms), dtype=np.int64)
    sized = sized_terms(postings, held, size)
    places = np.minimum(np.searchsorted(sized, terms), len(sized) - 1)
    return np.where(sized[places] == terms, postings.df[held[places]].astype(np.int64), 0)


def _are_han(terms: NDArray[Any], size: int) -> NDArray[np.bool_]:
    """Whether a term of `size` bytes is UTF-8 of Han characters alone, by each character's three bytes."""
    octets = terms.view(np.uint8).reshape(len(terms), size // _BYTES_PER_CHARACTER, _BYTES_PER_CHARACTER)
    codes = octets.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], dtype=np.uint32)
    is_whole = (octets[..., 1:] & 0xC0 == 0x80).all(axis=2)
    result: NDArray[np.bool_] = ((codes >= _FIRST_HAN) & (codes <= _LAST_HAN) & is_whole).all(axis=1)
    return result
