"""Why a paragraph is in tier 2: for each chunk that doesn't stand in its text uncut, where its words are instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search.collection import StoredParagraph
from search.language.plan.chunks import chunk_units
from search.language.query.tree import And, Chunk, Exact, InField, Node, Or, Understood, iter_leaves
from search.language.synonyms import Synonyms
from search.language.text import Analyzer, normalize, normalize_text, occurrences
from search.language.text.phrases import compete, marked_form, phrase_spans, phrase_tokens
from search.model import Span, Why


def explain_tier(
    tree: Node, paragraph: StoredParagraph, analyzer: Analyzer, synonyms: Synonyms | None
) -> tuple[Why, ...]:
    """Where the chunks are that don't stand in the text uncut.

    Args:
        synonyms: None where other forms are not looked for.
    """
    form = marked_form(paragraph.text)
    found = []
    for chunk in dict.fromkeys(_chunks(tree)):
        phrase = phrase_tokens(chunk.text, analyzer)
        if phrase is None or phrase_spans(form, phrase[0], is_long=phrase[1]):
            continue
        if isinstance(chunk, Understood) and chunk.instead is not None:
            continue
        why = _found(chunk, paragraph, form.text, analyzer, synonyms)
        if why is not None:
            found.append(why)
    return tuple(found)


def single_characters(tree: Node) -> frozenset[str]:
    """What was typed as a chunk of one character."""
    texts = (
        leaf.text for leaf in iter_leaves(tree) if isinstance(leaf, (Chunk, Exact)) and len(leaf.text) == 1
    )
    return frozenset(map(normalize_text, texts))


def chunks_above(tree: Node) -> tuple[str, ...]:
    """The texts that are looked for in headings alone."""
    if isinstance(tree, (And, Or)):
        return tuple(text for child in tree.children for text in chunks_above(child))
    if isinstance(tree, InField) and tree.field == "heading":
        return tuple(leaf.text for leaf in iter_leaves(tree.child) if isinstance(leaf, (Chunk, Exact)))
    return ()


def mark_headings(
    headings: Sequence[str], texts: Sequence[str], analyzer: Analyzer
) -> tuple[tuple[Span, ...], ...]:
    """Where headings say the texts, uncut or else their words; () if none does."""
    marked = tuple(tuple(_mark_heading(heading, texts, analyzer)) for heading in headings)
    return marked if any(marked) else ()


def _mark_heading(heading: str, texts: Sequence[str], analyzer: Analyzer) -> Iterator[Span]:
    normal = normalize(heading)
    form = marked_form(heading, normal)
    found: list[Span] = []
    for text in texts:
        phrase = phrase_tokens(text, analyzer)
        uncut = phrase_spans(form, phrase[0], is_long=phrase[1]) if phrase is not None else ()
        found += uncut or [
            span
            for unit in chunk_units(text, analyzer)
            for span in occurrences(form.text, "".join(token.term for token in unit))
        ]
    for start, end in compete(sorted(set(found))):
        yield normal.to_original(start, end)


def _found(
    chunk: Chunk, paragraph: StoredParagraph, form: str, analyzer: Analyzer, synonyms: Synonyms | None
) -> Why | None:
    words = ["".join(token.term for token in unit) for unit in chunk_units(chunk.text, analyzer)]
    missing = [word for word in words if not any(True for _ in occurrences(form, word))]
    if not missing:
        return Why(chunk.text, "apart")
    heading = "\n".join(map(normalize_text, paragraph.heading))
    if all(word in heading for word in missing):
        return Why(chunk.text, "heading")
    report = paragraph.report
    title = "\n".join(normalize_text(name) for name in (report.title, report.city, report.province) if name)
    if all(word in heading or word in title for word in missing):
        return Why(chunk.text, "title")
    return Why(chunk.text, "synonym") if synonyms is not None else None


def _chunks(tree: Node) -> Iterator[Chunk]:
    if isinstance(tree, (And, Or)):
        for child in tree.children:
            yield from _chunks(child)
    elif isinstance(tree, Chunk):
        yield tree
