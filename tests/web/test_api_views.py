"""The JSON of the views: counts, distribution and concordance agree with the search that they are views of."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

CELL_KEYS = {
    "city", "year", "paragraphs", "occurrences", "reports", "held", "per_10k_chars", "report_share"
}  # fmt: skip


def get(client: FlaskClient, path: str, status: int = 200) -> Any:
    response = client.get(path)
    assert response.status_code == status, response.text
    assert response.mimetype == "application/json"
    return response.get_json()


def all_hits(client: FlaskClient, args: str) -> list[Any]:
    hits, path = [], f"/api/v1/search?{args}&per_page=7"
    total = get(client, path)["total"]
    for page in range(1, total // 7 + 2):
        hits += get(client, f"{path}&page={page}")["hits"]
    return [hit for hit in hits if hit["tier"] == 1]


@pytest.mark.parametrize("args", ["q=营商环境", "q=营商环境&city=绍兴市&year=2021..2023", "q=绝无此词"])
def test_count_is_of_all_hits(client: FlaskClient, args: str) -> None:
    hits = all_hits(client, args)
    answer = get(client, f"/api/v1/count?{args}")
    assert answer["paragraphs"] == len(hits)
    assert answer["occurrences"] == sum(len(hit["spans"]) for hit in hits)
    assert answer["reports"] == len({hit["report"]["id"] for hit in hits})
    assert answer["query"]["q"] == args.partition("&")[0][2:]


def test_trends_are_the_hits_by_city_and_year(client: FlaskClient) -> None:
    answer = get(client, "/api/v1/trends?q=营商环境")
    found = Counter((hit["report"]["city"], hit["report"]["year"]) for hit in all_hits(client, "q=营商环境"))
    assert {(c["city"], c["year"]): c["paragraphs"] for c in answer["matrix"] if c["paragraphs"]} == found
    for cell in [answer["total"], *answer["years"], *answer["cities"], *answer["matrix"]]:
        assert set(cell) == CELL_KEYS
        held = cell["held"]
        assert cell["per_10k_chars"] == round(cell["occurrences"] * 10_000 / held["characters"], 6)
        share = round(cell["reports"] / held["reports"], 6) if held["reports"] else None
        assert cell["report_share"] == share
    assert sum(c["paragraphs"] for c in answer["years"]) == answer["total"]["paragraphs"]
    assert [c["year"] for c in answer["years"]] == sorted(
        {year for _, year in found} | {c["year"] for c in answer["matrix"]},
        key=lambda year: (year is None, year),
    )


def test_trends_hold_what_is_held_without_a_match(client: FlaskClient) -> None:
    answer = get(client, "/api/v1/trends?q=绝无此词")
    assert answer["matrix"]
    assert {cell["paragraphs"] for cell in answer["matrix"]} == {0}
    assert all(cell["held"]["paragraphs"] for cell in answer["matrix"])
    listed = get(client, "/api/v1/reports")["reports"]
    assert answer["total"]["held"]["reports"] == len(listed)


@pytest.mark.parametrize("order", ["left", "right2", "order"])
def test_a_sample_has_its_seed_in_every_address(client: FlaskClient, order: str) -> None:
    asked = f"q=协商&order={order}&sample=20&seed=7"
    answer = get(client, f"/api/v1/concordance?{asked}&per_page=8&context=20")
    total = get(client, "/api/v1/count?q=协商")["occurrences"]
    assert answer["sample"] == {"lines": 20, "seed": 7, "of": total}
    assert answer["total"] == 20
    lines = list(answer["lines"])
    while answer["links"]["next"]:
        answer = get(client, answer["links"]["next"])
        lines += answer["lines"]
    assert len(lines) == 20
    html = client.get(f"/search?view=concordance&{asked}").text
    for line in lines:
        assert f"{line['report']['id']}?q=" in html or line["report"]["id"] in html
    assert "seed=8" in html, "another sample"
    assert "sample=20&amp;seed=7" in html, "its files"
    rows = list(
        csv.DictReader(
            io.StringIO(client.get(f"/export.csv?view=concordance&{asked}").data.decode("utf-8-sig"))
        )
    )
    assert [(row["段落编号"], row["左文"]) for row in rows] == [(line["id"], line["left"]) for line in lines]
    assert "sample=20" in rows[0]["检索地址"]
    assert "seed=7" in rows[0]["检索地址"]
    assert get(client, "/api/v1/concordance?q=协商&sample=10000")["sample"] is None


@pytest.mark.parametrize("order", ["left", "right", "left2", "right2", "order"])
def test_concordance_has_every_occurrence_once(client: FlaskClient, order: str) -> None:
    path = f"/api/v1/concordance?q=营商环境&order={order}&context=9&per_page=11"
    answer = get(client, path)
    assert answer["order"] == order
    lines = list(answer["lines"])
    while answer["links"]["next"]:
        answer = get(client, answer["links"]["next"])
        lines += answer["lines"]
    assert len(lines) == answer["total"] == get(client, "/api/v1/count?q=营商环境")["occurrences"]
    expected = Counter(
        (hit["id"], hit["text"][max(0, s - 9) : s], hit["text"][s:e], hit["text"][e : e + 9])
        for hit in all_hits(client, "q=营商环境")
        for s, e in hit["spans"]
    )
    assert Counter((x["id"], x["left"], x["keyword"], x["right"]) for x in lines) == expected


@pytest.mark.parametrize("name", ["search", "concordance"])
def test_links_lead_through_all_pages_and_back(client: FlaskClient, name: str) -> None:
    path = f"/api/v1/{name}?q=营商环境&per_page=1&city=绍兴市"
    pages = [path]
    answer = get(client, path)
    assert answer["links"]["prev"] is None
    while answer["links"]["next"]:
        pages.append(answer["links"]["next"])
        answer = get(client, pages[-1])
        args = parse_qs(urlsplit(pages[-1]).query)
        assert (args["q"], args["city"], args["per_page"]) == (["营商环境"], ["绍兴市"], ["1"])
    assert len(pages) == answer["total"] > 1
    for _ in pages[1:]:
        answer = get(client, answer["links"]["prev"])
    assert answer["query"]["page"] == 1
    assert answer["links"]["prev"] is None


def test_no_link_leads_past_what_can_be_paged_through(client: FlaskClient) -> None:
    answer = get(client, "/api/v1/search?q=营商环境&page=900")
    assert answer["links"]["next"] is None
    assert get(client, answer["links"]["prev"])["hits"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/v1/concordance?q=x&order=up", "order"),
        ("/api/v1/concordance?q=x&context=0", "context"),
        ("/api/v1/concordance?q=x&context=101", "context"),
        ("/api/v1/trends?year=abc", "year"),
        ("/api/v1/count?sort=up", "sort"),
    ],
)
def test_parameters_that_cannot_be_read_are_named(client: FlaskClient, path: str, field: str) -> None:
    error = get(client, path, 400)["error"]
    assert (error["code"], error["field"]) == ("bad_query", field)


@pytest.mark.parametrize("path", ["/api/v1/trends?q=营商", "/export.csv?q=营商", "/feed.atom?q=营商"])
def test_an_unchanged_answer_is_a_304(client: FlaskClient, path: str) -> None:
    etag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_readyz_home_and_lists_agree_on_what_is_held(client: FlaskClient) -> None:
    ready = client.get("/readyz").json
    assert ready is not None
    assert ready["reports"] == get(client, "/api/v1/reports")["total"]
    assert ready["paragraphs"] == get(client, "/api/v1/trends")["total"]["held"]["paragraphs"]
    assert f"{ready['reports']:,}" in client.get("/").text
    assert f"{ready['reports']:,}" in client.get("/reports").text
