"""`xiesou search`, `reports`, `show` and `verify`: the collection at a terminal, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from search.errors import XiesouError
from search.filter_options import filter_options
from search.media import for_line
from search.messages import Message, commands
from search.messages import names as named
from search.messages.words import LANGUAGES, render
from search.model import Counts, Hit, LongerWord, Query, Report, SearchResult, Sort
from search.public_url import PublicUrl, read_public_url
from search.settings import Address, Settings, read_index

if TYPE_CHECKING:
    _ParamType = click.ParamType[Address]
else:
    _ParamType = click.ParamType


class AddressType(_ParamType):
    """A folder, or the URL of a collection on a cluster."""

    name = "address"

    def convert(
        self, value: str | Path, param: click.Parameter | None, context: click.Context | None
    ) -> Address:
        return read_index(str(value))


ADDRESS = AddressType()
index_option = click.option(
    "--index",
    type=ADDRESS,
    metavar="PATH",
    help="The index directory, or the URL of a cluster. [default: $XIESOU_INDEX, else index_data/index]",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
public_url_option = click.option(
    "--public-url",
    metavar="URL",
    help="Where the pages are for readers. [default: $XIESOU_PUBLIC_URL, else paths alone]",
)
lang_option = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    show_default=True,
    help="Speak this language.",
)


_FACETS = {"city": named.FIELD_CITY, "year": named.FIELD_YEAR, "plan_year": named.FIELD_PLAN_YEAR}


class CouldNot(click.ClickException):
    """What was asked for could not be done: exit status 2."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(for_line(message, keep=" \u3000\n\t"))


@contextmanager
def explained_errors(lang: str = LANGUAGES[0]) -> Iterator[None]:
    """Turn what a person can be told about into a message and exit status 2."""
    try:
        yield
    except XiesouError as error:
        raise CouldNot(render(error.said, lang)) from error


def settings_with(index: Address | None, public_url: str | None = None) -> Settings:
    """The environment's settings, the command line's index and public address before theirs."""
    try:
        settings = Settings.from_environment()
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if index is not None:
        settings = replace(settings, index=index)
    return replace(settings, public_url=_public_url(public_url)) if public_url else settings


def _public_url(written: str) -> PublicUrl:
    try:
        return read_public_url(written)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def print_json(value: Any) -> None:
    """Print JSON that any program can read: lone surrogates are escaped."""
    from search.json_form import to_builtins

    text = json.dumps(to_builtins(value), ensure_ascii=False, indent=2)
    click.echo(text.encode("utf-8", "backslashreplace").decode("utf-8"))


@click.command(
    epilog="""\b
Examples:
  xiesou search 营商环境
  xiesou search '"有事好商量"' --city 四平市 --year 2023
  xiesou search '梅花鹿 -食用菌' --sort -year --limit 50 --json"""
)
@click.argument("query")
@filter_options
@click.option("--sort", type=click.Choice(get_args(Sort)), default="relevance", show_default=True)
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True, help="Hits on a page.")
@click.option("--page", type=click.IntRange(1), default=1, show_default=True)
@click.option(
    "--match",
    type=click.Choice(["phrase", "all"]),
    default="phrase",
    show_default=True,
    help="Count chunks as they are written, or their words apart and in other forms too.",
)
@click.option("--fold", is_flag=True, help="Fold hits of a page that say the same in other reports.")
@public_url_option
@click.option("--explain", is_flag=True, help="Print the plan, and what each hit's score is the sum of.")
@index_option
@lang_option
@json_option
def search(
    query: str,
    sort: Any,
    limit: int,
    page: int,
    match: Any,
    fold: bool,
    filters: Query,
    explain: bool,
    public_url: str | None,
    index: Address | None,
    lang: str,
    as_json: bool,
) -> None:
    """Search the paragraphs. QUERY is in the query language: words, "exact strings", -words."""
    from search import open_searcher
    from search.json_form import make_report_url, search_to_json

    settings = settings_with(index, public_url)
    asked = replace(filters, text=query, sort=sort, page=page, per_page=limit, match=match, fold=fold)
    with explained_errors(lang):
        searcher = open_searcher(settings=settings).pinned()
        if explain:
            click.echo(searcher.explain(asked))
            return
        result = searcher.search(asked)
        counts, longer = searcher.count(asked), searcher.longer_words(asked)
    if as_json:
        print_json(search_to_json(result, make_report_url(settings.public_url), lang=lang))
    else:
        _print_result(result, counts, longer, lang)


