"""One run of writing to a cluster. Nothing of it is there before the commit but its lease.

prepared files -> a spool on disk -> commit: averages -> a new index, or a clone without what changes -> bulks
-> count and checks -> sealed -> the alias moves, in one call
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from search.collection import Committed, Prepared, SourceRecord
from search.errors import IndexDamaged, IndexOutdated
from search.language.statistics import average_lengths
from search.language.text import Analyzer
from search.messages import stores
from search.opensearch.address import ClusterAddress
from search.opensearch.bulk import Bulk
from search.opensearch.client import ClusterClient
from search.opensearch.documents import (
    DocumentPreparer,
    PreparedReport,
    PreparedSource,
    document_id,
    finished,
    report_document,
    source_document,
)
from search.opensearch.drafts import iter_drafts
from search.opensearch.encoding import escape
from search.opensearch.generations import (
    Generation,
    begin_generation,
    clean,
    clone_index,
    make_index,
    newest_generation,
    publish,
)
from search.opensearch.impacts import scale_for
from search.opensearch.lease import Lease
from search.opensearch.reading import (
    BY_PLACE,
    check_words,
    held_lengths,
    iter_hits,
    read_catalogue,
    rows_of,
    sums_of,
)
from search.opensearch.spool import Spool, mean_lengths


class ClusterWriter:
    """Implements `search.collection.CollectionWriter`."""

    def __init__(
        self,
        client: ClusterClient,
        lease: Lease,
        held: Generation | None,
        analyzer: Analyzer,
        *,
        rebuild: bool,
    ) -> None:
        self._client, self._lease, self._held, self._analyzer = client, lease, held, analyzer
        self._preparer = DocumentPreparer(analyzer)
        self._is_rebuild = rebuild or held is None
        self._catalogue = None if held is None else read_catalogue(client, held)
        self._kept = {} if self._is_rebuild or self._catalogue is None else dict(self._catalogue.ids_of)
        self._is_changed = self._is_rebuild
        self._copied: dict[str, float] | None = None
        self._spool = Spool()

    @property
    def preparer(self) -> DocumentPreparer:
        return self._preparer

    def sources(self) -> Mapping[str, SourceRecord]:
        """The files that the collection held when the run began, by path."""
        return {} if self._catalogue is None else dict(self._catalogue.sources)

    def add(self, prepared: Prepared, *, goes_on: bool = False) -> None:
        """Add a file with at least one paragraph, or a part of one; see `search.collection.CollectionWriter`.

        Raises:
            ValueError: it has none.
        """
        assert isinstance(prepared, PreparedSource), "made by this store's preparer"
        if not any(report.paragraphs for report in prepared.reports):
            raise ValueError(f"{prepared.source.path} has no paragraph")
        self._spool.put(prepared, goes_on=goes_on)
        if not goes_on:
            self._kept.pop(prepared.source.path, None)
            self._is_changed = True

    def withdraw(self, path: str) -> None:
        """Drop the parts of a file whose last one will not come."""
        self._spool.withdraw(path)

    def remove(self, path: str) -> int:
        """Remove a file's reports; gives how many there were."""
        spooled = self._spool.drop(path)
        held = self._kept.pop(path, None)
        if spooled is None and held is None:
            return 0
        self._is_changed = True
        return len(held or ()) if spooled is None else len(spooled.reports)

    def keep_averages(self, averages: Mapping[str, float]) -> None:
        """Score by the average lengths of the collection that this one is a copy of; new ones have all written anew."""
        self._copied = dict(averages)
        if self._held is None or self._held.averages != self._copied:
            self._is_rebuild = self._is_changed = True

    def commit(self) -> Committed:
        """Publish what was added and removed."""
        if not self._is_changed and self._held is not None:
            return _committed(self._held, changed=False)
        self._lease.check()
        generation = None if self._is_rebuild else self._continue()
        if generation is None:
            generation = self._write_all()
        self._lease.check()
        before, self._held = self._held, publish(self._client, generation, self._held)
        assert before is None or before.name != self._held.name
        self._catalogue = read_catalogue(self._client, self._held)
        self._kept, self._is_changed, self._is_rebuild = dict(self._catalogue.ids_of), False, False
        self._spool.close()
        clean(self._client, self._held)
        return _committed(self._held, changed=True)

    # Two ways to a generation

    def _write_all(self) -> Generation:
        """A generation of everything, with the averages of what it holds."""
        self._take_over()
        paragraphs, totals = self._spool.totals()
        averages = self._copied or mean_lengths(paragraphs, totals)
        generation = begin_generation(
            self._client.address.prefix, self._held, self._analyzer.fingerprint, averages, scale_for(averages)
        )
        make_index(self._client, generation, paragraphs)
        return self._filled(generation, Sums())

    def _take_over(self) -> None:
        """Prepare the files that stay anew from what is held of them."""
        if self._held is None or self._catalogue is None:
            return
        for draft in iter_drafts(self._client, self._held, self._catalogue, list(self._kept)):
            self._spool.put(self._preparer(draft), goes_on=False)
        self._kept.clear()

    def _continue(self) -> Generation | None:
        """The generation that is held, without what changes and with what came; None if lengths drifted too far."""
        assert self._held is not None, "there is something to continue"
        assert self._catalogue is not None, "there is something to continue"
        held, names = self._held, self._catalogue.ids_of
        generation = begin_generation(
            self._client.address.prefix, held, held.fingerprint, held.averages, held.scale
        )
        gone = [path for path in names if path not in self._kept]
        clone_index(self._client, held, generation)
        self._delete(generation, gone)
        counted, low, high = sums_of(self._client, held.name, rows_of(self._catalogue, gone), left=True)
        generation = self._filled(generation, Sums(counted, low, high))
        if self._has_drifted(generation):
            self._client.ask("DELETE", f"/{generation.name}", absent={})
            return None
        return generation

    def _delete(self, generation: Generation, paths: list[str]) -> None:
        """Delete all documents of some sources, which are found in the generation before."""
        if not paths:
            return
        assert self._held is not None, "what is deleted was held"
        assert self._catalogue is not None, "what is deleted was held"
        body = {"query": rows_of(self._catalogue, paths), "sort": BY_PLACE, "_source": False}
        bulk = Bulk(self._client, generation.name)
        try:
            for some in iter_hits(self._client, {"index": self._held.name}, body):
                for hit in some:
                    bulk.delete(hit["_id"], hit["_routing"])
            bulk.finish()
        finally:
            bulk.close()

    def _filled(self, generation: Generation, sums: Sums) -> Generation:
        """The generation with all files of the spool, once what it holds is what was written."""
        bulk = Bulk(self._client, generation.name)
        try:
            for document, routing, name in self._documents(generation):
                bulk.add(name, routing, document)
                sums.add(document)
            bulk.finish()
        finally:
            bulk.close()
        path = f"/{generation.name}"
        self._client.ask("POST", f"{path}/_refresh", patience_s=120.0)
        self._client.ask("POST", f"{path}/_forcemerge", only_expunge_deletes="true", patience_s=600.0)
        self._client.ask("POST", f"{path}/_refresh", patience_s=120.0)
        found = sums_of(self._client, generation.name)
        if found != (sums.documents, sums.low, sums.high):
            raise IndexDamaged.because(
                stores.CLUSTER_COUNT(name=generation.name, found=found[0], expected=sums.documents)
            )
        check_words(self._client, generation.name)
        return self._counted(generation, sums)

    def _counted(self, generation: Generation, sums: Sums) -> Generation:
        catalogue = read_catalogue(self._client, generation)
        return replace(
            generation,
            paragraphs=sum(of.report.paragraphs for of in catalogue.reports),
            documents=sums.documents,
            reports=sum(of.is_report for of in catalogue.reports),
            checks=(sums.low, sums.high),
        )

    def _has_drifted(self, generation: Generation) -> bool:
        means = held_lengths(self._client, generation)
        return self._copied is None and average_lengths(generation.averages, means) != generation.averages

    def _documents(self, generation: Generation) -> Iterator[tuple[dict[str, Any], str, str]]:
        """(document, routing, id) of everything in the spool."""
        for path, spooled in self._spool.files.items():
            for part in self._spool.read(spooled):
                for report in part.reports:
                    kept = self._with_added(report)
                    routing = escape(report.record["id"])
                    for of in kept.paragraphs:
                        document = finished(of, generation.averages, generation.scale)
                        yield document, routing, document_id("p", f"{report.record['id']}-p{document['n']}")
                    name = document_id("r", report.record["id"])
                    yield report_document(kept, path), routing, name
            name = document_id("s", path)
            yield source_document(spooled.record, spooled.reports), name, name

    def _with_added(self, report: PreparedReport) -> PreparedReport:
        """A report as old as the one that is held under its id."""
        before = None if self._catalogue is None else self._catalogue.by_id.get(report.record["id"])
        if before is None or before.report.added is None:
            return report
        return report.with_added(before.report.added)

    def abort(self) -> None:
        """Drop what was not committed."""
        self._spool.close()
        self._is_changed = False


