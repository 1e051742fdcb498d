"""The analyzer's two modes, the words it knows, and its fingerprint."""

from __future__ import annotations

import importlib.util
import json
import pickle
import re
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import search.language.text.analyzer
from search.errors import SourceError
from search.language.text import Analyzer, load_analyzer, normalize_text
from search.language.text.normalize import MARKS, _folding
from search.language.text.segment import (
    HAN,
    ReferenceSegmenter,
    RustSegmenter,
    jieba_dictionary,
    load_segmenter,
    read_frequencies,
)
from search.language.text.words import SHIPPED, read_word_lists, read_words
from tests.cases import cases
from tests.loaded import loaded_analyzer


def analyzer() -> Analyzer:
    return loaded_analyzer()


def terms(text: str) -> list[str]:
    return [token.term for token in analyzer().query_tokens(text)]


def units(text: str) -> list[list[str]]:
    return [[token.term for token in unit] for unit in analyzer().query_units(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("優化營商環境，PM2.5", ["优化", "营商环境", ",", "pm2.5"]),
        ("中国人民政治协商会议", ["中国人民政治协商会议"]),
        ("2023年", ["2023", "年"]),
        ("５Ｇ基站", ["5g", "基站"]),
        ("a.5b", ["a.5", "b"]),
        ("1.2.3.", ["1.2.3", "."]),
        ("café", ["caf", "é"]),
        ("㐀中 a", ["㐀", "中", "a"]),
        ("4.4GW 12GWh", ["4.4", "gw", " ", "12", "gwh"]),
        ("鿖鿕", ["鿖", "鿕"]),
        ("", []),
        ("\u200b \n", []),
    ],
)
def test_query_tokens_are_words_atoms_and_characters(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@given(st.text(st.sampled_from("中国市场a1.é，\n \ud800😀㐀ｱﾞ") | st.characters(exclude_categories=())))
@settings(max_examples=cases(300), deadline=None)
def test_query_tokens_tile_the_normalised_text(text: str) -> None:
    tokens = analyzer().query_tokens(text)
    assert "".join(token.term for token in tokens) == normalize_text(text)
    place = 0
    for token in tokens:
        assert (token.start, token.length) == (place, len(token.term))
        place += token.length


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("营商环境", [["营商环境"]]),
        ("委员侯川，四平市", [["委员"], ["侯", "川"], ["四平市"]]),
        ("优化（营商环境）", [["优化"], ["营商环境"]]),
        ("café", [["caf", "é"]]),
        ("3.5g的", [["3.5", "g"], ["的"]]),
        ("5%", [["5"]]),
        ("……", [[".", ".", ".", ".", ".", "."]]),
        ("，", [[","]]),
        ("㐀川", [["㐀", "川"]]),
        (" ", []),
    ],
)
def test_query_units_are_exact_strings(text: str, expected: list[list[str]]) -> None:
    assert units(text) == expected


def test_index_terms_are_every_word_and_every_character() -> None:
    assert analyzer().index_terms("中国人民，5G") == [
        ("中", 0, 1, False),
        ("中国", 0, 2, True),
        ("国", 1, 1, False),
        ("国人", 1, 2, False),
        ("人", 2, 1, False),
        ("人民", 2, 2, True),
        ("民", 3, 1, False),
        (",", 4, 1, True),
        ("5g", 5, 2, True),
    ]


def test_aligned_terms_are_the_precise_cut() -> None:
    text = "四平市推动新质生产力发展，委员侯川提出2023年的PM2.5目标"
    aligned = [(term, start) for term, start, _, is_cut in analyzer().index_terms(text) if is_cut]
    assert aligned == [(token.term, token.start) for token in analyzer().query_tokens(text)]


def test_shipped_words_are_what_jieba_lacks_and_are_cut_whole() -> None:
    shipped = read_words(SHIPPED[1])
    assert 150 <= len(shipped) <= 400
    assert not set(shipped) & set(read_frequencies(jieba_dictionary()))
    assert {word: terms(word) for word in shipped if terms(word) != [word]} == {}
    assert {"新质生产力", "营商环境", "有事好商量"} <= set(shipped)


