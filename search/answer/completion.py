"""What a query may become while it is typed: terms, headings, places and reports of the collection.

the last chunk -> by characters, or, where it is Latin letters, by pinyin and initials -> the most used of each kind

Sorted lists and bisection; what one prefix has in common is a slice of them. Terms and places are there at once,
headings and reports as soon as a thread has read them.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.answer.completion_entries import Entry, Key, iter_headings, iter_places, iter_reports, iter_terms
from search.answer.lexicon import Lexicon
from search.embedded.snapshot import Snapshot
from search.language.query.signs import QUOTE_SIGNS, QUOTES, field_of, is_blank
from search.language.text import Analyzer, normalize_text
from search.model import Suggestion

MAX_SUGGESTIONS = 50
_KINDS_IN = {
    **dict.fromkeys(("city", "province"), frozenset({"place"})),
    **dict.fromkeys(("text", "title", "heading"), frozenset({"term", "heading"})),
}
"""What can stand behind a field's name; nothing behind the others."""
SHARES = {"place": 3, "term": 10, "heading": 3, "report": 2}
"""In a list of ten, at most so many of each kind come before what is left over; in this order."""
_LAST = "\U0010ffff"
_LEAD = re.compile(r"""[-－−(（"＂“「『]+""")
_FIELD = re.compile(r"([A-Za-z]{4,8}|[\u4e00-\u9fff]{2,4})[:：]")
_LETTERS = re.compile("[a-z']+")


@dataclass(frozen=True, slots=True)
class _Keys:
    """Keys, sorted, and the entry that each leads to."""

    keys: list[str]
    entries: NDArray[np.int64]

    def starting(self, prefix: str) -> NDArray[np.int64]:
        """The entries with a key that begins so, some of them twice."""
        return self.entries[bisect_left(self.keys, prefix) : bisect_left(self.keys, prefix + _LAST)]

    def equal(self, key: str) -> NDArray[np.int64]:
        """The entries with that key."""
        return self.entries[bisect_left(self.keys, key) : bisect_left(self.keys, key + "\0")]


class Completions:
    """Entries of one kind, found by what they begin with."""

    def __init__(self, entries: Iterable[tuple[Entry, Sequence[Key]]]) -> None:
        self._entries: list[Entry] = []
        keys: dict[str, list[tuple[str, int]]] = {"characters": [], "pinyin": [], "initials": []}
        for number, (entry, of_entry) in enumerate(entries):
            self._entries.append(entry)
            for alphabet, key in of_entry:
                keys[alphabet].append((key, number))
        self._weights = np.array([entry.weight for entry in self._entries], dtype=np.float64)
        self._keys = {alphabet: _sorted(pairs) for alphabet, pairs in keys.items()}

    def by_characters(self, prefix: str, count: int) -> list[Entry]:
        """The most used entries with a key that begins so."""
        keys = self._keys["characters"]
        return self._best([keys.equal(prefix), keys.starting(prefix)], count)

    def by_pinyin(self, letters: str, count: int) -> list[Entry]:
        """The most used entries that are read so, in full or by initials; whole readings come before beginnings."""
        full, initials = self._keys["pinyin"], self._keys["initials"]
        whole = np.concatenate([full.equal(letters), initials.equal(letters)])
        begun = np.concatenate([full.starting(letters), initials.starting(letters)])
        return self._best([whole, begun], count)

    def _best(self, groups: Iterable[NDArray[np.int64]], count: int) -> list[Entry]:
        chosen: dict[int, None] = {}
        for group in groups:
            among = group
            if len(among) > 4 * count:
                weights = self._weights[among]
                # An entry has a handful of keys, so that so many places hold enough different ones.
                among = among[np.argpartition(-weights, 4 * count - 1)[: 4 * count]]
            for number in sorted(
                set(among.tolist()), key=lambda of: (-self._weights[of], self._entries[of].text)
            ):
                chosen.setdefault(number)
            if len(chosen) >= count:
                break
        return [self._entries[number] for number in list(chosen)[:count]]


def _sorted(pairs: list[tuple[str, int]]) -> _Keys:
    pairs.sort()
    return _Keys([key for key, _ in pairs], np.array([number for _, number in pairs], dtype=np.int64))


