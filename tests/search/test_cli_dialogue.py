"""`xiesou search` says beside its hits what the JSON says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from search.answer.searcher import Searcher
from search.model import FILTERS
from xiesou import main


def run(searcher: Searcher, *arguments: str) -> str:
    result = CliRunner().invoke(main, ["search", *arguments, "--index", str(folder_of(searcher))])
    assert result.exit_code == 0, result.output
    return result.output


def folder_of(searcher: Searcher) -> Path:
    return Path(searcher.collection.address)


def answer(searcher: Searcher, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(searcher, *arguments, "--json"))
    return found


def test_json_has_every_key(sample_searcher: Searcher) -> None:
    found = answer(sample_searcher, "通化 GDP 营商环竟")
    assert found["did_you_mean"][0] == "通化 GDP 营商环境"
    assert found["offers"] == [
        {"field": "city", "value": "通化市", "text": "通化", "query_without": "GDP 营商环竟"}
    ]
    assert found["synonyms"] == [{"form": "GDP", "others": ["地区生产总值", "国内生产总值"]}]
    assert set(found["explanation"]) == {"code", "sentences", "messages", "missing", "ways_out"}
    assert found["explanation"]["code"] == "missing_word"
    for way in found["explanation"]["ways_out"]:
        assert set(way) == {"code", "field", "text", "text_code", "text_args", "total", "query"}
        assert set(way["query"]) == {"q", *FILTERS}


def test_json_of_plain_hits_has_nothing_to_say(sample_searcher: Searcher) -> None:
    found = answer(sample_searcher, '"提案"')
    assert (found["did_you_mean"], found["offers"], found["synonyms"], found["explanation"]) == (
        [],
        [],
        [],
        None,
    )


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("营商环竟",), "营商环境"),
        (("营商环竟",), "没有一段含有"),
        (("通化 提案",), "--city 通化市"),
        (("GDP",), "地区生产总值"),
        (("梅花鹿", "--city", "洛阳市"), "不限城市（洛阳市）"),
    ],
)
def test_a_person_is_told(sample_searcher: Searcher, arguments: tuple[str, ...], wanted: str) -> None:
    assert wanted in run(sample_searcher, *arguments)


def test_synonyms_can_be_switched_off(sample_searcher: Searcher) -> None:
    off = answer(sample_searcher, "GDP", "--no-synonyms", "--match", "all")
    assert (off["synonyms"], off["query"]["synonyms"]) == ([], False)
    assert off["total"] < answer(sample_searcher, "GDP", "--match", "all")["total"]
