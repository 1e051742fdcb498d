"""/robots.txt: reports are to be found by search engines; searches, which have no end, are not to be asked by them."""

from __future__ import annotations

from flask import Blueprint, Response

from web import urls
from web.instrument_urls import INSTRUMENTS

robots = Blueprint("robots", __name__)

_CLOSED = (
    "pages.search",
    "pages.follow",
    "exports.export_csv",
    "exports.export_xlsx",
    "exports.distribution_csv",
    "feeds.feed",
    "feeds.feed_json",
    "feeds.spread_feed",
    "feeds.spread_feed_json",
    "feeds.reports_feed",
    "feeds.reports_feed_json",
    "embed.frame",
    "oembed.oembed",
)


@robots.get("/robots.txt")
def robots_txt() -> Response:
    """The rules; crawlers ask for them at the root of a host alone, so a proxy passes that address on.

    Source: RFC 9309.
    """
    reports = urls.endpoint_url("pages.reports", lang=None)
    paths = [urls.endpoint_url(endpoint, lang=None) for endpoint in _CLOSED]
    home = urls.endpoint_url("pages.home", lang=None)
    paths += [f"{home}{name}" for name in INSTRUMENTS]
    paths += [f"{home}api/", f"{reports}?*", f"{reports}/*/cite", f"{reports}/*/correct", f"{reports}/*?*"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in paths), ""]
    return Response("\n".join(lines), mimetype="text/plain")
