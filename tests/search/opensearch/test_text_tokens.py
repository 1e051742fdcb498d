"""Terms added up by arrays are those of the analyzer, one by one."""

from __future__ import annotations

from collections import defaultdict

from search.language.text.phrases import is_ideograph
from search.opensearch.text_tokens import TokenReader
from tests.contract.drafts import nasty_drafts, sample_drafts
from tests.contract.marked_texts import texts_of
from tests.loaded import loaded_analyzer


def test_texts_together_have_the_terms_of_each() -> None:
    analyzer = loaded_analyzer()
    drafts = [*sample_drafts()[:4], *nasty_drafts()]
    texts = [of.text for draft in drafts for report in draft.reports for of in report.paragraphs]
    texts += texts_of(3)[:80]
    found = list(TokenReader(analyzer).of(texts))
    assert len(found) == len(texts)
    for text, tokens in zip(texts, found, strict=True):
        sums: dict[str, float] = defaultdict(float)
        cut, singles = set(), {}
        for term, at, length, aligned in analyzer.index_terms(text):
            sums[term] += 1.0 if aligned else 0.25
            if aligned and length > 1 and not term.isascii():
                cut.add(term)
            elif aligned and is_ideograph(term):
                singles[at] = term
        assert tokens.sums == sums, text
        assert set(tokens.words) == {term for term in sums if len(term) > 1 and not term.isascii()}, text
        assert (set(tokens.cut), tokens.singles) == (cut, singles), text


def test_no_text_has_no_terms() -> None:
    assert list(TokenReader(loaded_analyzer()).of([])) == []
