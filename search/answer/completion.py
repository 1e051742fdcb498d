"""Completes a query while it is typed: to terms, headings, places and reports of the collection.

last chunk -> by its characters, or by pinyin and initials if it is Latin letters -> the most used of each kind
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

from search.answer.completion_entries import Entry, iter_headings, iter_places, iter_reports
from search.answer.completion_index import CompletionIndex, TermIndex
from search.answer.lexicon import Lexicon
from search.collection import Version, View
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
_LEAD = re.compile(r"""[-－−(（"＂“「『]+""")
_FIELD = re.compile(r"([A-Za-z]{4,8}|[\u4e00-\u9fff]{2,4})[:：]")
_LETTERS = re.compile("[a-z']+")


class Completer:
    """Completes queries to what one version holds.

    Terms and places are there at once; a thread reads headings and reports, which takes longer than one wants to
    wait for a first suggestion. `wait` waits for it.
    """

    def __init__(self, view: View, lexicon: Lexicon, analyzer: Analyzer) -> None:
        self._kinds: dict[str, CompletionIndex | TermIndex] = {
            "place": CompletionIndex(iter_places(view)),
            "city": CompletionIndex(iter_places(view, ("city",))),
            "province": CompletionIndex(iter_places(view, ("province",))),
            "term": TermIndex(lexicon),
        }
        self._failure: Exception | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(
            target=self._read_on, args=(view, analyzer), name="suggestions", daemon=True
        )
        self._thread.start()

    def _read_on(self, view: View, analyzer: Analyzer) -> None:
        try:
            for kind, entries in (
                ("report", iter_reports(view, self._stopped)),
                ("heading", iter_headings(view, analyzer, self._stopped)),
            ):
                self._kinds[kind] = CompletionIndex(entries)
        except Exception as error:  # raised to whoever asks next; a thread has nobody to tell
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
                entry.text,
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


class Completions:
    """The completer of the newest version. While that is made, the last version's serves. Safe to use from several
    threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: tuple[Version, Completer] | None = None
        self._making: threading.Thread | None = None

    def completer(self, version: Version, make: Callable[[], Completer]) -> Completer:
        """The completer of `version`, or an older one while a thread runs `make`; the first is waited for."""
        with self._lock:
            if self._latest is None:
                self._latest = version, make()
            elif self._latest[0] != version and (self._making is None or not self._making.is_alive()):
                self._making = threading.Thread(
                    target=self._make, args=(version, make), name="suggestions", daemon=True
                )
                self._making.start()
            return self._latest[1]

    def _make(self, version: Version, make: Callable[[], Completer]) -> None:
        self._latest = version, make()

    def wait(self) -> None:
        """Wait until everything that suggestions need has been read."""
        if self._making is not None:
            self._making.join()
        if self._latest is not None:
            self._latest[1].wait()

    def close(self) -> None:
        """Read no further."""
        with self._lock:
            if self._making is not None:
                self._making.join()
            if self._latest is not None:
                self._latest[1].stop()
            self._latest = self._making = None
