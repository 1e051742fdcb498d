"""Plan nodes: what is looked up in an index, as terms and offsets. A store carries a plan out.

Scores are sums over the leaves, each multiplied by its boost, so that Whoosh's own searcher can be asked the same
(law 6). `every`, `either` and `string` build nodes in normal form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct

from search.language.text import Token
from search.language.text.atoms import iter_atoms, occurrences
from search.language.text.marks import without_quotes
from search.model import YearField


class All(Struct, frozen=True):
    """Every paragraph; scores nothing."""


class Nothing(Struct, frozen=True):
    """No paragraph."""


class Term(Struct, frozen=True):
    """Paragraphs with the term in the field, scored by BM25.

    Args:
        is_marked: whether its places in the text are occurrences, which are counted and highlighted.
    """

    field: str
    text: str
    boost: float = 1.0
    is_marked: bool = True


class String(Struct, frozen=True, cache_hash=True):
    """Paragraphs whose text has every token at the same distance from one place; scored as the sum of its words."""

    tokens: tuple[Token, ...]
    boost: float = 1.0

    @property
    def length(self) -> int:
        last = self.tokens[-1]
        return last.start + last.length - self.tokens[0].start


class Phrase(Struct, frozen=True, cache_hash=True):
    """Paragraphs whose text has the tokens side by side, marks aside; scored as the sum of its words.

    `search.language.text.phrases` says which marks are skipped. Matching is by characters and atoms: how the phrase is
    cut into words decides its score alone.

    Args:
        tokens: without the marks that are skipped, one behind the other: each starts where the last one ended.
        is_long: whether marks that separate (、，：·（）-) and quotation marks without their partner are skipped too.
    """

    tokens: tuple[Token, ...]
    boost: float = 1.0
    is_long: bool = False


class Above(Struct, frozen=True, cache_hash=True):
    """Paragraphs under a heading, or in a report whose title, has `text` in its normal form; scored by its words.

    Args:
        near: strings that must stand within `distance` characters of each other instead; `text` names them.
        aside: quotation and book marks of a line don't count.
        is_whole: the line says nothing else.
        open_from: the rest of `text` from here begins a word or number, which is not among `tokens`.
    """

    field: str
    tokens: tuple[Token, ...]
    text: str
    boost: float = 1.0
    near: tuple[str, ...] = ()
    distance: int = 0
    aside: bool = False
    is_whole: bool = False
    open_from: int | None = None

    def says(self, above: str) -> bool:
        """Whether a line of `above`, in normal form, says what is asked for; an ASCII word or number is never cut."""
        lines = (without_quotes(above) if self.aside else above).split("\n")
        return self.text in lines if self.is_whole else any(map(self._is_in, lines))

    def _is_in(self, line: str) -> bool:
        strings = self.near or (self.text,)
        if any(string not in line for string in strings):
            return False
        if self.open_from is not None:
            return any(True for _ in occurrences(line, self.text, open_from=self.open_from))
        inner = {at for atom in iter_atoms(line) for at in range(atom.start() + 1, atom.end())}
        places = [
            [
                (match.start(), match.start() + len(string))
                for match in re.finditer(f"(?={re.escape(string)})", line)
                if inner.isdisjoint((match.start(), match.start() + len(string)))
            ]
            for string in strings
        ]
        room = self.distance + sum(map(len, strings))
        return any(
            all(
                any(begin <= start and end <= begin + room for start, end in of_string)
                for of_string in places
            )
            for begin, _ in sorted({place for of_string in places for place in of_string})
        )


class Within(Struct, frozen=True, cache_hash=True):
    """Paragraphs in which all the strings stand within `distance` characters of each other."""

    strings: tuple[String, ...]
    distance: int


class Word(Struct, frozen=True, cache_hash=True):
    """A word of a `SameSentence`: any of the strings will do.

    Args:
        strings: as they may stand in the text. A string that is one ideograph counts only where it is a word of the
            paragraph's precise cut.
        above: plans that a paragraph may match instead, by what stands above it: headings, its report's title.
    """

    strings: tuple[tuple[Token, ...], ...]
    above: tuple[Plan, ...] = ()


class SameSentence(Struct, frozen=True, cache_hash=True):
    """Paragraphs with a sentence that has all the words, but for those that stand above; scores nothing.

    A paragraph above which all of the words stand matches too. Sentences end at 。；！？ (`SENTENCE_ENDS`).

    Args:
        in_paragraph: the whole text counts as one sentence.
    """

    words: tuple[Word, ...]
    in_paragraph: bool = False


class Starting(Struct, frozen=True):
    """Paragraphs with a term of the field that begins with `prefix`; scores nothing.

    Args:
        before: tokens that stand directly before that term, in the text alone: 300 before km.
    """

    field: str
    prefix: str
    before: tuple[Token, ...] = ()


class Filter(Struct, frozen=True):
    """Paragraphs whose field has one of the values, their report's or their own; None is unknown. Scores nothing."""

    field: str
    values: tuple[str | int | None, ...]


