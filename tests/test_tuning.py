"""The tuning of the ranking on a small invented set: measures what the engine gives, chooses on one half alone."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

pytest.importorskip("ir_measures", reason="the benchmarks' extra isn't installed")

from benchmarks import tune_ranking
from benchmarks.relevance import measure
from benchmarks.relevance_sets import read_set
from benchmarks.relevance_systems import Ours
from benchmarks.tune_ranking import (
    Choice,
    ObservedSet,
    describe_values,
    main,
    mean_rank,
    observe_set,
    search_values,
    share_out,
)
from search.answer.rerank.query_features import QUESTION, TOPIC

pytestmark = pytest.mark.benchmarks

PLACES = ("四平", "长治", "柳州", "苏州", "桂林", "白城", "鄂州", "韶关")
THINGS = ("梅花鹿产业园", "老旧小区电梯", "海绵城市", "养老服务驿站")


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """32 passages, a thing in a place each; for each a headline or a question with a word that it doesn't have."""
    folder = tmp_path_factory.mktemp("sets") / "invented"
    folder.mkdir()
    passages, queries, judged = [], [], []
    for at, place in enumerate(PLACES):
        for number, thing in enumerate(THINGS):
            name = f"{at}-{number}"
            passages.append({"id": name, "text": f"今年{place}建成{thing}，群众满意。明年继续推进。"})
            text = f"{place}何时建成{thing}工程？" if number % 2 else f"{place}推动{thing}项目落地建成"
            queries.append({"id": name, "text": text})
            judged.append(f"{name}\t0\t{name}\t1")
    for name, rows in (("passages", passages), ("queries", queries)):
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "qrels.tsv").write_text("\n".join(judged), encoding="utf-8")
    return folder.parent


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the index of the set is kept."""
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def observed(sets: Path, work: Path) -> ObservedSet:
    (work / "invented").mkdir()
    return observe_set(read_set(sets / "invented"), work / "invented")


def test_tuning_measures_what_the_engine_gives(sets: Path, work: Path, observed: ObservedSet) -> None:
    found = read_set(sets / "invented")
    every = range(len(observed.asked))
    by_engine = measure(Ours(found.passages, work / "invented"), found, "ours").figures["MRR@10"]
    assert mean_rank(observed, Choice(TOPIC, QUESTION), every) == pytest.approx(by_engine)
    assert by_engine > 0.5


def test_what_is_held_out_chooses_nothing() -> None:
    quarters, held_out = share_out(101)
    assert sorted([*quarters[0], *quarters[1], *held_out]) == list(range(101))


def test_a_worse_start_is_mended_on_the_choosing_half(
    observed: ObservedSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tune_ranking, "GRID", {"run": (-9.0, 1.5)})
    chosen = search_values([observed], Choice(replace(TOPIC, run=-9.0), QUESTION), "topic", 1)
    assert chosen.topic == replace(TOPIC, run=1.5)
    assert chosen.question == QUESTION


def test_the_command_prints_both_halves_and_every_value(
    sets: Path, work: Path, observed: ObservedSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tune_ranking, "GRID", {"run": (1.0, TOPIC.run)})
    said = CliRunner().invoke(main, [str(sets), "--rounds", "1", "--values", "--work", str(work)])
    assert said.exit_code == 0, said.output
    assert "| Set | choosing half | held-out half | all |" in said.output
    assert f"| run | **{TOPIC.run:g}** |" in said.output
    assert f"| run | **{QUESTION.run:g}** |" in said.output


def test_values_are_marked_by_the_weights_they_belong_to(observed: ObservedSet) -> None:
    table = describe_values([observed], Choice(TOPIC, QUESTION), "question")
    assert f"| name | **{QUESTION.name:g}** |" in table
