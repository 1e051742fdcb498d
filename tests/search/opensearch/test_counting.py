"""When the frequency of phrases is the number of occurrences."""

from __future__ import annotations

import random

from search.language.plan import Phrase, SameSentence, Starting, String, Term, Within, Word
from search.language.plan.needles import occurrence_spans
from search.language.text.phrases import marked_form
from search.opensearch.counting import can_overlap, frequencies
from search.opensearch.dsl import is_verified, sure
from tests.cases import cases
from tests.loaded import loaded_analyzer


def test_strings_that_can_t_overlap_are_counted_one_by_one() -> None:
    """Whatever the text: the occurrences of all together are those of each, all places counted."""
    chance = random.Random(11)
    agreed = overlapped = 0
    for _ in range(cases(600)):
        strings = list(
            dict.fromkeys(
                "".join(chance.choices("甲乙丙", k=chance.randint(1, 3))) for _ in range(chance.randint(1, 3))
            )
        )
        text = "".join(chance.choices("甲乙丙丁", k=14))
        every = sum(text.startswith(string, at) for string in strings for at in range(len(text)))
        needles = [Term("text", string) for string in strings]
        found = len(occurrence_spans(marked_form(text), needles))
        if can_overlap(strings):
            overlapped += every != found
        else:
            agreed += 1
            assert every == found, (text, strings)
    assert agreed > 20
    assert overlapped > 10


def test_what_is_no_string_is_counted_in_the_texts() -> None:
    analyzer = loaded_analyzer()
    one, other = (String(analyzer.query_tokens(text)) for text in ("优化营商", "提案工作"))
    assert frequencies([one, other]) is not None
    assert frequencies([Starting("text", "gd")]) is None
    assert frequencies([one, Within((one, other), 3)]) is None
    assert frequencies([one, Term("text", "营商")]) is None


def test_a_string_that_is_looked_for_twice_is_counted_once() -> None:
    """发展 经济: tier 2 has each word as a phrase and as a term; a query of both would count every place twice."""
    tokens = loaded_analyzer().query_tokens("发展")
    once = frequencies([Phrase(tokens)])
    assert once is not None
    assert frequencies([Phrase(tokens), Term("text", tokens[0].term)]) == once
    assert frequencies([Phrase(tokens), Term("text", "".join(["发", "展"]))]) == once
    assert can_overlap(["发展", "发展改革"])


def test_a_sentence_of_many_words_that_may_stand_above_takes_few_clauses() -> None:
    """A cluster takes 1,024 by default, and a page asks for a sentence up to three times in one search."""
    analyzer = loaded_analyzer()
    for count in range(1, 12):
        words = tuple(
            Word((analyzer.query_tokens(text),), (Term("heading", text), Term("title", text)))
            for text in (
                "优化",
                "营商环境",
                "提案",
                "工作",
                "发展",
                "经济",
                "改革",
                "规划",
                "政策",
                "乡村",
                "振兴",
            )[:count]
        )
        plan = SameSentence(words)
        if not is_verified(plan):
            assert str(sure(plan)).count("'query'") + str(sure(plan)).count("'value'") < 100, count
    assert is_verified(SameSentence(words))


def test_only_what_a_cluster_can_t_tell_is_looked_at() -> None:
    analyzer = loaded_analyzer()
    assert is_verified(Phrase(analyzer.query_tokens("优化营商环境")))
    assert not is_verified(Phrase(analyzer.query_tokens("人")))
    assert not is_verified(String(analyzer.query_tokens("优化营商环境")))
    assert is_verified(Starting("text", "km", analyzer.query_tokens("300")))
    assert not is_verified(Starting("text", "km"))
