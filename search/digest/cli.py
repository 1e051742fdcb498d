"""`xiesou digest`: what is new for saved searches, printed or mailed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from search.cli import (
    explained_errors,
    index_option,
    json_option,
    lang_option,
    print_json,
    public_url_option,
    settings_with,
)
from search.digest.letter import Letter
from search.digest.news import News
from search.messages import digests as says
from search.messages.words import render
from search.settings import Address


@click.command(
    epilog="""\b
Examples:
  xiesou digest searches.txt --state digest.json
  xiesou digest searches.txt --since 2026-01-01
  xiesou digest searches.txt --state digest.json --to desk@example.org --from xiesou@example.org \\
      --smtp smtp://localhost"""
)
@click.argument("searches", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--state",
    "state_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="What was told before; made at the first run, moved after the mail was accepted.",
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Tell a search that --state doesn't know from that day of intake on.",
)
@click.option("--to", multiple=True, metavar="ADDRESS", help="Mail it there; may be repeated.")
@click.option(
    "--from", "sender", metavar="ADDRESS", envvar="XIESOU_MAIL_FROM", help="[default: $XIESOU_MAIL_FROM]"
)
@click.option(
    "--smtp",
    metavar="URL",
    envvar="XIESOU_SMTP",
    help="smtp://host:25 or smtps://user@host:465. [default: $XIESOU_SMTP]",
)
@click.option(
    "--smtp-password-file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    envvar="XIESOU_SMTP_PASSWORD_FILE",
    help="Holds the password of the login. [default: $XIESOU_SMTP_PASSWORD_FILE]",
)
@click.option(
    "--most", type=click.IntRange(1), default=100, show_default=True, help="Paragraphs of a search in full."
)
@click.option("--dry-run", is_flag=True, help="Print what would be mailed; send nothing, move nothing.")
@public_url_option
@index_option
@lang_option
@json_option
def digest(
    searches: Path,
    state_file: Path | None,
    since: datetime | None,
    to: tuple[str, ...],
    sender: str | None,
    smtp: str | None,
    smtp_password_file: Path | None,
    most: int,
    dry_run: bool,
    public_url: str | None,
    index: Address | None,
    lang: str,
    as_json: bool,
) -> None:
    """What is new for the searches of a file since the last time: one letter, printed or mailed."""
    from search import open_searcher
    from search.digest.letter import write_letter
    from search.digest.news import find_news
    from search.digest.saved_searches import read_searches
    from search.digest.state import hold_state, prepare_state, read_state

    if state_file is None and since is None:
        raise click.UsageError(render(says.SINCE_OR_STATE(), lang))
    if to and not (sender and smtp) and not dry_run:
        raise click.UsageError(render(says.SMTP_AND_SENDER(), lang))
    settings = settings_with(index, public_url)
    refused: Sequence[str] = ()
    with explained_errors(lang), hold_state(None if dry_run else state_file):
        state = None if state_file is None else read_state(state_file)
        day = "" if since is None else f"{since:%Y-%m-%d}"
        news = find_news(open_searcher(settings=settings).pinned(), read_searches(searches), state, since=day)
        letter = write_letter(news, most=most, public_url=settings.public_url, lang=lang)
        if dry_run:
            _print(news, letter, lang, as_json=as_json)
            return
        publish = prepare_state(state_file, news.state)
        if to and news.paragraphs:
            refused = _mail(letter, to, sender or "", smtp or "", smtp_password_file)
            publish()  # before anything else can fail
            click.echo(render(says.DIGEST_SENT(to=list(to), subject=letter.subject), lang), err=as_json)
            if as_json:
                print_json(_to_json(news))
        else:
            _print(news, letter, lang, as_json=as_json)
            publish()
    if refused:
        click.echo(render(says.MAIL_REFUSED(to=list(refused)), lang), err=True)
        raise SystemExit(1)


def _mail(letter: Letter, to: Sequence[str], sender: str, smtp: str, password: Path | None) -> list[str]:
    from search.digest.mail import read_mail_server, send_mail, write_mail

    secret = "" if password is None else password.read_text("utf-8").strip()
    return send_mail(write_mail(letter, sender, to), read_mail_server(smtp), secret)


def _print(news: News, letter: Letter, lang: str, *, as_json: bool) -> None:
    if as_json:
        print_json(_to_json(news))
        return
    if news.paragraphs:
        click.echo(f"{letter.subject}\n")
    click.echo(letter.text, nl=False)


def _to_json(news: News) -> dict[str, Any]:
    """Each paragraph once; each search with the ids of those that are new for it."""
    return {
        "searches": [
            {
                "name": one.search.name,
                "query": one.search.query.text,
                "begun": one.is_begun,
                "new": [news.paragraphs[place].id for place in one.paragraphs],
            }
            for one in news.searches
        ],
        "paragraphs": [
            {
                "id": hit.id,
                "report": hit.report.id,
                "city": hit.report.city,
                "province": hit.report.province,
                "date": hit.report.date,
                "year": hit.report.year,
                "type": hit.report.type,
                "title": hit.report.title,
                "added": hit.report.added,
                "text": hit.text,
            }
            for hit in news.paragraphs
        ],
    }
