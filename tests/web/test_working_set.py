"""What the server says of kept items, and their references."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from search import Searcher
from tests.web import sample
from web.item_parameters import MOST_ITEMS
from web.kept_items import find_items, split_id
from web.working_set import MOST_READ

TONGHUA = sample.id_of("tonghua-2020-cppcc.txt")
SIGNS = {"txt": "[R/OL]", "bib": "@techreport{", "ris": "TY  - RPRT"}


def test_every_paragraph_and_report_is_found_by_its_id(searcher: Searcher) -> None:
    for report in searcher.reports(others=True):
        text = searcher.report(report.id)
        ids = [report.id, *(paragraph.id for paragraph in text.paragraphs)]
        found = find_items(searcher, ids)
        assert [one and one.id for one in found] == ids
        assert [one and one.paragraph for one in found] == [None, *text.paragraphs]
        assert [split_id(item) for item in ids] == [
            (report.id, None),
            *((report.id, p.n) for p in text.paragraphs),
        ]


@pytest.mark.parametrize("gone", ["0123456789", "0123456789-p1", f"{TONGHUA}-p9999", "-p1", "x-p0", "a-p1-p"])
def test_what_the_collection_lacks_is_null_in_its_place(client: FlaskClient, gone: str) -> None:
    answer = client.post("/working-set/items", data={"item": [f"{TONGHUA}-p3", gone, TONGHUA]})
    paragraph, nothing, report = answer.get_json()["items"]
    assert nothing is None
    assert paragraph["text"] == client.get(f"/api/v1/reports/{TONGHUA}").get_json()["paragraphs"][2]["text"]
    assert paragraph["url"].endswith(f"/reports/{TONGHUA}#p3")
    assert report["text"] is None
    assert "通化市" in report["label"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_labels_are_in_the_language_of_the_page(client: FlaskClient) -> None:
    answer = client.post("/working-set/items?lang=en", data={"item": TONGHUA})
    assert "CPPCC" in answer.get_json()["items"][0]["label"]


@pytest.mark.parametrize("kind", SIGNS)
def test_references_of_kept_items_are_in_their_order(client: FlaskClient, kind: str) -> None:
    items = [f"{TONGHUA}-p{n}" for n in (9, 3)] + [TONGHUA]
    for answer in (
        client.post(f"/bibliography.{kind}", data={"item": items}),
        client.get(f"/bibliography.{kind}", query_string={"item": items}),
    ):
        text = answer.text
        assert answer.status_code == 200
        assert text.count(SIGNS[kind]) == 3
        assert -1 < text.index(f"{TONGHUA}#p9") < text.index(f"{TONGHUA}#p3")


def test_references_as_csl_name_each_paragraph(client: FlaskClient) -> None:
    answer = client.post("/bibliography.json", data={"item": [f"{TONGHUA}-p9", TONGHUA]})
    assert [one["URL"].rpartition("/")[2] for one in json.loads(answer.text)] == [f"{TONGHUA}#p9", TONGHUA]


def test_references_of_something_that_is_gone_are_refused_by_name(client: FlaskClient) -> None:
    answer = client.post("/bibliography.txt", data={"item": [TONGHUA, f"{TONGHUA}-p9999"]})
    assert answer.status_code == 404
    assert f"{TONGHUA}-p9999" in answer.text


@pytest.mark.parametrize(
    ("path", "most"), [("/bibliography.ris", MOST_ITEMS), ("/working-set/items", MOST_READ)]
)
def test_one_request_names_so_many_and_no_more(client: FlaskClient, path: str, most: int) -> None:
    items = [f"{TONGHUA}-p{n}" for n in range(1, most + 2)]
    assert client.post(path, data={"item": items}).status_code == 400
    assert client.post(path, data={"item": items[:3] * most}).status_code == 200, "each is taken once"
    assert client.post(path, data={"item": "x" * 101}).status_code == 400
