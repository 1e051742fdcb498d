"""How a document is divided: what belongs together, what each block is, where a report begins.

Document -> notes out -> lines to pieces -> halves joined -> noise aside -> drafts -> kinds -> long blocks divided,
repeats marked -> notes back -> StructuredFile. Nothing here knows file formats (`indexer.readers`) or what a title says
(`indexer.metadata`).
"""

from __future__ import annotations

from indexer.model import Document, StructuredFile
from indexer.structure.blocks import build_drafts
from indexer.structure.boundaries import divide_into_drafts
from indexer.structure.joins import join_halves
from indexer.structure.lines import gather_pieces
from indexer.structure.notes import part_notes, place_notes

__all__ = ["structure"]


def structure(document: Document) -> StructuredFile:
    """The document's reports (and what else it holds) as blocks.

    Conservation, exactly: take the non-blank characters (not `str.isspace`) of the document's lines as a
    multiset. The texts of all blocks and of all entries set aside, together, are the same multiset. Each
    block's text is moreover a subsequence of the lines that its range covers, in their order.

    Returns: drafts in the order in which they begin; what was set aside, in the order of the lines. A
        document without any text gives no draft.
    """
    running, notes = part_notes(document.lines)
    pieces, aside = gather_pieces(running)
    pieces, seams = join_halves(pieces)
    raw_drafts, marks = divide_into_drafts(pieces)
    drafts = place_notes(build_drafts(raw_drafts), notes)
    return StructuredFile(drafts, tuple(sorted([*aside, *seams, *marks], key=lambda entry: entry.line or 0)))
