"""Glossary entries that define a term: which ones do, and which of them is shown.

query of one chunk -> glossary entries that have it -> those at whose head it stands -> the best of them, the others

docs/counting.md has the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

from search.answer.glossary_last import GLOSSARY, glossary_entries
from search.answer.highlight import find_highlights
from search.answer.left_out import left_out_beyond_budget
from search.answer.question import Question
from search.collection import Ask, Choice, Found, Ref, StoredParagraph, Top
from search.language.plan.needles import needles_of
from search.language.query import Chunk, Exact, Node, Or
from search.language.text import normalize_text
from search.lru import LruCache
from search.messages import answers as says
from search.model import LEVELS, Definition

MOST_READ = 1_000
"""So many entries that have a term are read, the best by their score."""
MOST_COMPARED = 60
_LONGEST_TERM, _LONGEST_HEAD = 30, 60
_LEAST_SAID = 6
"""Characters that say what a term means; with fewer an entry only names it."""
_SUFFIX = 4
"""Characters beside a term in quotation marks that leave it the same: “双减”政策."""

_LABEL = re.compile(
    r"""\s*(?:
    [\[［〔﹝【（(]\s*\^?[0-9０-９]{1,3}\s*[\]］〕﹞】）)]\s*[:：.．、]?
    | [0-9０-９]{1,3}\s*[.．、，,:：）)](?![0-9])
    | [0-9０-９]{1,3}(?=\s*[“"「])
    | [①-⑳⑴-⒇⒈-⒛㉑-㉟㊱-㊿❶-❿][.．、]?
    | [（(]?[一二三四五六七八九十]{1,3}[）)、.．]
    | (?:注|备注|注释|名词解释)\s*[0-9０-９①-⑳]{0,3}\s*[:：]
    | [〇○●•·∙*＊※◆■▲]
    )*\s*""",
    re.X,
)
_BORDER = re.compile(
    r"(?P<last>[:：。]|[—－]{1,2}|--)|\s+(?![^，。；,;]{0,30}[:：])|[，,、]\s*(?=是|即|指|系|又称|也称|也叫|简称|就是|全称)"
    r"|(?=是指|指的是|系指|就是|是|即|指|又称|也称)"
)
_ASIDE = re.compile(r"[（(][^（）()]*[）)]")
_QUOTED = re.compile('[“"「『‘《]([^“”"「」『』‘’《》]+)[”"」』’》]')
_MARKS = re.compile(r"[^\w+.%]")
_COUNTED = re.compile("[0-9一二两三四五六七八九十百千]")
"""What makes another thing of a term: “林长制”七大行动."""
_CLAUSE = re.compile("[，,；;]")
_BETWEEN = re.compile(r"[、/和及与]|(?<=[”」』])(?=[“「『])")


@dataclass(frozen=True, slots=True)
class Head:
    """How an entry has a term at its head.

    Args:
        kind: 0 alone; 1 in quotation marks, with a word more beside; 2 as one of several.
        says: whether it goes on to say what the term means.
    """

    kind: int
    says: bool


def head_of(text: str, term: str) -> Head | None:
    """How an entry defines a term; None if it doesn't.

    Example:
        >>> head_of("17.“双减”政策：减轻作业负担和校外培训负担。", "双减")
        Head(kind=1, says=True)
    """
    wanted = _bare(term)
    begin = text[: 2 * _LONGEST_HEAD]
    entry = begin[_LABEL.match(begin).end() :]  # type: ignore[union-attr]  # matches the empty text too
    found = []
    for border in _BORDER.finditer(entry[: _LONGEST_HEAD + 1]):
        head = entry[: border.start()]
        kind = _kind(head, wanted)
        if kind is not None:
            rest = len(text) - (len(begin) - len(entry)) - border.end()
            found.append(Head(kind, rest >= _LEAST_SAID))
        if border["last"]:
            break
    return min(found, key=lambda head: (head.kind, not head.says), default=None)


def _kind(head: str, wanted: str) -> int | None:
    alone = _ASIDE.sub("", head)
    if wanted in (_bare(alone), _bare(head)):
        return 0
    for quoted in _QUOTED.finditer(alone):
        beside = alone[: quoted.start()] + alone[quoted.end() :]
        is_another = _QUOTED.search(beside) or _COUNTED.search(beside) or len(_bare(beside)) > _SUFFIX
        if _bare(quoted[1]) == wanted and not is_another:
            return 1
    if not _CLAUSE.search(alone) and any(_bare(one) == wanted for one in _BETWEEN.split(alone)):
        return 2
    return None


def _bare(text: str) -> str:
    """A text in normal form without marks."""
    return _MARKS.sub("", normalize_text(text))


def term_of(tree: Node) -> str | None:
    """What a query of one chunk asks for; None of any other query."""
    if isinstance(tree, (Chunk, Exact)) and 2 <= len(tree.text) <= _LONGEST_TERM:
        return tree.text
    return None


Key = tuple[object, ...]
KeptDefinitions = LruCache[Key, tuple[Definition | None]]


def find_definition(
    question: Question, found: Found, others: int, kept: KeptDefinitions
) -> Definition | None:
    """The definition of what a query asks for, among entries that the filters leave; `part` is no filter here.

    Args:
        found: what tier 1 finds, with its facets.
        others: how many paragraphs tier 2 adds; it has the other forms.
    """
    term = term_of(question.tree)
    if term is None:
        return None
    is_in_glossary = glossary_entries(found) > 0
    forms = _forms(question, term) if others or is_in_glossary else ()
    if not forms and not is_in_glossary:
        return None
    return _find_kept(question, (term, *forms), kept)


@left_out_beyond_budget(says.HINTS_LEFT_OUT, None)
def _find_kept(question: Question, forms: tuple[str, ...], kept: KeptDefinitions) -> Definition | None:
    chosen = tuple((name, values) for name, values in question.chosen if name != "part")
    key = (question.view.version, question.plan, chosen, forms)
    return kept.get_or_make(key, lambda: (_find(question, forms, chosen),))[0]


def _forms(question: Question, term: str) -> tuple[str, ...]:
    """Other forms of the whole term."""
    form = normalize_text(term)
    expansions = question.interpretation.expansions
    return tuple(other for of, others in expansions if normalize_text(of) == form for other in others)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry that defines one of the forms of a term."""

    head: Head
    form: int
    paragraph: StoredParagraph


def _find(question: Question, forms: Sequence[str], chosen: Choice) -> Definition | None:
    entries = _best_first(list(_entries(question, forms, chosen)))
    if not entries:
        return None
    first = entries[0]
    report = first.paragraph.report
    needles = needles_of(question.plan_of(Chunk(forms[first.form]), synonyms=False))
    return Definition(
        term=forms[first.form],
        id=f"{report.id}-p{first.paragraph.n}",
        n=first.paragraph.n,
        report=report,
        text=first.paragraph.text,
        spans=find_highlights(first.paragraph.text, needles).spans,
        others=tuple((of.paragraph.report, of.paragraph.n) for of in entries[1:]),
    )


def _entries(question: Question, forms: Sequence[str], chosen: Choice) -> Iterator[_Entry]:
    tree = Or(tuple(map(Chunk, forms))) if len(forms) > 1 else Chunk(forms[0])
    plan = question.plan_of(tree, synonyms=False)
    of_glossary = (*chosen, ("part", (GLOSSARY,)))
    view = question.view
    refs = [place.ref for place in view.find([Ask(plan, of_glossary, top=Top(MOST_READ))])[0].top]
    defining: dict[Ref, tuple[Head, int]] = {}
    for ref, text in zip(refs, view.texts(refs), strict=True):
        heads = ((head_of(text, form), at) for at, form in enumerate(forms))
        found = next(((head, at) for head, at in heads if head and head.says), None)
        if found is not None:
            defining[ref] = found
    for paragraph in view.paragraphs(list(defining)):
        yield _Entry(*defining[paragraph.ref], paragraph)


def _best_first(entries: list[_Entry]) -> list[_Entry]:
    """The entries, first those that have the term itself, alone; of these the nation's, then the usual wording.

    The usual wording is the one that most others are like; of several the newest.
    """
    entries.sort(key=_rank)
    alike = _likeness([normalize_text(entry.paragraph.text) for entry in entries[:MOST_COMPARED]])
    order = sorted(range(len(alike)), key=lambda at: (*_rank(entries[at])[:3], -alike[at], at))
    return [*(entries[at] for at in order), *entries[MOST_COMPARED:]]


def _rank(entry: _Entry) -> tuple[Any, ...]:
    report = entry.paragraph.report
    of_nation = report.level == LEVELS[0]
    year = report.plan_year or 0
    return (entry.form, entry.head.kind, not of_nation, -year, report.source, entry.paragraph.n)


def _likeness(texts: Sequence[str]) -> list[float]:
    """For each text, how like the others it is: the shares of pairs of characters that it has in common with each."""
    pairs = [frozenset(map("".join, pairwise(text))) for text in texts]
    alike = [0.0] * len(texts)
    for (a, first), (b, second) in combinations(enumerate(pairs), 2):
        share = 2 * len(first & second) / max(len(first) + len(second), 1)
        alike[a] += share
        alike[b] += share
    return alike
