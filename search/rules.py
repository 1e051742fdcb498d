"""The version of the indexer's readers and rules: what a file's record keeps, so that an upgrade has it read again.

It stands here because both sides compare it: the indexer to read again, whoever serves or verifies to say how many
files were read by other rules.
"""

from __future__ import annotations

from collections.abc import Iterable

from search.collection import SourceRecord

RULES_VERSION = "1"
"""Goes up with every change after which the same bytes may give other paragraphs, values, evidence, problems or texts
set aside; once per release is enough. It stays where only speed, memory or what is refused as too costly changes, and
where terms change: that is the analyzer's fingerprint. `tests/indexer/test_rules.py` fails if it was forgotten."""


def count_older(sources: Iterable[SourceRecord]) -> int:
    """How many files were read by other readers and rules than these; `xiesou index` reads them again."""
    return sum(source.rules != RULES_VERSION for source in sources)
