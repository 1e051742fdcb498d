"""Paragraphs and whole reports as they were written."""

from __future__ import annotations

from collections.abc import Sequence

from search.collection import Ref, SourceRecord, StoredParagraph
from search.errors import CollectionUnavailable
from search.limits import Budget
from search.lru import LruCache
from search.messages import stores
from search.model import Paragraph, ReportText
from search.opensearch.bodies import SHOWN
from search.opensearch.catalogue import Catalogue, KeptReport
from search.opensearch.client import ClusterClient, Json
from search.opensearch.encoding import escape, unescape
from search.opensearch.generations import Generation
from search.opensearch.reading import iter_hits

_TOGETHER = 1_000
_KEPT_BYTES = 16 << 20
KeptRows = LruCache[str, Json]
"""Paragraphs of a version that were read lately, with what is shown of them, by ref."""


def make_rows() -> KeptRows:
    """Nothing, so far."""
    return LruCache(most=20_000, size_bytes=_KEPT_BYTES, size_of=_row_bytes)


def keep_shown(rows: KeptRows, hits: Sequence[Json]) -> None:
    """Keep the paragraphs that came with matches: they are asked for next."""
    for hit in hits:
        if "_source" in hit:
            rows.put(hit["_id"], hit["_source"])


def _row_bytes(row: Json) -> int:
    return 600 + 3 * (len(row["text"]) + sum(map(len, row["heading"])))


class Rows:
    """Reads documents of a generation."""

    def __init__(
        self, client: ClusterClient, generation: Generation, index: Json, kept: KeptRows, budget: Budget
    ) -> None:
        self._client, self._generation, self._index = client, generation, index
        self._kept, self._budget = kept, budget

    def texts(self, refs: Sequence[Ref]) -> list[str]:
        """The texts of some paragraphs."""
        return [unescape(row["text"]) for row in self._read(refs, ["text"])]

    def paragraphs(self, refs: Sequence[Ref], catalogue: Catalogue) -> list[StoredParagraph]:
        """Some paragraphs."""
        found = []
        for ref, row in zip(refs, self._read(refs, SHOWN), strict=True):
            shown = _shown(row, report_of(ref))
            report = catalogue.by_id[report_of(ref)].report
            found.append(
                StoredParagraph(
                    ref, shown.n, report, shown.kind, shown.heading, shown.text, shown.part, shown.ocr
                )
            )
        return found

    def _read(self, refs: Sequence[Ref], fields: Sequence[str]) -> list[Json]:
        self._budget.charge()
        rows = {name: self._kept.get(name) for name in dict.fromkeys(map(str, refs))}
        known = {name: row for name, row in rows.items() if row is not None}
        names = [name for name, row in rows.items() if row is None]
        for at in range(0, len(names), _TOGETHER):
            some = names[at : at + _TOGETHER]
            docs = [{"_id": name, "routing": escape(report_of(name))} for name in some]
            path = f"/{self._generation.name}/_mget"
            answer = self._client.ask(
                "POST", path, {"docs": docs}, budget=self._budget, _source_includes=",".join(fields)
            )
            for name, doc in zip(some, answer["docs"], strict=True):
                if not doc.get("found"):
                    raise CollectionUnavailable(
                        stores.CLUSTER_BUSY(
                            address=self._client.address.text, error=f"{name}: {doc.get('error')}"
                        )
                    )
                known[name] = doc["_source"]
                if fields is SHOWN:
                    self._kept.put(name, doc["_source"])
        return [known[str(ref)] for ref in refs]

    def report(self, held: KeptReport, source: SourceRecord) -> ReportText:
        """A whole report."""
        record = held.record
        return ReportText(
            report=held.report,
            paragraphs=tuple(_shown(row, held.report.id) for row in self._of_report(held, SHOWN)),
            evidence=record.get("evidence", {}),
            set_aside=tuple(
                (line, text, reason) for line, text, reason in source.record.get("set_aside", ())
            ),
            problems=tuple(record.get("problems", ())),
        )

    def _of_report(self, held: KeptReport, fields: Sequence[str]) -> list[Json]:
        name = escape(held.report.id)
        body = {"query": {"term": {"report": name}}, "sort": [{"n": "asc"}], "_source": fields}
        of = {**self._index, "routing": name}
        return [
            hit["_source"] for some in iter_hits(self._client, of, body, budget=self._budget) for hit in some
        ]


def report_of(ref: Ref) -> str:
    """The report that a paragraph is of, by its ref."""
    return unescape(str(ref)[2:].rpartition("-p")[0])


def _shown(row: Json, report_id: str) -> Paragraph:
    return Paragraph(
        id=f"{report_id}-p{row['n']}",
        n=row["n"],
        kind=unescape(row["kind"]),
        heading=tuple(map(unescape, row["heading"])),
        text=unescape(row["text"]),
        joined=row["joined_halves"],
        part=row["part"],
        ocr=row["ocr"] / 100 if "ocr" in row else None,
    )
