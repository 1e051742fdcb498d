"""Results -> the JSON that the API and `--json` promise: `search.model` in, `search.json_types` out.

What is said is a string in the language asked for; its code and arguments stand beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from search import json_types as form
from search import model
from search.messages import Message
from search.messages.words import LANGUAGES, render, render_all
from search.public_url import PublicUrl

ReportUrl = Callable[[str, int | None], str]
"""(report id, paragraph number or None) -> address"""


def to_builtins(value: object) -> Any:
    """Dictionaries, lists and plain values, as `json.dumps` takes them."""
    return msgspec.to_builtins(value)


def report_url(report_id: str, n: int | None = None) -> str:
    """A report's address on the server's own root; `n` leads to a paragraph."""
    return f"/reports/{report_id}" + ("" if n is None else f"#p{n}")


def make_report_url(public_url: PublicUrl | None) -> ReportUrl:
    """Reports' addresses below a public address; without one as `report_url`."""
    if public_url is None:
        return report_url
    return lambda report_id, n: f"{public_url}{report_url(quote(report_id), n)}"


def reason_to_json(message: Message, lang: str) -> dict[str, Any]:
    """The one thing that an object says: `reason`, `code` and `args`."""
    return {"reason": render(message, lang), **message.to_json()}


def said_to_json(name: str, message: Message, lang: str) -> dict[str, Any]:
    """Words under `name`, with `<name>_code` and `<name>_args` beside them."""
    return {
        name: render(message, lang),
        f"{name}_code": message.code,
        f"{name}_args": message.args_to_json(),
    }


def search_to_json(
    result: model.SearchResult, url: ReportUrl = report_url, *, lang: str = LANGUAGES[0]
) -> form.SearchResult:
    """The answer of `xiesou search --json`; `/api/v1/search` adds links."""
    is_grouped = bool(result.query.group)
    return form.SearchResult(
        query=query_to_json(result.query, result.reading, lang),
        axis=result.query.axis,
        total=result.total,
        reports=result.reports,
        match=result.query.match,
        tiers=[_tier_to_json(tier) for tier in result.tiers],
        hits=[hit_to_json(hit, url, is_grouped=is_grouped) for hit in result.hits],
        facets=form.Facets(
            **{field: _facet_to_json(result.facets.get(field, ())) for field in model.FACETS},
        ),
        notices=notices_to_json(result.notices, lang),
        did_you_mean=list(result.did_you_mean),
        offers=[form.Offer(o.field, o.value, o.text, o.query_without) for o in result.offers],
        other_readings=[_other_reading_to_json(other, lang) for other in result.other_readings],
        filters=[form.ReportFilters(name, list(values)) for name, values in result.filters],
        card=None if result.card is None else form.ReportFilters(result.card[0], list(result.card[1])),
        definition=_definition_to_json(result.definition, url),
        synonyms=[form.SynonymGroup(name, list(others)) for name, others in result.synonyms],
        explanation=None if result.explanation is None else explanation_to_json(result.explanation, lang),
        took_ms=round(result.took_ms, 3),
        paragraphs=result.paragraphs if is_grouped else msgspec.UNSET,
    )


def _tier_to_json(tier: model.TierCounts) -> form.Tier:
    def known(value: int | None) -> int | msgspec.UnsetType:
        return msgspec.UNSET if value is None else value

    return form.Tier(
        tier=tier.tier,
        name=tier.name,
        total=known(tier.total),
        occurrences=known(tier.occurrences),
        reports=known(tier.reports),
        listed=known(tier.listed),
    )


def _definition_to_json(found: model.Definition | None, url: ReportUrl) -> form.Definition | None:
    if found is None:
        return None
    return form.Definition(
        term=found.term,
        id=found.id,
        report=_ref_to_json(found.report, url),
        text=found.text,
        spans=[list(span) for span in found.spans],
        url=url(found.report.id, found.n),
        others=form.Others(len(found.others), [f"{report.id}-p{n}" for report, n in found.others]),
    )


