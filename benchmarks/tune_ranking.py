"""How the weights of reranking were chosen: each is tried at several values, on half of the development queries.

python benchmarks/tune_ranking.py <folder of sets>; see benchmarks/README.md.

queries -> full matches and candidates, each observed once -> a coordinate search on every second query -> the others

A value is taken where it is better on both quarters that the choosing half makes, and by enough; so chance has less to
say. Nothing here knows a set: questions choose `QUESTION`, everything else `TOPIC`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

if __package__ in (None, ""):
    sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

import click

from benchmarks.relevance import scratch
from benchmarks.relevance_sets import RelevanceSet, SetMissing, find_sets, read_set
from benchmarks.relevance_systems import Ours
from search import Query, Searcher
from search.answer.question import Question, put_question
from search.answer.rerank.feature_scoring import Observation, observe, score
from search.answer.rerank.paragraph_reader import KEPT, ParagraphReader, ReadParagraph
from search.answer.rerank.partial_matches import FEW, FEW_FOR_SENTENCE, LEAST_SHARE, LIMIT, best_partial
from search.answer.rerank.query_features import (
    QUESTION,
    TOPIC,
    Parameters,
    QueryFeatures,
    extract_features,
    split_tree,
)
from search.answer.rerank.rerank import RERANKED, Reranker
from search.answer.version_data import Language, version_data
from search.collection import Ref, Top
from search.errors import QueryError
from search.language.synonyms import load_synonyms
from search.language.text import load_analyzer
from search.lru import LruCache

GRID: dict[str, tuple[float, ...]] = {
    "k1": (0.5, 0.8, 1.2, 1.6, 2.0),
    "b": (0.45, 0.6, 0.75, 0.9),
    "number": (1.0, 1.5, 2.0, 3.0),
    "name": (0.5, 1.0, 1.5, 2.0),
    "pair": (0.25, 0.5, 0.75, 1.0, 1.5),
    "inner_pair": (0.0, 0.25, 0.5, 1.0),
    "function_pair": (0.0, 0.25, 0.5),
    "character": (0.6, 0.9, 1.1, 1.4),
    "inner_character": (0.3, 0.6, 0.9, 1.1, 1.4),
    "power": (0.8, 1.0, 1.2, 1.4),
    "sentence": (0.25, 0.5, 0.7, 1.0, 1.5),
    "sentence_character": (0.0, 0.5, 1.0),
    "opening": (0.0, 0.1, 0.2, 0.5, 0.7, 1.0),
    "opening_chars": (100, 150, 200, 300),
    "run": (0.5, 1.0, 1.5, 2.0, 3.0, 4.0),
    "run_power": (1.25, 1.5, 1.75),
}
"""The values that are tried. No set can tell above, place and frame: for those there are the handmade queries."""
LEAST_GAIN = 0.0005
"""A value has to be better by so much on each quarter."""
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Seen:
    """A paragraph as it was observed for a query: whose it is, and whether it is an answer."""

    report: str
    is_answer: bool
    observation: Observation


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with what was observed for it: its first full matches, by BM25, and candidates for tier 2."""

    features: QueryFeatures
    is_reordered: bool
    full: tuple[Seen, ...]
    partial: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class ObservedSet:
    """All queries of a set, and the mean length of its paragraphs."""

    name: str
    asked: tuple[Asked, ...]
    average: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The two sets of weights."""

    topic: Parameters
    question: Parameters

    def of(self, asked: Asked) -> Parameters:
        return self.question if asked.features.parameters == QUESTION else self.topic


def observe_set(found: RelevanceSet, folder: Path) -> ObservedSet:
    """Ask all of a set's queries of our index in `folder`, made where it isn't there."""
    searcher = Ours(found.passages, folder).searcher
    observer = _Observer(searcher)
    asked = tuple(observer.ask(text, set(found.judgements[query])) for query, text in found.queries.items())
    average = searcher.collection.at().statistics.average_lengths["text"]
    searcher.close()
    return ObservedSet(found.name, asked, average)


class _NotingReader(ParagraphReader):
    """Notes what it has read."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.view, LruCache(most=KEPT))
        self.paragraphs: dict[Ref, ReadParagraph] = {}

    def read(self, refs: Sequence[Ref]) -> list[ReadParagraph]:
        read = super().read(refs)
        self.paragraphs.update(zip(refs, read, strict=True))
        return read


