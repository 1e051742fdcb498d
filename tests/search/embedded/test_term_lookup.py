"""Strings close together, found by arrays: the same answer as trying every window of every paragraph."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from search.embedded.term_lookup import POSITION_BITS, close_together
from tests.cases import cases

LAST_POSITION = (1 << POSITION_BITS) - 1
POSITIONS = st.integers(0, 40) | st.integers(LAST_POSITION - 20, LAST_POSITION)
PART = st.dictionaries(st.integers(0, 6), st.sets(POSITIONS, min_size=1, max_size=5), max_size=6)
"""A string's places in the paragraphs that have it."""


def window_exists(events: Sequence[tuple[int, int]], lengths: Sequence[int], limit: int) -> bool:
    """Whether a window of `limit` characters holds an occurrence of every part; events are (position, part)."""
    for start, _ in events:
        inside = {part for at, part in events if start <= at and at + lengths[part] <= start + limit}
        if len(inside) == len(lengths):
            return True
    return False


@given(st.lists(st.tuples(PART, st.integers(1, 6)), min_size=1, max_size=4), st.integers(0, 30))
@settings(max_examples=cases(400), deadline=None)
def test_strings_close_together_are_those_that_a_window_holds(
    parts: list[tuple[dict[int, set[int]], int]], distance: int
) -> None:
    spots = [
        np.array(
            sorted(number << POSITION_BITS | at for number, found in part.items() for at in found),
            dtype=np.int64,
        )
        for part, _ in parts
    ]
    lengths = [length for _, length in parts]
    numbers = sorted(set.intersection(*(set(part) for part, _ in parts)))
    wanted = [
        window_exists(
            [(at, number) for number, (found, _) in enumerate(parts) for at in found[document]],
            lengths,
            distance + sum(lengths),
        )
        for document in numbers
    ]
    found = close_together(np.array(numbers, dtype=np.int64), spots, lengths, distance)
    assert found.tolist() == wanted
