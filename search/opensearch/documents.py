"""Drafts as documents of a cluster: everything but what depends on average lengths, which a commit adds.

text -> terms with their tf, tokens by place -> `PreparedSource` -> (averages known) -> the body of a bulk
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from search.collection import DraftParagraph, DraftReport, DraftSource, SourceRecord
from search.collection.writing import title_lines
from search.language.text import Analyzer, normalize_text
from search.language.text.marks import QUOTES, SEPARATING, without_quotes
from search.opensearch.encoding import BEGIN, END, FILLER, escape, place_tokens, term_token
from search.opensearch.impacts import step, weighted
from search.opensearch.mapping import CHARS, DERIVED, EVERY_DOCUMENT, UNQUOTED, WORDS
from search.opensearch.text_tokens import TextTokens, TokenReader

MAX_CHARS = 1 << 14
"""The longest normalised text of a paragraph, as in every store."""
LEAST_SHARED_CHARS = 20
"""Shorter paragraphs are salutations, dates and headings: no evidence of a copy."""
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_KEPT_LINES = 4_096
Terms = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class PreparedText:
    """What is reckoned of one text: a paragraph's, or a line's above it.

    Args:
        terms: (token, tf), each token once.
        length: characters of the normal form.
        columns: fields of the document that hold no more than this text.
    """

    terms: Terms
    length: int
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PreparedParagraph:
    """A document but for its impacts: the fields that are written as they are, and texts by scored field."""

    fields: dict[str, Any]
    texts: dict[str, tuple[PreparedText, ...]]

    def lengths(self) -> dict[str, int]:
        """Characters of each scored field."""
        return {field: sum(text.length for text in texts) for field, texts in self.texts.items()}


@dataclass(frozen=True, slots=True)
class PreparedReport:
    """A report with the documents of its paragraphs."""

    record: dict[str, Any]
    digest: str
    paragraphs: tuple[PreparedParagraph, ...]

    def with_added(self, added: str) -> PreparedReport:
        """The report, having come in at another time."""
        record = {**self.record, "added": added}
        fields = {name: of for name, of in _report_fields(record).items() if name in ("added", "arrived")}
        paragraphs = (replace(of, fields={**of.fields, **fields}) for of in self.paragraphs)
        return PreparedReport(record, self.digest, tuple(paragraphs))


@dataclass(frozen=True, slots=True)
class PreparedSource:
    """What this store's `Preparer` makes of a file."""

    source: SourceRecord
    reports: tuple[PreparedReport, ...]