class Sums:
    """What the documents of a generation must add up to."""

    def __init__(self, documents: int = 0, low: int = 0, high: int = 0) -> None:
        self.documents, self.low, self.high = documents, low, high

    def add(self, document: Mapping[str, Any]) -> None:
        """Count a document."""
        self.documents += 1
        self.low += document["check_low"]
        self.high += document["check_high"]


def _committed(generation: Generation, *, changed: bool) -> Committed:
    return Committed(changed, generation.version, generation.reports, generation.paragraphs)


@contextmanager
def begin_writing(
    address: ClusterAddress, analyzer: Analyzer, *, rebuild: bool = False
) -> Iterator[ClusterWriter]:
    """A run of writing; see `search.collection.BeginWriting`."""
    client = ClusterClient(address, patience_s=120.0)
    try:
        lease = Lease(client)
        try:
            held = _held(client, analyzer, rebuild=rebuild)
            clean(client, held)
            writer = ClusterWriter(client, lease, held, analyzer, rebuild=rebuild)
            try:
                yield writer
            finally:
                writer.abort()
                clean(client, newest_generation(client))
        finally:
            lease.release()
    finally:
        client.close()


def _held(client: ClusterClient, analyzer: Analyzer, *, rebuild: bool) -> Generation | None:
    held = newest_generation(client)
    if held is not None and held.fingerprint != analyzer.fingerprint and not rebuild:
        raise IndexOutdated(stores.INDEX_OTHER_DICTIONARY(), hint=stores.REBUILD())
    return held
