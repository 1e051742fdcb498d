"""The analyzer: one text, two modes. INDEX says all that stands in a text, QUERY what a person asks for.

normalise -> Han runs | ASCII atoms | other characters -> words

Whatever a query cut gives for a piece of text, the index has for the text around it (the subset law): words
of the precise cut are words of the dictionary or single characters, and INDEX mode has all of both.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from search.language.text.atoms import ATOM
from search.language.text.normalize import IDEOGRAPHS, normal_form_rules, normalize_text
from search.language.text.segment import HAN, Segmenter, jieba_dictionary, load_segmenter, read_frequencies
from search.language.text.words import SHIPPED, read_word_lists

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from search.language.text.batch import BatchAnalyzer, TokenBatch
    from search.language.text.word_batches import WordNumbers

VERSION = 2
"""Goes up whenever the same text would give other terms."""

_KEPT_CUTS = 64
"""Texts whose query tokens are kept: what is asked is cut for its synonyms, its plan and its offers."""

_PIECES = re.compile(f"(?P<han>[{HAN}]+)|(?P<atom>{ATOM})|(?P<other>.)", re.DOTALL)
_IDEOGRAPH = re.compile(f"[{IDEOGRAPHS}]")
_HAN_RUN = re.compile(f"[{HAN}]+")
_new = tuple.__new__


class Token(NamedTuple):
    """An occurrence of a term.

    Args:
        term: what stands in the index.
        start: the place of its first character in the normalised text.
        length: in characters.
    """

    term: str
    start: int
    length: int


Unit = tuple[Token, ...]


class Analyzer:
    """Turns texts into terms. Made by `load_analyzer`; safe to share between threads.

    Loads nothing until it must: the first query loads the segmenter, the first index call the trie.

    Args:
        user_words: added to the dictionary.
        dictionary: words with their frequencies; None takes jieba's.
        segmenter: cuts Han runs into words of the dictionary and single characters; goes with `dictionary`.
    """

    def __init__(
        self,
        user_words: Mapping[str, int],
        *,
        dictionary: Mapping[str, int] | None = None,
        segmenter: Segmenter | None = None,
    ) -> None:
        if (dictionary is None) != (segmenter is None):
            raise ValueError("a dictionary and its segmenter are given together")
        self._user_words, self._dictionary, self._given_segmenter = user_words, dictionary, segmenter
        self._cut = lru_cache(maxsize=_KEPT_CUTS)(self._tokens)
        self._cut_units = lru_cache(maxsize=_KEPT_CUTS)(self._units)

    def __reduce__(self) -> tuple[Callable[..., Analyzer], tuple[Any, ...]]:
        return _remake, (self._user_words, self._dictionary, self._given_segmenter)

    @cached_property
    def _segmenter(self) -> Segmenter:
        return self._given_segmenter or load_segmenter(self._user_words)

    @cached_property
    def _frequencies(self) -> dict[str, int]:
        dictionary = read_frequencies(jieba_dictionary()) if self._dictionary is None else self._dictionary
        return {**dictionary, **self._user_words}

    @cached_property
    def words(self) -> Sequence[str]:
        """The dictionary's words of Han characters, sorted; a word's place is its term id in a TokenBatch."""
        return sorted(filter(_HAN_RUN.fullmatch, self._frequencies))

    @cached_property
    def _word_set(self) -> frozenset[str]:
        return frozenset(self.words)

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.words))

    @cached_property
    def _batches(self) -> BatchAnalyzer:
        from search.language.text.batch import BatchAnalyzer  # needs NumPy, which asking does not

        frequencies = [self._frequencies[word] for word in self.words]
        return BatchAnalyzer(self.words, frequencies, sum(self._frequencies.values()))

    @cached_property
    def fingerprint(self) -> str:
        """A short name for everything that decides which terms a text has, and for nothing else.

        The same on every Python, and whether jieba or rjieba does the work. Different for another version,
        dictionary, user's word or rule of normalisation: then an index and this analyzer don't belong together.
        """
        digest = hashlib.blake2b(f"{VERSION}\n{HAN}\n{ATOM}\n".encode(), digest_size=8)
        rules = "".join([f"{rule}\n" for rule in normal_form_rules()])
        digest.update(rules.encode("utf-8", "surrogatepass"))
        if self._dictionary is None:
            digest.update(jieba_dictionary().read_bytes())
        for words in (self._dictionary or {}, self._user_words):
            for word, frequency in sorted(words.items()):
                digest.update(f"\n{word} {frequency}".encode())
        return f"{VERSION}-{digest.hexdigest()}"

    def query_tokens(self, text: str) -> tuple[Token, ...]:
        """The tokens of a query in QUERY mode: words of the precise cut, atoms, other characters.

        They follow one another without gaps over the normalised text, so that a string w1 w2 … stands at o
        when every wi stands at o + len(w1 … wi-1).

        Example:
            >>> [token.term for token in load_analyzer().query_tokens("優化營商環境，PM2.5")]
            ['优化', '营商环境', ',', 'pm2.5']
        """
        return self._cut(text)

    def _tokens(self, text: str) -> tuple[Token, ...]:
        form = normalize_text(text)
        if _HAN_RUN.fullmatch(form):
            return _side_by_side(self._segmenter.cut(form))
        return tuple(self._iter_tokens(form))

    def _iter_tokens(self, form: str) -> Iterator[Token]:
        for piece in _PIECES.finditer(form):
            start = piece.start()
            terms = self._segmenter.cut(piece[0]) if piece.lastgroup == "han" else (piece[0],)
            for term in terms:
                yield Token(term, start, len(term))
                start += len(term)

    def words_of(self, text: str) -> list[str]:
        """The words of the precise cut of a text's Han runs, in order; faster than `query_tokens`, without places.

        Example:
            >>> load_analyzer().words_of("优化營商環境，PM2.5")
            ['优化', '营商环境']
        """
        cut = self._segmenter.cut
        return [word for run in _HAN_RUN.findall(normalize_text(text)) for word in cut(run)]

    def cut_lines(self, lines: str) -> Sequence[str]:
        """The words of the precise cut of many Han runs at once, a line each; line ends are words of their own.

        Cut run by run, most of the time goes between the calls.

        Example:
            >>> list(load_analyzer().cut_lines("优化营商环境\\n持续"))
            ['优化', '营商环境', '\\n', '持续']
        """
        return self._segmenter.cut(lines)

    def number_runs(self, texts: Sequence[str], numbers: WordNumbers) -> Iterator[NDArray[np.int32]]:
        """The words of each text that stand side by side, as numbers, a 0 behind each run.

        A run has the Han words of the precise cut, and atoms that have a letter. Marks and numbers stand between
        runs; a single character behind a number is its unit (2024年) and left out.

        Example:
            >>> from search.language.text.word_batches import WordNumbers
            >>> numbers = WordNumbers()
            >>> (found,) = load_analyzer().number_runs(["2024年建成5G基站，优化營商環境"], numbers)
            >>> " ".join(numbers.words[n] or "|" for n in found)
            '建成 5g 基站 | 优化 营商环境 |'
        """
        from search.language.text.word_batches import number_words  # needs NumPy, which queries don't

        return number_words([normalize_text(text) for text in texts], self._segmenter.cut, numbers)

    def query_units(self, text: str) -> tuple[Unit, ...]:
        """What must be found for an unquoted chunk; each unit is one exact string.

        A word is a unit. Adjacent single Han characters (a name such as 侯川) are one unit together, and so
        are adjacent letters and atoms of other scripts (caf é). Punctuation and blanks only separate; a chunk
        of nothing else is one exact unit. A chunk that is blank has no units.

        Example:
            >>> [[token.term for token in unit] for unit in load_analyzer().query_units("委员侯川，四平市")]
            [['委员'], ['侯', '川'], ['四平市']]
        """
        return self._cut_units(text)

    def _units(self, text: str) -> tuple[Unit, ...]:
        tokens = self.query_tokens(text)
        units: list[list[Token]] = []
        previous = ""
        for token in tokens:
            kind = _kind(token.term)
            if kind == previous and kind in ("character", "letter"):
                units[-1].append(token)
            elif kind != "separator":
                units.append([token])
            previous = kind
        return tuple(map(tuple, units)) if units or not tokens else (tokens,)

    def index_terms(self, text: str) -> list[tuple[str, int, int, bool]]:
        """The tokens of one text in INDEX mode: the reference for `index_batch`, slow and plain.

        Returns: (term, start, length, aligned), by start then length; aligned when the precise cut uses it
        here.
        """
        form = normalize_text(text)
        cut = {(token.start, token.length) for token in self._iter_tokens(form)}
        found: list[tuple[str, int, int, bool]] = []
        for piece in _PIECES.finditer(form):
            if piece.lastgroup != "han":
                found.append((piece[0], piece.start(), len(piece[0]), True))
                continue
            for start in range(piece.start(), piece.end()):
                for end in range(start + 1, min(start + self._longest, piece.end()) + 1):
                    term = form[start:end]
                    if end == start + 1 or term in self._word_set:
                        found.append((term, start, end - start, (start, end - start) in cut))
        return found

    def index_batch(self, texts: Sequence[str]) -> TokenBatch:
        """The tokens of many texts in INDEX mode, as arrays.

        Fastest with 100,000 to 1,000,000 characters at a time; needs about 100 bytes of memory for each.
        """
        return self._batches.analyze(texts)

    def term_text(self, term: int, atoms: Sequence[str]) -> str:
        """The term that a term id of a TokenBatch stands for, `atoms` being the batch's."""
        from search.language.text.batch import ATOM_BASE, CHAR_BASE

        if term >= ATOM_BASE:
            return atoms[term - ATOM_BASE]
        if term >= CHAR_BASE:
            return chr(term - CHAR_BASE)
        return self.words[term]


