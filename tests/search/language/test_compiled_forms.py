"""Compiled normalisation and marking against the plain forms, over texts with every kind of character."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

import pytest

from search.answer.highlight import Highlighter
from search.language.plan import Phrase, String, Term
from search.language.plan.needles import Needle, make_marker
from search.language.text import Analyzer, normalize, normalize_text
from search.language.text.normalize import (
    BLANKS,
    DROPPED,
    MARKS,
    _folding,
    _listed,
    _normalize,
    compiled_folding,
)
from search.language.text.phrases import phrase_tokens
from tests.cases import cases

pytestmark = pytest.mark.usefixtures("built_kernels")

_QUOTES = '"“”‘’「」『』〝〞《》〈〉«»'
_SEPARATING = "、，：·（）-。；！？"
_ODD = "ｐ２５⋯½㎡ﬁ⼯屆營İß\ud800\U00020000\U0001f600々〇○" + "".join(MARKS)
_KINDS: Sequence[str] = (
    "双减政策夜经济一二",
    "双减",
    _QUOTES,
    _SEPARATING,
    "  \u3000\xa0",
    "a5.gé",
    _listed(BLANKS),
    _listed(DROPPED)[:60],
    _ODD,
)


def _text(chosen: random.Random, *, odd: bool) -> str:
    kinds = chosen.choices(
        _KINDS if odd else _KINDS[:6], [9, 6, 3, 2, 2, 1, 1, 1, 1][: 9 if odd else 6], k=40
    )
    return "".join(map(chosen.choice, kinds))[: chosen.randrange(41)]


def test_normal_forms_equal_the_plain_ones() -> None:
    chosen = random.Random(1)
    compiled = 0
    for _ in range(cases(30_000)):
        text = _text(chosen, odd=chosen.random() < 0.5)
        plain = _normalize(text)
        assert (normalize(text), normalize_text(text)) == (plain, plain.text), repr(text)
        compiled += compiled_folding().normalize(text) is not None
    assert compiled > 1_000


def test_every_character_alone_and_between_others_becomes_the_same() -> None:
    beyond = [ord(char) for char in _folding().changed if char > "\uffff"]
    assert beyond
    for code in (*range(0x10000), *beyond):
        text = f"经 {chr(code)} 济{chr(code)}"
        plain = _normalize(text)
        assert (normalize(text), normalize_text(text)) == (plain, plain.text), hex(code)


def _needle(chosen: random.Random, analyzer: Analyzer) -> Needle | None:
    said = "".join(chosen.choices("双减政策夜经济一二“”、", k=chosen.randrange(1, 9)))
    tokens = analyzer.query_tokens(said)
    kind = chosen.randrange(3)
    if kind == 0:
        return Term("text", tokens[0].term)
    if kind == 1:
        return String(tokens)
    found = phrase_tokens(said, analyzer)
    return None if found is None else Phrase(found[0], is_long=found[1] or chosen.random() < 0.3)


def test_marks_equal_the_plain_ones(analyzer: Analyzer) -> None:
    chosen = random.Random(2)
    compiled = marked = gaps = 0
    for _ in range(cases(40_000)):
        needles = [needle for _ in range(chosen.randrange(1, 4)) if (needle := _needle(chosen, analyzer))]
        text = _text(chosen, odd=chosen.random() < 0.1)
        highlighter = Highlighter(needles)
        plain = highlighter.find_plainly(text)
        assert highlighter.find(text) == plain, (needles, text)
        marker = make_marker(needles)
        compiled += marker is not None and marker.mark(text) is not None
        marked += bool(plain.spans)
        gaps += any(re.search(f"[{_QUOTES}]", text[slice(*span)]) is not None for span in plain.spans)
    assert min(compiled, marked) > 2_000
    assert gaps > 100


def test_needles_with_words_or_numbers_are_left_to_the_plain_form(analyzer: Analyzer) -> None:
    for said in ("5g", "增长5", "pm2.5", "\U00020000"):
        assert make_marker([String(analyzer.query_tokens(said))]) is None
    assert Highlighter([Term("text", "5")]).find("15和5").spans == ((3, 4),)


def test_a_text_beyond_the_first_plane_is_left_to_the_plain_form() -> None:
    highlighter = Highlighter([Term("text", "双")])
    assert make_marker([Term("text", "双")]).mark("\U00020000双减") is None
    assert highlighter.find("\U00020000双减") == (((1, 2),), 1)
