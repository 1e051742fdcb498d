"""News as a letter: each paragraph in full once, under the first search that found it; the others point to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from search.digest.news import News, SearchNews
from search.json_form import make_report_url
from search.media import for_line
from search.messages import digests as says
from search.messages.words import render
from search.model import Hit
from search.public_url import PublicUrl

_NAMES = 3


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str


def write_letter(news: News, *, most: int, public_url: PublicUrl | None, lang: str) -> Letter:
    """The letter that tells the news.

    Args:
        most: how many paragraphs of a search it has in full; the others are counted.
        public_url: where the paragraphs can be read; None leaves links out.
    """
    having = [one for one in news.searches if one.paragraphs]
    names = [one.search.name for one in having[:_NAMES]]
    subject = says.DIGEST_SUBJECT(n=len(news.paragraphs), names=names)
    lines: list[str] = []
    written: set[int] = set()
    for one in having:
        lines += [*_heading(one, public_url, lang), ""]
        for place in one.paragraphs[:most]:
            lines += [*_paragraph(place, news.paragraphs[place], place in written, public_url, lang), ""]
            written.add(place)
        if len(one.paragraphs) > most:
            lines += [render(says.DIGEST_MORE(n=len(one.paragraphs) - most), lang), ""]
    begun = [one.search.name for one in news.searches if one.is_begun]
    if begun:
        lines += [render(says.DIGEST_BEGUN(n=len(begun), names=begun), lang), ""]
    if not having:
        lines.insert(0, render(says.DIGEST_NOTHING(), lang))
    return Letter(for_line(render(subject, lang)), "\n".join(lines).rstrip() + "\n")


def _heading(one: SearchNews, public_url: PublicUrl | None, lang: str) -> Iterator[str]:
    name = for_line(one.search.name)
    yield f"== {render(says.DIGEST_SEARCH(name=name, n=len(one.paragraphs)), lang)} =="
    query = one.search.query
    if query.text and query.text != one.search.name:
        yield render(says.DIGEST_QUERY(query=for_line(query.text)), lang)
    if public_url is not None and query.text:
        yield f"{public_url}/search?{urlencode({'q': query.text, 'sort': '-added'})}"


def _paragraph(
    place: int, hit: Hit, is_written: bool, public_url: PublicUrl | None, lang: str
) -> Iterator[str]:
    report = hit.report
    known = (report.city or report.province, report.date or report.year, report.type, report.title)
    yield f"[{place + 1}] " + for_line(" · ".join(str(value) for value in known if value is not None))
    if is_written:
        yield render(says.DIGEST_SEEN_ABOVE(number=place + 1), lang)
        return
    yield for_line(hit.text, keep=" \u3000\n\t")
    if public_url is not None:
        yield make_report_url(public_url)(report.id, hit.n)