def _side_by_side(terms: Sequence[str]) -> tuple[Token, ...]:
    """Terms that follow one another from the beginning of a text."""
    tokens, start = [], 0
    for term in terms:
        length = len(term)
        tokens.append(_new(Token, (term, start, length)))  # past the named tuple's own constructor
        start += length
    return tuple(tokens)


def _kind(term: str) -> str:
    """How a token joins its neighbours in a unit: word, character, letter or separator."""
    if len(term) > 1 and _HAN_RUN.fullmatch(term):
        return "word"
    if _IDEOGRAPH.fullmatch(term):
        return "character"
    return "separator" if unicodedata.category(term[0])[0] in "PSZ" else "letter"


def _remake(
    user_words: Mapping[str, int], dictionary: Mapping[str, int] | None, segmenter: Segmenter | None
) -> Analyzer:
    """An analyzer as another process pickled it."""
    return Analyzer(user_words, dictionary=dictionary, segmenter=segmenter)


def load_analyzer(user_dictionary: Path | None = None) -> Analyzer:
    """The analyzer with the shipped words and those of the operator's own list.

    Raises:
        SourceError: the operator's list can't be read or a line of it is not a word and its frequency.
    """
    own = () if user_dictionary is None else (user_dictionary,)
    return Analyzer(read_word_lists((*SHIPPED, *own)))