def _print_result(result: SearchResult, counts: Counts, longer: Sequence[LongerWord], lang: str) -> None:
    line = commands.FOUND_LINE(
        paragraphs=commands.FOUND_PARAGRAPHS(n=counts.paragraphs),
        occurrences=commands.FOUND_OCCURRENCES(n=counts.occurrences),
        reports=commands.FOUND_REPORTS(n=counts.reports),
        took_ms=result.took_ms,
        reading=result.reading,
    )
    click.echo(render(line, lang))
    second = next((tier.total for tier in result.tiers if tier.tier == 2), None)
    if second:
        beside = commands.TIER_2_COUNTED if result.query.match == "all" else commands.TIER_2_BESIDE
        click.secho(render(beside(n=second), lang), dim=True)
    for notice in result.notices:
        click.secho(render(notice.said, lang), fg="yellow")
    if longer:
        words = [_counted(of.word, of.occurrences, lang) for of in longer]
        click.secho(render(commands.WITHIN_LONGER(words=words, query=longer[0].query.text), lang), dim=True)
    _print_hints(result, lang)
    _print_definition(result, lang)
    year_field = result.query.year_field
    for name in ("city", year_field):
        label = _FACETS[name]()
        values = [_counted(value.value, value.count, lang) for value in result.facets[name][:12]]
        if values:
            click.secho(render(commands.FACET_LINE(field=label, values=values), lang), dim=True)
    tier = 1
    for hit in result.hits:
        click.echo()
        if hit.tier != tier:
            click.secho(render(_TIERS[hit.tier](), lang), underline=True)
            tier = hit.tier
        year = getattr(hit.report, year_field)
        place = (hit.report.city or hit.report.province, year, hit.report.type)
        known = " · ".join(str(value) for value in place if value is not None)
        click.secho(for_line(" › ".join([known or hit.report.source, *hit.heading])), fg="cyan")
        click.echo(_marked(hit))
        if hit.same:
            ids = [of.id for of in hit.same]
            click.secho(render(commands.SAME_ELSEWHERE(n=len(ids), ids=ids), lang), dim=True)
        click.secho("  ".join(filter(None, [hit.id, _recognition(hit.ocr, lang)])), dim=True)


def _print_definition(result: SearchResult, lang: str) -> None:
    found = result.definition
    if found is None or result.query.page > 1:
        return
    click.echo(_text(render(commands.DEFINITION(id=found.id, text=found.text), lang)))
    if found.others:
        click.secho(render(commands.OTHER_DEFINITIONS(n=len(found.others)), lang), dim=True)


def _recognition(ocr: float | None, lang: str) -> str:
    return "" if ocr is None else render(commands.RECOGNISED_MARK(percent=round(100 * ocr)), lang)


_TIERS = {1: commands.TIER_1, 2: commands.TIER_2, 3: commands.TIER_3}


def _counted(value: str | int | None, count: int, lang: str) -> str:
    return f"{_known(value, lang)} {count:,}"


def _known(value: str | int | None, lang: str) -> str:
    return render(commands.SHOWN_UNKNOWN(), lang) if value is None else str(value)


