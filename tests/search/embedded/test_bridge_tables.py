"""Bridges sorted through the disk: the same tables, whatever memory there is, and the same as plain sorting gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.embedded.arrays import ArrayFile
from search.embedded.bridges import LENGTH_SHIFT, LONG_RUN, TABLES
from search.embedded.writing.bridge_tables import GatheredBridges
from search.embedded.writing.bridges import BridgeRows
from search.embedded.writing.segment_files import SegmentFiles
from search.embedded.writing.spool import Spool

DOCS, FILES = 50, 40


def drawn(chance: np.random.Generator, *, has_limits: bool) -> BridgeRows:
    """Bridges of a file: few keys, so that many bridges have the same, and one in ten is long."""
    count = int(chance.integers(0, 400))
    lengths = np.where(chance.random(count) < 0.1, LONG_RUN + chance.integers(0, 9, count), 1)
    return BridgeRows(
        keys=chance.integers(0, 30, count).astype(np.uint64) << np.uint64(21),
        docs=np.sort(chance.integers(0, DOCS, count)).astype(np.uint32),
        places=chance.integers(0, 1 << LENGTH_SHIFT, count).astype(np.uint16),
        lengths=lengths.astype(np.uint16),
        sides=chance.integers(0, 256, count).astype(np.uint8),
        limits=chance.integers(0, 1 << 16, (count, 2)).astype(np.uint16) if has_limits else None,
    )


@pytest.mark.parametrize("memory_bytes", [0, 100_000, 1 << 24])
def test_tables_are_those_of_plain_sorting(tmp_path: Path, memory_bytes: int) -> None:
    chance = np.random.default_rng(8)
    spool, files = Spool(tmp_path), SegmentFiles(tmp_path)
    bridges = GatheredBridges(spool, memory_bytes)
    gathered: dict[str, list[tuple[int, ...]]] = {name: [] for name in TABLES}
    for number in range(FILES):
        rows = {name: drawn(chance, has_limits=name == "quotes") for name in TABLES}
        bridges.add(rows, number * DOCS)
        for name, of_table in rows.items():
            limits = np.zeros((len(of_table.keys), 2)) if of_table.limits is None else of_table.limits
            columns = (of_table.keys, of_table.docs + number * DOCS, of_table.places, of_table.lengths)
            gathered[name] += zip(
                *(column.tolist() for column in columns),
                of_table.sides.tolist(),
                *limits.T.tolist(),
                strict=True,
            )
    bridges.write(files)
    spool.close()
    (written,) = tmp_path.iterdir()
    file = ArrayFile(memoryview(written.read_bytes()))
    for name in TABLES:
        expected = sorted(gathered[name], key=lambda row: row[0])
        assert as_rows(file, name) == expected


def as_rows(file: ArrayFile, name: str) -> list[tuple[int, ...]]:
    """What a table holds, as it was given."""

    def column(of: str) -> Any:
        return file[f"{name}.{of}"]

    keys = np.repeat(column("keys"), np.diff(column("starts").astype(np.int64)))
    places = column("places")
    lengths = (places >> LENGTH_SHIFT).astype(np.int64)
    lengths[column("long_at")] = column("long_lengths")
    limits = column("limits").reshape(-1, 2) if name == "quotes" else np.zeros((len(places), 2))
    plain = places & ((1 << LENGTH_SHIFT) - 1)
    columns = (keys, column("docs"), plain, lengths, column("sides"), limits[:, 0], limits[:, 1])
    return list(zip(*(one.tolist() for one in columns), strict=True))
