"""Values and queries -> parameters of addresses, percent-encoded, each value once.

The addresses of a page differ in a parameter or two, so what a query says is spelled once, part by part, and an address
puts other parts in their places. Equal queries are spelled alike: defaults are left out, and consecutive years are
written 2021..2024.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote_plus

from flask import g

from search.lru import LruCache
from search.model import FACETS, YEAR_FIELDS, Query
from search.sizes import deep_bytes
from web.time_values import UNKNOWN

Value = str | int | None

_SAFE = "!$'()*,/:;?@"
"""Characters that are not percent-encoded, as in Werkzeug."""
_DEFAULT = Query()
_SWITCHES = {"ocr": (True, "off"), "synonyms": (True, "off"), "fold": (False, "on")}
"""Parameters that are on or off: the default, and what is written for the other."""
_BEHIND = ("ocr", "axis", "sort", "page", "per_page", "match", "synonyms", "group", "fold")
_ORDER = ("q", *FACETS, "report", "added", *_BEHIND)
"""The parameters of a query, in the order of addresses."""
PLACES: Mapping[str, int] = {name: place for place, name in enumerate(_ORDER)}
"""Where the parts of `spell_query` have each parameter."""


def query_args(query: Query) -> dict[str, Any]:
    """The parameters of a query, without defaults."""
    args: dict[str, Any] = {"q": query.text} if query.text else {}
    for name in FACETS:
        values = getattr(query, name)
        if values:
            args[name] = spell_values(name, values)
    if query.report:
        args["report"] = list(query.report)
    if any(query.added):
        first, last = query.added
        args["added"] = first if first == last else f"{first or ''}..{last or ''}"
    for name in _BEHIND:
        value = _setting(name, getattr(query, name))
        if value:
            args[name] = value
    return args


def _setting(name: str, value: Any) -> Any:
    """What an address says of a setting; "" for its default."""
    if name in _SWITCHES:
        default, written = _SWITCHES[name]
        return "" if value == default else written
    return "" if value == getattr(_DEFAULT, name) else value


def spell_query(query: Query, changes: Mapping[str, Any] | None = None) -> list[str]:
    """The parts of an address that a query has, "" for its defaults; by `PLACES`.

    Args:
        changes: other settings (page, sort, match …); None for the default.

    What was spelled last is kept with the request: most addresses of a page are of one query.
    """
    known: tuple[Query, list[str]] | None = g.get("spelled")
    if known is None or not (known[0] is query or known[0] == query):
        args = query_args(query)
        known = g.spelled = query, [encode(name, args[name]) if name in args else "" for name in _ORDER]
    parts = known[1].copy()
    for name, value in (changes or {}).items():
        parts[PLACES[name]] = "" if value is None else encode(name, _setting(name, value))
    return parts


def join_parts(parts: Iterable[str]) -> str:
    """The parts that say something, one behind the other."""
    return "&".join(filter(None, parts))


def encode(name: str, value: Any) -> str:
    """A parameter, percent-encoded, repeated for each of its values; "" if it has none."""
    if isinstance(value, (list, tuple)):
        return "&".join([f"{name}={_quoted(str(one))}" for one in value])
    return f"{name}={_quoted(str(value))}" if value else ""


def quote_values(values: Sequence[Value]) -> list[str]:
    """The values of a facet, percent-encoded."""
    known = _VALUES.get_all(values)
    return [
        _VALUES.put(value, _quote(value)) if quoted is None else quoted
        for value, quoted in zip(values, known, strict=True)
    ]


def spell_values(field: str, values: tuple[Value, ...]) -> list[str]:
    """The values of a filter as an address has them."""
    if field not in YEAR_FIELDS:
        return [UNKNOWN if value is None else str(value) for value in values]
    known = [str(a) if a == b else f"{a}..{b}" for a, b in year_runs(values)]  # type: ignore[arg-type]
    return known + ([UNKNOWN] if None in values else [])


def toggled(chosen: tuple[Value, ...], value: Value) -> tuple[Value, ...]:
    """The values of a filter with another one, or without one that was among them."""
    return tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)


def in_order(field: str, values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Values of a filter as an address has them: years ascend."""
    return tuple(sorted(values, key=lambda v: (v is None, v))) if field in YEAR_FIELDS else values


def year_runs(years: tuple[int | None, ...]) -> list[tuple[int, int]]:
    """The known years as runs of consecutive years.

    Example:
        >>> year_runs((2019, 2021, 2022, 2023, None))
        [(2019, 2019), (2021, 2023)]
    """
    runs: list[tuple[int, int]] = []
    for year in sorted(year for year in years if year is not None):
        if runs and year == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], year)
        else:
            runs.append((year, year))
    return runs


def _quote(value: Value) -> str:
    return quote_plus(UNKNOWN if value is None else str(value), safe=_SAFE)


def _quoted(value: str) -> str:
    return _TEXTS.get(value) or _TEXTS.put(value, _quote(value))


_TEXTS: LruCache[str, str] = LruCache(most=4_096, size_bytes=4 << 20, size_of=deep_bytes)
_VALUES: LruCache[Value, str] = LruCache(most=16_384, size_bytes=4 << 20, size_of=deep_bytes)
"""Apart from what is typed, so that the values of facets, of which a page has hundreds, stay."""
