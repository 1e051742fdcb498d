"""Normalisation: what becomes the same, what stays apart, and that it never fails."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.language.text import Analyzer, normalize, normalize_text, simplify, unify_ideographs
from search.language.text.normalize import normal_form_rules, stages
from tests.cases import IS_THOROUGH, cases

ODD = "中国 \t\n\u3000\u200b，。aA１.5ﬁ㎡…İ〇\ud800"
ANY_TEXT = st.text(st.characters(exclude_categories=()) | st.sampled_from(ODD))


@pytest.mark.parametrize(
    ("original", "form"),
    [
        ("ＰＭ２．５", "pm2.5"),
        ("５Ｇ", "5g"),
        ("優化營商環境", "优化营商环境"),
        ("乾隆", "干隆"),
        ("㎡", "m2"),
        ("實現，發展", "实现,发展"),
        ("“有事好商量”", '"有事好商量"'),
        ("「有事好商量」", '"有事好商量"'),
        ("（一）：；！？", "(一):;!?"),
        ("2020—2024", "2020-2024"),
        ("2020－2024", "2020-2024"),
        ("二○二三年", "二〇二三年"),
        ("卡尔•马克思・恩格斯", "卡尔·马克思·恩格斯"),
        ("等等……", "等等......"),
        ("俞 志\u3000平", "俞志平"),
        ("压\r\n舱石", "压舱石"),
        ("四\u200b平\ufeff市", "四平市"),
        ("二\xa0〇 㐀 𠀀 豈", "二〇㐀𠀀岂"),
        ("GDP  增长 5 %", "gdp增长5 %"),
        ("增长 6.1% 以上，新增 5G 基站 300 个", "增长6.1%以上,新增5g基站300个"),
        ("Smart City 建设", "smart city建设"),
        ("⻓期坚持⺠⽣，⼯作報告", "长期坚持民生,工作报告"),
        ("⻔ ⻋", "门车"),
        ("发展 ，改革", "发展 ,改革"),
        ("\n\u3000", ""),
        ("", ""),
        ("葛\U000e0100城", "葛城"),
    ],
)
def test_normalize_text_gives_form(original: str, form: str) -> None:
    assert normalize_text(original) == form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("实现发展", "实现，发展"),
        ("5。6", "5.6"),
        ("甲、乙", "甲，乙"),
        ("2023①", "20231"),
        ("5½", "51/2"),
        ("1 2", "12"),
    ],
)
def test_different_texts_stay_apart(one: str, other: str) -> None:
    assert normalize_text(one) != normalize_text(other)


@given(ANY_TEXT)
@settings(max_examples=cases(500))
def test_normalizing_twice_changes_nothing(text: str) -> None:
    form = normalize_text(text)
    assert normalize_text(form) == form


def test_every_single_character_is_stable_after_one_pass() -> None:
    everything = [chr(code) for code in range(0, 0x110000, 1 if IS_THOROUGH else 16)]
    forms = [normalize_text(character) for character in everything]
    assert [c for c, form in zip(everything, forms, strict=True) if normalize_text(form) != form] == []


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def test_rules_of_the_normal_form_are_the_same_on_every_python(analyzer: Analyzer) -> None:
    """Pythons differ in their Unicode (13.0 in 3.10, 15.1 in 3.13); an index that one builds, another reads.

    Where the rules are changed on purpose, the analyzer's `VERSION` goes up and these values are written anew.
    """
    assert digest_of("\n".join(normal_form_rules())) == "1a8073004ac2bb09"
    assert analyzer.fingerprint == "2-7f469d4150601775"


@pytest.mark.thorough
def test_normal_form_is_the_same_on_every_python() -> None:
    every = "".join(f"中{chr(code)}文1{chr(code)}a" for code in range(0x110000))
    assert digest_of(normalize_text(every)) == "f76554881daf6190"


def test_width_is_nfkc_but_for_the_exceptions_it_states() -> None:
    width = dict(stages())["width"]
    assert len(width) > 4000
    for character, folded in width.items():
        if unicodedata.category(character) != "Cn":  # this Python's Unicode may not have it yet
            assert unicodedata.normalize("NFKC", character) == folded
    assert not {"①", "½", "⒈", "´"} & set(width)


def test_radicals_are_one_to_one_and_agree_with_nfkc() -> None:
    radicals = dict(stages())["radicals"]
    assert len(radicals) == 328
    assert {len(side) for pair in radicals.items() for side in pair} == {1}
    for radical, ideograph in radicals.items():
        assert unicodedata.normalize("NFKC", radical) in (radical, ideograph)


def test_unify_ideographs_changes_ideographs_alone() -> None:
    assert unify_ideographs("⺠⽣實事，樂業 ２０２１") == "民生實事，樂業 ２０２１"
    assert simplify("⺠⽣實事，樂業 ２０２１") == "民生实事，乐业 ２０２１"


def test_simplified_is_one_to_one() -> None:
    simplified = dict(stages())["simplified"]
    assert len(simplified) > 4000
    assert {len(side) for pair in simplified.items() for side in pair} == {1}


def test_unchanged_places_cost_no_map() -> None:
    assert normalize("實現，發展。PM2.5").origins is None


@pytest.mark.parametrize(
    ("original", "start", "end", "span"),
    [
        ("ＰＭ２．５，中 文", 6, 8, (6, 9)),
        ("　俞 志 平同志", 0, 3, (1, 6)),
        ("面积5㎡以上", 2, 5, (2, 4)),
        ("面积5㎡以上", 3, 4, (3, 4)),
        ("a  b", 1, 2, (1, 2)),
        ("实现发展", 1, 3, (1, 3)),
        ("中 文", 1, 1, (2, 2)),
        ("中 文 ", 2, 2, (4, 4)),
        ("\u200b四\u200b平", 0, 2, (1, 4)),
    ],
)
def test_to_original_gives_span(original: str, start: int, end: int, span: tuple[int, int]) -> None:
    assert normalize(original).to_original(start, end) == span


def test_a_kind_of_string_of_its_own_is_normalised_like_any_other() -> None:
    class Marked(str):
        """As MarkupSafe and lxml have them."""

    assert (
        normalize_text(Marked("營商環境，ＰＭ２．５"))
        == normalize_text("營商環境，ＰＭ２．５")
        == "营商环境,pm2.5"
    )
