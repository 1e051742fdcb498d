"""A collection held in memory, answered by scanning it from end to end. Names only.

For tests, demonstrations and collections of a few hundred reports: it needs no index, no arrays and no dictionary of
its own. It is also the oracle of the other stores: every answer is the definition carried out, nothing is skipped.

drafts -> `writer` -> `held` (one version) -> `matching`, `scoring` -> `counting`, `ordering` -> `view`
"""

from search.memory.collection import MemoryCollection

__all__ = ["MemoryCollection"]