class YearFilter(Struct, frozen=True):
    """Paragraphs of reports whose year of delivery, or `plan_year`, is one of these, both inclusive. Scores nothing."""

    first: int | None
    last: int | None
    field: YearField = "year"


class ContextYears(Struct, frozen=True):
    """Paragraphs whose nearest heading that names a year names one of `first` to `last`, both inclusive.

    Where no heading above a paragraph names a year, the report's `plan_year` counts. Scores nothing.
    """

    first: int
    last: int


class AddedFilter(Struct, frozen=True):
    """Paragraphs of reports that came in at this time or between these, both inclusive, as `Report.added` writes them.

    Scores nothing.
    """

    first: str | None
    last: str | None


class Recognised(Struct, frozen=True):
    """Paragraphs that were recognised in a picture. Scores nothing."""


class Every(Struct, frozen=True, cache_hash=True):
    """What all parts match."""

    parts: tuple[Plan, ...]


class Either(Struct, frozen=True, cache_hash=True):
    """What any part matches."""

    parts: tuple[Plan, ...]


class Without(Struct, frozen=True, cache_hash=True):
    """What `wanted` matches and `unwanted` doesn't; scored by `wanted`."""

    wanted: Plan
    unwanted: Plan


class Favoured(Struct, frozen=True, cache_hash=True):
    """What `wanted` matches; where `bonus` matches too, its score is added."""

    wanted: Plan
    bonus: Plan


class Tiered(Struct, frozen=True, cache_hash=True):
    """What either part matches. A paragraph's score and its occurrences are those of the first part that it matches.

    Args:
        first: tier 1.
        second: holds all that `first` does.
    """

    first: Plan
    second: Plan


Plan: TypeAlias = (
    All
    | Nothing
    | Term
    | String
    | Phrase
    | Above
    | Within
    | SameSentence
    | Starting
    | Filter
    | YearFilter
    | ContextYears
    | AddedFilter
    | Recognised
    | Every
    | Either
    | Without
    | Favoured
    | Tiered
)


def string(tokens: Sequence[Token], boost: float = 1.0) -> Plan:
    """The plan of an exact string; a string of one token is that term."""
    if len(tokens) == 1:
        return Term("text", tokens[0].term, boost)
    return String(tuple(tokens), boost)


def every(parts: Sequence[Plan]) -> Plan:
    """All of the parts, none of them twice; `All` where there are none."""
    if len(parts) == 1:
        return parts[0]
    kept = tuple(dict.fromkeys([part for part in parts if type(part) is not All]))
    if not kept:
        return All()
    return kept[0] if len(kept) == 1 else Every(kept)


def either(parts: Sequence[Plan]) -> Plan:
    """Any of the parts, none of them twice."""
    kept = tuple(parts) if len(parts) == 1 else tuple(dict.fromkeys(parts))
    return kept[0] if len(kept) == 1 else Either(kept)
