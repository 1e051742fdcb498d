"""Tier 1 by scanning: which paragraphs have a chunk uncut, marks aside, and how often (docs/counting.md).

Written for itself, to be compared with: shares nothing with the product but the normal form of a text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from search.language.text import normalize
from tests.laws.bruteforce import Collection

_PIECE = re.compile(r"[0-9]+[a-z](?![a-z0-9])|[0-9]+(?:\.[0-9]+)*|[a-z][a-z0-9]*(?:\.[0-9]+)*|.", re.DOTALL)
_HAN = re.compile("[々〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]")
_QUOTES = set("\"'《》〈〉«»")
_SEPARATORS = set("、,:·()-")
_OPEN = {"“": "”", "‘": "’", "「": "」", "『": "』", "〝": "〞", "《": "》", "〈": "〉", "«": "»", "„": "”"}
_CLOSE = set(_OPEN.values()) | {"〟"}
_CUTS = re.compile("[0-9a-z.]")
_LEFT_OUT = re.compile("[ " + re.escape("".join(_QUOTES | _SEPARATORS)) + "]")


class ScannedText:
    """A paragraph as pieces: single characters, whole ASCII words and numbers; with its pairs of quotation marks."""

    def __init__(self, text: str) -> None:
        normal = normalize(text)
        self.form = normal.text
        found = list(_PIECE.finditer(normal.text))
        self.pieces = [match[0] for match in found]
        self.begins = [match.start() for match in found]
        origins = normal.origins or tuple(range(len(normal.text)))
        self._written = [text[origin] for origin in origins]
        self.ends = [match.end() for match in found]

    @cached_property
    def partner(self) -> dict[int, int]:
        """For each quotation mark of a pair where its partner stands."""
        waiting: list[tuple[int, str]] = []
        partner: dict[int, int] = {}
        for at, written in enumerate(self._written):
            straight = written in ('"', "＂")
            if written in _OPEN:
                waiting.append((at, _OPEN[written]))
            elif written in _CLOSE or straight:
                wanted = '"' if straight else ("〞" if written == "〟" else written)
                depth = max((n for n, (_, mark) in enumerate(waiting) if mark == wanted), default=None)
                if depth is not None:
                    partner[at], partner[waiting[depth][0]] = waiting[depth][0], at
                    waiting = waiting[:depth]
                elif straight:
                    waiting.append((at, '"'))
        return partner

    def places(self, wanted: Sequence[str], *, is_long: bool, skips: bool) -> Iterator[tuple[int, int]]:
        """Where the pieces stand one behind the other, marks aside."""
        skipped = (_QUOTES | _SEPARATORS if is_long else _QUOTES) if skips else set()
        for first, piece in enumerate(self.pieces):
            if piece == wanted[0]:
                passed = self._walk(first, wanted, skipped)
                if passed is None:
                    continue
                last, marks = passed
                if is_long or all(self._is_inside(mark, first, last) for mark in marks):
                    yield self.begins[first], self.ends[last]

    def _walk(self, first: int, wanted: Sequence[str], skipped: set[str]) -> tuple[int, list[int]] | None:
        """The last piece of an occurrence that begins with `first`, and the marks passed over."""
        at, marks = first, list[int]()
        for piece in wanted[1:]:
            at += 1
            gap = []
            while at < len(self.pieces) and self.pieces[at] != piece and self.pieces[at] in skipped | {" "}:
                gap.append(at)
                at += 1
            if at == len(self.pieces) or self.pieces[at] != piece:
                return None
            inside = [self.begins[n] for n in gap if self.pieces[n] != " "]
            if gap and not inside:
                return None
            marks += inside
        return at, marks

    def _is_inside(self, mark: int, first: int, last: int) -> bool:
        """Whether a mark's partner is inside the occurrence, or directly beside it."""
        while first and self.pieces[first - 1] in _QUOTES | {" "}:
            first -= 1
        while last + 1 < len(self.pieces) and self.pieces[last + 1] in _QUOTES | {" "}:
            last += 1
        partner = self.partner.get(mark)
        return partner is not None and self.begins[first] <= partner < self.ends[last]


def chunk_pieces(text: str) -> tuple[list[str], bool, bool]:
    """What a chunk asks for: its pieces, whether it is long, and whether marks in texts are passed over."""
    scanned = ScannedText(text)
    is_long = len(_HAN.findall(scanned.form)) >= 6
    if is_long:
        return _without(scanned, _QUOTES | _SEPARATORS), True, True
    quotes = [at for at, char in enumerate(scanned.form) if char in _QUOTES]
    if any(at not in scanned.partner for at in quotes):
        return scanned.pieces, False, False
    return _without(scanned, _QUOTES), False, True


def _without(scanned: ScannedText, left_out: set[str]) -> list[str]:
    kept = [piece for piece in scanned.pieces if piece not in left_out]
    return kept or scanned.pieces


def quick_pattern(wanted: Sequence[str], *, is_long: bool, skips: bool) -> re.Pattern[str] | None:
    """What stands wherever the pieces may, with marks between them or not; None where words might be cut."""
    if any(_CUTS.search(piece) for piece in wanted):
        return None
    skipped = (_QUOTES | _SEPARATORS if is_long else _QUOTES) if skips else set()
    between = ("[" + re.escape("".join((skipped | {" "}) - {piece})) + "]*" for piece in wanted[1:])
    rest = "".join(gap + re.escape(piece) for gap, piece in zip(between, wanted[1:], strict=True))
    return re.compile(re.escape(wanted[0]) + rest)


class PhraseScan:
    """Scans a collection's live paragraphs for chunks."""

    def __init__(self, collection: Collection) -> None:
        self._ids = [row.id for row in collection.rows]
        self._texts = collection.texts
        self._scanned: dict[int, ScannedText] = {}
        self._forms = [normalize(text).text for text in self._texts]
        bare = [_LEFT_OUT.sub("", form) for form in self._forms]
        self._begins, at = [], 0
        for form in bare:
            self._begins.append(at)
            at += len(form) + 1
        self._bare = "\0".join(bare)

    def find(self, chunk: str) -> dict[str, list[tuple[int, int]]]:
        """The occurrences of a chunk in each paragraph that has it; leftmost first, none overlapping."""
        pieces, is_long, skips = chunk_pieces(chunk)
        bare = _LEFT_OUT.sub("", "".join(pieces))
        pattern = quick_pattern(pieces, is_long=is_long, skips=skips)
        plain = "".join(pieces)
        found = {}
        for row in self._candidates(bare) if bare else range(len(self._texts)):
            if pattern:
                form = self._forms[row]
                matches = list(pattern.finditer(form))
                if not matches:
                    continue
                if len(plain) * len(matches) == sum(len(match[0]) for match in matches):
                    found[self._ids[row]] = [match.span() for match in matches]
                    continue
            if row not in self._scanned:
                self._scanned[row] = ScannedText(self._texts[row])
            spans: list[tuple[int, int]] = []
            for start, end in self._scanned[row].places(pieces, is_long=is_long, skips=skips):
                if not spans or start >= spans[-1][1]:
                    spans.append((start, end))
            if spans:
                found[self._ids[row]] = spans
        return found

    def _candidates(self, bare: str) -> Iterator[int]:
        at = self._bare.find(bare)
        while at >= 0:
            row = bisect_right(self._begins, at) - 1
            yield row
            end = self._begins[row + 1] if row + 1 < len(self._begins) else len(self._bare)
            at = self._bare.find(bare, end)
