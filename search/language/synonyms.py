"""Synonyms of the government register, from a file that anyone may read and change.

data/synonyms.txt -> read -> Synonyms; the plan asks it which other forms a stretch of a chunk has.

Years need no line of the file: 1993年 and 一九九三年 find each other. Lookup is by normal form.
Which stretches are expanded, and telling the searcher so, is the plan's work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import add
from pathlib import Path

from search.errors import SourceError
from search.language.query.years import HAN_DIGITS
from search.language.text.normalize import normalize_text
from search.messages import Message, queries
from search.model import Span

DATA = Path(__file__).resolve().parent / "data" / "synonyms.txt"

_YEAR = re.compile("(?:1[5-9]|20)[0-9]{2}年|(?:一[五六七八九]|二[〇零])[〇零一二三四五六七八九]{2}年")
_HAN_NUMERALS = frozenset(HAN_DIGITS) | frozenset("十百千万")
_TO_HAN = {digit: char for char, digit in HAN_DIGITS.items() if char in "〇一二三四五六七八九"}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_NAME = re.compile(r"\(\?P<\w+>")
_NUMBER = "[一二三四五六七八九十百0-9]{1,4}"


@dataclass(frozen=True, slots=True)
class Template:
    """A form with placeholders for numbers, and the forms that it leads to."""

    pattern: re.Pattern[str]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of a text that has other forms. `span` is its place in the (normalised) text."""

    span: Span
    form: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """What can be said in other words.

    Args:
        others: a form, normalised, to its other forms as the file writes them, in its order.
        templates: forms with numbers in them, in the file's order.
        longest: a character to the length of the longest form that it begins.
        numbered: finds where a template or a year may stand.
    """

    others: Mapping[str, tuple[str, ...]]
    templates: tuple[Template, ...] = ()
    longest: Mapping[str, int] = field(init=False)
    begin: frozenset[str] = field(init=False)
    """How the forms begin: two characters, or one where that is all of a form."""
    numbered: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        longest: dict[str, int] = {}
        for form in self.others:
            longest[form[0]] = max(len(form), longest.get(form[0], 0))
        object.__setattr__(self, "longest", longest)
        object.__setattr__(self, "begin", frozenset([form[:2] for form in self.others]))
        patterns = (_NAME.sub("(?:", template.pattern.pattern) for template in self.templates)
        object.__setattr__(self, "numbered", re.compile("|".join([_YEAR.pattern, *patterns])))

    def of(self, form: str) -> tuple[str, ...]:
        """The other forms of `form`, without itself; () where it has none.

        Example:
            >>> load_synonyms().of("十四届二次会议")
            ('第十四届委员会第二次会议', '第十四届人民代表大会第二次会议')
        """
        plain = normalize_text(form)
        if plain in self.others:
            return self.others[plain]
        year = _year_at(plain, 0)
        if year is not None and year.span[1] == len(plain):
            return year.others
        for template in self.templates:
            found = template.pattern.fullmatch(plain)
            if found is not None:
                return _fill(template, found)
        return ()

    def may_stand_in(self, text: str) -> bool:
        """Whether any form may stand in `text` (already normalised)."""
        begin = self.begin
        return (
            not begin.isdisjoint(map(add, text, text[1:]))
            or not begin.isdisjoint(text)
            or self.numbered.search(text) is not None
        )

    def find(self, text: str) -> Iterator[Match]:
        """The forms that stand in `text` (already normalised), from left to right, the longest at each place.

        An ASCII word or number is never cut: AI isn't found in said.
        """
        numbered = self.numbered.search(text)
        if numbered is None and self.longest.keys().isdisjoint(text):
            return
        at = 0
        while at < len(text):
            match = self._longest_at(text, at, may_be_numbered=numbered is not None)
            if match is None:
                at += 1
            else:
                yield match
                at = match.span[1]

    def _longest_at(self, text: str, at: int, *, may_be_numbered: bool) -> Match | None:
        best: Match | None = None
        for end in range(min(len(text), at + self.longest.get(text[at], 0)), at, -1):
            if text[at:end] in self.others and _is_whole(text, at, end):
                best = Match((at, end), text[at:end], self.others[text[at:end]])
                break
        if not may_be_numbered or self.numbered.match(text, at) is None:
            return best
        for template in self.templates:
            found = template.pattern.match(text, at)
            if found is None or not _is_whole(text, at, found.end()):
                continue
            if best is None or found.end() > best.span[1]:
                best = Match((at, found.end()), found.group(), _fill(template, found))
        return best or _year_at(text, at)


def _year_at(text: str, at: int) -> Match | None:
    """A year that stands there, with the other ways to write it."""
    found = _YEAR.match(text, at)
    if found is None or not _is_whole(text, at, found.end()) or (at and text[at - 1] in _HAN_NUMERALS):
        return None
    digits = "".join(HAN_DIGITS.get(char, char) for char in found[0])
    han = "".join(_TO_HAN.get(char, char) for char in digits)
    others = dict.fromkeys((digits, han, han.replace("〇", "零")))
    return Match(found.span(), found[0], tuple(other for other in others if other != found[0]))


