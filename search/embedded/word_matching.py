"""Matches conjunctions of words in one segment: all at once, and beside them the few documents where marks cut one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from search.embedded.leaves import Leaves
from search.embedded.matches import Matches, Scores, union
from search.embedded.phrase_matching import strict
from search.embedded.sorted_numbers import membership, united
from search.embedded.term_lookup import Docs, Mask
from search.embedded.words import is_word
from search.language import plan as p

_Probe = Callable[[p.Plan, Docs], tuple[Mask, Scores | None]]


def match_words(plan: p.Plan, leaves: Leaves, probe: _Probe, *, counted: bool = False) -> Matches | None:
    """The matches of a conjunction of words, each of which may be favoured by others; None for any other plan.

    A word may be a phrase of one token, which marks may cut.

    Args:
        probe: which of some documents match a plain plan.
        counted: whether it may be said how often the words stand there; see `Matches.said`.
    """
    words: list[p.Plan] = []
    bonuses, bridged, unbridged = [], [], []
    for part in plan.parts if type(plan) is p.Every else (plan,):
        word = part
        if type(part) is p.Favoured:
            if not is_word(part.bonus):
                return None
            bonuses.append(part.bonus)
            word = part.wanted
        if type(word) is p.Phrase and len(word.tokens) == 1:
            if leaves.phrases.is_bridged(word):
                bridged.append(word)
                words.append(strict(word))
                continue
            word = strict(word)
        elif not is_word(word):
            return None
        words.append(word)
        unbridged.append(word)
    leaves.budget.charge()
    found = leaves.words.match(words, bonuses, counted=counted and len(words) > 1)
    if bridged:
        found = _with_bridged(found, plan, bridged, unbridged, leaves, probe)
    leaves.budget.charge(found.size_bytes)
    return found


def _with_bridged(
    found: Matches,
    plan: p.Plan,
    phrases: Sequence[p.Phrase],
    words: Sequence[p.Plan],
    leaves: Leaves,
    probe: _Probe,
) -> Matches:
    """The matches, and beside them those that have one of the phrases across marks alone.

    Args:
        words: the others, which marks cut nowhere. Where marks may cut a phrase is looked into where these stand.
    """
    docs_of = leaves.phrases.possible if words else leaves.phrases.docs
    docs = united([docs_of(phrase) for phrase in phrases])
    docs = docs[~membership(docs, found.docs)]
    for word in words:
        docs = docs[leaves.words.probe(word, docs)[0]]
    if not len(docs):
        return found
    mask, scores = probe(leaves.plain(plan), docs)
    return union([found, Matches(docs[mask], scores)], leaves.size)
