"""Searches worth offering: examples that work on this collection, and next steps where nothing was found.

Every offer has been searched before it is shown, so none leads to an empty page.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.answer.base import Engine
from search.errors import QueryError
from search.model import FACETS, Query
from web import messages as says
from web import urls
from web.current_searcher import Collection
from web.i18n import say, translate
from web.present import FACET_NAMES, name_value

EXAMPLES = 6
MAX_CHUNKS = 5

_CANDIDATES = (
    ("营商环境",),
    ('"有事好商量"', '"双向发力"', '"凝聚共识"'),
    ("乡村振兴 产业", "乡村振兴", "农村 产业"),
    ("新质生产力", "数字经济", "科技创新"),
    ("营商环境 -招商", "养老服务 -医疗", "乡村振兴 -产业", "营商环境 -企业"),
    ("老旧小区 改造", "养老服务", "民生"),
    ("梅花鹿", "文旅融合", "旅游"),
    ("提案办理", "委员", "政协"),
    ("生态 水环境", "生态环境", "生态"),
    ("GDP", "PM2.5", "5G"),
)
"""Each line is one kind of example; the first that finds something stands for its line."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A search that finds something."""

    label: str
    total: int
    url: str


class Examples:
    """The example searches, worked out once for each version of the collection."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._lock = threading.Lock()
        self._version = ""
        self._offers: tuple[Offer, ...] = ()

    def offers(self) -> tuple[Offer, ...]:
        """Up to six searches that find something in the collection at hand."""
        version = self._collection.version()
        with self._lock:
            if version != self._version:
                self._offers = choose_examples(self._collection.engine())
                self._version = version
            return self._offers


def choose_examples(engine: Engine) -> tuple[Offer, ...]:
    """The first six kinds of example that find something; of each kind the first candidate that does."""
    offers: list[Offer] = []
    for kind in _CANDIDATES:
        found = next((offer for offer in (_try_example(engine, text) for text in kind) if offer), None)
        if found:
            offers.append(found)
        if len(offers) == EXAMPLES:
            break
    return tuple(offers)


def _try_example(engine: Engine, text: str) -> Offer | None:
    """The example as an offer; an exclusion must take something away, or it shows nothing."""
    offer = _offer(engine, Query(text), text)
    asked, sign, _ = text.partition(" -")
    if offer and sign and engine.search(Query(asked, per_page=1)).total == offer.total:
        return None
    return offer


def advise(engine: Engine, query: Query) -> tuple[Offer, ...]:
    """What to try after a search that found nothing: fewer filters first, then fewer words."""
    query = replace(query, page=1)
    offers: list[Offer | None] = []
    filters = [(field, value) for field in FACETS for value in getattr(query, field)]
    for field in dict.fromkeys(field for field, _ in filters):
        names = [name_value(field, value) for value in getattr(query, field)[:3]]
        label = say(says.DROP_FIELD(field=translate(FACET_NAMES[field]), values=names))
        offers.append(_offer(engine, urls.with_values(query, field, ()), label))
    if len({field for field, _ in filters}) > 1:
        offers.append(_offer(engine, urls.without_filters(query), say(says.DROP_ALL_FILTERS())))
    plain = query.text.translate(_QUOTES)
    if plain.split() and plain != query.text:
        unquoted = replace(query, text=" ".join(plain.split()))
        offers.append(
            _offer(engine, unquoted, say(says.WITHOUT_QUOTES())) or _offer_partial(engine, unquoted)
        )
    chunks = _chunks(query.text)
    if len(chunks) > 1:
        for chunk in chunks[:MAX_CHUNKS]:
            offers.append(_offer(engine, replace(query, text=chunk), say(says.ONLY_PART(text=chunk))))
    return tuple(offer for offer in offers if offer)


_QUOTES = str.maketrans(dict.fromkeys('"“”', " "))


def _chunks(text: str) -> Sequence[str]:
    """The words between blanks that ask for something, signs and exclusions left out."""
    words = (word.strip('()（）"“”|') for word in text.split())
    kept = (word for word in words if word and not word.startswith("-") and word not in ("OR", "NOT", "AND"))
    return list(dict.fromkeys(kept))


def _offer_partial(engine: Engine, query: Query) -> Offer | None:
    """The query without its quotation marks where it finds paragraphs that meet a part of it, and says so."""
    partial = engine.search(replace(query, page=1, per_page=1)).partial
    return Offer(say(says.WITHOUT_QUOTES_PARTLY()), partial, urls.search_url(query)) if partial else None


def _offer(engine: Engine, query: Query, label: str) -> Offer | None:
    """The search as an offer; None where it finds nothing, or where a cut-up query can't be read."""
    try:
        result = engine.search(replace(query, page=1, per_page=1))
    except QueryError:
        return None
    total = result.total
    return Offer(label, total, urls.search_url(query)) if total else None
