"""Notes: footnotes, text boxes and comments, which stand beside the running text.

Taken out before the running text is understood, so that none cuts a paragraph in two or is read as a report's
particulars; put back as blocks of their own kind behind the block that they belong to.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from indexer.model import NOTE_KINDS, Block, Draft, Line
from indexer.structure import patterns
from indexer.structure.division import divide_text

HEAD_LINES = 14


def part_notes(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The running lines, and those of notes.

    A text box on the first page that holds the title which the running text lacks is running text.
    """
    if not any(line.hint in NOTE_KINDS for line in lines):
        return list(lines), []
    head = _numbers_of_boxed_head(lines)
    running: list[Line] = []
    notes: list[Line] = []
    for line in lines:
        if line.number in head:
            running.append(replace(line, hint=None))
        elif line.hint in NOTE_KINDS:
            notes.append(line)
        else:
            running.append(line)
    return running, notes


def place_notes(drafts: Sequence[Draft], notes: Sequence[Line]) -> tuple[Draft, ...]:
    """The drafts with each note behind the block that it belongs to."""
    shown = [(line, parts) for line in notes if (parts := _parts(line.text))]
    if not shown:
        return tuple(drafts)
    if not drafts:
        return (Draft("其他", tuple(block for note in shown for block in _blocks(*note))),)
    places = sorted(
        (block.lines[0], number, at)
        for number, draft in enumerate(drafts)
        for at, block in enumerate(draft.blocks)
    )
    behind: dict[tuple[int, int], list[Block]] = {}
    for line, parts in shown:
        found = bisect_right(places, (line.number, len(drafts), 0)) - 1
        _, number, at = places[max(found, 0)]
        behind.setdefault((number, at), []).extend(_blocks(line, parts))
    return tuple(
        replace(
            draft,
            blocks=tuple(
                block
                for at, running in enumerate(draft.blocks)
                for block in (running, *behind.get((number, at), ()))
            ),
        )
        for number, draft in enumerate(drafts)
    )


def _numbers_of_boxed_head(lines: Sequence[Line]) -> set[int]:
    texts = [(line, "".join(line.text.split())) for line in lines if line.text.strip()]
    running = [text for line, text in texts if line.hint not in NOTE_KINDS][:HEAD_LINES]
    if any(patterns.is_title(text) for text in running):
        return set()
    boxed = [(line, text) for line, text in texts[: 2 * HEAD_LINES] if line.hint == "textbox"]
    if not any(patterns.is_titled_report(text) for _, text in boxed):
        return set()
    return {line.number for line, text in boxed if _is_particular(text)}


def _is_particular(text: str) -> bool:
    return (
        patterns.is_titled_report(text)
        or patterns.is_session(text)
        or patterns.is_date(text)
        or patterns.is_speaker(text)
    )


def _parts(text: str) -> list[str]:
    text = text.strip()
    return divide_text(text) if text else []


def _blocks(line: Line, parts: Sequence[str]) -> list[Block]:
    lines = (line.number, line.number)
    many = len(parts) > 1
    return [
        Block(str(line.hint), 0, text, lines, piece=number if many else 0, confidence=line.confidence)
        for number, text in enumerate(parts, start=1)
    ]