class Suggester:
    """Suggestions from one generation.

    Reading the headings takes longer than one wants to wait for a first suggestion, so a thread does it; `wait`
    waits for it.
    """

    def __init__(self, snapshot: Snapshot, lexicon: Lexicon, analyzer: Analyzer) -> None:
        self._kinds = {
            "place": Completions(iter_places(snapshot)),
            "city": Completions(iter_places(snapshot, ("city",))),
            "province": Completions(iter_places(snapshot, ("province",))),
            "term": Completions(iter_terms(lexicon)),
        }
        self._failure: Exception | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(
            target=self._read_on, args=(snapshot, analyzer), name="suggestions", daemon=True
        )
        self._thread.start()

    def _read_on(self, snapshot: Snapshot, analyzer: Analyzer) -> None:
        try:
            for kind, entries in (
                ("report", iter_reports(snapshot, self._stopped)),
                ("heading", iter_headings(snapshot, analyzer, self._stopped)),
            ):
                self._kinds[kind] = Completions(entries)
        except Exception as error:  # Told to whoever asks next, in `wait`; a thread has nobody to tell.
            self._failure = error

    def wait(self) -> None:
        """Wait until headings and reports are there.

        Raises:
            StoreError: the index could not be read.
        """
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Read no further."""
        self._stopped.set()
        self._thread.join()

    def suggest(self, typed: str, *, limit: int = 10) -> tuple[Suggestion, ...]:
        """What `typed` may become; only its last chunk is completed.

        Raises:
            StoreError: the index could not be read.
        """
        if self._failure is not None:
            raise self._failure
        earlier, lead, prefix, kinds, places = _split(typed)
        form = normalize_text(prefix)
        if not form.strip():
            return ()
        found = {
            kind: self._complete(places if kind == "place" else kind, form, limit)
            for kind in SHARES
            if kind in kinds
        }
        closing = next((QUOTES[char][0] for char in reversed(lead) if char in QUOTES), "")
        return tuple(
            Suggestion(
                entry.text if entry.kind == "report" else f"{earlier}{lead}{entry.text}{closing}",
                entry.kind,
                entry.count,
                entry.report,
            )
            for entry in _mix(found, limit)
            if not closing or QUOTE_SIGNS.isdisjoint(entry.text)
        )

    def _complete(self, kind: str, form: str, limit: int) -> list[Entry]:
        entries = self._kinds.get(kind)
        if entries is None:
            return []
        found = entries.by_characters(form, limit)
        if not found and _LETTERS.fullmatch(form):
            found = entries.by_pinyin(form.replace("'", ""), limit)
        return found


def _split(typed: str) -> tuple[str, str, str, frozenset[str], str]:
    """What stays, the signs before the last chunk, what of it is typed, which kinds can stand there, and places."""
    border = next((at for at in range(len(typed), 0, -1) if is_blank(typed[at - 1])), 0)
    at, kinds, places = border, frozenset(SHARES), "place"
    while found := _LEAD.match(typed, at) or _FIELD.match(typed, at):
        field = field_of(found[1]) if found.re is _FIELD else None
        if found.re is _FIELD and field is None:
            break
        if field is not None:
            kinds = _KINDS_IN.get(field, frozenset())
            places = field
        at = found.end()
    if at:
        kinds -= {"report"}
    return typed[:border], typed[border:at], typed[at:], kinds, places


def _mix(found: dict[str, list[Entry]], limit: int) -> list[Entry]:
    """Each kind's share, then what room is left; kinds stand together, no text twice."""
    seen: set[str] = set()
    distinct: dict[str, list[Entry]] = {}
    for kind, entries in found.items():
        distinct[kind] = [entry for entry in entries if kind == "report" or entry.text not in seen]
        seen.update(entry.text for entry in entries)
    counts: dict[str, int] = {}
    room = limit
    for kind in ("place", "report", "heading", "term"):
        share = max(1, SHARES[kind] * limit // 10)
        counts[kind] = min(room, share, len(distinct.get(kind, ())))
        room -= counts[kind]
    for kind in ("term", "heading", "place", "report"):
        more = min(room, len(distinct.get(kind, ())) - counts[kind])
        counts[kind] += more
        room -= more
    return [entry for kind in SHARES for entry in distinct.get(kind, [])[: counts[kind]]]
