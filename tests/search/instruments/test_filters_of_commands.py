"""The commands of the instruments take the filters of a search."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from indexer import pipeline
from search import Query, open_searcher
from search.instruments import (
    choose_sides,
    compare_queries,
    find_collocates,
    find_keywords,
    find_numbers,
    find_spread,
)
from search.json_form import to_builtins
from tests.web.sample import SAMPLE
from xiesou import main


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("commands")
    pipeline.index_sources([SAMPLE], folder, jobs=1)
    return folder


FILTERS: list[tuple[list[str], dict[str, Any]]] = [
    (["--plan-year", "2023", "--plan-year", "2024"], {"plan_year": (2023, 2024)}),
    (["--level", "市", "--type", "政府工作报告"], {"level": ("市",), "type": ("政府工作报告",)}),
    (["--part", "标题"], {"part": ("标题",)}),
    (["--axis", "delivered", "--province", "吉林省"], {"axis": "delivered", "province": ("吉林省",)}),
]


@pytest.mark.parametrize(("options", "fields"), FILTERS)
def test_a_command_answers_for_the_filters_that_it_is_given(
    index: Path, options: list[str], fields: dict[str, Any]
) -> None:
    searcher = open_searcher(index)
    every = to_builtins(find_spread(searcher, Query("发展")))
    answers = {
        "spread": find_spread(searcher, Query("发展", **fields)),
        "compare": compare_queries(searcher, [Query("发展", **fields)]),
        "collocates": find_collocates(searcher, Query("发展", **fields)),
        "numbers": find_numbers(searcher, Query("发展", **fields)),
    }
    for name, answer in answers.items():
        run = CliRunner().invoke(main, [name, "发展", *options, "--index", str(index), "--json"])
        assert run.exit_code == 0, run.output
        assert json.loads(run.output) == to_builtins(answer)
    assert to_builtins(answers["spread"]) != every


def test_keywords_take_sides_or_a_year(index: Path) -> None:
    searcher = open_searcher(index)
    government = Query(type=("政府工作报告",), axis="delivered")
    options = ["--type", "政府工作报告", "--axis", "delivered"]
    year, sides = "2023", choose_sides("", "", emerging=2023, filters=government)
    runs = [
        (["--of", "city:通化市", *options], choose_sides("city:通化市", ""), 1),
        (["--of", "city:通化市", "--against", "city:绵阳市", *options], ("city:通化市", "city:绵阳市"), 1),
        (["--emerging", year, *options], sides, 2),
        (["--emerging", year, "--least-places", "1", *options], sides, 1),
    ]
    for given, both, least in runs:
        run = CliRunner().invoke(main, ["keywords", *given, "--index", str(index), "--json"])
        assert run.exit_code == 0, run.output
        expected = find_keywords(searcher, *both, government, least_places=least)
        assert json.loads(run.output) == to_builtins(expected)
    for given in ([], ["--of", "营商环境"], ["--emerging", year, "--against", "year:2020"]):
        run = CliRunner().invoke(main, ["keywords", *given, "--index", str(index)])
        assert run.exit_code == 2