class _Fault(Exception):
    """A line breaks a rule."""

    def __init__(self, fault: Message) -> None:
        super().__init__(fault)
        self.fault = fault


def load_synonyms(path: Path = DATA) -> Synonyms:
    """The synonyms of a file.

    Raises:
        SourceError: the file is missing, isn't UTF-8, or a line breaks a rule; says which line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(queries.SYNONYMS_UNREADABLE(error=str(error)), path=path.name) from error
    return read_synonyms(lines, name=path.name)


def read_synonyms(lines: Iterable[str], *, name: str) -> Synonyms:
    """The synonyms that `lines` state; `name` is the file's, for errors.

    Raises:
        SourceError: a line breaks a rule; says which.
    """
    equals: dict[str, tuple[str, ...]] = {}
    leads: dict[str, tuple[str, ...]] = {}
    known_equals: set[str] = set()
    known_leads: set[str] = set()
    for number, line in enumerate(lines, start=1):
        entry = line.partition("#")[0].strip()
        if not entry:
            continue
        try:
            wider, mark, narrower = entry.partition(">")
            if mark:
                (left,) = _forms([wider])
                right = _forms(narrower.split(","))
                _check([left, *right], [left], known_leads)
                leads[left] = right
            else:
                forms = _forms(entry.split("="))
                _check(forms, forms, known_equals)
                for form in forms:
                    equals[form] = tuple(other for other in forms if other != form)
        except _Fault as error:
            raise SourceError(
                queries.SYNONYMS_LINE(name=name, line=number, fault=error.fault),
                path=name,
                line=number,
                hint=queries.SYNONYMS_ENTRY(entry=entry),
            ) from error
    return _assemble(equals, leads)


def _forms(cells: Iterable[str]) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in cells)


def _check(forms: Iterable[str], keys: Iterable[str], known: set[str]) -> None:
    """Raise _Fault where a line's forms break a rule; the keys are known from then on."""
    forms = list(forms)
    plain = [normalize_text(form) for form in forms]
    if len(forms) < 2:
        raise _Fault(queries.SYNONYMS_ONE_FORM())
    if not all(plain):
        raise _Fault(queries.SYNONYMS_EMPTY_FORM())
    if len(set(plain)) < len(plain):
        raise _Fault(queries.SYNONYMS_TWICE())
    if any(sign in form for form in forms for sign in ("=", ">")):
        raise _Fault(queries.SYNONYMS_SIGNS())
    _check_placeholders(forms)
    for key in keys:
        if normalize_text(key) in known:
            raise _Fault(queries.SYNONYMS_KNOWN(form=key))
    known.update(map(normalize_text, keys))


def _check_placeholders(forms: Sequence[str]) -> None:
    """Raise _Fault unless all forms of a line have the same placeholders, each once, and no other braces."""
    names = [sorted(_PLACEHOLDER.findall(form)) for form in forms]
    if any(found != names[0] or len(set(found)) < len(found) for found in names):
        raise _Fault(queries.SYNONYMS_PLACEHOLDERS())
    if any("{" in rest or "}" in rest for rest in (_PLACEHOLDER.sub("", form) for form in forms)):
        raise _Fault(queries.SYNONYMS_BRACES())


def _assemble(equals: Mapping[str, tuple[str, ...]], leads: Mapping[str, tuple[str, ...]]) -> Synonyms:
    """Both kinds of line put together; a form's equals come before what it leads to."""
    others: dict[str, tuple[str, ...]] = {}
    templates: list[Template] = []
    for form in {**equals, **leads}:
        together = tuple(dict.fromkeys(equals.get(form, ()) + leads.get(form, ())))
        if _PLACEHOLDER.search(form):
            templates.append(Template(_compile(form), together))
        else:
            others[normalize_text(form)] = together
    return Synonyms(others, tuple(templates))


def _compile(form: str) -> re.Pattern[str]:
    """The pattern of a form with placeholders; its fixed parts are normalised."""
    parts = _PLACEHOLDER.split(form)
    pattern = "".join(
        f"(?P<{part}>{_NUMBER})" if index % 2 else re.escape(normalize_text(part))
        for index, part in enumerate(parts)
    )
    return re.compile(pattern)


def _fill(template: Template, found: re.Match[str]) -> tuple[str, ...]:
    return tuple(_PLACEHOLDER.sub(lambda name: found[name[1]], other) for other in template.others)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether neither end of the stretch cuts an ASCII word or number in two."""
    return not any(
        0 < at < len(text) and _is_ascii_word(text[at - 1]) and _is_ascii_word(text[at])
        for at in (start, end)
    )


def _is_ascii_word(char: str) -> bool:
    return char.isascii() and char.isalnum()
