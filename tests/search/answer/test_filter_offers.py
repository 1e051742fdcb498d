"""Places and years in a query are offered as filters, with the query that is left; they are not imposed."""

from __future__ import annotations

import pytest

from search.answer.searcher import Searcher
from search.model import Query


def offers(engine: Searcher, text: str, **filters: object) -> list[tuple[str, str | int, str, str]]:
    result = engine.search(Query(text, **filters))  # type: ignore[arg-type]
    return [(offer.field, offer.value, offer.text, offer.query_without) for offer in result.offers]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("通化 营商环境", [("city", "通化市", "通化", "营商环境")]),
        ("通化市营商环境", [("city", "通化市", "通化市", "营商环境")]),
        ("营商环境 2023年", [("year", 2023, "2023年", "营商环境")]),
        ("营商环境2023", [("year", 2023, "2023", "营商环境")]),
        ("二〇二三年 提案", [("year", 2023, "二〇二三年", "提案")]),
        ("通化 2023 提案", [("city", "通化市", "通化", "2023 提案"), ("year", 2023, "2023", "通化 提案")]),
        ("2023年通化提案", [("year", 2023, "2023年", "通化提案"), ("city", "通化市", "通化", "2023年提案")]),
        ("通化", [("city", "通化市", "通化", "")]),
        ("2023-01-08", [("year", 2023, "2023", "\\-01-08")]),
        ("2023年year:x", [("year", 2023, "2023年", "year\\:x")]),
        ('2023年year:2020..2024"', [("year", 2023, "2023年", 'year\\:2020..2024\\"')]),
    ],
)
def test_a_held_place_or_year_is_offered(
    sample_engine: Searcher, text: str, wanted: list[tuple[str, str | int, str, str]]
) -> None:
    assert offers(sample_engine, text) == wanted


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
def test_what_is_not_held_or_not_asked_for_alone_is_not_offered(sample_engine: Searcher, text: str) -> None:
    assert offers(sample_engine, text) == []


def test_a_field_that_is_chosen_is_not_offered_again(sample_engine: Searcher) -> None:
    assert offers(sample_engine, "通化 提案", city=("洛阳市",)) == []
    assert offers(sample_engine, "city:洛阳 通化") == []
    assert offers(sample_engine, "year:2020.. 2023") == []


def test_taking_an_offer_finds_only_that_place(sample_engine: Searcher) -> None:
    (offer,) = sample_engine.search(Query("通化 营商环境")).offers
    taken = sample_engine.search(Query(offer.query_without, city=(str(offer.value),)))
    assert taken.total > 0
    assert {hit.report.city for hit in taken.hits} == {"通化市"}