def _other_reading_to_json(other: model.OtherReading, lang: str) -> form.OtherReading:
    return form.OtherReading(**said_to_json("text", other.text, lang), q=other.query.text, total=other.total)


def _facet_to_json(values: Iterable[model.FacetValue]) -> list[form.FacetValue]:
    return [form.FacetValue(value, count, selected) for value, count, selected in values]


def notices_to_json(notices: Iterable[model.Notice], lang: str) -> list[form.Notice]:
    """What the person who asks should be told."""
    return [
        form.Notice(n.code, render(n.said, lang), n.message.args_to_json(), n.position, n.times)
        for n in notices
    ]


def explanation_to_json(explanation: model.Explanation, lang: str) -> form.Explanation:
    """Why nothing was found, and what would find something."""
    return form.Explanation(
        code=explanation.code,
        sentences=render_all(explanation.sentences, lang),
        messages=[form.Message(said.code, said.args_to_json()) for said in explanation.sentences],
        missing=list(explanation.missing),
        ways_out=[_way_out_to_json(way, lang) for way in explanation.ways_out],
    )


def _way_out_to_json(way: model.WayOut, lang: str) -> form.WayOut:
    query = way.query
    changed = form.WayOutQuery(
        q=query.text,
        city=list(query.city),
        year=list(query.year),
        type=list(query.type),
        province=list(query.province),
        plan_year=list(query.plan_year),
        level=list(query.level),
        part=list(query.part),
        report=list(query.report),
        added=list(query.added),
        ocr=query.ocr,
    )
    return form.WayOut(
        code=way.code,
        field=way.field,
        **said_to_json("text", way.text, lang),
        total=way.total,
        query=changed,
    )


def suggestions_to_json(found: Sequence[model.Suggestion], url: ReportUrl = report_url) -> form.SuggestAnswer:
    """The answer of `/api/v1/suggest`."""
    return form.SuggestAnswer(
        [
            form.Suggestion(
                s.text, s.kind, s.count, s.unit, None if s.report is None else url(s.report, None)
            )
            for s in found
        ]
    )


def query_to_json(query: model.Query, reading: Message, lang: str) -> form.Query:
    """The query as it was understood; `reading` says it in words."""
    return form.Query(
        q=query.text,
        reading=render(reading, lang),
        reading_code=reading.code,
        reading_args=reading.args_to_json(),
        city=list(query.city),
        year=list(query.year),
        type=list(query.type),
        province=list(query.province),
        plan_year=list(query.plan_year),
        level=list(query.level),
        part=list(query.part),
        report=list(query.report),
        added=list(query.added),
        ocr=query.ocr,
        axis=query.axis,
        sort=query.sort,
        synonyms=query.synonyms,
        match=query.match,
        page=query.page,
        per_page=query.per_page,
        group=query.group or msgspec.UNSET,
        fold=query.fold or msgspec.UNSET,
    )


def hit_to_json(hit: model.Hit, url: ReportUrl = report_url, *, is_grouped: bool = False) -> form.Hit:
    """A paragraph that matches."""
    return form.Hit(
        id=hit.id,
        report=_ref_to_json(hit.report, url),
        part=hit.part,
        heading=list(hit.heading),
        text=hit.text,
        ocr=hit.ocr,
        spans=[list(span) for span in hit.spans],
        score=hit.score,
        tier=hit.tier,
        occurrences=hit.occurrences,
        url=url(hit.report.id, hit.n),
        of_report=hit.of_report if is_grouped else msgspec.UNSET,
        why=[form.Why(why.chunk, why.found) for why in hit.why] if hit.tier == 2 else msgspec.UNSET,
        same=msgspec.UNSET if hit.same is None else form.Others(len(hit.same), [of.id for of in hit.same]),
    )


