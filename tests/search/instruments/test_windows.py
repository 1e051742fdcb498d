"""Windows and the strings in them, compiled and not, against a reading character by character."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.collection import Occurrence, Ref
from search.instruments import windows
from search.instruments.collocates import SIDES
from search.instruments.windows import Windows, find_strings, read_windows
from search.language.text import Analyzer, normalize_text
from tests.cases import cases
from tests.search.instruments.plain_windows import read_plainly


@pytest.fixture(params=["numpy", "compiled"])
def either_form(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The compiled loops, and those of NumPy."""
    if request.param == "compiled":
        request.getfixturevalue("built_kernels")
    else:
        monkeypatch.setattr(windows, "_COMPILED", None)


EITHER_FORM = settings(
    max_examples=cases(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.usefixtures("either_form")
@EITHER_FORM
@given(data=st.data())
@pytest.mark.parametrize("window", [1, 4, 50, None])
def test_windows_are_those_of_a_plain_reading(
    analyzer: Analyzer, window: int | None, data: st.DataObject
) -> None:
    """Pieces, the words that lie whole in them and where strings stand, against character by character."""
    said = st.lists(
        st.sampled_from(
            ["发展", "的", "营商环境", "。", ",", "5", "5g", "大力", "\ud800", "市场化", "力", "𠀀", "é"]
        )
    )
    texts = st.lists(said.map("".join), min_size=1, max_size=4)
    forms = [normalize_text(text) for text in data.draw(texts)]
    string, side = data.draw(st.sampled_from(["发展", "力", "大力发展"])), data.draw(st.sampled_from(SIDES))
    spans = [
        (number, match.start(), match.end())
        for number, form in enumerate(forms)
        for match in re.finditer(string, form)
    ]
    if not spans:
        return
    of_ref: dict[Ref, str] = dict(enumerate(forms))
    occurrences = [Occurrence(*span) for span in data.draw(st.permutations(spans))]
    numbers = list(dict.fromkeys(number for number, *_ in occurrences))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(windows, "_READ_AT_ONCE", data.draw(st.sampled_from([1, 2, 100])))
        patched.setattr(windows, "_SEARCHED_AT_ONCE", data.draw(st.sampled_from([1, 7, 1_000])))
        found = read_windows(
            occurrences,
            lambda refs: [of_ref[ref] for ref in refs],
            analyzer.cut_lines,
            window=window,
            left=side != "right",
            right=side != "left",
        )
        check_windows(
            found,
            [of_ref[number] for number in numbers],
            [(numbers.index(number), start, end) for number, start, end in spans],
            analyzer,
            window,
            side,
        )
    assert found.refs == numbers


def check_windows(
    found: Windows,
    forms: list[str],
    spans: list[tuple[int, int, int]],
    analyzer: Analyzer,
    window: int | None,
    side: str,
) -> None:
    pieces, words = read_plainly(forms, spans, analyzer, window, side)
    assert (found.text.split("\n") if found.text else []) == pieces
    assert found.chars == len("".join(pieces))
    assert found.words == words
    for term, places in zip(words, find_strings(found.text, list(words)), strict=True):
        assert len(places) == found.text.count(term)
        assert all(found.text.startswith(term, place) for place in places.tolist())
        paragraphs = found.paragraphs_with(places).tolist()
        of_pieces = [found.paragraphs[n] for n, piece in enumerate(pieces) if term in piece]
        assert paragraphs == sorted(set(of_pieces))


@pytest.mark.usefixtures("either_form")
@EITHER_FORM
@given(
    text=st.text("好的𠀀", max_size=30),
    strings=st.lists(st.text("好的𠀀", min_size=2, max_size=4), max_size=4),
    at_once=st.sampled_from([1, 4, 100]),
)
def test_strings_are_found_from_left_to_right_and_apart(text: str, strings: list[str], at_once: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(windows, "_SEARCHED_AT_ONCE", at_once)
        check_strings(text, strings)


def check_strings(text: str, strings: list[str]) -> None:
    for string, places in zip(strings, find_strings(text, strings), strict=True):
        assert places.tolist() == [match.start() for match in re.finditer(string, text)]


@pytest.mark.usefixtures("built_kernels")
def test_compiled_reader_takes_nothing_that_its_texts_do_not_have() -> None:
    reader = windows._COMPILED.Reader(10, True, True, "。")
    for counts, starts, ends in [([1], [1], [9]), ([2], [0], [1]), ([1], [-1], [1]), ([2], [2, 0], [3, 1])]:
        with pytest.raises(IndexError):
            reader.add(["改善民生"], *(np.array(column, dtype=np.int64) for column in (counts, starts, ends)))
    reader.add(["改善民生"], *(np.array([one], dtype=np.int64) for one in (1, 2, 4)))
    with pytest.raises(ValueError, match="all lines"):
        reader.words()
    reader.mark(["改善", "民生"])
    with pytest.raises(ValueError, match="of the lines"):
        reader.mark(["水平", "提高"])
    reader.mark(["\n"])
    assert reader.words() == {"改善": 1}
