"""What is held of a source, as the draft that it was made from."""

from __future__ import annotations

from search.collection import DraftParagraph, DraftReport, DraftSource
from search.opensearch.catalogue import Catalogue
from search.opensearch.client import ClusterClient, Json
from search.opensearch.encoding import escape, unescape
from search.opensearch.generations import Generation
from search.opensearch.reading import iter_hits


def draft_of(client: ClusterClient, generation: Generation, catalogue: Catalogue, path: str) -> DraftSource:
    """The draft of a source; preparing it again gives the same documents."""
    reports = [_report(client, generation, catalogue, name) for name in catalogue.ids_of[path]]
    return DraftSource(catalogue.sources[path], reports)


def _report(client: ClusterClient, generation: Generation, catalogue: Catalogue, name: str) -> DraftReport:
    body: Json = {"query": {"term": {"report": escape(name)}}, "sort": [{"n": "asc"}]}
    of = {"index": generation.name, "routing": escape(name)}
    rows = [hit["_source"] for some in iter_hits(client, of, body) for hit in some]
    record = {key: of for key, of in catalogue.by_id[name].record.items() if key != "characters"}
    return DraftReport(record, [_paragraph(row) for row in rows])


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
