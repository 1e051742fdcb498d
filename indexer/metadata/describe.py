"""One value a field from all that was claimed, by the order of trust that docs/metadata.md states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from indexer.metadata.dating import Dating
from indexer.metadata.known import Known
from indexer.metadata.people import read_session, read_speaker, read_title
from indexer.metadata.placing import read_place
from indexer.metadata.types import read_type, type_of_title
from indexer.model import NOTE_KINDS, UNKNOWN, Document, Draft, Metadata, Overridden, Value


def describe(
    draft: Draft,
    document: Document,
    *,
    file_name: str | None = None,
    overrides: Overridden | None = None,
    siblings: Sequence[Metadata] = (),
) -> Metadata:
    """What is known of one report.

    Trust, highest first: overrides, the document's own fields, the text's explicit words (session, opening
    words, title, speaker), the file name, the other reports of the file, the text as a whole.

    Args:
        draft: the report as structure sees it.
        document: the file or row that it stands in; its `fields` are read here.
        file_name: the name to read place and year from; None takes the document's, "" hides it.
        overrides: the operator's values, by field name (see `indexer.overrides`).
        siblings: what is known of the reports before it in the same file.

    Returns: values with evidence, and Problems for what contradicts itself. Unknown is None.
    """
    name = document.name if file_name is None else file_name
    running = tuple(block for block in draft.blocks if block.kind not in NOTE_KINDS)
    known = Known(
        replace(draft, blocks=running), document, name=name, overrides=overrides or {}, siblings=siblings
    )
    dating = Dating(known)
    values = read_place(known, dating.year.value if isinstance(dating.year.value, int) else None)
    values |= {
        "year": dating.year,
        "date": dating.date,
        "review_year": dating.review_year(),
        "plan_year": dating.plan_year(),
        "type": _type(known),
        "title": known.stated.text("title") or read_title(known.head),
        "session": _session(known),
        "speaker": known.stated.text("speaker") or read_speaker(known.head, kind=draft.kind),
    }
    return Metadata(**values, problems=tuple(known.problems))


def _type(known: Known) -> Value:
    stated = known.stated.type()
    if stated.value is not None:
        return stated
    title = known.stated.text("title")
    named = type_of_title(title) if title is not None and known.is_report else UNKNOWN
    return read_type(known.draft.kind, known.head, known.stem, stated=named)


def _session(known: Known) -> Value:
    own = known.stated.text("session") or read_session(known.head)
    return known.inherited("session") if own.value is None else own
