"""Queries made to cost: what a string repeats is looked up once, and a prefix costs its postings, not its words times
the paragraphs. Work is counted, not timed, so that the tests hold on any machine.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from search import open_searcher
from search.addresses import begin_writing
from search.collection import DraftParagraph, DraftReport, DraftSource, SourceRecord
from search.embedded import kernel
from search.embedded.string_matching import StringMatcher
from search.embedded.term_lookup import TermLookup
from search.embedded.words import CompiledWords
from search.language.text import Analyzer
from search.model import Query
from tests.search.counted import Counted, build_counted


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Counted:
    return build_counted(tmp_path_factory.mktemp("costly"))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often postings are looked up."""
    made: Counter[str] = Counter()

    def count(of: type[Any], name: str) -> None:
        original = getattr(of, name)

        def counting(*args: Any, **kwargs: Any) -> Any:
            made[name] += 1
            return original(*args, **kwargs)

        monkeypatch.setattr(of, name, counting)

    count(TermLookup, "lookup")
    count(TermLookup, "string_places")
    count(TermLookup, "occurrences_in")
    count(CompiledWords, "probe")
    count(StringMatcher, "probe")
    return made


@pytest.mark.parametrize("text", ['"' + "，" * 1_990 + '"', "的" * 1_990, 'heading:"' + "的" * 1_900 + '"'])
def test_a_character_repeated_is_looked_up_once(
    counted: Counted, calls: Counter[str], text: str, built_kernels: None
) -> None:
    counted.searcher.search(Query(text))
    assert sum(calls.values()) < 100


def test_a_string_that_repeats_itself_is_found(counted: Counted) -> None:
    assert counted.searcher.search(Query('"哈哈"')).total > 0
    assert counted.searcher.search(Query('"' + "哈" * 500 + '"')).total == 0


def test_a_prefix_costs_one_pass_whatever_the_words_that_have_it(
    counted: Counted, calls: Counter[str], built_kernels: None
) -> None:
    counted.searcher.count(Query(" OR ".join(f"{sign}*" for sign in "abcdefghijklmnopqrstuvwxyz0123456789")))
    assert calls["occurrences_in"] == 0
    assert sum(calls.values()) < 500


@pytest.mark.parametrize("text", ["GD*", "PM*", "1*", "2* OR 20*", "发*", "1* -发展"])
def test_occurrences_of_prefixes_are_those_without_kernels(
    counted: Counted, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    compiled = counted.searcher.count(Query(text))
    plain = open_searcher(Path(counted.searcher.collection.address))
    monkeypatch.setattr(kernel, "postings", None)
    assert plain.count(Query(text)) == compiled
    plain.close()


@pytest.mark.thorough
def test_a_repeated_character_that_marks_cut_is_spelt_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, analyzer: Analyzer
) -> None:
    """Of 1,900 gaps that the same paragraphs bridge, none is followed alone."""
    made: Counter[str] = Counter()
    find = TermLookup.find

    def counting(self: TermLookup, field: str, term: str) -> Any:
        made[term] += 1
        return find(self, field, term)

    texts = ["长“长”长，长、长长期坚持。", "短“长”短长，短、江“长”江长，长。", "江“长”江长、江长，长。"] * 3
    body = [DraftParagraph("paragraph", 0, text, digest=n) for n, text in enumerate(texts)]
    report = DraftReport({"id": "a", "source": "a.txt", "ordinal": 1}, body)
    with begin_writing(str(tmp_path), analyzer) as writer:
        writer.add(
            writer.preparer(DraftSource(SourceRecord("a.txt", "a.txt", "a", "", len(texts)), [report]))
        )
        writer.commit()
    searcher = open_searcher(tmp_path, analyzer=analyzer)
    assert searcher.search(Query("长长")).total > 0
    monkeypatch.setattr(TermLookup, "find", counting)
    for text in ("长" * 1_900, "长江" * 900, "长短" * 900):
        searcher.search(Query(text))
    searcher.close()
    assert sum(made.values()) < 100_000