class _Observer:
    def __init__(self, searcher: Searcher) -> None:
        self._searcher, self._reranker = searcher, Reranker()
        self._view = searcher.collection.at()
        self._data = version_data(self._view, Language(load_analyzer(), load_synonyms()))

    def ask(self, text: str, answers: set[str]) -> Asked:
        """What is observed for a query; nothing where it can't be read."""
        query = Query(text)
        try:
            interpretation = self._searcher.interpret(query)
        except QueryError:
            return Asked(extract_features([], [], self._data), False, (), ())
        question = put_question(query, self._view, self._data, interpretation)
        chunks, quoted, rest = split_tree(question.tree)
        features = extract_features(chunks, quoted, self._data, self._data.language.synonyms)
        found = self._view.find([question.ask(top=Top(FEW_FOR_SENTENCE))])[0]
        full = _NotingReader(question)
        full.read([place.ref for place in found.top])
        behind = _NotingReader(question)
        few = FEW_FOR_SENTENCE if features.is_sentence else FEW
        if chunks and found.total < few and features.is_divisible:
            # It keeps the best by the weights of the program; what it read is what other weights choose from.
            best_partial(question, behind, features, question.plan_of(rest), full=question.in_full)
        by_order = sorted(behind.paragraphs.items(), key=lambda item: (item[1].order, item[0]))
        return Asked(
            features,
            self._reranker.reorders(question),
            tuple(self._see(features, full.paragraphs, answers)),
            tuple(self._see(features, dict(by_order), answers)),
        )

    def _see(
        self, features: QueryFeatures, paragraphs: dict[Ref, ReadParagraph], answers: set[str]
    ) -> Iterator[Seen]:
        stored = self._view.paragraphs(list(paragraphs))
        for of, paragraph in zip(stored, paragraphs.values(), strict=True):
            yield Seen(of.report.id, of.report.id in answers, observe(features, paragraph))


def reciprocal_rank(asked: Asked, parameters: Parameters, average: float) -> float:
    """1 / the rank of the first answer among the first ten reports, 0 where it isn't there."""
    features = asked.features.weighed(parameters)
    full: Sequence[Seen] = asked.full
    if asked.is_reordered:
        head = sorted(full[:RERANKED], key=lambda seen: -score(features, seen.observation, average).score)
        full = [*head, *full[RERANKED:]]
    least = LEAST_SHARE * sum(feature.weight for feature in features.features)
    scored = [(score(features, seen.observation, average), seen) for seen in asked.partial]
    kept = [(of, seen) for of, seen in scored if of.there >= least]
    partial = [seen for _, seen in sorted(kept, key=lambda row: -row[0].score)[:LIMIT]]
    ranked = list(dict.fromkeys((seen.report, seen.is_answer) for seen in [*full, *partial]))
    for rank, (_, is_answer) in enumerate(ranked[:DEPTH], start=1):
        if is_answer:
            return 1 / rank
    return 0.0


def mean_rank(found: ObservedSet, choice: Choice, places: Sequence[int]) -> float:
    """MRR@10 over the queries at these places."""
    ranks = [reciprocal_rank(found.asked[at], choice.of(found.asked[at]), found.average) for at in places]
    return sum(ranks) / len(ranks) if ranks else 0.0


def share_out(count: int) -> tuple[list[range], range]:
    """The two quarters that choose, and the half that is held out."""
    return [range(0, count, 4), range(2, count, 4)], range(1, count, 2)


def search_values(sets: Sequence[ObservedSet], start: Choice, which: str, rounds: int) -> Choice:
    """The weights `which` (topic or question) after a coordinate search on the quarters that choose."""

    def measure(choice: Choice) -> list[float]:
        """The sum over the sets on each of the two quarters."""
        return [
            sum(mean_rank(found, choice, share_out(len(found.asked))[0][quarter]) for found in sets)
            for quarter in (0, 1)
        ]

    best, reached = start, measure(start)
    for _ in range(rounds):
        before = best
        for name, values in GRID.items():
            for value in values:
                changed = _with(best, which, name, value)
                if changed == best:
                    continue
                now = measure(changed)
                if all(new >= old + LEAST_GAIN for new, old in zip(now, reached, strict=True)):
                    best, reached = changed, now
        if best == before:
            break
    return best


