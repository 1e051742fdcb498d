"""Where a phrase stands in a text, marks aside: the definition of tier 1, by scanning.

text -> normal form, pairs of marks -> spans of a phrase -> occurrences: from left to right, the longest first

A phrase stands where its pieces (characters, whole ASCII words and numbers) follow one another. Between two of them
may stand quotation and book marks, each with its partner inside the occurrence too or directly beside it
(“十四五”规划 for 十四五规划; not “百千万”工程 for 千万工程). A phrase of six or more ideographs also passes over
、，：·（）- and over marks without a partner; never over 。；！？. Blanks beside such marks don't count.

Stores that answer from an index must find the same; this is what they are tested against, and what highlights texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from search.language.text.analyzer import Analyzer, Token
from search.language.text.atoms import iter_atoms
from search.language.text.marks import QUOTES, SEPARATING, find_pairs, pairs_in_form
from search.language.text.normalize import IDEOGRAPHS, Normalized, normalize, normalize_text
from search.model import Span

LONG = 6
"""A phrase of so many ideographs passes over marks that separate."""
SENTENCE_ENDS = frozenset("。;!?")
"""What ends a sentence, in normal form."""

_KEPT_PHRASES = 64
"""Chunks whose tokens are kept: both tiers ask for them."""

_PASSED_OVER = re.compile("[" + re.escape("".join(sorted(QUOTES | SEPARATING))) + "]+")
_IDEOGRAPH = re.compile(f"[{IDEOGRAPHS}]")
_SKIPPED = {
    False: "[ " + re.escape("".join(sorted(QUOTES))) + "]*",
    True: "[ " + re.escape("".join(sorted(QUOTES | SEPARATING))) + "]*",
}


class MarkedForm:
    """A text's normal form with its pairs of marks, which are found when they are first asked for.

    Args:
        original: the text as it was written.
        normal: its normal form.
    """

    __slots__ = ("_normal", "_original", "_pairs", "text")

    def __init__(self, original: str, normal: Normalized) -> None:
        self.text = normal.text
        self._original, self._normal = original, normal
        self._pairs: tuple[Span, ...] | None = None

    @property
    def pairs(self) -> tuple[Span, ...]:
        """Places of opening and closing marks in the normal form."""
        if self._pairs is None:
            self._pairs = tuple(pairs_in_form(self._original, self._normal))
        return self._pairs


def marked_form(text: str, normal: Normalized | None = None) -> MarkedForm:
    """The normal form of a text as it was written, with its pairs of marks."""
    return MarkedForm(text, normalize(text) if normal is None else normal)


def is_ideograph(text: str) -> bool:
    """Whether a text is one ideograph."""
    return len(text) == 1 and _IDEOGRAPH.match(text) is not None


@lru_cache(maxsize=_KEPT_PHRASES)
def phrase_tokens(text: str, analyzer: Analyzer) -> tuple[tuple[Token, ...], bool] | None:
    """The tokens of a chunk as a phrase, and whether it is a long one; None if it is to be read as it stands.

    Marks that a phrase passes over in texts are passed over in the chunk as well. A chunk with a quotation mark whose
    partner it lacks is read as it stands, unless it is long.

    Example:
        >>> from search.language.text import load_analyzer
        >>> tokens, is_long = phrase_tokens("“放管服”改革", load_analyzer())
        >>> [token.term for token in tokens], is_long
        (['放管服', '改革'], False)
    """
    form = normalize_text(text)
    is_long = len(_IDEOGRAPH.findall(form)) >= LONG
    if is_long:
        pieces = _PASSED_OVER.split(form)
    elif QUOTES.isdisjoint(form):
        pieces = [form]
    else:
        marked = marked_form(text)
        paired = {at for pair in marked.pairs for at in pair}
        if any(char in QUOTES and at not in paired for at, char in enumerate(form)):
            return None
        pieces = "".join("\n" if at in paired else char for at, char in enumerate(form)).split("\n")
    tokens: list[Token] = []
    start = 0
    if len(pieces) == 1:
        return (found, is_long) if (found := analyzer.query_tokens(pieces[0])) else None
    for piece in filter(None, (piece.strip(" ") for piece in pieces)):
        tokens += [Token(t.term, start + t.start, t.length) for t in analyzer.query_tokens(piece)]
        start = tokens[-1].start + tokens[-1].length if tokens else 0
    return (tuple(tokens), is_long) if tokens else None


class PhraseFinder:
    """Finds one phrase in any number of texts.

    Args:
        terms: of the phrase's tokens.
    """

    __slots__ = ("_is_long", "_pieces", "_search", "_whole")

    def __init__(self, terms: tuple[str, ...], *, is_long: bool) -> None:
        self._is_long = is_long
        self._pieces = pieces_of(terms)
        self._search = _pattern(self._pieces, is_long).search
        whole = "".join(terms)
        # "" if there is an ASCII word or number in it, which must not be part of a longer one.
        self._whole = "" if next(iter_atoms(whole), None) else whole

    def spans(self, form: MarkedForm) -> list[Span]:
        """Where the phrase stands in a normal form: half-open spans by their beginning; they may overlap."""
        text, search, whole = form.text, self._search, self._whole
        found: list[Span] = []
        inner: set[int] | None = set() if whole else None
        match = search(text)
        while match is not None:
            start, end = match.span()
            if whole and end - start == len(whole):
                found.append((start, end))
            else:
                if inner is None:
                    inner = {
                        place for atom in iter_atoms(text) for place in range(atom.start() + 1, atom.end())
                    }
                if self._passes(form, match, inner):
                    found.append((start, end))
            match = search(text, start + 1)
        return found

    def _passes(self, form: MarkedForm, match: re.Match[str], inner: set[int]) -> bool:
        """Whether a match cuts no atom, and what stands between its pieces doesn't count.

        Args:
            inner: the places within atoms.
        """
        ends = [match.end(n) for n in range(1, len(self._pieces) + 1)]
        starts = [end - len(piece) for end, piece in zip(ends, self._pieces, strict=True)]
        if not inner.isdisjoint(starts) or not inner.isdisjoint(ends):
            return False
        gaps = [(end, start) for end, start in zip(ends, starts[1:], strict=False) if start > end]
        return all(_may_pass(form, gap, match.span(), is_long=self._is_long) for gap in gaps)


def phrase_spans(form: MarkedForm, tokens: Sequence[Token], *, is_long: bool) -> list[Span]:
    """Where a phrase stands in a normal form: half-open spans by their beginning; they may overlap."""
    return PhraseFinder(tuple([token.term for token in tokens]), is_long=is_long).spans(form)


def _may_pass(form: MarkedForm, gap: Span, occurrence: Span, *, is_long: bool) -> bool:
    """Whether what stands between two pieces of an occurrence doesn't count."""
    marks = [at for at in range(*gap) if form.text[at] != " "]
    if not marks or is_long:
        return bool(marks)
    partner = dict(form.pairs) | {last: first for first, last in form.pairs}
    start, end = _with_marks_beside(form.text, occurrence)
    return all(at in partner and start <= partner[at] < end for at in marks)