def test_words_that_normalisation_changes_stay_words() -> None:
    assert terms("乾隆") == ["干隆"]
    known = set(analyzer().words)
    changed = [word for word in known if len(word) > 1 and normalize_text(word) != word]
    assert len(changed) > 300
    forms = {normalize_text(word) for word in changed}
    assert [form for form in forms - known if re.fullmatch(f"[{HAN}]+", form)] == []


def test_operator_words_are_words_for_both_modes(tmp_path: Path) -> None:
    own = tmp_path / "words.txt"
    own.write_text("\ufeff# ours\n\n侯川 50\n龍鳳湖 20 n\n", encoding="utf-8")
    known = load_analyzer(own)
    assert [token.term for token in known.query_tokens("侯川在龙凤湖")] == ["侯川", "在", "龙凤湖"]
    assert ("侯川", 0, 2, True) in known.index_terms("侯川")
    assert "侯川" not in {term for term, _, _, _ in analyzer().index_terms("侯川")}


@pytest.mark.parametrize(
    "line", ["侯川", "侯川 0", "侯川 many", "PM2.5 3", "侯川 99999999", f"{'长' * 33} 3", "侯川 ５"]
)
def test_bad_line_of_a_word_list_is_named(tmp_path: Path, line: str) -> None:
    own = tmp_path / "words.txt"
    own.write_text(f"四平 3\n{line}\n", encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        load_analyzer(own)
    assert caught.value.line == 2
    assert caught.value.path == str(own)
    assert caught.value.hint


@pytest.mark.parametrize("content", [None, "四平 3".encode("gb18030")])
def test_unreadable_word_list_is_named(tmp_path: Path, content: bytes | None) -> None:
    own = tmp_path / "words.txt"
    if content is not None:
        own.write_bytes(content)
    with pytest.raises(SourceError, match=r"can't be read"):
        load_analyzer(own)


def test_fingerprint_is_the_same_for_the_same_words(tmp_path: Path) -> None:
    own = tmp_path / "words.txt"
    own.write_text("# none\n", encoding="utf-8")
    assert load_analyzer(own).fingerprint == load_analyzer().fingerprint


@pytest.mark.parametrize("words", ["侯川 50\n", "侯川 51\n", "有事好商量 9999\n"])
def test_fingerprint_changes_with_a_word_or_frequency(tmp_path: Path, words: str) -> None:
    own = tmp_path / "words.txt"
    own.write_text(words, encoding="utf-8")
    other = tmp_path / "other.txt"
    other.write_text("侯川 52\n", encoding="utf-8")
    prints = {load_analyzer(path).fingerprint for path in (own, other, None)}
    assert len(prints) == 3


def test_fingerprint_is_the_same_on_every_python() -> None:
    """Pinned: whoever changes what terms depend on raises VERSION and pins the new one here."""
    assert load_analyzer().fingerprint == "2-7f469d4150601775"


def test_fingerprint_changes_with_version_and_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    prints = {load_analyzer().fingerprint}
    monkeypatch.setitem(MARKS, "*", "※")
    _folding.cache_clear()
    prints.add(load_analyzer().fingerprint)
    monkeypatch.undo()
    _folding.cache_clear()
    monkeypatch.setattr(search.language.text.analyzer, "VERSION", 0)
    prints.add(load_analyzer().fingerprint)
    assert len(prints) == 3


def test_first_query_needs_neither_jieba_nor_the_word_list() -> None:
    """In a fresh process, for it must be answered within half a second of the start."""
    code = (
        "import json, sys\n"
        "from search.language.text import load_analyzer\n"
        "loaded = [name for name in ('jieba', 'rjieba') if name in sys.modules]\n"
        "one = load_analyzer(); one.fingerprint; one.query_units('营商环境')\n"
        "loaded += [name for name in ('jieba', 'rjieba') if name in sys.modules]\n"
        "print(json.dumps([loaded, 'words' in vars(one)]))\n"
    )
    assert json.loads(run_alone(code)) == [[], False]


def run_alone(code: str) -> str:
    """What a fresh process prints that runs `code`."""
    root = Path(search.language.text.analyzer.__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    return done.stdout


@pytest.mark.parametrize(
    "first",
    [
        pytest.param("rjieba", marks=pytest.mark.thorough),
        "search.language.text",
        "search.language.text, which finds no extension alone",
    ],
)
def test_rjieba_and_its_extension_alone_are_one(first: str) -> None:
    pytest.importorskip("rjieba")
    ours = (
        "from search.language.text.segment import RustSegmenter; ours = RustSegmenter({'营商环境': 100000})\n"
    )
    package = "import rjieba\n"
    if first == "rjieba":
        code = package + ours
    elif first == "search.language.text":
        code = ours + package
    else:
        nowhere = "class Nowhere:\n    find_spec = staticmethod(lambda *_: None)\n"
        code = nowhere + "import search.language.text.segment as s; s.PathFinder = Nowhere\n" + ours + package
    code += (
        "from rjieba.rjieba import Jieba\n"
        "assert Jieba is rjieba.Jieba is type(ours._jieba)\n"
        "print(ours.cut('优化营商环境'), rjieba.cut('优化营商环境', False))"
    )
    assert run_alone(code).strip() == "['优化', '营商环境'] ['优化', '营商', '环境']"


@pytest.mark.thorough
def test_reference_segmenter_is_jieba(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba 0.42.1 has invalid escapes and imports pkg_resources
        import jieba
    jieba.setLogLevel("WARNING")
    own = jieba.Tokenizer()
    own.tmp_dir = str(tmp_path)
    words = sorted(read_words(SHIPPED[1]))
    runs = ["".join(words[start : start + 5]) for start in range(0, len(words), 5)]
    reference = ReferenceSegmenter({})
    assert [reference.cut(run) for run in runs] == [own.lcut(run, HMM=False) for run in runs]


def test_reference_segmenter_leaves_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    segmenter = ReferenceSegmenter({"丅丏丐": 100})
    assert segmenter.cut("四平市") == ["四平市"]
    assert segmenter.cut("丅丏丐") == ["丅丏丐"], "a word that begins with a character which is no word"
    assert list(tmp_path.iterdir()) == []


def test_rjieba_cuts_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rjieba")
    assert isinstance(load_segmenter({}), RustSegmenter)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    given: list[object] = []
    monkeypatch.setattr("search.language.text.segment.ReferenceSegmenter", given.append)
    load_segmenter({"营商环境": 3})
    assert given == [{"营商环境": 3}]


@pytest.mark.thorough
def test_without_rjieba_everything_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rjieba", None)
    assert isinstance(load_segmenter({}), ReferenceSegmenter)
    plain = load_analyzer()
    text = "四平市推动新质生产力发展，委员侯川提出2023年的PM2.5目标；乾隆"
    assert plain.query_tokens(text) == analyzer().query_tokens(text)
    assert plain.fingerprint == analyzer().fingerprint


def test_word_lists_later_overrides_earlier(tmp_path: Path) -> None:
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text("四平 3\n侯川 4\n", encoding="utf-8")
    second.write_text("四平 5\n", encoding="utf-8")
    assert read_word_lists([first, second]) == {"四平": 5, "侯川": 4}


class OneByOne:
    """Cuts into single characters."""

    def cut(self, run: str) -> list[str]:
        return list(run)


def test_a_dictionary_and_its_segmenter_may_be_given() -> None:
    given = Analyzer({}, dictionary={"营商": 3}, segmenter=OneByOne())
    assert [token.term for token in given.query_tokens("营商环境")] == list("营商环境")
    assert ("营商", 0, 2, False) in given.index_terms("营商环境")
    other = Analyzer({}, dictionary={"环境": 3}, segmenter=OneByOne())
    assert len({given.fingerprint, other.fingerprint, Analyzer({}).fingerprint}) == 3
    again = pickle.loads(pickle.dumps(given))
    assert (again.fingerprint, again.words) == (given.fingerprint, given.words)
    with pytest.raises(ValueError, match="together"):
        Analyzer({}, dictionary={"环境": 3})