def _with(choice: Choice, which: str, name: str, value: float) -> Choice:
    parameters = replace(getattr(choice, which), **{name: value})
    return replace(choice, **{which: parameters})


def describe(sets: Sequence[ObservedSet], choice: Choice) -> str:
    """MRR@10 of each set: on the half that chooses, on the half that is held out, on all."""
    lines = ["| Set | choosing half | held-out half | all |", "| --- | ---: | ---: | ---: |"]
    for found in sets:
        quarters, held_out = share_out(len(found.asked))
        groups = ([at for quarter in quarters for at in quarter], held_out, range(len(found.asked)))
        figures = " | ".join(f"{mean_rank(found, choice, places):.4f}" for places in groups)
        lines.append(f"| {found.name} | {figures} |")
    return "\n".join(lines)


def describe_values(sets: Sequence[ObservedSet], choice: Choice, which: str) -> str:
    """Each parameter's values: MRR@10 on the choosing half / the held-out half of each set that has such queries."""
    bearing = [
        found
        for found in sets
        if 10 * sum(choice.of(asked) is getattr(choice, which) for asked in found.asked) > len(found.asked)
    ]
    lines = [
        f"| `{which.upper()}` | value | {' | '.join(found.name for found in bearing)} |",
        f"| --- | ---: |{' ---: |' * len(bearing)}",
    ]
    for name, values in GRID.items():
        chosen = getattr(getattr(choice, which), name)
        for value in sorted({*values, chosen}):
            cells = []
            for found in bearing:
                quarters, held_out = share_out(len(found.asked))
                tried = _with(choice, which, name, value)
                choosing = mean_rank(found, tried, [at for quarter in quarters for at in quarter])
                cells.append(f"{choosing:.4f} / {mean_rank(found, tried, held_out):.4f}")
            mark = f"**{value:g}**" if value == chosen else f"{value:g}"
            lines.append(f"| {name} | {mark} | {' | '.join(cells)} |")
    return "\n".join(lines)


def describe_choice(which: str, parameters: Parameters, usual: Parameters) -> str:
    """What is not as in the program."""
    changed = [
        f"{field.name}={getattr(parameters, field.name):g} (not {getattr(usual, field.name):g})"
        for field in fields(Parameters)
        if getattr(parameters, field.name) != getattr(usual, field.name)
    ]
    return f"{which}: {', '.join(changed) or 'as in search/answer/rerank/query_features.py'}"


@click.command()
@click.argument("sets", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--rounds", default=2, show_default=True, help="How often every parameter is tried.")
@click.option("--values", is_flag=True, help="Also print every value tried around the chosen ones.")
@click.option("--work", type=click.Path(file_okay=False, path_type=Path), help="Keep our indexes here.")
def main(sets: Path, rounds: int, values: bool, work: Path | None) -> None:
    """Choose the weights of reranking on the sets in the folder SETS, from those in the program."""
    observed = []
    try:
        for folder in find_sets(sets):
            found = read_set(folder)
            with scratch(work, found.name) as place:
                observed.append(observe_set(found, place))
            click.echo(f"{found.name}: observed", err=True)
    except SetMissing as error:
        raise click.ClickException(str(error)) from error
    choice = Choice(TOPIC, QUESTION)
    click.echo(f"As in the program:\n\n{describe(observed, choice)}\n")
    for which, usual in (("topic", TOPIC), ("question", QUESTION)):
        choice = search_values(observed, choice, which, rounds)
        click.echo(describe_choice(which, getattr(choice, which), usual))
    click.echo(f"\nAs chosen:\n\n{describe(observed, choice)}\n")
    if values:
        for which in ("topic", "question"):
            click.echo(f"{describe_values(observed, choice, which)}\n")


if __name__ == "__main__":
    main()
