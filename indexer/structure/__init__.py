"""How a document is divided: what belongs together, what each block is, where a report begins.

Document -> notes out -> lines to pieces -> halves joined -> noise aside -> drafts -> kinds -> long blocks divided,
repeats marked -> notes back -> StructuredFile. Nothing here knows file formats (`indexer.readers`) or what a title says
(`indexer.metadata`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.model import Document, Problem, StructuredFile
from indexer.structure.blocks import build_drafts
from indexer.structure.boundaries import divide_into_drafts
from indexer.structure.joins import join_halves
from indexer.structure.lines import gather_pieces
from indexer.structure.notes import part_notes, place_notes
from search.messages import sources as says

__all__ = ["structure"]

LEAST_LETTERS = 20
HAN = re.compile("[\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


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
    raw_drafts, marks = divide_into_drafts(pieces, document)
    drafts = place_notes(build_drafts(raw_drafts), notes)
    problems: tuple[Problem, ...] = ()
    if _is_foreign([piece.text for piece in pieces]):
        problems = (Problem(document.name, None, says.NO_CHINESE_TEXT()),)
    return StructuredFile(
        drafts, tuple(sorted([*aside, *seams, *marks], key=lambda entry: entry.line or 0)), problems
    )


def _is_foreign(texts: Sequence[str]) -> bool:
    """Whether texts have letters, and none of them Chinese."""
    if any(HAN.search(text) for text in texts):
        return False
    return sum(character.isalpha() for text in texts for character in text) >= LEAST_LETTERS
