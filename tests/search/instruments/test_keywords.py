"""Keywords against a scan of both sides, and against a list made by counting every string in a dictionary."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import exp, inf, log, log2
from pathlib import Path
from random import Random

import numpy as np
import pytest

from indexer import pipeline
from search import Query, Searcher, open_searcher
from search.errors import BudgetExceeded, QueryError
from search.instruments import choose_sides, find_keywords, keyword_candidates
from search.instruments.free_strings import LEAST_CHOICE, LEAST_CHOICE_LOOSE, count_choices
from search.instruments.keywords import MOST, NEARLY_ALWAYS, SIGNIFICANT, log_likelihood, log_ratio
from search.instruments.matched import place_of
from search.instruments.repeated_strings import (
    FUNCTION_WORDS,
    LONGEST,
    MOST_WORDS,
    SHORTEST,
    Finder,
    Least,
    Strings,
    iter_repeated,
)
from search.instruments.units import UNITS
from search.language.text import Analyzer, normalize_text
from search.limits import Budget
from search.model import COMMENTS, OTHER_TYPES, Report
from tests.search.language.test_word_batches import runs_of


@dataclass(frozen=True, slots=True)
class Said:
    """A paragraph of a side."""

    report: Report
    form: str
    chars: int


def read_side(searcher: Searcher, holds: Callable[[Report], bool]) -> list[Said]:
    return [
        Said(report, normalize_text(paragraph.text), len(paragraph.text))
        for report in searcher.reports(others=True)
        if holds(report)
        for paragraph in searcher.report(report.id).paragraphs
        if paragraph.part != COMMENTS
    ]


Sides = tuple[list[Said], list[Said]]
RECENT, OLDER = "plan_year:2023..", "plan_year:..2007"
GOVERNMENT, OTHERS = "type:政府工作报告", "-(type:政府工作报告)"


@pytest.fixture
def filters(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Two parts that differ: the sample is of one time, the real reports are of one type."""
    return (RECENT, OLDER) if "real" in request.node.callspec.id else (GOVERNMENT, OTHERS)


@pytest.fixture
def sides(searcher: Searcher, filters: tuple[str, str]) -> Sides:
    if filters == (GOVERNMENT, OTHERS):
        return (
            read_side(searcher, lambda report: report.type == "政府工作报告"),
            read_side(searcher, lambda report: report.type != "政府工作报告"),
        )
    return (
        read_side(searcher, lambda report: report.plan_year is not None and report.plan_year >= 2023),
        read_side(searcher, lambda report: report.plan_year is not None and report.plan_year <= 2007),
    )


def count_reports(found: Iterable[Report]) -> int:
    return len({report.id for report in found if report.type not in OTHER_TYPES})


def chars_of(side: Sequence[Said]) -> int:
    return sum(one.chars for one in side)


def test_every_figure_is_that_of_a_scan_and_of_a_quoted_search(
    searcher: Searcher, filters: tuple[str, str], sides: Sides
) -> None:
    found = find_keywords(searcher, *filters)
    assert found.keywords
    assert found.new
    sizes = [chars_of(side) for side in sides]
    assert [found.counted.of.characters, found.counted.against.characters] == sizes
    assert found.counted.of.paragraphs == len(sides[0])
    assert found.counted.against.reports == count_reports(one.report for one in sides[1])
    for row in (*found.keywords, *found.new, *found.gone):
        uses = [[(one.report, n) for one in side if (n := one.form.count(row.term))] for side in sides]
        counts = [sum(n for _, n in use) for use in uses]
        if not row.term.isascii():
            assert [row.of, row.against] == counts
            marked = uses[0] if row.log_likelihood >= 0 else uses[1]
            assert row.reports == count_reports(report for report, _ in marked)
            assert row.places == len({place_of(report) for report, _ in marked} - {None})
        for side, count in zip(filters, (row.of, row.against), strict=True):
            assert searcher.count(Query(f'"{row.term}" {side}')).occurrences == count
        total, chars = row.of + row.against, sum(sizes)
        cells = zip((row.of, row.against), sizes, strict=True)
        g2 = 2 * sum(said * log(said * chars / (size * total)) for said, size in cells if said)
        assert abs(row.log_likelihood) == pytest.approx(g2, abs=1e-5)
        if row.of and row.against:
            ratio = log2((row.of / sizes[0]) / (row.against / sizes[1]))
            assert row.log_ratio == pytest.approx(ratio, abs=1e-5)
        else:
            assert row.log_ratio is None


