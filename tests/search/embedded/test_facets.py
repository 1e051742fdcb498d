"""Facet counts from combinations: disjunctive, with what is unknown, chosen values always there."""

from __future__ import annotations

import numpy as np
import pytest

from search.embedded.facets import Selection
from search.embedded.snapshot import Combinations

VALUES = {"city": ["四平市", "通化市"], "province": ["吉林省"], "type": ["政协", "法院"]}


@pytest.fixture
def combinations() -> Combinations:
    """四平市 2023 政协 · 通化市 2024 政协 · 通化市 2024 法院 · nothing known."""

    def column(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        return np.array(values, dtype=np.int32)

    return Combinations(
        city=column(0, 1, 1, -1),
        province=column(0, 0, 0, -1),
        type=column(0, 0, 1, -1),
        year=column(2023, 2024, 2024, 0),
        values=VALUES,
    )


COUNTS = np.array([5, 3, 2, 1], dtype=np.int64)


def counted(selection: Selection, name: str) -> list[tuple[object, int, bool]]:
    return [(of.value, of.count, of.selected) for of in selection.facets(COUNTS, [name])[name]]


def test_without_choices_everything_is_counted(combinations: Combinations) -> None:
    selection = Selection(combinations, {})
    assert selection.total(COUNTS) == 11
    assert counted(selection, "city") == [("四平市", 5, False), ("通化市", 5, False), (None, 1, False)]
    assert counted(selection, "year") == [(2024, 5, False), (2023, 5, False), (None, 1, False)]


def test_a_group_s_own_choice_is_left_out_and_others_count(combinations: Combinations) -> None:
    selection = Selection(combinations, {"city": ("通化市",)})
    assert selection.total(COUNTS) == 5
    assert counted(selection, "city") == [("四平市", 5, False), ("通化市", 5, True), (None, 1, False)]
    assert counted(selection, "year") == [(2024, 5, False)]
    assert counted(selection, "type") == [("政协", 3, False), ("法院", 2, False)]


def test_values_of_a_group_are_alternatives(combinations: Combinations) -> None:
    selection = Selection(combinations, {"city": ("通化市", None), "type": ("政协", None)})
    assert selection.total(COUNTS) == 4
    assert counted(selection, "year") == [(2024, 3, False), (None, 1, False)]


def test_chosen_values_are_there_even_with_none(combinations: Combinations) -> None:
    selection = Selection(combinations, {"city": ("北京市", "四平市"), "year": (2024,)})
    assert selection.total(COUNTS) == 0
    assert ("北京市", 0, True) in counted(selection, "city")
    assert ("四平市", 0, True) in counted(selection, "city")
    assert counted(selection, "year") == [(2024, 0, True), (2023, 5, False)]
