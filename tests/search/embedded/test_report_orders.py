"""Rows of reports are sorted and counted as one would write it plainly, and sources merged with few of them read."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from search.embedded.report_table import _count_values, _seconds_of
from search.embedded.segment import SegmentData
from search.embedded.snapshot import source_places
from search.embedded.sorted_numbers import inverse, sort_rows


@dataclass
class _Sources:
    """A segment of which only sources are asked, and how many of them were."""

    keys: list[tuple[bytes, int]]
    read: int = 0

    @property
    def report_count(self) -> int:
        return len(self.keys)

    @property
    def catalogue(self) -> dict[str, NDArray[np.uint32]]:
        ranks = np.zeros(len(self.keys), dtype=np.uint32)
        ranks[sorted(range(len(self.keys)), key=self.keys.__getitem__)] = np.arange(len(self.keys))
        return {"source_rank": ranks}

    def source_key(self, report: int) -> tuple[bytes, int]:
        self.read += 1
        return self.keys[report]


def _sources(names: Sequence[str]) -> _Sources:
    return _Sources([(name.encode(), 1) for name in names])


@pytest.mark.parametrize("seed", range(20))
def test_sources_of_any_segments_are_merged(seed: int) -> None:
    chance = random.Random(seed)
    names = [f"{number:05}" for number in range(chance.randint(0, 400))]
    held: list[list[str]] = [[] for _ in range(chance.randint(0, 6))]
    while names and held:
        run, names = names[: chance.randint(1, 30)], names[chance.randint(1, 30) :]
        chance.choice(held).extend(run)
    segments = [_sources(chance.sample(some, len(some))) for some in held]
    keys = [key for data in segments for key in data.keys]
    places = source_places(cast(list[SegmentData], segments)).tolist()
    assert sorted(places) == list(range(len(keys)))
    ordered = [keys[report] for report in np.argsort(places).tolist()]
    assert ordered == sorted(keys)


def test_of_sources_in_runs_only_the_borders_are_read() -> None:
    names = [f"{number:06}" for number in range(20_000)]
    segments = [_sources(names[begin:end]) for begin, end in ((0, 9_000), (9_000, 17_000), (17_000, 20_000))]
    source_places(cast(list[SegmentData], segments))
    assert sum(data.read for data in segments) < 200


@pytest.mark.parametrize("widest", [1, 3, 1 << 20, 1 << 31])
@pytest.mark.parametrize("count", [0, 1, 700])
def test_rows_are_sorted_by_keys_and_keep_their_order(count: int, widest: int) -> None:
    chance = np.random.default_rng(widest)
    keys: list[NDArray[Any]] = [
        chance.integers(-widest, widest, count),
        chance.integers(-2, 3, count, dtype=np.int32),
    ]
    for some in (keys, keys[::-1], keys[:1], [keys[1] == 0, *keys]):
        rows = sort_rows(some).tolist()
        assert rows == sorted(range(count), key=lambda row: [int(key[row]) for key in some])
        assert inverse(np.array(rows, dtype=np.int64)).tolist() == [rows.index(at) for at in range(count)]


@pytest.mark.parametrize("far", [5, 1 << 30])
@pytest.mark.parametrize("count", [0, 1, 500])
def test_values_are_counted_with_their_least_code(count: int, far: int) -> None:
    chance = random.Random(far)
    values = [chance.choice((-1, 0, 3, 4, far)) for _ in range(count)]
    codes = [chance.randrange(9) for _ in values]
    found, counts, least = _count_values(np.array(values, dtype=np.int32), np.array(codes, dtype=np.int32))
    assert dict(zip(found.tolist(), counts.tolist(), strict=True)) == Counter(values)
    assert found.tolist() == sorted(found.tolist())
    of_values = [
        min(code for value, code in zip(values, codes, strict=True) if value == one) for one in found
    ]
    assert least.tolist() == of_values


@pytest.mark.parametrize("span", [2 * 86_400, 60 * 365 * 86_400])
def test_times_are_ordered_like_their_dates(span: int) -> None:
    chance = random.Random(span)
    stamps = [0, 951_782_399, 951_782_400, *(chance.randrange(span) for _ in range(50))]
    for some in (stamps, stamps[3:], stamps[:0]):
        times = [datetime.fromtimestamp(stamp, UTC) for stamp in some]
        numbers = [int(f"{at:%Y%m%d}") * 86_400 + at.hour * 3600 + at.minute * 60 + at.second for at in times]
        assert _seconds_of(np.array(some, dtype=np.int64)).tolist() == numbers
