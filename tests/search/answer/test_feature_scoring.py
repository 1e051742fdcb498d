"""The features of a query, which of them a paragraph has and what that is worth, and the candidates they bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.pipeline import index_sources
from search.answer.rerank.feature_scoring import observe, score
from search.answer.rerank.paragraph_reader import ParagraphReader, ReadParagraph
from search.answer.rerank.query_features import TOPIC, QueryFeatures, extract_features
from search.answer.version_data import Language, VersionData
from search.collection import Ask, Ref, Top
from search.embedded.collection import EmbeddedCollection
from search.embedded.scoring import Scorer
from search.embedded.snapshot import Snapshot
from search.embedded.store import open_generation
from search.language import statistics
from search.language.plan import FIELD_BOOSTS, All, Filter, Nothing, Plan
from search.language.statistics import WeighedTerm, place_lines, share_out
from search.language.synonyms import read_synonyms
from search.language.text import Analyzer, normalize_text
from search.lru import LruCache
from search.model import Report

SAMPLE = Path(__file__).resolve().parents[3] / "index_data" / "sample"
AVERAGE = 80.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("features")
    index_sources([SAMPLE], made, jobs=1)
    return made


@pytest.fixture(scope="module")
def data(folder: Path, analyzer: Analyzer) -> VersionData:
    """What a Searcher knows of the sample, with no synonyms."""
    view = EmbeddedCollection(folder, analyzer.fingerprint).at()
    return VersionData(view, Language(analyzer, read_synonyms([], name="none")))


def features_of(text: str, data: VersionData) -> QueryFeatures:
    return extract_features([text], [], data)


def terms(features: QueryFeatures, *kinds: str) -> set[str]:
    return {part.term for part in features.features if part.kind in kinds}


@pytest.mark.parametrize(
    "text", ["什么是乡村振兴", "乡村振兴指的是什么？", "哪一年提到了乡村振兴", "乡村振兴是怎么样的"]
)
def test_what_only_asks_weighs_nothing(text: str, data: VersionData) -> None:
    features = features_of(text, data)
    assert terms(features, "word") == {"乡村", "振兴"} or terms(features, "word") == {"乡村振兴"}
    assert terms(features, "character", "inner_character") == set("乡村振兴")
    assert not terms(features, "pair", "name")


def test_single_characters_side_by_side_are_a_name(data: VersionData) -> None:
    assert [len(unit) for unit in data.language.analyzer.query_units("委员乡社，提案")] == [1, 2, 1]
    features = features_of("委员乡社，提案", data)
    assert terms(features, "name") == {"乡社"}
    assert terms(features, "word") == {"委员", "提案"}


def test_parts_sum_up_to_the_score(data: VersionData) -> None:
    features = features_of("加强乡村振兴与社区养老服务", data)
    scored = score(
        features, observe(features, ReadParagraph("推进乡村振兴。办好养老。", above="社区工作")), AVERAGE
    )
    assert scored.words > 0
    assert scored.runs > 0
    assert scored.sentence > 0
    assert scored.opening > 0
    parts = [getattr(scored, name) for name in scored.__slots__ if name != "there"]
    assert sum(parts) == pytest.approx(scored.score)


def test_what_stands_together_is_better_than_what_is_scattered(data: VersionData) -> None:
    features = features_of("乡村振兴 社区养老 委员建议 提案办理", data)
    filler = "各项工作有序进行"
    together = f"{filler}。{filler}。{filler}。乡村振兴社区养老委员建议提案办理。"
    scattered = f"乡村振兴{filler}。社区养老{filler}。委员建议{filler}。提案办理。"
    best = [
        score(features, observe(features, ReadParagraph(text)), AVERAGE) for text in (together, scattered)
    ]
    assert best[0].sentence > best[1].sentence


def test_another_form_counts_as_the_word(data: VersionData) -> None:
    synonyms = read_synonyms(["乡村振兴 = 美丽乡村"], name="test")
    features = extract_features(["乡村振兴提案"], [], data, synonyms)
    plain = features_of("乡村振兴提案", data)
    paragraph = ReadParagraph("建设美丽乡村。")
    found = [score(each, observe(each, paragraph), AVERAGE).words for each in (features, plain)]
    assert found[0] > found[1]


def test_the_place_is_known_by_how_its_name_begins(data: VersionData) -> None:
    city = next(str(value) for value in data.held.by_field["city"] if str(value).endswith("市"))
    features = features_of(f"{city[:-1]} 城市 提案", data)
    there = ReadParagraph("提案办理。", place=place_lines(city, "吉林省"))
    elsewhere = ReadParagraph("提案办理。", place=place_lines("某城市", "吉林省"))
    worth = [score(features, observe(features, paragraph), AVERAGE).place for paragraph in (there, elsewhere)]
    assert worth[0] > 0
    assert worth[1] == 0


def test_a_date_line_loses_a_share_of_its_score(data: VersionData) -> None:
    features = features_of("提案办理工作", data)
    line, paragraph = (
        score(features, observe(features, ReadParagraph("提案办理工作", is_frame=frame)), AVERAGE)
        for frame in (True, False)
    )
    assert line.score == pytest.approx(paragraph.score * (1 - TOPIC.frame))


def test_other_parameters_weigh_the_same_parts(data: VersionData) -> None:
    features = features_of("提案办理工作", data)
    assert features.weighed(TOPIC) == features
    heavier = features.weighed(replace(TOPIC, character=5.0, inner_character=5.0))
    assert [part.term for part in heavier.features] == [part.term for part in features.features]
    assert sum(part.weight for part in heavier.features) > sum(part.weight for part in features.features)


def test_what_is_above_is_read_with_the_paragraph_and_kept(data: VersionData) -> None:
    reader = ParagraphReader(data.view, LruCache(most=10))
    refs = [place.ref for place in data.view.find([Ask(All(), top=Top(500))])[0].top]
    stored = next(paragraph for paragraph in data.view.paragraphs(refs) if paragraph.heading)
    (paragraph,) = reader.read([stored.ref])
    assert paragraph.text == normalize_text(stored.text)
    assert all(normalize_text(heading) in paragraph.above for heading in stored.heading)
    assert reader.read([stored.ref])[0] is paragraph


# Candidates


def weighted(features: QueryFeatures, data: VersionData) -> list[tuple[str, str, float]]:
    """The seeds as terms to score by."""
    return [
        (field, term, share * FIELD_BOOSTS[field] * data.weights.weight_of(field, term))
        for term, share in features.seeds
        for field in (("text", "title", "heading") if len(term) > 1 else ("text",))
    ]


def by_all_postings(snapshot: Snapshot, terms: Sequence[WeighedTerm]) -> dict[Ref, float]:
    """The sums of the terms for every document, one posting list at a time."""
    scorer = Scorer(snapshot)
    sums: dict[Ref, float] = {}
    for field, term, factor in terms:
        for number, part in enumerate(snapshot.parts):
            postings = part.data.field(field)
            at = None if postings is None else postings.find(term.encode())
            if postings is None or at is None:
                continue
            docs = postings.docs(at)
            scores = scorer.score(field, postings, at, docs, part.data.lengths[field], factor)
            for doc, value in zip(docs.tolist(), scores.tolist(), strict=True):
                sums[number << 32 | doc] = sums.get(number << 32 | doc, 0.0) + value
    return sums


@pytest.mark.parametrize("budget", [10, 100_000])
def test_candidates_are_the_best_by_the_index_alone(
    budget: int, folder: Path, data: VersionData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "BRINGING", budget)
    terms = weighted(features_of("哪些委员提出了加强乡村振兴与社区养老服务的建议", data), data)
    snapshot = Snapshot(open_generation(folder, data.language.analyzer.fingerprint))
    sums = by_all_postings(snapshot, terms)
    frequencies = data.view.frequencies([(field, term) for field, term, _ in terms])
    brought = by_all_postings(snapshot, share_out(terms, frequencies)[0])
    for _ in range(2):
        found = data.view.candidates(terms, strict=All(), without=Nothing(), count=5)
        scores = sorted((sums[ref] for ref in found), reverse=True)
        if budget > 10:
            assert scores == pytest.approx(sorted(sums.values(), reverse=True)[:5])
        else:
            assert brought.keys() >= set(found)
            assert scores[0] == pytest.approx(max(sums[ref] for ref in brought))


def test_candidates_keep_to_conditions_and_leave_full_matches_out(data: VersionData) -> None:
    terms = weighted(features_of("提案办理工作", data), data)

    def reports(strict: Plan, without: Plan) -> list[Report]:
        refs = data.view.candidates(terms, strict=strict, without=without, count=5)
        return [paragraph.report for paragraph in data.view.paragraphs(refs)]

    first = reports(All(), Nothing())
    full = Filter("report", tuple({report.id for report in first}))
    others = reports(All(), full)
    assert others
    assert not {report.id for report in others} & {report.id for report in first}
    city = next(report.city for report in first if report.city)
    assert {report.city for report in reports(Filter("city", (city,)), Nothing())} == {city}