def test_lists_hold_what_they_are_named_for(searcher: Searcher, filters: tuple[str, str]) -> None:
    found = find_keywords(searcher, *filters)
    assert all(row.log_likelihood >= SIGNIFICANT for row in found.keywords)
    assert all(row.of and not row.against and row.reports > 1 for row in found.new)
    assert all(row.against and not row.of and row.reports > 1 for row in found.gone)
    likelihoods = [row.log_likelihood for row in found.keywords]
    assert likelihoods == sorted(likelihoods, reverse=True)
    assert max(map(len, (found.keywords, found.new, found.gone))) <= MOST
    for rows in (found.keywords, found.new, found.gone):
        for row in rows:
            said = max(row.of, row.against)
            longer = [other for other in rows if row.term in other.term and other is not row]
            assert all(max(other.of, other.against) < NEARLY_ALWAYS * said for other in longer)


def iter_strings(words: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """The strings of a run, each with the words before and behind it, "" for a border."""
    around = ["", *words, ""]
    for start in range(len(words)):
        for end in range(start + 1, min(start + MOST_WORDS, len(words)) + 1):
            string = tuple(words[start:end])
            if sum(map(len, string)) > LONGEST:
                break
            if string[0] not in FUNCTION_WORDS and string[-1] not in FUNCTION_WORDS:
                yield string, around[start], around[end + 1]


def choices(beside: Counter[str]) -> float:
    """As many equally frequent neighbours have the same entropy; each border is one of its own."""
    total = sum(beside.values())
    shares = [n / total for word, n in beside.items() if word] + [1 / total] * beside[""]
    return inf if len(shares) == total else exp(-sum(share * log(share) for share in shares))


def is_unit(string: tuple[str, ...], sides: Sequence[Counter[str]]) -> bool:
    """Neither always before or behind the same word, nor nearly so, nor what a number leaves."""
    borders = FUNCTION_WORDS | {""}
    least = LEAST_CHOICE if any(len(word) > 1 for word in string) else LEAST_CHOICE_LOOSE
    is_maximal = all(len(beside) > 1 or borders & beside.keys() for beside in sides)
    unit = re.sub("^[十百千万亿]+", "", "".join(string))
    is_measure = unit != "".join(string) and unit in UNITS
    return is_maximal and not is_measure and all(choices(beside) >= least - 1e-9 for beside in sides)


def count_strings(analyzer: Analyzer, sides: Sides) -> dict[str, tuple[Counter[str], Counter[str]]]:
    """Units with their occurrences by report, for each side."""
    before: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    behind: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    by_report: dict[tuple[str, ...], tuple[Counter[str], Counter[str]]] = {}
    for number, side in enumerate(sides):
        for one in side:
            for run in runs_of(analyzer, one.form):
                for string, left, right in iter_strings(run):
                    before[string][left] += 1
                    behind[string][right] += 1
                    by_report.setdefault(string, (Counter(), Counter()))[number][one.report.id] += 1
    return {
        "".join(string): uses
        for string, uses in by_report.items()
        if sum(sum(use.values()) for use in uses) > 1
        and len("".join(string)) >= SHORTEST
        and is_unit(string, (before[string], behind[string]))
    }


def test_no_keyword_is_missed(
    searcher: Searcher, filters: tuple[str, str], sides: Sides, analyzer: Analyzer
) -> None:
    strings = count_strings(analyzer, sides)
    sizes = [chars_of(side) for side in sides]
    found = find_keywords(searcher, *filters)
    keys = []
    for term, (of, against) in strings.items():
        said, others = sum(of.values()), sum(against.values())
        rest = said - max(of.values(), default=0)
        if min(log_likelihood(one, others, *sizes) for one in (said, rest)) >= SIGNIFICANT:
            keys.append((-log_likelihood(said, others, *sizes), term))
    listed = {row.term for row in found.keywords}
    least = min((row.log_likelihood for row in found.keywords), default=0.0)
    whole = [row.term for row in found.keywords]
    for likelihood, term in sorted(keys):
        if term not in listed and -likelihood > least + 1:
            exact = [sum(one.form.count(term) for one in side) for side in sides]
            inside = any(term in longer for longer in whole)
            assert inside or log_likelihood(exact[0], exact[1], *sizes) <= least + 1, term
    assert listed <= {term for _, term in keys}
    only = {
        term for term, (of, against) in strings.items() if len(of) > 1 and not against
    }  # at borders of words
    assert {row.term for row in found.new} <= only
    if len(only) <= MOST:
        missed = only - {row.term for row in found.new}
        for term in missed:
            assert any(term in row.term for row in found.new) or any(term in one.form for one in sides[1])


@pytest.mark.parametrize("looked_at", [1, 7, 40])
def test_what_is_not_followed_could_not_be_listed(
    searcher: Searcher, filters: tuple[str, str], looked_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists are the same whether every string is counted or only those that may be among the best."""
    monkeypatch.setattr(keyword_candidates, "LOOKED_AT", looked_at)
    of, against = filters
    followed = find_keywords(searcher, of, against), find_keywords(searcher, against, of)

    def count_all(finder: Finder, _: object, budget: Budget) -> Iterator[Strings]:
        return iter_repeated(finder, lambda: Least(1, 1, 1), budget)

    monkeypatch.setattr(keyword_candidates, "iter_repeated", count_all)
    assert followed[0].keywords
    assert followed == (find_keywords(searcher, of, against), find_keywords(searcher, against, of))


@pytest.mark.parametrize("words", [30, 30_000])
def test_choices_are_those_of_equally_frequent_words(words: int) -> None:
    chance = Random(words)
    beside = [0, 0, *(int(chance.paretovariate(0.7)) % 40 for _ in range(words))]
    named = Counter("" if word == 0 else str(word) for word in beside)
    counts = np.array([n for word, n in named.items() if word], dtype=np.int64)
    assert count_choices(counts, named[""]) == pytest.approx(choices(named))
    assert count_choices(np.ones(words, dtype=np.int64), 0) == inf


TEXTS = {
    "苏州": "一、工作回顾\n\n大力发展低空经济。建设低空经济示范区，支持低空经济企业。\n\n{extra}",
    "无锡": "一、工作回顾\n\n培育低空经济。推进低空经济试点，壮大低空经济。\n\n发展数字经济，保障民生。",
    "常州": "一、工作回顾\n\n布局低空经济，低空经济起步，低空经济提速。\n\n发展数字经济，保障民生。",
}
GLOSSARY = "名词解释\n\n" + "\n\n".join(
    f"{n}．碳汇交易：碳汇交易是指碳汇交易市场的碳汇交易。" for n in range(1, 9)
)
LONG = "持续改善民生，加强基础设施建设，做好安全生产工作，推进教育卫生事业。" * 20


def build_invented(folder: Path) -> Searcher:
    """Three places that say 低空经济 in 2024 and nothing of it before; one has a glossary full of another term."""
    for place, text in TEXTS.items():
        for year in (2023, 2024):
            body = text.format(extra=GLOSSARY) if year == 2024 else "一、工作回顾\n\n发展数字经济。"
            head = f"# {year}年{place}市人民政府工作报告\n\n{year}年1月10日在{place}市人民代表大会上\n\n"
            (folder / f"{place}{year}.txt").write_text(f"{head}{body}\n\n{LONG}\n", "utf-8")
    pipeline.index_sources([folder], folder / "index", jobs=1)
    return open_searcher(folder / "index")


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    searcher = build_invented(tmp_path_factory.mktemp("keywords"))
    yield searcher
    searcher.close()


def test_one_glossary_does_not_lead(invented: Searcher) -> None:
    assert invented.count(Query('"碳汇交易" year:2024')).occurrences > 20
    found = find_keywords(invented, "year:2024", "year:2023")
    assert found.keywords[0].term == "低空经济"
    terms = {row.term for rows in (found.keywords, found.new, found.gone) for row in rows}
    assert not any("碳汇" in term for term in terms)
    alone = find_keywords(invented, "year:2024 city:苏州市", "year:2023")
    assert "碳汇交易" in {row.term for row in alone.keywords}, "the only report of a side may lead"


def test_new_words_of_a_year_stand_in_as_many_places(invented: Searcher) -> None:
    filters = Query(axis="delivered")
    for least, is_there in ((3, True), (4, False)):
        sides = choose_sides("", "", emerging=2024, filters=filters)
        found = find_keywords(invented, *sides, filters, least_places=least)
        assert ("低空经济" in {row.term for row in found.new}) == is_there
        assert all(row.places >= least for row in (*found.new, *found.keywords))


def test_filters_hold_on_both_sides(invented: Searcher) -> None:
    found = find_keywords(invented, "year:2024", "year:2023", Query(city=("无锡市",)))
    assert found.counted.of.reports == found.counted.against.reports == 1
    row = next(row for row in found.new if row.term == "低空经济")
    assert (row.of, row.against, row.reports, row.places) == (3, 0, 1, 1)


def test_against_nothing_is_against_all_the_rest(invented: Searcher) -> None:
    found = find_keywords(invented, *choose_sides("city:苏州市", ""))
    assert found.counted.of.reports == 2
    assert found.counted.against.reports == 4


@pytest.mark.parametrize(
    ("of", "against", "emerging"), [("", "", None), ("", "year:2020", None), ("", "year:2020", 2024)]
)
def test_a_side_must_be_chosen(of: str, against: str, emerging: int | None) -> None:
    with pytest.raises(QueryError):
        choose_sides(of, against, emerging=emerging)


@pytest.mark.parametrize(
    ("of", "against", "field"), [("低空经济", "year:2023", "of"), ("year:2024", "民生", "against")]
)
def test_a_side_of_words_is_refused(invented: Searcher, of: str, against: str, field: str) -> None:
    with pytest.raises(QueryError) as refused:
        find_keywords(invented, of, against)
    assert refused.value.field == field


def test_an_empty_side_has_no_keywords_and_invents_none(invented: Searcher) -> None:
    for sides in (("year:1999", "year:2023"), ("year:2024", "year:1999")):
        assert find_keywords(invented, *sides).keywords == []


def test_what_is_gone_beside_an_empty_side_is_counted_where_it_stands(invented: Searcher) -> None:
    gone = find_keywords(invented, "year:1999", "year:2023..2024").gone
    row = next(row for row in gone if row.term == "低空经济")
    assert (row.of, row.against, row.reports, row.places) == (0, 9, 3, 3)


def test_memory_is_charged_and_time_is_looked_at(invented: Searcher) -> None:
    for budget in (Budget(size_bytes=1_000), Budget(seconds=0)):
        with pytest.raises(BudgetExceeded):
            find_keywords(invented, "year:2024", "year:2023", budget=budget)


def test_measures_are_those_of_the_sources() -> None:
    assert log_likelihood(10, 10, 1_000, 1_000) == 0
    assert log_likelihood(0, 10, 1_000, 1_000) == pytest.approx(-2 * 10 * log(2))
    assert log_likelihood(20, 5, 1_000, 1_000) == pytest.approx(2 * (20 * log(20 / 12.5) + 5 * log(5 / 12.5)))
    assert log_ratio(40, 10, 1_000, 1_000) == 2
    assert log_ratio(40, 10, 2_000, 1_000) == 1
    assert log_ratio(0, 10, 1_000, 1_000) is None
