"""Suggestions keep to the filters of the search that they are for."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient


def suggested(client: FlaskClient, **asked: str) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/suggest", query_string=asked)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.get_json()["suggestions"]
    return found


def test_places_beyond_the_filters_are_not_suggested(client: FlaskClient) -> None:
    kinds = {one["text"] for one in suggested(client, q="绍兴") if one["kind"] == "place"}
    assert "绍兴市" in kinds
    within = suggested(client, q="绍兴", city="通化市")
    assert not [one for one in within if one["kind"] == "place"]
    assert [one for one in suggested(client, q="绍兴", city="绍兴市") if one["kind"] == "place"]


@pytest.mark.parametrize("text", ["营", "工", "政协", "tong"])
@pytest.mark.parametrize(
    "filters", [{"city": "通化市"}, {"year": "2020..2021"}, {"type": "政协常委会工作报告"}]
)
def test_whatever_is_suggested_is_found_within_the_filters(
    client: FlaskClient, text: str, filters: dict[str, str]
) -> None:
    for one in suggested(client, q=text, **filters):
        if one["kind"] in ("term", "heading"):
            assert one["unit"] == "paragraphs"
            found = client.get("/api/v1/search", query_string={"q": one["text"], **filters}).get_json()
            assert found["total"] == one["count"] > 0
        elif one["kind"] == "report":
            reports = client.get("/api/v1/reports", query_string=filters).get_json()["reports"]
            assert str(one["url"]).rpartition("/")[2] in {report["id"] for report in reports}


def test_a_filter_that_cant_be_read_is_told(client: FlaskClient) -> None:
    assert client.get("/api/v1/suggest?q=营&year=x").status_code == 400


def test_what_stands_before_the_completed_chunk_is_not_counted(client: FlaskClient) -> None:
    (alone,) = [one for one in suggested(client, q="营商环境") if one["text"] == "营商环境"]
    (beside,) = [one for one in suggested(client, q="梅花鹿 营商环境") if one["text"] == "梅花鹿 营商环境"]
    count = client.get("/api/v1/count?q=营商环境").get_json()
    assert alone["count"] == beside["count"] == count["paragraphs"]
    places = [one for one in suggested(client, q="绍兴") if one["kind"] == "place"]
    assert [one["unit"] for one in places] == ["reports"]
