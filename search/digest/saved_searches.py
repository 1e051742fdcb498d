"""A file of saved searches: one in each line, in the query language or as the address of a page of results.

# comment
营商环境 city:四平市
夜经济 = "夜经济" | "夜间经济"
https://search.example.org/search?q=低空经济&plan_year=2024..2025
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from search.errors import QueryError, SourceError
from search.language.query.years import read_years
from search.messages import digests as says
from search.model import YEAR_FIELDS, Query

_UNKNOWN = "未知"
"""How an address spells a value that isn't known."""
_NAMED = re.compile(r"(?P<name>[^=:：\"“”]{1,60}?)\s*[=＝]\s*(?P<asked>.+)")
_ADDRESS = re.compile(r"https?://|/search\?")
_VALUES = ("city", "province", "type", "level", "part", "report")
_CHOICES = ("match", "axis")


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search with the name that it is told by; `key` stays while what is asked stays."""

    name: str
    query: Query

    @property
    def key(self) -> str:
        """What is asked, spelled so that equal searches are equal."""
        usual = Query()
        asked = {
            one.name: getattr(self.query, one.name)
            for one in fields(Query)
            if getattr(self.query, one.name) != getattr(usual, one.name)
        }
        return repr(sorted(asked.items()))


def read_searches(path: Path) -> list[SavedSearch]:
    """The searches of a file, each once.

    Raises:
        SourceError: it can't be read, a line isn't a search, or it has none.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(says.SEARCHES_UNREADABLE(path=str(path), why=str(error)), path=str(path)) from error
    found: dict[str, SavedSearch] = {}
    for number, line in enumerate(text.splitlines(), 1):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        try:
            search = parse_search(said)
        except QueryError as error:
            message = says.SEARCH_UNREADABLE(path=str(path), line=number, why=error.said)
            raise SourceError(message, path=str(path), line=number) from error
        found.setdefault(search.key, search)
    if not found:
        raise SourceError(says.NO_SEARCHES(path=str(path)), path=str(path))
    return list(found.values())


def parse_search(line: str) -> SavedSearch:
    """A line as a search; what stands before = is its name.

    Raises:
        QueryError: a year of an address can't be read.

    Example:
        >>> parse_search("夜经济 = /search?q=夜市&city=四平市").query.city
        ('四平市',)
    """
    named = _NAMED.fullmatch(line) if not _ADDRESS.match(line) else None
    asked = named["asked"].strip() if named else line
    query = _of_address(asked) if _ADDRESS.match(asked) else Query(asked)
    return SavedSearch(named["name"].strip() if named else query.text or asked, query)


def _of_address(address: str) -> Query:
    """The search of a page's address; parameters that say nothing of what is found are left aside."""
    given = parse_qs(urlsplit(address).query)
    asked: dict[str, Any] = {name: _known(given.get(name, ())) for name in _VALUES if given.get(name)}
    asked |= {name: tuple(_years(name, given)) for name in YEAR_FIELDS if given.get(name)}
    asked |= {name: given[name][0] for name in _CHOICES if given.get(name)}
    for name in ("synonyms", "ocr"):
        if given.get(name):
            asked[name] = given[name][0] not in ("off", "0")
    return Query(given.get("q", [""])[0].strip(), **asked)


def _known(values: Sequence[str]) -> tuple[str | None, ...]:
    return tuple(None if value == _UNKNOWN else value for value in values)


def _years(name: str, given: Mapping[str, Sequence[str]]) -> Iterator[int | None]:
    for value in given[name]:
        if value == _UNKNOWN:
            yield None
            continue
        first, last = read_years(value) or (None, None)
        if first is None or last is None:
            raise QueryError(says.YEAR_OF_ADDRESS(value=value), field=name)
        yield from range(first, last + 1)