def _with_marks_beside(text: str, span: Span) -> Span:
    """A span with the quotation marks (and blanks between them) directly before and after it."""
    start, end = span
    while start and (text[start - 1] in QUOTES or text[start - 1] == " "):
        start -= 1
    while end < len(text) and (text[end] in QUOTES or text[end] == " "):
        end += 1
    return start, end


@lru_cache(maxsize=1024)
def pieces_of(terms: tuple[str, ...]) -> tuple[str, ...]:
    """The terms as pieces that are never cut: single characters, whole ASCII words and numbers."""
    pieces: list[str] = []
    for term in terms:
        whole = next(iter_atoms(term), None)
        pieces += [term] if whole is not None and whole[0] == term else list(term)
    return tuple(pieces)


@lru_cache(maxsize=1024)
def _pattern(pieces: tuple[str, ...], is_long: bool) -> re.Pattern[str]:
    return re.compile(_SKIPPED[is_long].join(f"{re.escape(piece)}()" for piece in pieces))


def compete(spans: Iterable[Span]) -> list[Span]:
    """The occurrences among the places of all strings of a query: from left to right, the longest at a place, apart.

    Example:
        >>> compete([(0, 2), (0, 4), (2, 6), (4, 6)])
        [(0, 4), (4, 6)]
    """
    chosen: list[Span] = []
    for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not chosen or start >= chosen[-1][1]:
            chosen.append((start, end))
    return chosen


def windows(places: Sequence[Sequence[Span]], distance: int) -> list[Span]:
    """The smallest windows that hold a place of every string, left to right, none overlapping another.

    Args:
        places: of each string, sorted.
        distance: a window has at most so many characters more than the strings together.
    """
    if not all(places):
        return []
    room = distance + sum(of_string[0][1] - of_string[0][0] for of_string in places)
    found = [
        (begin, end)
        for begin in sorted({start for of_string in places for start, _ in of_string})
        if (end := _window_end(places, begin)) is not None and end - begin <= room
    ]
    smallest = [
        (begin, end)
        for n, (begin, end) in enumerate(found)
        if not any(end >= other_end for _, other_end in found[n + 1 :])
    ]
    return compete(smallest)


def _window_end(places: Sequence[Sequence[Span]], begin: int) -> int | None:
    """Where the smallest window ends that begins at `begin`; None if a string has no place behind it."""
    ends = [next((end for start, end in of_string if start >= begin), None) for of_string in places]
    return None if any(end is None for end in ends) else max(end for end in ends if end is not None)


__all__ = [
    "LONG",
    "SENTENCE_ENDS",
    "MarkedForm",
    "PhraseFinder",
    "compete",
    "find_pairs",
    "is_ideograph",
    "marked_form",
    "phrase_spans",
    "phrase_tokens",
    "pieces_of",
    "windows",
]
