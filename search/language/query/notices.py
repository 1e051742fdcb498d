"""What the searcher is told about how a query was read: one notice a kind, at its first place."""

from __future__ import annotations

from search.messages import Declared
from search.model import Notice, Span


class Notices:
    """Collects notices while a query is read."""

    def __init__(self) -> None:
        self._found: list[tuple[int, Declared]] = []

    def add(self, kind: Declared, position: int) -> None:
        self._found.append((position, kind))

    def replace(self, kind: Declared, span: Span) -> None:
        """Add `kind` at the start of `span` in place of all that was found within it."""
        self._found = [found for found in self._found if not span[0] <= found[0] < span[1]]
        self.add(kind, span[0])

    def in_order(self) -> tuple[Notice, ...]:
        """One notice for each kind, by place, with how often it was found."""
        first: dict[Declared, int] = {}
        times: dict[Declared, int] = {}
        for position, kind in sorted(self._found, key=lambda found: (found[0], found[1].code)):
            first.setdefault(kind, position)
            times[kind] = times.get(kind, 0) + 1
        return tuple(Notice(kind(), position=position, times=times[kind]) for kind, position in first.items())
