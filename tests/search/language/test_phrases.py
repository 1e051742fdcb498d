"""What is near each other: the smallest windows, none within another."""

from __future__ import annotations

import pytest

from search.language.text.phrases import windows
from search.model import Span


@pytest.mark.parametrize(
    ("places", "found"),
    [
        ([[(0, 1), (3, 4)], [(4, 5)]], [(3, 5)]),
        ([[(0, 1)], [(4, 5), (8, 9)]], [(0, 5)]),
        ([[(0, 1), (9, 10)], [(4, 5), (11, 12)]], [(0, 5), (9, 12)]),
        ([[(0, 1)], [(30, 31)]], []),
        ([[(0, 1)], []], []),
    ],
)
def test_of_windows_with_one_end_the_smallest_is_taken(places: list[list[Span]], found: list[Span]) -> None:
    assert windows(places, 10) == found
