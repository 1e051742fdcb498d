"""`xiesou concordance`: every occurrence with what stands around it, at a terminal or as JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import click

from search.answer.concordance import MAX_CONTEXT, MAX_PER_PAGE, MAX_SAMPLE
from search.answer.context_order import Sample
from search.cli import explained_errors, index_option, json_option, lang_option, print_json, settings_with
from search.filter_options import filter_options
from search.language.query import describe
from search.media import for_line
from search.messages import Message, commands
from search.messages.words import render
from search.model import ConcordancePage, ContextSort, Query
from search.settings import Address


@click.command(
    epilog="""\b
Examples:
  xiesou concordance 营商环境
  xiesou concordance '"乡村振兴"' --order right2 --limit 200
  xiesou concordance 发展 --sample 100 --seed 7 --json"""
)
@click.argument("query")
@click.option(
    "--order",
    type=click.Choice(get_args(ContextSort)),
    default="left",
    show_default=True,
    help="By the context on a side, from its first or second word on; or as they stand.",
)
@click.option(
    "--context", type=click.IntRange(1, MAX_CONTEXT), default=20, show_default=True, help="Characters a side."
)
@click.option("--sample", type=click.IntRange(1, MAX_SAMPLE), help="So many occurrences at random.")
@click.option("--seed", type=int, default=1, show_default=True, help="Which random ones.")
@click.option("--limit", type=click.IntRange(1, MAX_PER_PAGE), default=50, show_default=True)
@click.option("--page", type=click.IntRange(1), default=1, show_default=True)
@filter_options
@index_option
@lang_option
@json_option
def concordance(
    query: str,
    order: ContextSort,
    context: int,
    sample: int | None,
    seed: int,
    limit: int,
    page: int,
    filters: Query,
    index: Address | None,
    lang: str,
    as_json: bool,
) -> None:
    """Every occurrence of QUERY with what stands around it, a line each."""
    from search import open_searcher

    with explained_errors(lang):
        searcher = open_searcher(settings=settings_with(index)).pinned()
        asked = replace(filters, text=query)
        reading = describe(searcher.interpret(asked).tree)
        found = searcher.concordance(
            asked,
            sort=order,
            page=page,
            per_page=limit,
            context=context,
            sample=None if sample is None else Sample(sample, seed),
        )
    if as_json:
        print_json(_to_json(found, reading, lang))
        return
    for notice in found.notices:
        click.secho(render(notice.said, lang), fg="yellow", err=True)
    if found.seed is not None:
        said = commands.LINES_SAMPLED(n=found.total, total=found.occurrences, seed=found.seed)
        click.secho(render(said, lang), dim=True, err=True)
    for line in found.lines:
        click.echo("\t".join(for_line(part) for part in (line.left, line.keyword, line.right, line.id)))


def _to_json(found: ConcordancePage, reading: Message, lang: str) -> dict[str, object]:
    """As `/api/v1/concordance` gives it, without links to other pages."""
    from search.json_form import concordance_to_json, query_to_json, to_builtins
    from search.json_types import Links

    asked = query_to_json(found.query, reading, lang)
    answer: dict[str, object] = to_builtins(concordance_to_json(asked, found, Links(None, None), lang=lang))
    return {name: value for name, value in answer.items() if name != "links"}
