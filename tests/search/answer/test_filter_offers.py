"""Places and years in a query are offered as filters, with the query that is left; they are not imposed."""

from __future__ import annotations

import pytest

from search.answer.searcher import Searcher
from search.model import Query


def offers(searcher: Searcher, text: str, **filters: object) -> list[tuple[str, str | int, str, str]]:
    result = searcher.search(Query(text, **filters))  # type: ignore[arg-type]
    return [(offer.field, offer.value, offer.text, offer.query_without) for offer in result.offers]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("通化 营商环境", [("city", "通化市", "通化", "营商环境")]),
        ("通化市营商环境", [("city", "通化市", "通化市", "营商环境")]),
        ("营商环境 2023年", [("plan_year", 2023, "2023年", "营商环境")]),
        ("营商环境2023", [("plan_year", 2023, "2023", "营商环境")]),
        ("二〇二三年 提案", [("plan_year", 2023, "二〇二三年", "提案")]),
        (
            "通化 2023 提案",
            [("city", "通化市", "通化", "2023 提案"), ("plan_year", 2023, "2023", "通化 提案")],
        ),
        (
            "2023年通化提案",
            [("plan_year", 2023, "2023年", "通化提案"), ("city", "通化市", "通化", "2023年提案")],
        ),
        ("通化", [("city", "通化市", "通化", "")]),
        ("2023-01-08", [("plan_year", 2023, "2023", "\\-01-08")]),
        ("2023年year:x", [("plan_year", 2023, "2023年", "year\\:x")]),
        ('2023年year:2020..2024"', [("plan_year", 2023, "2023年", 'year\\:2020..2024\\"')]),
    ],
)
def test_a_held_place_or_year_is_offered(
    sample_searcher: Searcher, text: str, wanted: list[tuple[str, str | int, str, str]]
) -> None:
    assert offers(sample_searcher, text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "四平 营商环境",
        "1987 提案",
        "12023",
        '"通化"',
        "-通化",
        "title:通化",
        "通化 OR 洛阳",
        "营商环境",
        "",
        "20231",
    ],
)
def test_what_is_not_held_or_not_asked_for_alone_is_not_offered(sample_searcher: Searcher, text: str) -> None:
    assert offers(sample_searcher, text) == []


def test_a_field_that_is_chosen_is_not_offered_again(sample_searcher: Searcher) -> None:
    assert offers(sample_searcher, "通化 提案", city=("洛阳市",)) == []
    assert offers(sample_searcher, "city:洛阳 通化") == []
    assert offers(sample_searcher, "year:2020.. 2023") == []


def test_taking_an_offer_finds_only_that_place(sample_searcher: Searcher) -> None:
    (offer,) = sample_searcher.search(Query("通化 营商环境")).offers
    taken = sample_searcher.search(Query(offer.query_without, city=(str(offer.value),)))
    assert taken.total > 0
    assert {hit.report.city for hit in taken.hits} == {"通化市"}


def test_years_are_offered_as_the_axis_goes(sample_searcher: Searcher) -> None:
    """A report of December 2023 lays out 2024: each axis offers what it holds, by its own field."""
    plan = offers(sample_searcher, "营商环境 2023")
    delivered = offers(sample_searcher, "营商环境 2023", axis="delivered")
    assert [field for field, *_ in plan] == ["plan_year"]
    assert [field for field, *_ in delivered] == ["year"]
    for axis, field in (("plan", "plan_year"), ("delivered", "year")):
        held = {of.value for of in sample_searcher.search(Query(axis=axis)).facets[field]}  # type: ignore[arg-type]
        for year in range(1990, 2031):
            offered = offers(sample_searcher, f"提案 {year}", axis=axis)
            assert bool(offered) == (year in held)


def test_a_mark_alone_is_no_piece(sample_searcher: Searcher) -> None:
    interpretation = sample_searcher.interpret(Query("提案 —通化"))
    assert [child.text for child in interpretation.tree.children] == ["提案", "通化"]  # type: ignore[union-attr]
    (notice,) = [of for of in interpretation.notices if of.code == "read_in_pieces"]
    assert notice.message.args_to_json()["pieces"] == ["通化"]
