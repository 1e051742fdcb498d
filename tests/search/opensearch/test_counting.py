"""When the frequency of phrases is the number of occurrences."""

from __future__ import annotations

import random

from search.language.plan import Phrase, SameSentence, Starting, String, Term, Within, Word
from search.language.plan.needles import occurrence_spans
from search.language.text.phrases import marked_form
from search.opensearch.counting import frequencies, worths
from search.opensearch.dsl import is_verified, sure
from tests.cases import cases
from tests.loaded import loaded_analyzer


def test_occurrences_are_the_places_of_each_string_by_what_they_are_worth() -> None:
    """Whatever the text; where places can overlap in part, that depends on it, and often it is another number."""
    chance = random.Random(11)
    agreed = nested = overlapped = 0
    for _ in range(cases(3_000)):
        strings = list(
            dict.fromkeys(
                "".join(chance.choices("甲乙丙丁戊", k=chance.randint(1, 4)))
                for _ in range(chance.randint(1, 4))
            )
        )
        pieces = [*strings, *"甲乙丙丁戊己"]
        text = "".join(chance.choices(pieces, k=9))
        places = {string: sum(text.startswith(string, at) for at in range(len(text))) for string in strings}
        needles = [Term("text", string) for string in strings]
        found = len(occurrence_spans(marked_form(text), needles))
        worth = worths(strings)
        if worth is None:
            overlapped += found != sum(places.values())
        else:
            agreed += 1
            nested += found != sum(places.values())
            assert found == sum(worth[string] * count for string, count in places.items()), (text, strings)
    assert agreed > 100
    assert nested > 20
    assert overlapped > 20


def test_a_string_with_an_ascii_word_in_it_takes_nothing_off_others() -> None:
    """A word is never cut, so that 5 does not stand in 5g."""
    assert worths(["5g", "5"]) is None
    assert worths(["5g", "经济"]) == {"5g": 1, "经济": 1}


def test_what_is_no_string_is_counted_in_the_texts() -> None:
    analyzer = loaded_analyzer()
    one, other = (String(analyzer.query_tokens(text)) for text in ("优化营商", "提案工作"))
    assert frequencies([one, other]) is not None
    assert frequencies([Starting("text", "gd")]) is None
    assert frequencies([one, Within((one, other), 3)]) is None
    assert frequencies([one, Term("text", "商优")]) is None
    assert frequencies([one, Term("text", "营商")]) is not None


def test_a_string_that_is_looked_for_twice_is_counted_once() -> None:
    """发展 经济: tier 2 has each word as a phrase and as a term; a query of both would count every place twice."""
    tokens = loaded_analyzer().query_tokens("发展")
    once = frequencies([Phrase(tokens)])
    assert once is not None
    assert frequencies([Phrase(tokens), Term("text", tokens[0].term)]) == once
    assert frequencies([Phrase(tokens), Term("text", "".join(["发", "展"]))]) == once


def test_a_string_that_holds_others_is_taken_off_once_for_each() -> None:
    needles = [Term("text", text) for text in ("作", "回顾", "作回顾")]
    scored = frequencies(needles)
    assert scored is not None
    assert [sign for sign, _ in scored] == [1, -1]


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
