"""One place of all that were claimed, by the order of trust that docs/metadata.md states."""

from __future__ import annotations

from indexer.metadata.known import Known, from_sibling
from indexer.metadata.where import PlaceClaim, claim_in_name, claim_in_text, claims_in_head
from indexer.model import UNKNOWN, Value
from search.language.places import Place, places
from search.messages import metadata as says

FIELDS = ("city", "code", "province", "level")
_LONG_TEXT_CHARS = 3_000
_MISPRINT_TIMES = 2


def read_place(known: Known, year: int | None) -> dict[str, Value]:
    """City, code, province and level; nothing where no place is known.

    Args:
        year: of the report, for names that have changed.
    """
    explicit = claims_in_head(known.head, year=year)
    if not explicit and (titled := known.stated.titled(year)):
        explicit = [titled]
    named = claim_in_name(known.name) if known.name else None
    claim = _stated(known, explicit, year)
    if claim is None:
        claim = _doubted(known, explicit[0]) if explicit else named
    if claim is None:
        if inherited := _inherited(known):
            return inherited
        claim = claim_in_text(known.text)
    if claim is None:
        return {}
    for other in (*explicit[:1], named):
        if other is not None and not _same_place(other.place, claim.place):
            known.report(
                says.PLACE_CONFLICT(
                    value=claim.place.name,
                    evidence=claim.evidence,
                    other=other.place.name,
                    other_evidence=other.evidence,
                )
            )
    return _values(claim)


def _stated(known: Known, explicit: list[PlaceClaim], year: int | None) -> PlaceClaim | None:
    """The place that the file states; within a province stated alone, the one of the text's own words."""
    claim = known.stated.place(year)
    if claim is not None and claim.place.level == "省" and not known.stated.has("city"):
        return next((inner for inner in explicit if _lies_in(inner.place, claim.place)), claim)
    return claim


def _inherited(known: Known) -> dict[str, Value]:
    """All that the first report of the file with a place says of it."""
    for sibling in known.siblings if known.is_report else ():
        if sibling.level.value is not None:
            return {field: from_sibling(getattr(sibling, field)) for field in FIELDS}
    return {}


def _doubted(known: Known, claim: PlaceClaim) -> PlaceClaim:
    """The claim, or the place that the whole text is about where the claimed one is named but once.

    Sources do print a neighbour's session line over a report.
    """
    if (
        claim.place.level != "市"
        or len(known.text) < _LONG_TEXT_CHARS
        or known.text.count(claim.place.shorts[0]) > _MISPRINT_TIMES
    ):
        return claim
    about = claim_in_text(known.text)
    if about is None or _same_place(about.place, claim.place) or about.place.level != "市":
        return claim
    return about


def _values(claim: PlaceClaim) -> dict[str, Value]:
    table = places()
    place = table.present(claim.place)
    evidence = claim.evidence
    if place.name != claim.place.name:
        evidence = says.PLACE_NOW(evidence=evidence, name=place.name)
    province = table.province_of(place)
    is_above_cities = place.level == "国家" or (place.level == "省" and place.name[-1] != "市")
    return {
        "city": UNKNOWN if is_above_cities else Value(place.name, evidence),
        "code": Value(place.code, evidence) if place.code else UNKNOWN,
        "province": Value(province.name, evidence) if province else UNKNOWN,
        "level": Value(place.level, evidence),
    }


def _same_place(one: Place, other: Place) -> bool:
    table = places()
    return table.present(one).code == table.present(other).code


def _lies_in(inner: Place, outer: Place) -> bool:
    return inner.level in ("市", "县") and inner.code[:2] == outer.code[:2]
