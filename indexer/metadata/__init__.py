"""What is known of a report, each value with the words it was read from.

Draft -> lines near the top -> claims (place, date, year) -> one value a field by the rules of
docs/metadata.md -> Metadata. Unknown is a value: nothing is guessed.
"""

from indexer.metadata.describe import describe

__all__ = ["describe"]
