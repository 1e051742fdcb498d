"""Which sentences of a report others have said before it, word for word or nearly, and who first.

sentences -> exact strings -> same; the rest -> pieces -> paragraphs that have half of them -> alike enough -> edited

Fingerprints need no index of their own: a piece is an exact string. docs/instruments.md has the definitions.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.answer.searcher import Searcher
from search.collection import Found, Ref, StoredParagraph, Top, View
from search.instruments.answers import FirstUse, Relation, ReuseAnswer, ReusedSentence, ReuseShares
from search.instruments.matched import OF_REPORTS, date_of, place_of, time_of
from search.instruments.restated import Statement, core_of, restates, stands_whole
from search.instruments.sentences import Sentence, letters_of, pieces_of, sentences_of, split_sentences
from search.language.text import normalize_text
from search.limits import UNLIMITED, Budget
from search.model import LEVELS, Query, Report

MOST_PARAGRAPHS = 400
"""A piece that more paragraphs have tells nothing of where a sentence comes from."""
LEAST_SHARED = 0.4
"""Of the characters of a sentence's telling pieces, what a paragraph must have to be looked at."""
LEAST_LIKENESS, SURE_LIKENESS = 0.6, 0.7
FORMULA_SHARE, FORMULA_REPORTS = 0.05, 10
"""A sentence that so many of the reports held have is a formula: 现在，我代表市人民政府 says nothing of its source."""

_ENDS = "。；;！？!?，,、：:…—-\"'“”‘’（）() "
_REPORTS = Query(type=OF_REPORTS)
_ALL = 1 << 30
_FIGURE = re.compile(r"\d")
_LEAST_STEM = 6
_DIGITS_ASIDE = 0.1
"""By so much more alike two sentences can be than their letters allow: numbers count as one sign each."""


def find_reuse(searcher: Searcher, report_id: str, *, budget: Budget = UNLIMITED) -> ReuseAnswer:
    """The sentences of a report, with who said them before.

    Raises:
        ReportNotFound: no report has that id.
        BudgetExceeded: it takes more than `budget`.
    """
    of = searcher.report(report_id)
    sentences = sentences_of(of.paragraphs)
    held, _ = searcher.list_reports(count=0)
    earlier = _Earlier(searcher, of.report, budget)
    same = earlier.word_for_word(sentences)
    budget.reach(0.3)
    nearly = earlier.nearly([sentence for sentence in sentences if sentence not in same])
    rows = []
    for sentence in sentences:
        use = same.get(sentence) or nearly.get(sentence) or _Use("own", 0, None, "")
        is_formula = use.reports >= max(FORMULA_REPORTS, FORMULA_SHARE * held)
        rows.append(_row(sentence, use, of.report, is_formula=is_formula))
    return ReuseAnswer(report_id, rows, _shares(sentences, rows))


@dataclass(frozen=True, slots=True)
class _Use:
    """How a sentence was used before: the kind, in how many other reports, first where and in which words."""

    kind: str
    reports: int
    first: StoredParagraph | None
    text: str


class _Earlier:
    """What reports before one say."""

    def __init__(self, searcher: Searcher, of: Report, budget: Budget) -> None:
        self._searcher, self._of, self._budget = searcher, of, budget

    def _find(self, strings: Sequence[str], top: Top) -> tuple[View, list[Found]]:
        return self._searcher.find_strings(
            strings, _REPORTS, without=self._of.id, budget=self._budget, top=top
        )

    def _is_before(self, report: Report) -> bool:
        return time_of(report) < time_of(self._of)

    def _is_own(self, report: Report) -> bool:
        return _relation(report, self._of) == "own_earlier"

    def word_for_word(self, sentences: Sequence[Sentence]) -> dict[Sentence, _Use]:
        """The sentences that stand in an earlier report from border to border."""
        strings = {sentence: normalize_text(sentence.text).strip(_ENDS) for sentence in sentences}
        distinct = list(dict.fromkeys(strings.values()))
        view, found = self._find(distinct, Top(_ALL, sort="year"))
        having = {
            string: [place.ref for place in f.top] for string, f in zip(distinct, found, strict=True) if f.top
        }
        refs = list(dict.fromkeys(ref for some in having.values() for ref in some))
        read = {
            ref: (paragraph, normalize_text(paragraph.text))
            for ref, paragraph in zip(refs, view.paragraphs(refs), strict=True)
        }
        uses = {}
        for string, some in having.items():
            self._budget.charge()
            saying = [read[ref][0] for ref in some if stands_whole(read[ref][1], string)]
            if saying and self._is_before(saying[0].report):
                reports = len({paragraph.report.id for paragraph in saying})
                uses[string] = _Use("same", reports, saying[0], _sentence_with(saying[0].text, string))
        return {sentence: uses[string] for sentence, string in strings.items() if string in uses}

    def nearly(self, sentences: Sequence[Sentence]) -> dict[Sentence, _Use]:
        """The sentences that an earlier report has in other words here and there."""
        pieces = {sentence: list(dict.fromkeys(pieces_of(sentence.text))) for sentence in sentences}
        stems = {sentence: _stems_of(some) for sentence, some in pieces.items()}
        distinct = list(
            dict.fromkeys(piece for some in (*pieces.values(), *stems.values()) for piece in some)
        )
        view, found = self._find(distinct, Top(MOST_PARAGRAPHS, sort="year"))
        self._budget.reach(0.8)
        refs = {
            piece: [place.ref for place in f.top]
            for piece, f in zip(distinct, found, strict=True)
            if f.total <= MOST_PARAGRAPHS
        }
        wanted = {
            sentence: list(dict.fromkeys([*_candidates(some, refs), *_candidates(stems[sentence], refs)]))
            for sentence, some in pieces.items()
        }
        every = list(dict.fromkeys(ref for some in wanted.values() for ref in some))
        read = dict(zip(every, view.paragraphs(every), strict=True))
        forms = _Forms(read)
        uses = {sentence: self._alike(sentence, some, forms) for sentence, some in wanted.items()}
        return {sentence: use for sentence, use in uses.items() if use is not None}

    def _alike(self, sentence: Sentence, refs: Sequence[Ref], forms: _Forms) -> _Use | None:
        alike = []
        ours = Statement(sentence.text, sentence.form)
        for ref in refs:
            self._budget.charge()
            found = forms.most_alike(ref, ours, is_own=self._is_own(forms.paragraphs[ref].report))
            if found is not None:
                alike.append((forms.paragraphs[ref], *found))
        before = [one for one in alike if self._is_before(one[0].report)]
        if not before:
            return None
        first, text, _ = min(before, key=lambda one: (time_of(one[0].report), -one[2], one[0].n))
        reports = len({paragraph.report.id for paragraph, _, _ in alike})
        same = any(how == 1.0 for _, _, how in before)
        if same:
            first, text, _ = min(
                (one for one in before if one[2] == 1.0), key=lambda one: time_of(one[0].report)
            )
            reports = len({paragraph.report.id for paragraph, _, how in alike if how == 1.0})
        return _Use("same" if same else "edited", reports, first, text)


