"""Facet counts from combinations: disjunctive, with what is unknown, chosen values always there."""

from __future__ import annotations

import numpy as np
import pytest

from search.embedded.combinations import Combinations
from search.embedded.facets import Selection

VALUES = {"city": ["四平市", "通化市"], "province": ["吉林省"], "type": ["政协", "法院"], "level": ["市"]}


@pytest.fixture
def combinations() -> Combinations:
    """四平市 2023 政协, text and glossary · 通化市 2024 政协, recognised · 通化市 2024 法院 · nothing known."""

    def column(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        return np.array(values, dtype=np.int32)

    return Combinations(
        columns={
            "city": column(0, 0, 1, 1, -1),
            "province": column(0, 0, 0, 0, -1),
            "type": column(0, 0, 0, 1, -1),
            "level": column(0, 0, 0, 0, -1),
            "year": column(2023, 2023, 2024, 2024, 0),
            "plan_year": column(2024, 2024, 2024, 2024, 0),
        },
        part=np.array([0, 2, 0, 0, 1]),
        recognised=np.array([False, False, True, False, False]),
        values=VALUES,
    )


COUNTS = np.array([4, 1, 3, 2, 1], dtype=np.int64)


def counted(selection: Selection, name: str) -> list[tuple[object, int, bool]]:
    return [(of.value, of.count, of.selected) for of in selection.facets(COUNTS, [name])[name]]


def test_without_choices_everything_is_counted(combinations: Combinations) -> None:
    selection = Selection(combinations, {})
    assert selection.total(COUNTS) == 11
    assert counted(selection, "city") == [("四平市", 5, False), ("通化市", 5, False), (None, 1, False)]
    assert counted(selection, "year") == [(2024, 5, False), (2023, 5, False), (None, 1, False)]


def test_parts_are_counted_beside_what_is_of_reports(combinations: Combinations) -> None:
    selection = Selection(combinations, {"part": ("正文",)})
    assert selection.total(COUNTS) == 9
    assert counted(selection, "part") == [("正文", 9, True), ("标题", 1, False), ("名词解释", 1, False)]
    assert counted(selection, "city") == [("通化市", 5, False), ("四平市", 4, False)]
    narrower = Selection(combinations, {"part": ("名词解释",), "city": ("四平市",)})
    assert narrower.total(COUNTS) == 1
    assert counted(narrower, "part") == [("正文", 4, False), ("名词解释", 1, True)]
    assert counted(narrower, "plan_year") == [(2024, 1, False)]


def test_recognised_paragraphs_are_counted_under_every_choice(combinations: Combinations) -> None:
    assert Selection(combinations, {}).recognised(COUNTS) == 3
    assert Selection(combinations, {"type": ("法院",)}).recognised(COUNTS) == 0


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
