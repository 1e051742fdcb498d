"""Searches worth offering: examples for the home page, and alternatives to a search that found nothing.

Each is tried before it is shown, so no link leads to an empty page.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import current_app

from search.answer.searcher import Searcher
from search.errors import QueryError
from search.limits import UNLIMITED
from search.model import FACETS, Query
from web import messages as says
from web import urls
from web.current_searcher import current_searcher, version_of
from web.i18n import say, translate
from web.labels import FACET_NAMES, name_value

EXTENSION = "xiesou-examples"
MAX_EXAMPLES = 6
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
"""One line per kind of example; the first of a line that finds something is shown."""


@dataclass(frozen=True, slots=True)
class SearchLink:
    """A link to a search that finds something; `total` is how much."""

    label: str
    total: int
    url: str


class ExampleSearches:
    """The examples of the home page, chosen once per version of the collection."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = ""
        self._links: tuple[SearchLink, ...] = ()

    def links(self, searcher: Searcher) -> tuple[SearchLink, ...]:
        """Up to six searches that find something in what the searcher searches."""
        version = version_of(searcher)
        with self._lock:
            if version != self._version:
                self._links = choose_examples(searcher)
                self._version = version
            return self._links


def current_examples() -> tuple[SearchLink, ...]:
    """The examples of the application that handles this request."""
    examples = current_app.extensions[EXTENSION]
    assert isinstance(examples, ExampleSearches)
    return tuple(
        replace(link, url=urls.search_url(Query(link.label)))
        for link in examples.links(current_searcher().under(UNLIMITED))
    )


def choose_examples(searcher: Searcher) -> tuple[SearchLink, ...]:
    """The first six kinds of example that find something, and of each kind the first candidate that does."""
    links: list[SearchLink] = []
    for kind in _CANDIDATES:
        found = next((link for link in (_try_example(searcher, text) for text in kind) if link), None)
        if found:
            links.append(found)
        if len(links) == MAX_EXAMPLES:
            break
    return tuple(links)


def _try_example(searcher: Searcher, text: str) -> SearchLink | None:
    """The example, if it finds something and an exclusion in it takes something away."""
    link = _try(searcher, Query(text), text)
    included, minus, _ = text.partition(" -")
    if link and minus and searcher.search(Query(included, per_page=1)).total == link.total:
        return None
    return link


def list_alternatives(searcher: Searcher, query: Query) -> tuple[SearchLink, ...]:
    """Searches to try after one that found nothing: with fewer filters first, then with fewer words."""
    query = replace(query, page=1)
    links = [*_without_filters(searcher, query), _without_quotes(searcher, query)]
    chunks = _chunks(query.text)
    if len(chunks) > 1:
        for chunk in chunks[:MAX_CHUNKS]:
            links.append(_try(searcher, replace(query, text=chunk), say(says.ONLY_PART(text=chunk))))
    return tuple(link for link in links if link)


def _without_filters(searcher: Searcher, query: Query) -> list[SearchLink | None]:
    links = []
    fields = [field for field in FACETS if getattr(query, field)]
    for field in fields:
        names = [name_value(field, value) for value in getattr(query, field)[:3]]
        label = say(says.DROP_FIELD(field=translate(FACET_NAMES[field]), values=names))
        links.append(_try(searcher, urls.with_values(query, field, ()), label))
    if len(fields) > 1:
        links.append(_try(searcher, urls.without_filters(query), say(says.DROP_ALL_FILTERS())))
    return links


_QUOTES = str.maketrans(dict.fromkeys('"“”', " "))


def _without_quotes(searcher: Searcher, query: Query) -> SearchLink | None:
    text = " ".join(query.text.translate(_QUOTES).split())
    if not text or query.text.translate(_QUOTES) == query.text:
        return None
    unquoted = replace(query, text=text)
    return _try(searcher, unquoted, say(says.WITHOUT_QUOTES())) or _try_partial(searcher, unquoted)


def _chunks(text: str) -> Sequence[str]:
    """The distinct chunks that must be found, without signs and exclusions."""
    words = (word.strip('()（）"“”|') for word in text.split())
    kept = (word for word in words if word and not word.startswith("-") and word not in ("OR", "NOT", "AND"))
    return list(dict.fromkeys(kept))


def _try_partial(searcher: Searcher, query: Query) -> SearchLink | None:
    """The query, if it has partial matches; the label says that they are partial."""
    listed = searcher.search(replace(query, page=1, per_page=1)).tiers[-1].listed
    if not listed:
        return None
    return SearchLink(say(says.WITHOUT_QUOTES_PARTLY()), listed, urls.search_url(query))


def _try(searcher: Searcher, query: Query, label: str) -> SearchLink | None:
    """A link to the search, if it finds something; a part of a query may not be a query."""
    try:
        total = searcher.search(replace(query, page=1, per_page=1)).total
    except QueryError:
        return None
    return SearchLink(label, total, urls.search_url(query)) if total else None