def _print_hints(result: SearchResult, lang: str) -> None:
    def tell(message: Message, **style: Any) -> None:
        click.secho(render(message, lang), **style)

    for form, others in result.synonyms:
        tell(commands.LOOKED_FOR_TOO(form=form, others=others), dim=True)
    if result.explanation is not None:
        for sentence in result.explanation.sentences:
            tell(sentence, fg="yellow")
    if result.did_you_mean:
        tell(commands.DID_YOU_MEAN(queries=result.did_you_mean), fg="yellow")
    for offer in result.offers:
        option = offer.field.replace("_", "-")
        command = f"xiesou search '{offer.query_without}' --{option} {offer.value}"
        tell(commands.CAN_BE_FILTER(text=offer.text, command=command), dim=True)


def _marked(hit: Hit) -> str:
    pieces, at = [], 0
    for start, end in hit.spans:
        marked = click.style(_text(hit.text[start:end]), bold=True, fg="red")
        pieces += [_text(hit.text[at:start]), marked]
        at = end
    return "".join([*pieces, _text(hit.text[at:])])


def _text(text: str) -> str:
    return for_line(text, keep=" \u3000\n\t")


@click.command(epilog="\b\nExamples:\n  xiesou reports\n  xiesou reports --json")
@click.option(
    "--all", "others", is_flag=True, help="Also the texts that belong to no report (news, editorials)."
)
@index_option
@lang_option
@json_option
def reports(others: bool, index: Address | None, lang: str, as_json: bool) -> None:
    """List the reports that the index holds."""
    from search import open_searcher
    from search.json_form import report_to_json

    with explained_errors(lang):
        found = open_searcher(settings=settings_with(index)).reports(others=others)
    if as_json:
        print_json([report_to_json(report) for report in found])
        return
    for report in found:
        click.echo(_line(report, lang))
    click.echo(render(commands.LISTED_REPORTS(n=len(found)), lang))


def _line(report: Report, lang: str) -> str:
    parts = (
        report.id,
        _known(report.year, lang),
        _known(report.city or report.province, lang),
        _known(report.type, lang),
        report.title or "",
        report.source,
    )
    return for_line("  ".join(parts))


@click.command(epilog="\b\nExamples:\n  xiesou show 1f0c9a77de\n  xiesou show 1f0c9a77de --json")
@click.argument("report")
@index_option
@lang_option
@json_option
def show(report: str, index: Address | None, lang: str, as_json: bool) -> None:
    """Print a whole report; `xiesou reports` lists their ids."""
    from search import open_searcher
    from search.json_form import report_text_to_json

    with explained_errors(lang):
        found = open_searcher(settings=settings_with(index)).report(report)
    if as_json:
        print_json(report_text_to_json(found, lang=lang))
        return
    click.secho(_line(found.report, lang), fg="cyan")
    for paragraph in found.paragraphs:
        click.echo()
        click.secho(_text(paragraph.text), bold=paragraph.kind in ("title", "heading"))
        if paragraph.ocr is not None:
            click.secho(_recognition(paragraph.ocr, lang), dim=True)


@click.command(epilog="\b\nExamples:\n  xiesou verify\n  xiesou verify --index index_data/index")
@index_option
@lang_option
@json_option
def verify(index: Address | None, lang: str, as_json: bool) -> None:
    """Read every byte of the index and compare it with its checksums."""
    from search import open_collection
    from search.rules import count_older

    settings = settings_with(index)
    with explained_errors(lang):
        collection = open_collection(settings=settings)
        version = collection.verify()
        view = collection.at()
        paragraphs, older = view.stats().paragraphs, count_older(view.sources())
    if as_json:
        found = {
            "generation": version.number,
            "version": str(version),
            "paragraphs": paragraphs,
            "older": older,
        }
        print_json({"ok": True, **found})
    else:
        whole = commands.INDEX_WHOLE(folder=collection.address, generation=version.number, n=paragraphs)
        click.echo(render(whole, lang))
        if older:
            click.echo(render(commands.OLDER_FILES(n=older), lang))
