"""Whether a sentence says again what another says: the same statement in other words here and there.

Being alike is not enough. Short sentences may differ in their subject alone (深化经济体制改革, 深化投融资体制改革), and
a figure of another place is another statement however it is worded (固定资产投资增长8%, 固定资产投资增长9%).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise

from search.instruments.sentences import letters_of
from search.language.text import normalize_text
from search.lazy_pattern import lazy_pattern

SHORTEST_RUN, LEAST_RUN, LEAST_RUNS, LEAST_SHARED_CLAUSE = 3, 8, 12, 6
"""Letters: runs that count, one that tells alone, several together, a clause that tells."""
LEAST_RUN_BESIDE_FIGURES = 6
ALMOST = 0.999
"""The most that two sentences are alike that aren't the same to the letter, whose figures alone may differ."""
NEARLY_SURE = 0.85
"""From there on a replaced word, such as a name, leaves it the same statement."""
_LEAST_CORE = 4

_BORDER = lazy_pattern(r"[^\w、“”\"'‘’《》()（）.%‰ -]+|(?<!\d)\.|\.(?!\d)")
_DIGITS = lazy_pattern(r"\d+")
_FIGURE = lazy_pattern(r"\d+(?:\.\d+)?(?![\d.]|年)")
_IN_WORDS = lazy_pattern(
    r"(?:第[一二三四五六七八九十百\d]+|首)([次届轮])|(?<![\d.])[一二两三四五六七八九十百千万]+(亿)"
)
"""Which one in a row, and how many 亿; the unit as a group."""
_DIGITS_ONLY = ""
_WANTING = lazy_pattern(r"不[快够足高强优大]|滞后|薄弱|有待|仍需|亟待|欠缺|短板")
_ORDINAL = lazy_pattern(
    r"^[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[)）.、])|^\d{1,2}(?=[^\W\d]{4})(?![^\W\d]?年)|"
    r"^第?[一二三四五六七八九十]{1,3}(?:是|要)"
)
_OPENERS = lazy_pattern(
    r"(?:第[一二三四五六七八九十]|进一步|大力|强力|积极|全面|深入|扎实|切实|着力|全力|不断|持续|继续|努力|认真|坚持|"
    r"加快|加大|加强|强化|深化|推进|推动|实施|促进|做好|抓好|狠抓|开展|完善|健全|发展|提升|提高|支持|要|将)+"
)


@dataclass(frozen=True)
class Statement:
    """A sentence as it is compared.

    Args:
        text: as it stands in the report.
        form: its letters, if they are known already.
    """

    text: str
    form: str = field(default="")

    @cached_property
    def letters(self) -> str:
        return self.form or letters_of(self.text)

    @cached_property
    def pairs(self) -> Counter[str]:
        """Its pairs of characters, all numbers being alike."""
        return _pairs_of(self.letters)

    @cached_property
    def clauses(self) -> tuple[str, ...]:
        """Its clauses in normal form, signs within them kept; 、 ends none."""
        return tuple(part.strip() for part in _BORDER.split(normalize_text(self.text)) if part.strip())

    @cached_property
    def cores(self) -> tuple[str, ...]:
        return tuple(core for clause in self.clauses if (core := core_of(clause)))

    @cached_property
    def subject(self) -> str:
        """The letters before its first number, what opens them aside."""
        return core_of(_FIGURE.split(_ORDINAL.sub("", normalize_text(self.text)), maxsplit=1)[0])

    @cached_property
    def figures(self) -> dict[str, str]:
        """The numbers that it gives, years and ordinals of lists aside, with their unit where they are in words."""
        return {figure: unit for clause in self.clauses for figure, unit in _figures_of(clause).items()}

    @cached_property
    def tells_of_want(self) -> bool:
        """Whether it says what is not as it should be."""
        return _WANTING.search(self.text) is not None


def core_of(clause: str) -> str:
    """The letters of a clause without what opens it: an ordinal, 进一步, 大力推进.

    Example:
        >>> core_of("四是积极推进城乡社区建设"), core_of("深化改革")
        ('城乡社区建设', '深化改革')
    """
    letters = letters_of(_ORDINAL.sub("", clause))
    opened = _OPENERS.match(letters)
    core = letters[opened.end() :] if opened else letters
    return core if len(core) >= _LEAST_CORE else letters