class DocumentPreparer:
    """Turns drafts into documents. Picklable."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._tokens = TokenReader(analyzer)
        self._line = lru_cache(maxsize=_KEPT_LINES)(self._prepare_line)

    def __reduce__(self) -> tuple[type[DocumentPreparer], tuple[Analyzer]]:
        return DocumentPreparer, (self._analyzer,)

    def __call__(self, draft: DraftSource) -> PreparedSource:
        source = SourceRecord(**{**_fields_of(draft.source), "record": _copied(draft.source.record)})
        return PreparedSource(source, tuple(map(self._report, draft.reports)))

    def _report(self, draft: DraftReport) -> PreparedReport:
        record = _copied(draft.record)
        texts = self._texts([of.text for of in draft.paragraphs])
        common = _report_fields(record)
        titles = tuple(self._line(line, "title") for line in title_lines(record))
        seen: set[str] = set()
        made = []
        for n, (of, text, above) in enumerate(zip(draft.paragraphs, texts, _outline(draft), strict=True), 1):
            fields = {**common, **_paragraph_fields(of, n, record, text), **text.columns}
            fields["heading"] = [escape(line) for line in above]
            if text.length >= LEAST_SHARED_CHARS and fields["digest"] not in seen:
                seen.add(fields["digest"])
                fields["shared"] = fields["digest"]
            headings = tuple(self._line(line, "heading") for line in above)
            made.append(PreparedParagraph(fields, {"text": (text,), "heading": headings, "title": titles}))
        record["characters"] = sum(len(of.text) for of in draft.paragraphs)
        digest = hashlib.blake2b("".join(of.fields["digest"] for of in made).encode(), digest_size=16)
        return PreparedReport(record, digest.hexdigest(), tuple(made))

    def _texts(self, texts: Sequence[str]) -> list[PreparedText]:
        """What is reckoned of texts, cut together."""
        found = self._tokens.of(texts)
        return [_prepared(normalize_text(text), tokens) for text, tokens in zip(texts, found, strict=True)]

    def _prepare_line(self, text: str, field: str) -> PreparedText:
        form = normalize_text(text)
        terms = dict.fromkeys(term_token(term) for term, _, _, _ in self._analyzer.index_terms(text))
        columns = {CHARS[field]: _line_tokens(form), UNQUOTED[field]: _line_tokens(without_quotes(form))}
        return PreparedText(tuple((token, 1.0) for token in terms), len(form), columns)


def _prepared(form: str, tokens: TextTokens) -> PreparedText:
    """What is kept of a text.

    Raises:
        ValueError: it is too long.
    """
    if len(form) > MAX_CHARS:
        raise ValueError(f"a paragraph has {len(form)} characters, more than {MAX_CHARS}")
    columns = {
        "chars": place_tokens(form),
        "terms": sorted(tokens.words),
        "cut": sorted(tokens.cut),
        "digest": _digest(form),
    }
    singles = tokens.singles
    if singles:
        columns["singles"] = " ".join(
            term_token(singles[at]) if at in singles else FILLER for at in range(max(singles) + 1)
        )
    for name, marks in (("quoted", QUOTES), ("joined", QUOTES | SEPARATING)):
        if not marks.isdisjoint(form):
            columns[name] = place_tokens(form, marks | {" "})
    sums = tokens.sums
    terms = tuple(zip(map(term_token, sums), map(step, sums.values()), strict=True))
    return PreparedText(terms, len(form), columns)


def _line_tokens(form: str) -> list[str]:
    """The tokens of each line of a heading or title, between marks of where it begins and ends."""
    return [f"{BEGIN} {place_tokens(line)} {END}" for line in form.split("\n")]


def _outline(draft: DraftReport) -> Iterator[tuple[str, ...]]:
    """The headings above each paragraph: a heading ends those of its own level and below."""
    above: list[DraftParagraph] = []
    for paragraph in draft.paragraphs:
        while paragraph.level and above and above[-1].level >= paragraph.level:
            above.pop()
        yield tuple(of.text for of in above)
        if paragraph.level:
            above.append(paragraph)


def _report_fields(record: Mapping[str, Any]) -> dict[str, Any]:
    """What every paragraph of a report is filtered, ordered and counted by."""
    year = record.get("year")
    written = _DAY.fullmatch(record.get("date") or "")
    day = int(written[2] + written[3]) if written and year and int(written[1]) == year else 0
    names = ("city", "province", "type", "level", "year", "plan_year", "added")
    found: dict[str, Any] = {name: record.get(name) for name in names}
    found |= {
        "report": record["id"],
        "source": record.get("source"),
        "ordinal": int(record.get("ordinal", 0)),
        "is_report": record.get("kind", "report") == "report",
        "by_year": -(year or 0),
        "places": [normalize_text(str(record[name])) for name in ("city", "province") if record.get(name)],
    }
    if year is not None:
        found |= {"newest": -(10_000 * year + day), "oldest": 10_000 * year + (day or 9_999)}
    if record.get("added"):
        found["arrived"] = int(re.sub("[^0-9]", "", record["added"]) or 0)
    kept = {name: _escaped(value) for name, value in found.items() if value is not None}
    return {"doc": "p", **kept}


def _paragraph_fields(
    of: DraftParagraph, n: int, record: Mapping[str, Any], text: PreparedText
) -> dict[str, Any]:
    first, last = of.context_years
    if not last:
        first = last = record.get("plan_year") or 0
    found: dict[str, Any] = {
        "n": n,
        "kind": escape(of.kind),
        "part": of.part,
        "text": escape(of.text),
        "length": len(of.text),
        "drafted": [str(number) for number in (*of.lines, *of.context_years, of.digest)],
        "repeated": of.repeated,
        "joined_halves": of.joined,
        "depth": of.level,
        "recognised": of.ocr is not None,
        "first_year": first,
        "last_year": last,
    }
    if of.ocr is not None:
        found["ocr"] = round(100 * min(max(of.ocr, 0.0), 1.0))
    return found


def finished(paragraph: PreparedParagraph, averages: Mapping[str, float], scale: int) -> dict[str, Any]:
    """The document of a paragraph, with its impacts and its check."""
    fields = dict(paragraph.fields)
    for field, texts in paragraph.texts.items():
        lengths = sum(text.length for text in texts)
        terms = {token: tf for text in texts for token, tf in text.terms}
        made = weighted(field, terms.items(), lengths, averages[field], scale)
        fields["form_length" if field == "text" else f"{field}_length"] = lengths
        fields[WORDS[field]] = f"{EVERY_DOCUMENT} {made}"
        if field != "text":
            for name in (CHARS[field], UNQUOTED[field]):
                fields[name] = [entry for text in texts for entry in text.columns[name]]
    return with_check(fields)


def with_check(fields: dict[str, Any]) -> dict[str, Any]:
    """A document with the check of what is read back of it."""
    low, high = check_of(fields)
    return {**fields, "check_low": low, "check_high": high}


def check_of(fields: Mapping[str, Any]) -> tuple[int, int]:
    """Two numbers of 24 bits that change when anything changes that is read back; they add up without rounding."""
    kept = {name: of for name, of in fields.items() if name not in DERIVED and not name.startswith("check_")}
    said = json.dumps(kept, sort_keys=True, ensure_ascii=True)
    digest = hashlib.blake2b(said.encode(), digest_size=6).digest()
    return int.from_bytes(digest[:3], "little"), int.from_bytes(digest[3:], "little")


def report_document(of: PreparedReport, source_path: str) -> dict[str, Any]:
    """The document of a report's record."""
    kept = {"record": of.record, "digest": of.digest, "path": source_path}
    return with_check({"doc": "r", "key": escape(of.record["id"]), "record": json.dumps(kept)})


def source_document(of: SourceRecord, reports: Sequence[str]) -> dict[str, Any]:
    """The document of a source's record, with the ids of its reports."""
    kept = {**_fields_of(of), "ids": list(reports)}
    return with_check({"doc": "s", "key": escape(of.path)[:8_000], "record": json.dumps(kept)})


def document_id(kind: str, name: str) -> str:
    """The id of a document; ids have a bounded length."""
    said = escape(name)
    if len(said.encode()) > 400:
        said = said[:50] + hashlib.blake2b(said.encode(), digest_size=16).hexdigest()
    return f"{kind}:{said}"


def _digest(form: str) -> str:
    return hashlib.blake2b(form.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _fields_of(of: SourceRecord) -> dict[str, Any]:
    names = ("path", "name", "digest", "rules", "reports", "problems", "record")
    return {name: getattr(of, name) for name in names}


def _copied(record: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(dict(record), default=_as_json))
    return made


def _as_json(value: Any) -> Any:
    return value.to_json() if hasattr(value, "to_json") else list(value)


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return escape(value)
    return [escape(entry) for entry in value] if isinstance(value, list) else value