def _stems_of(pieces: Sequence[str]) -> list[str]:
    """The pieces without what opens them, up to their first figure.

    Another year's report says 参保率达95% where this one says 参保率达97%, or opens otherwise: 有序推进, 加快推进.
    """
    cores = (core_of(_FIGURE.split(piece, maxsplit=1)[0]) for piece in pieces)
    return list(dict.fromkeys(core for core in cores if len(core) >= _LEAST_STEM))


def _candidates(pieces: Sequence[str], refs: Mapping[str, Sequence[Ref]]) -> list[Ref]:
    """The paragraphs that have at least half of a sentence, by the characters of its telling pieces."""
    telling = [piece for piece in pieces if piece in refs]
    shared: defaultdict[Ref, int] = defaultdict(int)
    for piece in telling:
        for ref in refs[piece]:
            shared[ref] += len(piece)
    least = LEAST_SHARED * sum(map(len, telling))
    return [ref for ref, chars in shared.items() if chars >= least]


class _Forms:
    """Candidates with their sentences, split once each."""

    def __init__(self, paragraphs: Mapping[Ref, StoredParagraph]) -> None:
        self.paragraphs = paragraphs
        self._sentences: dict[Ref, list[Statement]] = {}

    def most_alike(self, ref: Ref, ours: Statement, *, is_own: bool) -> tuple[str, float] | None:
        """The sentence of a paragraph that says most nearly the same, with how alike; None where none does."""
        sentences = self._sentences.get(ref)
        if sentences is None:
            text = self.paragraphs[ref].text
            said = [text[start:end] for start, end in split_sentences(text)]
            sentences = self._sentences[ref] = list(map(Statement, said, map(letters_of, said)))
        best, how = "", 0.0
        length, has = len(ours.letters), set(ours.letters).__contains__
        for theirs in sentences:
            size, least = len(theirs.form), (LEAST_LIKENESS - _DIGITS_ASIDE) * (len(theirs.form) + length) / 2
            if min(length, size) < least or sum(map(has, theirs.form)) < least:
                continue
            alike = restates(ours, theirs, least=LEAST_LIKENESS, surely=SURE_LIKENESS, is_own=is_own)
            if alike > how:
                best, how = theirs.text, alike
        return (best, how) if how else None


def _sentence_with(text: str, string: str) -> str:
    for start, end in split_sentences(text):
        if string in normalize_text(text[start:end]):
            return text[start:end]
    return text


def _row(sentence: Sentence, use: _Use, of: Report, *, is_formula: bool) -> ReusedSentence:
    first = None
    if use.first is not None:
        report = use.first.report
        first = FirstUse(
            report.id,
            f"{report.id}-p{use.first.n}",
            date_of(report),
            place_of(report),
            use.text,
            _relation(report, of),
        )
    return ReusedSentence(
        sentence.paragraph.id,
        sentence.text,
        use.kind,  # type: ignore[arg-type]
        use.reports,
        first,
        is_formula,
    )


def _relation(first: Report, of: Report) -> Relation:
    if place_of(first) == place_of(of) and first.level == of.level:
        return "own_earlier"
    if first.level == LEVELS[0]:
        return "nation"
    if first.level == LEVELS[1] and first.province == of.province:
        return "province"
    return "other"


def _shares(sentences: Sequence[Sentence], rows: Sequence[ReusedSentence]) -> ReuseShares:
    chars: dict[str, int] = dict.fromkeys(("own_earlier", "nation", "province", "other", "own"), 0)
    for sentence, row in zip(sentences, rows, strict=True):
        if not row.formula:
            chars["own" if row.first is None else row.first.relation] += len(sentence.form)
    total = sum(chars.values())
    return ReuseShares(**{name: count / total if total else 0.0 for name, count in chars.items()})