def restates(ours: Statement, theirs: Statement, *, least: float, surely: float, is_own: bool) -> float:
    """How alike two sentences are, 0 to 1, where one says again what the other says; else 0.

    Args:
        least: less alike are two statements.
        surely: from there on they needn't have a clause in common.
        is_own: both are of the same place, whose figures change from year to year.

    Example:
        >>> economy, investment = Statement("深化经济体制改革"), Statement("深化投融资体制改革")
        >>> restates(economy, investment, least=0.5, surely=0.6, is_own=True)
        0.0

    Source: Dice (1945); Adamson and Boreham (1974) for pairs of characters.
    """
    if ours.letters == theirs.letters:
        return 1.0
    alike = _dice(ours.pairs, theirs.pairs, ours, theirs)
    if alike < least:
        return 0.0
    if ours.tells_of_want != theirs.tells_of_want and alike < NEARLY_SURE:
        return 0.0
    other_figures = _other_figures(ours, theirs)
    has_same_figures = not other_figures
    if not is_own and other_figures:
        alike = _without(other_figures, ours, theirs)
        if alike < least:
            return 0.0
    runs = _runs(ours.letters, theirs.letters)
    if has_same_figures:
        tells = alike >= surely or max(runs, default=0) >= LEAST_RUN
    else:
        tells = max(runs, default=0) >= LEAST_RUN_BESIDE_FIGURES or ours.subject == theirs.subject
    tells = tells or sum(runs) >= LEAST_RUNS or _share_clause(ours, theirs)
    if not tells or (not is_own and alike < NEARLY_SURE and _replaces_words(ours, theirs)):
        return 0.0
    return min(alike, ALMOST)


def _replaces_words(ours: Statement, theirs: Statement) -> bool:
    """Whether two single clauses say the same of other things: 住房保障体系不断健全, 社会保障体系不断健全."""
    if len(ours.clauses) > 1 or len(theirs.clauses) > 1:
        return False
    a, b = ours.cores[0], theirs.cores[0]
    if a in b or b in a:
        return False
    changes = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return any(how == "replace" and min(i2 - i1, j2 - j1) >= 2 for how, i1, i2, j1, j2 in changes)


def _dice(pairs_a: Counter[str], pairs_b: Counter[str], a: Statement, b: Statement) -> float:
    """The pairs that both have, of those of the whole sentences."""
    total = sum(a.pairs.values()) + sum(b.pairs.values())
    shared = sum(min(count, pairs_b[pair]) for pair, count in pairs_a.items() if pair in pairs_b)
    return 2 * shared / total if total else 0.0


def _other_figures(ours: Statement, theirs: Statement) -> frozenset[str]:
    """The figures that only one of them gives; those in words only where both give one of that unit."""
    every = ours.figures | theirs.figures
    units = {_DIGITS_ONLY, *ours.figures.values()} & {_DIGITS_ONLY, *theirs.figures.values()}
    return frozenset(f for f in ours.figures.keys() ^ theirs.figures.keys() if every[f] in units)


def _without(figures: frozenset[str], ours: Statement, theirs: Statement) -> float:
    """How alike two sentences are if a clause with one of these figures counts as different."""
    kept = [
        _pairs_of(
            "".join(letters_of(clause) for clause in one.clauses if figures.isdisjoint(_figures_of(clause)))
        )
        for one in (ours, theirs)
    ]
    return _dice(kept[0], kept[1], ours, theirs)


def _figures_of(clause: str) -> dict[str, str]:
    text = _ORDINAL.sub("", clause)
    in_words = {match[0]: match[1] or match[2] for match in _IN_WORDS.finditer(text)}
    return dict.fromkeys(_FIGURE.findall(text), _DIGITS_ONLY) | in_words


def _share_clause(ours: Statement, theirs: Statement) -> bool:
    """Whether a clause of one stands whole in the other, what opens it aside."""
    return any(
        (len(core) >= LEAST_SHARED_CLAUSE or core in other.cores) and core in other.letters
        for one, other in ((ours, theirs), (theirs, ours))
        for core in one.cores
    )


def _runs(a: str, b: str) -> list[int]:
    """Lengths of the runs that both have in the same order, digits aside."""
    matcher = SequenceMatcher(None, _DIGITS.sub(" ", a), _DIGITS.sub("　", b), autojunk=False)
    return [block.size for block in matcher.get_matching_blocks() if block.size >= SHORTEST_RUN]


def _pairs_of(letters: str) -> Counter[str]:
    return Counter(map("".join, pairwise(_DIGITS.sub("0", letters))))


def stands_whole(form: str, string: str) -> bool:
    """Whether `string` stands in `form`, both normalised, with no letter or digit beside it.

    Example:
        >>> stands_whole("力争增长5%以上,", "增长5%"), stands_whole("快了,经济增长,", "经济增长")
        (False, True)
    """
    at = form.find(string)
    while at >= 0:
        end = at + len(string)
        if not form[at - 1 : at].isalnum() and not form[end : end + 1].isalnum():
            return True
        at = form.find(string, at + 1)
    return False
