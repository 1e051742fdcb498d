"""What is held of a source, as the draft that it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from search.collection import DraftParagraph, DraftReport, DraftSource
from search.limits import UNLIMITED, Budget
from search.opensearch.catalogue import Catalogue
from search.opensearch.client import ClusterClient, Json
from search.opensearch.encoding import escape, unescape
from search.opensearch.generations import Generation
from search.opensearch.reading import iter_hits

_TOGETHER = 2_000
"""Paragraphs that are asked for in one request, but for a source that has more."""
_PAGE = 1_000


def iter_drafts(
    client: ClusterClient,
    generation: Generation,
    catalogue: Catalogue,
    paths: Iterable[str],
    budget: Budget = UNLIMITED,
) -> Iterator[DraftSource]:
    """The drafts of sources; preparing them again gives the same documents.

    Reports of several sources are asked for together: a request costs more than the report that it brings.
    """
    for some in _runs(catalogue, paths):
        names = [name for path in some for name in catalogue.ids_of[path]]
        found = dict(zip(names, _reports(client, generation, catalogue, names, budget), strict=True))
        for path in some:
            reports = [found[name] for name in catalogue.ids_of[path]]
            yield DraftSource(catalogue.sources[path], reports)


def _runs(catalogue: Catalogue, paths: Iterable[str]) -> Iterator[list[str]]:
    """Sources in their order, so many at a time as have a bounded number of paragraphs."""
    some: list[str] = []
    size = 0
    for path in paths:
        names = catalogue.ids_of[path]
        paragraphs = sum(catalogue.by_id[name].report.paragraphs for name in names)
        if some and size + paragraphs > _TOGETHER:
            yield some
            some, size = [], 0
        some.append(path)
        size += paragraphs
    if some:
        yield some


def _reports(
    client: ClusterClient, generation: Generation, catalogue: Catalogue, names: Sequence[str], budget: Budget
) -> Iterator[DraftReport]:
    searches: list[tuple[Json, Json]] = [
        (
            {"index": generation.name, "routing": escape(name)},
            {"query": {"term": {"report": escape(name)}}, "sort": [{"n": "asc"}]},
        )
        for name in names
    ]
    first = [(of, {**body, "size": _PAGE, "track_total_hits": False}) for of, body in searches]
    answers = client.search(first, budget=budget)
    for name, (of, body), answer in zip(names, searches, answers, strict=True):
        pages = iter_hits(client, of, body, budget=budget, page=_PAGE, first=answer)
        record = {key: of for key, of in catalogue.by_id[name].record.items() if key != "characters"}
        yield DraftReport(record, [_paragraph(hit["_source"]) for some in pages for hit in some])


def _paragraph(row: Json) -> DraftParagraph:
    first, last, since, until, digest = map(int, row["drafted"])
    return DraftParagraph(
        kind=unescape(row["kind"]),
        level=row["depth"],
        text=unescape(row["text"]),
        lines=(first, last),
        joined=row["joined_halves"],
        repeated=row["repeated"],
        part=row["part"],
        ocr=row["ocr"] / 100 if row["recognised"] else None,
        digest=digest,
        context_years=(since, until),
    )
