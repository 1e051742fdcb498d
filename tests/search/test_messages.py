"""Messages are data: whole catalogues, both languages, and nothing lost between Message, JSON, pickle and words."""

from __future__ import annotations

import json
import pickle
import re
import string
from collections.abc import Iterable

import pytest
from babel.messages import Catalog
from hypothesis import given
from hypothesis import strategies as st

from search.messages import DECLARED, Arg, Message, declare, from_json, make_catalogue, placeholders
from search.messages.words import (
    LANGUAGES,
    catalogue,
    load_areas,
    pattern,
    render,
    render_pieces,
)

HAN = re.compile(r"[\u4e00-\u9fff]")
ADDRESSED = "未知"
"""What an address spells so in any language."""

load_areas()

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.integers(-(10**9), 10**9)
scalars = st.one_of(texts, numbers, st.none())
values: st.SearchStrategy[Arg] = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.builds(lambda arg: Message("some_other", (("part", arg),)), inner),
    ),
    max_leaves=6,
)


def samples(code: str) -> Message:
    """A message of a kind with arguments that fit its sentence: numbers where it formats numbers, else text."""
    kind = DECLARED[code]
    args: dict[str, Arg] = {}
    for sentence in filter(None, (kind.english, kind.several)):
        for _, name, spec, _ in string.Formatter().parse(sentence):
            if name:
                is_number = name == "n" or bool(re.search(r"[%,df0-9]$", spec or ""))
                args[name] = 7 if is_number and not re.search(r"^\W* \W*$|^, $", spec or "") else "文字"
    return kind(**args)


def sentences(said: str | Iterable[str] | None) -> tuple[str, ...]:
    """One sentence, or one for each number."""
    return (said,) if isinstance(said, str) else tuple(said or ())


@pytest.fixture(scope="module")
def gathered() -> Catalog:
    return make_catalogue.gather()


def test_the_catalogue_on_disk_is_the_code_s(gathered: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_catalogue, "gather", lambda: gathered)
    assert make_catalogue.to_po(make_catalogue.updated()) == make_catalogue.PO.read_bytes(), (
        "run: make messages"
    )


def test_the_compiled_catalogue_is_the_written_one() -> None:
    compiled = make_catalogue.to_mo(make_catalogue.read_catalogue())
    assert compiled == make_catalogue.MO.read_bytes(), "run: make messages"


def test_every_sentence_has_its_chinese() -> None:
    assert [message.id for message in make_catalogue.iter_lacking(make_catalogue.read_catalogue())] == []


def test_every_sentence_of_the_code_is_english(gathered: Catalog) -> None:
    for message in gathered:
        for sentence in sentences(message.id):
            assert not HAN.search(sentence.replace(ADDRESSED, "")), sentence


def test_both_languages_have_the_same_placeholders() -> None:
    for message in make_catalogue.read_catalogue():
        if not message.id:
            continue
        assert {name for one in sentences(message.string) for name in placeholders(one)} == {
            name for one in sentences(message.id) for name in placeholders(one)
        }, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_words_without_a_missing_argument(language: str) -> None:
    assert len(DECLARED) > 300
    for code in DECLARED:
        said = render(samples(code), language)
        assert said
        assert not re.search(r"\{\w*\}", said.replace("the {} of", "").replace("说法的 {} 要", "")), said
        assert "None" not in said


def test_english_has_no_chinese_but_what_is_quoted() -> None:
    for code in DECLARED:
        for piece in render_pieces(samples(code), "en"):
            assert piece.is_source or not HAN.search(piece.text), code


def test_every_declared_code_has_its_own_chinese() -> None:
    words = catalogue("zh")
    for kind in DECLARED.values():
        found = (
            words.npgettext(kind.code, kind.english, kind.several, 2)
            if kind.several
            else words.pgettext(kind.code, kind.english)
        )
        assert found == pattern(kind.code, "zh")
        assert HAN.search(found) or not re.search(r"[a-z]{4}", re.sub(r"\{.*?\}", "", kind.english)), kind


@given(st.dictionaries(st.text(string.ascii_lowercase, min_size=1, max_size=5), values, max_size=3))
def test_a_message_survives_json_and_pickle(args: dict[str, Arg]) -> None:
    message = Message("some_code", tuple(sorted(args.items())))
    assert from_json(json.loads(json.dumps(message.to_json()))) == message
    assert pickle.loads(pickle.dumps(message)) == message
    assert hash(message) == hash(from_json(message.to_json()))


@given(st.dictionaries(st.text(string.ascii_lowercase, min_size=1, max_size=5), values, max_size=3))
def test_a_code_of_a_newer_version_still_says_something(args: dict[str, Arg]) -> None:
    message = Message("not_declared_here", tuple(sorted(args.items())))
    for language in LANGUAGES:
        assert render(message, language).startswith("not_declared_here")
        assert "".join(piece.text for piece in render_pieces(message, language)) == render(message, language)


def test_old_indexes_have_bare_strings() -> None:
    assert render(from_json("第2行：四平市"), "en") == "第2行：四平市"


def test_arguments_are_checked_where_a_message_is_made() -> None:
    from search.messages import queries

    with pytest.raises(TypeError, match="query_too_long takes"):
        queries.QUERY_TOO_LONG(length=3)
    with pytest.raises(TypeError, match="reversed_years takes"):
        queries.REVERSED_YEARS(more=1)
    with pytest.raises(ValueError, match="declared already"):
        declare("reversed_years", "again")


def test_numbers_choose_one_or_several() -> None:
    from search.messages import answers

    full = answers.NO_FULL_MATCH()
    one, many = (answers.PARTIAL_MATCHES(full=full, n=n) for n in (1, 1200))
    assert "the 1 closest partial match follows" in render(one, "en")
    assert "the 1,200 closest partial matches follow" in render(many, "en")
    assert "1,200 段" in render(many, "zh")


def test_sequences_are_put_together_as_the_language_does() -> None:
    from search.messages import answers

    message = answers.WORDS_MISSING(words=["营商", "环竟"])
    assert render(message, "zh") == "没有一段含有“营商”、“环竟”。"
    assert render(message, "en") == "No paragraph contains “营商”, “环竟”."
    assert [piece.text for piece in render_pieces(message, "en") if piece.is_source] == ["营商", "环竟"]


def test_unknown_is_said() -> None:
    from search.messages import answers, names

    message = answers.CONDITION(field=names.FIELD_CITY(), values=["四平市", None])
    assert render(message, "zh") == "城市 四平市、未知"
    assert render(message, "en") == "city 四平市, unknown"


def test_a_language_that_there_isn_t_is_refused() -> None:
    with pytest.raises(ValueError, match="no language"):
        catalogue("fr")
