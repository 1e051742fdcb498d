"""What is wanted of a paragraph, what is seen of it, and what that is worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.pipeline import index_sources
from search.answer.rerank.feature_scoring import judge, observe
from search.answer.rerank.paragraph_reader import Passage, Reader
from search.answer.rerank.query_features import TOPIC, Wanted, weigh
from search.embedded import candidates
from search.embedded.candidates import find_candidates
from search.embedded.scoring import Scorer, place_lines
from search.embedded.snapshot import Snapshot
from search.embedded.store import open_generation
from search.language.plan import FIELD_BOOSTS, All, Filter
from search.language.synonyms import read_synonyms
from search.language.text import Analyzer, normalize_text

SAMPLE = Path(__file__).resolve().parents[3] / "index_data" / "sample"
AVERAGE = 80.0


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Iterator[Snapshot]:
    folder = tmp_path_factory.mktemp("judging")
    index_sources([SAMPLE], folder, jobs=1)
    return Snapshot(open_generation(folder, analyzer.fingerprint))


@pytest.fixture(scope="module")
def scorer(snapshot: Snapshot) -> Scorer:
    return Scorer(snapshot)


def want(text: str, analyzer: Analyzer, scorer: Scorer) -> Wanted:
    return weigh([text], [], analyzer, scorer)


def terms(wanted: Wanted, *kinds: str) -> set[str]:
    return {part.term for part in wanted.parts if part.kind in kinds}


@pytest.mark.parametrize(
    "text", ["什么是乡村振兴", "乡村振兴指的是什么？", "哪一年提到了乡村振兴", "乡村振兴是怎么样的"]
)
def test_what_only_asks_weighs_nothing(text: str, analyzer: Analyzer, scorer: Scorer) -> None:
    wanted = want(text, analyzer, scorer)
    assert terms(wanted, "word") == {"乡村", "振兴"} or terms(wanted, "word") == {"乡村振兴"}
    assert terms(wanted, "character", "inner_character") == set("乡村振兴")
    assert not terms(wanted, "pair", "name")


def test_single_characters_side_by_side_are_a_name(analyzer: Analyzer, scorer: Scorer) -> None:
    assert [len(unit) for unit in analyzer.query_units("委员乡社，提案")] == [1, 2, 1]
    wanted = want("委员乡社，提案", analyzer, scorer)
    assert terms(wanted, "name") == {"乡社"}
    assert terms(wanted, "word") == {"委员", "提案"}


def test_parts_sum_up_to_the_score(analyzer: Analyzer, scorer: Scorer) -> None:
    wanted = want("加强乡村振兴与社区养老服务", analyzer, scorer)
    judged = judge(wanted, observe(wanted, Passage("推进乡村振兴。办好养老。", above="社区工作")), AVERAGE)
    assert judged.words > 0
    assert judged.runs > 0
    assert judged.sentence > 0
    assert judged.opening > 0
    parts = [getattr(judged, name) for name in judged.__slots__ if name != "there"]
    assert sum(parts) == pytest.approx(judged.score)


def test_what_stands_together_is_better_than_what_is_scattered(analyzer: Analyzer, scorer: Scorer) -> None:
    wanted = want("乡村振兴 社区养老 委员建议 提案办理", analyzer, scorer)
    filler = "各项工作有序进行"
    together = f"{filler}。{filler}。{filler}。乡村振兴社区养老委员建议提案办理。"
    scattered = f"乡村振兴{filler}。社区养老{filler}。委员建议{filler}。提案办理。"
    best = [judge(wanted, observe(wanted, Passage(text)), AVERAGE) for text in (together, scattered)]
    assert best[0].sentence > best[1].sentence


def test_another_form_counts_as_the_word(analyzer: Analyzer, scorer: Scorer) -> None:
    synonyms = read_synonyms(["乡村振兴 = 美丽乡村"], name="test")
    wanted = weigh(["乡村振兴提案"], [], analyzer, scorer, synonyms)
    plain = want("乡村振兴提案", analyzer, scorer)
    passage = Passage("建设美丽乡村。")
    found = [judge(each, observe(each, passage), AVERAGE).words for each in (wanted, plain)]
    assert found[0] > found[1]


def test_the_place_is_known_by_how_its_name_begins(
    snapshot: Snapshot, analyzer: Analyzer, scorer: Scorer
) -> None:
    city = next(value for value in snapshot.combinations.values["city"] if value and value.endswith("市"))
    wanted = want(f"{city[:-1]} 城市 提案", analyzer, scorer)
    there = Passage("提案办理。", place=place_lines(city, "吉林省"))
    elsewhere = Passage("提案办理。", place=place_lines("某城市", "吉林省"))
    worth = [judge(wanted, observe(wanted, passage), AVERAGE).place for passage in (there, elsewhere)]
    assert worth[0] > 0
    assert worth[1] == 0


def test_a_date_line_loses_a_share_of_its_score(analyzer: Analyzer, scorer: Scorer) -> None:
    wanted = want("提案办理工作", analyzer, scorer)
    line, paragraph = (
        judge(wanted, observe(wanted, Passage("提案办理工作", is_frame=frame)), AVERAGE)
        for frame in (True, False)
    )
    assert line.score == pytest.approx(paragraph.score * (1 - TOPIC.frame))


def test_other_parameters_weigh_the_same_parts(analyzer: Analyzer, scorer: Scorer) -> None:
    wanted = want("提案办理工作", analyzer, scorer)
    assert wanted.weighed(TOPIC) == wanted
    heavier = wanted.weighed(replace(TOPIC, character=5.0, inner_character=5.0))
    assert [part.term for part in heavier.parts] == [part.term for part in wanted.parts]
    assert sum(part.weight for part in heavier.parts) > sum(part.weight for part in wanted.parts)


def test_what_stands_above_is_read_with_the_paragraph_and_kept(snapshot: Snapshot, scorer: Scorer) -> None:
    reader = Reader(snapshot, scorer)
    part = next(number for number, part in enumerate(snapshot.parts) if part.data.doc_count)
    data = snapshot.parts[part].data
    doc = next(doc for doc in range(data.doc_count) if data.heading(doc))
    passage = reader.read(part, doc)
    assert passage.text == normalize_text(data.text(doc))
    assert all(normalize_text(heading) in passage.above for heading in data.heading(doc))
    assert reader.read(part, doc) is passage


# Candidates


def by_all_postings(snapshot: Snapshot, scorer: Scorer, wanted: Wanted) -> dict[tuple[int, int], float]:
    """The sums of the seeds for every document, one posting at a time."""
    sums: dict[tuple[int, int], float] = {}
    for term, share in wanted.seeds:
        for field in ("text", "title", "heading") if len(term) > 1 else ("text",):
            for number, part in enumerate(snapshot.parts):
                postings = part.data.field(field)
                at = None if postings is None else postings.find(term.encode())
                if postings is None or at is None:
                    continue
                docs = postings.docs(at)
                factor = share * FIELD_BOOSTS[field] * scorer.weight_of(field, term)
                scores = scorer.score(field, postings, at, docs, part.data.lengths[field], factor)
                for doc, score in zip(docs.tolist(), scores.tolist(), strict=True):
                    sums[number, doc] = sums.get((number, doc), 0.0) + score
    return sums


@pytest.mark.parametrize("budget", [10, 100_000])
def test_candidates_are_the_best_by_the_index_alone(
    budget: int, snapshot: Snapshot, analyzer: Analyzer, scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "BUDGET", budget)
    wanted = want("哪些委员提出了加强乡村振兴与社区养老服务的建议", analyzer, scorer)
    nothing = [np.zeros(0, dtype=np.int64) for _ in snapshot.parts]
    sums = by_all_postings(snapshot, scorer, wanted)
    for _ in range(2):
        found = find_candidates(snapshot, scorer, wanted, All(), None, nothing, 5)
        scores = sorted((sums[candidate.part, candidate.doc] for candidate in found), reverse=True)
        expected = sorted(sums.values(), reverse=True)[:5]
        if budget > 10:
            assert scores == pytest.approx(expected)
        else:
            assert scores[0] == pytest.approx(expected[0])


def test_candidates_keep_to_filters_and_leave_full_matches_out(
    snapshot: Snapshot, analyzer: Analyzer, scorer: Scorer
) -> None:
    wanted = want("提案办理工作", analyzer, scorer)
    nothing = [np.zeros(0, dtype=np.int64) for _ in snapshot.parts]
    found = find_candidates(snapshot, scorer, wanted, All(), None, nothing, 5)
    full = [
        np.array(sorted(c.doc for c in found if c.part == number), dtype=np.int64)
        for number in range(len(snapshot.parts))
    ]
    others = find_candidates(snapshot, scorer, wanted, All(), None, full, 5)
    assert others
    assert not set(others) & set(found)
    city = next(value for value in snapshot.combinations.values["city"] if value)
    strict = find_candidates(snapshot, scorer, wanted, Filter("city", (city,)), None, nothing, 5)
    reader = Reader(snapshot, scorer)
    assert strict
    assert all(place_lines(city) in reader.read(c.part, c.doc).place for c in strict)
