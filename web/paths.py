"""Paths of pages, kept: a page of results has hundreds of addresses, and routing each would take most of its time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote

from flask import current_app, g, request, url_for
from markupsafe import Markup

from search.lru import LruCache
from web.params import read_language

SAFE_IN_PATH = "!$&'()*+,/:;=@"
_MOST_PREFIXES = 64
_MOST_REPORTS = 256
_KEPT = "xiesou-paths"
_KEPT_ABSOLUTE = "xiesou-absolute-paths"
_ANY_REPORT = "any-report"


@dataclass(slots=True)
class _Paths:
    """Paths of pages, of those of a report and of files, and markup; under one prefix and in one language."""

    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    of_reports: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    of_files: dict[str, str] = field(default_factory=dict)
    markup: dict[str, Markup] = field(default_factory=dict)


def path_of(endpoint: str) -> tuple[str, str]:
    """The path of a page, and the parameters that all URLs of this request have (the language)."""
    known = _paths().pages
    if endpoint not in known:
        path, _, tail = url_for(endpoint).partition("?")
        known[endpoint] = path, tail
    return known[endpoint]


def absolute_path_of(endpoint: str) -> str:
    """The absolute address of a page, without its parameters and in no language."""
    kept: LruCache[tuple[str, str, str, str], str] = current_app.extensions.setdefault(
        _KEPT_ABSOLUTE, LruCache(most=_MOST_PREFIXES)
    )
    key = request.scheme, request.host, request.script_root, endpoint
    return kept.get_or_make(key, lambda: url_for(endpoint, lang=None, _external=True))


def path_of_report(endpoint: str, report_id: str) -> tuple[str, str]:
    """Like `path_of`, for the pages of a report."""
    to_path, tail = path_of_reports(endpoint)
    return to_path(report_id), tail


def path_of_reports(endpoint: str) -> tuple[Callable[[str], str], str]:
    """Like `path_of_report`, for many reports: the path as a function of a report's id."""
    known = _paths().of_reports
    if endpoint not in known:
        path, _, tail = url_for(endpoint, report_id=_ANY_REPORT).partition("?")
        before, _, after = path.rpartition(_ANY_REPORT)
        known[endpoint] = before, after, tail
    before, after, tail = known[endpoint]
    return lambda report_id: f"{before}{_quoted(report_id)}{after}", tail


@lru_cache(maxsize=_MOST_REPORTS)
def _quoted(report_id: str) -> str:
    return quote(report_id, safe=SAFE_IN_PATH)


def page_path(endpoint: str) -> str:
    """The address of a page without parameters, in the language of this one."""
    path, tail = path_of(endpoint)
    return f"{path}?{tail}" if tail else path


def file_path(endpoint: str, name: str) -> str:
    """The address of a file that an endpoint sends."""
    known = _paths().of_files
    if name not in known:
        known[name] = url_for(endpoint, filename=name)
    return known[name]


def kept_markup() -> dict[str, Markup]:
    """What pages under this prefix and in this language share, by where it stands."""
    return _paths().markup


def _paths() -> _Paths:
    paths: _Paths | None = g.get("paths")
    if paths is None:
        kept: LruCache[tuple[str, str], _Paths] = current_app.extensions.setdefault(
            _KEPT, LruCache(most=_MOST_PREFIXES)
        )
        paths = g.paths = kept.get_or_make((request.script_root, read_language()), _Paths)
    return paths
