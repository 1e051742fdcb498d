"""Answers as plain rows: flat dictionaries, which `pandas.DataFrame` and `csv.DictWriter` take as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from search.instruments.answers import (
    CollocatesAnswer,
    CompareAnswer,
    DiffAnswer,
    KeywordsAnswer,
    MatchTextAnswer,
    NumbersAnswer,
    ReuseAnswer,
    SpreadAnswer,
)
from search.json_form import to_builtins

Answer = (
    CollocatesAnswer
    | CompareAnswer
    | DiffAnswer
    | KeywordsAnswer
    | MatchTextAnswer
    | NumbersAnswer
    | ReuseAnswer
    | SpreadAnswer
)

_LISTS = ("cells", "places", "collocates", "keywords", "rows", "sentences", "paragraphs")


def rows(answer: Answer) -> list[dict[str, Any]]:
    """The rows of an instrument's answer, all with the same keys: of spread its places, of compare each query's years.

    What is nested becomes keys such as `held_reports`; where it is absent they are None.

    Example:
        pandas.DataFrame(rows(find_numbers(searcher, Query("地区生产总值"))))
    """
    plain = to_builtins(answer)
    if "series" in plain:
        found = [{"query": one["query"], **year} for one in plain["series"] for year in one["years"]]
    else:
        found = plain[next(name for name in _LISTS if name in plain)]
    flat = [dict(_flatten(row)) for row in found]
    names = list(dict.fromkeys(name for row in flat for name in row if not _is_group(name, flat)))
    return [{name: row.get(name) for name in names} for row in flat]


def _flatten(row: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{name}_")
        else:
            yield f"{prefix}{name}", value


def _is_group(name: str, flat: list[dict[str, Any]]) -> bool:
    """Whether a name is that of a group that is absent from some rows: None there, keys of its own elsewhere."""
    return any(key.startswith(f"{name}_") for row in flat for key in row) and all(
        row.get(name) is None for row in flat
    )
