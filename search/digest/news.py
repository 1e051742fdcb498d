"""What is new for saved searches: each paragraph once, and for each search which of them it found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from search.answer.searcher import Searcher
from search.digest.saved_searches import SavedSearch
from search.digest.state import DigestState, Seen, fingerprint
from search.model import Hit


@dataclass(frozen=True, slots=True)
class SearchNews:
    """What is new for a search: places among the paragraphs. `is_begun`: it is followed from now on."""

    search: SavedSearch
    paragraphs: tuple[int, ...]
    is_begun: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """What is new, what came in last first, and the state that goes with having told it."""

    paragraphs: tuple[Hit, ...]
    searches: tuple[SearchNews, ...]
    state: DigestState


def find_news(
    searcher: Searcher, searches: Sequence[SavedSearch], state: DigestState | None, *, since: str = ""
) -> News:
    """What is new since the last time.

    Args:
        state: of the last time; None where there was none.
        since: a day such as 2026-01-31. A search that the state doesn't know is told from then on; without it, it is
            followed from now on, and nothing of it is told.

    Raises:
        QueryError: a search can't be read.
    """
    reports = searcher.reports(others=True)
    before = state or DigestState()
    places: dict[str, int] = {}
    paragraphs: list[Hit] = []
    told: list[SearchNews] = []
    seen: dict[str, Seen] = {}
    for search in searches:
        known = before.searches.get(search.key)
        hits = list(_hits(searcher, search))
        new = [hit for hit in _distinct(hits) if _is_new(hit, known, before, since)]
        for hit in new:
            if hit.id not in places:
                places[hit.id] = len(paragraphs)
                paragraphs.append(hit)
        told.append(
            SearchNews(search, tuple(places[hit.id] for hit in new), is_begun=known is None and not since)
        )
        seen[search.key] = _joined(known or {}, hits)
    added = max((report.added for report in reports if report.added), default="")
    return News(
        tuple(paragraphs),
        tuple(told),
        DigestState(
            before.reports | {report.id for report in reports},
            max(added, before.added),
            {**before.searches, **seen},
        ),
    )


def _hits(searcher: Searcher, search: SavedSearch) -> Iterator[Hit]:
    query = replace(search.query, sort="-added", group="", fold=False, page=1)
    counted = 2 if query.match == "all" else 1
    return (hit for hit in searcher.iter_hits(query) if hit.tier <= counted)


def _distinct(hits: Sequence[Hit]) -> Iterator[Hit]:
    """The hits without those that repeat a text of the same report."""
    said = set()
    for hit in hits:
        key = (hit.report.id, fingerprint(hit.text))
        if key not in said:
            said.add(key)
            yield hit


def _is_new(hit: Hit, known: Seen | None, before: DigestState, since: str) -> bool:
    if known is None:
        return bool(since) and (hit.report.added or "")[:10] >= since
    is_known = fingerprint(hit.text) in known.get(hit.report.id, ())
    return not is_known and not before.is_renamed(hit.report)


def _joined(known: Seen, hits: Sequence[Hit]) -> Mapping[str, frozenset[str]]:
    """What was found before, and now."""
    found: dict[str, set[str]] = {report: set(hashes) for report, hashes in known.items()}
    for hit in hits:
        found.setdefault(hit.report.id, set()).add(fingerprint(hit.text))
    return {report: frozenset(hashes) for report, hashes in found.items()}
