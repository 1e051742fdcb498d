"""What a run may hold in memory: all its processes together, over a table as large as the collection."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.one_table import index_table, write_table

MB = 1 << 20
MOST_MB = 600


@pytest.mark.corpus
@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="only Linux tells")
def test_one_table_of_all_reports_stays_within_600_mb(shared: Path, tmp_path: Path) -> None:
    """Read whole, the same table took 3.9 GB; with a writer of 128 MB and two workers this is what holds."""
    table = tmp_path / "reports.csv"
    rows = write_table(shared / "corpus", table)
    run = index_table(table, tmp_path / "index", 128, jobs=2)
    assert rows >= 2_117
    assert run.table_bytes > 90 * MB
    assert run.reports >= 2_117
    assert run.memory_bytes is not None
    assert run.memory_bytes <= MOST_MB * MB, f"{run.memory_bytes / MB:.0f} MB"