def _ref_to_json(report: model.Report, url: ReportUrl) -> form.ReportRef:
    return form.ReportRef(
        id=report.id,
        title=report.title,
        city=report.city,
        province=report.province,
        level=report.level,
        year=report.year,
        plan_year=report.plan_year,
        type=report.type,
        added=report.added,
        url=url(report.id, None),
    )


def counts_to_json(
    query: form.Query, counts: model.Counts, longer: Sequence[model.LongerWord]
) -> form.CountAnswer:
    """The answer of `/api/v1/count`."""
    words = [form.LongerWord(of.word, of.occurrences, of.query.text) for of in longer]
    return form.CountAnswer(
        query, counts.paragraphs, counts.occurrences, counts.reports, counts.repeated, counts.of_ocr, words
    )


def distribution_to_json(query: form.Query, found: model.Distribution) -> form.TrendsAnswer:
    """The answer of `/api/v1/trends`."""
    return form.TrendsAnswer(
        query=query,
        axis=found.query.axis,
        total=_cell_to_json(found.total),
        years=[_cell_to_json(cell) for cell in found.years],
        cities=[_cell_to_json(cell) for cell in found.cities],
        matrix=[_cell_to_json(cell) for cell in found.cells],
    )


def _cell_to_json(cell: model.Cell) -> form.Cell:
    return form.Cell(
        city=cell.city,
        year=cell.year,
        paragraphs=cell.paragraphs,
        occurrences=cell.occurrences,
        reports=cell.reports,
        held=form.Held(cell.held_paragraphs, cell.held_characters, cell.held_reports),
        per_10k_chars=_rounded(cell.per_10k_chars),
        report_share=_rounded(cell.report_share),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def concordance_to_json(
    query: form.Query,
    page: model.ConcordancePage,
    links: form.Links,
    url: ReportUrl = report_url,
    *,
    lang: str = LANGUAGES[0],
) -> form.ConcordanceAnswer:
    """The answer of `/api/v1/concordance`."""
    return form.ConcordanceAnswer(
        query=query,
        order=page.sort,
        total=page.total,
        sample=None if page.seed is None else form.SampleOfLines(page.total, page.seed, page.occurrences),
        lines=[
            form.ConcordanceLine(
                id=line.id,
                n=line.n,
                report=_ref_to_json(line.report, url),
                left=line.left,
                keyword=line.keyword,
                right=line.right,
                ocr=line.ocr,
                url=url(line.report.id, line.n),
            )
            for line in page.lines
        ],
        notices=notices_to_json(page.notices, lang),
        links=links,
    )


def report_to_json(report: model.Report) -> form.Report:
    """A catalogue record, as `xiesou reports --json` lists it."""
    return form.Report(
        id=report.id,
        source=report.source,
        title=report.title,
        type=report.type,
        city=report.city,
        province=report.province,
        level=report.level,
        year=report.year,
        review_year=report.review_year,
        plan_year=report.plan_year,
        date=report.date,
        session=report.session,
        speaker=report.speaker,
        added=report.added,
        paragraphs=report.paragraphs,
    )


def report_text_to_json(found: model.ReportText, *, lang: str = LANGUAGES[0]) -> form.ReportAnswer:
    """A whole report, as `/api/v1/reports/<id>` and `xiesou show --json` give it."""
    return form.ReportAnswer(
        report=report_to_json(found.report),
        paragraphs=[
            form.Paragraph(p.id, p.n, p.kind, p.part, list(p.heading), p.text, p.ocr)
            for p in found.paragraphs
        ],
        evidence={field: render(said, lang) for field, said in found.evidence.items()},
        evidence_code={field: said.code for field, said in found.evidence.items()},
        evidence_args={field: said.args_to_json() for field, said in found.evidence.items()},
        problems=[form.Contradiction(**reason_to_json(problem, lang)) for problem in found.problems],
        set_aside=[
            form.SetAside(line, text, **reason_to_json(reason, lang))
            for line, text, reason in found.set_aside
        ],
    )
