"""Segmentation of Han runs: which words jieba's dictionary has, and the precise cut that jieba makes of them.

jieba is the reference; rjieba, the same dictionary and algorithm in Rust, does the work where it is
installed. Both get the same words with the same frequencies here, and only runs of the characters that both
of them segment.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import warnings
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.machinery import PathFinder
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

HAN = "\u4e00-\u9fd5"
"""What jieba segments (its re_han_default without ASCII): a regular expression's class without its
brackets."""


class Segmenter(Protocol):
    """Cuts Han runs into words, without guessing new ones (HMM off)."""

    def cut(self, run: str) -> Sequence[str]:
        """The most probable words of one Han run."""


def jieba_dictionary() -> Path:
    """The dictionary that jieba brings, found without importing jieba."""
    spec = importlib.util.find_spec("jieba")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("No module named 'jieba'", name="jieba")
    return Path(spec.submodule_search_locations[0]) / "dict.txt"


def read_frequencies(dictionary: Path) -> dict[str, int]:
    """Every word of jieba's dictionary with its frequency, which is never 0."""
    frequencies: dict[str, int] = {}
    for line in dictionary.read_text(encoding="utf-8").split("\n"):
        if line:
            word, frequency = line.split(" ", 2)[:2]
            frequencies[word] = int(frequency)
    return frequencies


_loading = Lock()


def _rust_jieba() -> Any:
    """The class of rjieba's extension module, without its package where that has not been imported.

    The package makes an instance for its own functions while it is imported, which nothing here uses: 70 ms of every
    start and 25 MB.
    """
    name = "rjieba.rjieba"
    with _loading:
        if name not in sys.modules:
            package = importlib.util.find_spec("rjieba")
            folders = None if package is None else package.submodule_search_locations
            found = None if folders is None else PathFinder.find_spec(name, folders)
            if found is None or found.loader is None:
                return importlib.import_module("rjieba").Jieba
            module = importlib.util.module_from_spec(found)
            found.loader.exec_module(module)
            sys.modules[name] = module
        return sys.modules[name].Jieba


class RustSegmenter:
    """rjieba with the user's words."""

    def __init__(self, user_words: Mapping[str, int]) -> None:
        self._jieba: Any = _rust_jieba()()
        for word, frequency in user_words.items():
            self._jieba.add_word(word, frequency, None)

    def cut(self, run: str) -> Sequence[str]:
        words: list[str] = self._jieba.cut(run, False)
        return words


class ReferenceSegmenter:
    """A private jieba.Tokenizer with the user's words.

    Its tables are filled here, not by jieba, which would leave a cache in the shared temporary folder (and
    unmarshal whatever lies there).
    """

    def __init__(self, user_words: Mapping[str, int]) -> None:
        with warnings.catch_warnings():
            # jieba 0.42.1 has invalid escapes in its sources and imports pkg_resources; neither matters here.
            warnings.simplefilter("ignore")
            import jieba

        frequencies = {**read_frequencies(jieba_dictionary()), **user_words}
        total = sum(frequencies.values())
        # As jieba has it, every beginning of a word is there, with 0 where it is no word.
        for word in list(frequencies):
            for end in range(1, len(word)):
                frequencies.setdefault(word[:end], 0)
        self._tokenizer: Any = jieba.Tokenizer()
        self._tokenizer.FREQ = frequencies
        self._tokenizer.total = total
        self._tokenizer.initialized = True

    def cut(self, run: str) -> Sequence[str]:
        words: list[str] = self._tokenizer.lcut(run, HMM=False)
        return words


def load_segmenter(user_words: Mapping[str, int]) -> Segmenter:
    """rjieba's where it is installed, else jieba's."""
    if importlib.util.find_spec("rjieba") is None:
        return ReferenceSegmenter(user_words)
    return _load_rust(tuple(user_words.items()))


@lru_cache(maxsize=1)
def _load_rust(user_words: tuple[tuple[str, int], ...]) -> Segmenter:
    """Kept, since loading takes a tenth of a second: whoever opens an index again, or is forked, has it already."""
    return RustSegmenter(dict(user_words))
