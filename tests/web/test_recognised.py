"""Text that was recognised in pictures is marked as such wherever it is shown, counted, and can be left out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from benchmarks.pdf.drawing import Placed, draw_pdf
from indexer.cli import inspect
from indexer.pipeline import index_sources
from search import open_searcher
from search.cli import search, show
from tests.indexer.scans import pretend, recognised
from web.app import WebConfig, create_app

TYPED = """四平市人民政府工作报告

2023年1月10日

营商环境持续优化，全年新增企业三千二百户。
"""
SCANNED = [
    Placed(180.0, 780.0, "通化市人民政府工作报告", 20.0),
    Placed(230.0, 740.0, "2003年1月10日", 10.0),
    Placed(76.0, 700.0, "营商环境明显改善，投资者满意度逐年提高。"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A typed report and a scanned one, indexed; recognition goes on being pretended."""
    folder = tmp_path_factory.mktemp("recognised")
    (folder / "四平市2023.txt").write_text(TYPED, encoding="utf-8")
    (folder / "通化市2003.pdf").write_bytes(draw_pdf([[]], pictures=[0]))
    with pytest.MonkeyPatch.context() as patch:
        pretend(patch, [recognised(SCANNED, confidence=0.93)])
        index_sources([folder / "四平市2023.txt", folder / "通化市2003.pdf"], folder / "index")
        yield folder


@pytest.fixture(scope="module")
def client(folder: Path) -> FlaskClient:
    return create_app(WebConfig(searcher=open_searcher(folder / "index"))).test_client()


def report_id(client: FlaskClient) -> str:
    hits = (client.get("/api/v1/search?q=投资者").json or {})["hits"]
    return str(hits[0]["report"]["id"])


def test_hits_say_how_surely_they_were_recognised(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=营商环境").json or {}
    assert sorted(str(hit["ocr"]) for hit in answer["hits"]) == ["0.93", "None"]
    page = client.get("/search?q=营商环境").text
    assert page.count("图片识别（OCR），可信度 93%") == 1
    assert "93% sure" in client.get("/search?q=营商环境&lang=en").text


def test_counts_say_how_many_were_recognised_and_the_page_can_leave_them_out(client: FlaskClient) -> None:
    counts = client.get("/api/v1/count?q=营商环境").json or {}
    assert (counts["paragraphs"], counts["of_ocr"]) == (2, 1)
    page = client.get("/search?q=营商环境").text
    assert "1 段由图片识别" in page
    assert "ocr=off" in page
    without = client.get("/search?q=营商环境&ocr=off").text
    assert "可信度" not in without
    assert "段由图片识别" not in without
    for view in ("search", "count"):
        answer = client.get(f"/api/v1/{view}?q=营商环境&ocr=off").json or {}
        assert answer.get("total", answer.get("paragraphs")) == 1


def test_report_marks_each_recognised_paragraph_and_its_title(client: FlaskClient) -> None:
    page = client.get(f"/reports/{report_id(client)}").text
    text = client.get(f"/api/v1/reports/{report_id(client)}").json or {}
    assert [paragraph["ocr"] for paragraph in text["paragraphs"]] == [0.93] * 3
    assert page.count("图片识别（OCR），可信度 93%") == 3
    typed = (client.get("/api/v1/search?q=三千二百户").json or {})["hits"][0]["report"]["id"]
    assert "可信度" not in client.get(f"/reports/{typed}").text
    assert "可信度 93%" in client.get(f"/reports/{report_id(client)}/cite?n=3").text


@pytest.mark.parametrize("view", ["", "&view=concordance"])
def test_files_have_a_column_of_confidence(client: FlaskClient, view: str) -> None:
    data = client.get(f"/export.csv?q=营商环境{view}").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data)))
    assert sorted(row["识别可信度"] for row in rows) == ["", "0.93"]


def test_lines_of_a_concordance_are_marked(client: FlaskClient) -> None:
    lines = (client.get("/api/v1/concordance?q=营商环境").json or {})["lines"]
    assert sorted(str(line["ocr"]) for line in lines) == ["0.93", "None"]
    assert client.get("/search?q=营商环境&view=concordance").text.count("可信度 93%") == 1


def test_commands_mark_it_too(folder: Path, client: FlaskClient) -> None:
    index = ["--index", str(folder / "index")]
    found = CliRunner().invoke(search, ["营商环境", *index, "--lang", "en"])
    assert found.output.count("recognised in a picture, 93% sure") == 1
    shown = CliRunner().invoke(show, [report_id(client), *index, "--lang", "zh"])
    assert shown.output.count("可信度 93%") == 3
    seen = CliRunner().invoke(inspect, [str(folder / "通化市2003.pdf"), "--lang", "en"])
    assert "93% sure" in " ".join(seen.output.split())
