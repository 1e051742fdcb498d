"""The page on which an owner sets up the search: choose, see it, copy it, learn what stands in its way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import Blueprint, render_template, request

from search.model import OTHER_TYPES, REPORT_TYPES, Query
from web import urls
from web.current_searcher import current_searcher
from web.embed_check import check_host
from web.embed_options import SetupOptions, read_setup
from web.embed_recipes import make_recipes
from web.embed_script import load_script
from web.embed_words import words_of
from web.origins import current_policy

embed_setup = Blueprint("embed_setup", __name__)


@dataclass(frozen=True, slots=True)
class NamedPlaces:
    """What was typed as cities: those that are held, by full name; those of which nothing is held; changed names."""

    known: tuple[str, ...]
    unknown: tuple[str, ...]
    completed: tuple[tuple[str, str], ...]


@embed_setup.get("/embed/setup")
def setup() -> str:
    """Choose options, see the result, copy the snippet."""
    cities = sorted({city for city, _ in current_searcher().stats().coverage})
    places = name_places(read_setup().city, cities)
    options = replace(read_setup(), city=places.known + places.unknown)
    policy = current_policy()
    script = render_script("embed.js", pinned=options.pin)
    with_form = render_widget(options, "embed_widget.html")
    formless = render_widget(options, "embed_widget_formless.html")
    server = urls.endpoint_url("pages.home", is_external=True, lang=None)
    return render_template(
        "embed_setup.html",
        options=options,
        words=words_of(options.lang),
        places=places,
        script=script,
        height_script=render_script("embed-height.js", pinned=options.pin),
        with_form=with_form,
        formless=formless,
        recipes=make_recipes(script, with_form, formless, {"server": server, **options.attributes()}),
        action=urls.endpoint_url("pages.search", is_external=True, lang=None),
        search_url=options.search_url(urls.endpoint_url("pages.search", is_external=True, lang=None)),
        frame_url=urls.endpoint_url("embed.frame", is_external=True, **options.frame_args()),
        home=server,
        script_url=_script_url("embed.js"),
        height_url=_script_url("embed-height.js"),
        cities=cities,
        types=tuple(kind for kind in REPORT_TYPES if kind not in OTHER_TYPES),
        policy=policy,
        check=check_host(options.site, options.csp, f"{request.scheme}://{request.host}", policy),
        query=Query(),
    )


def name_places(typed: Iterable[str], held: Iterable[str]) -> NamedPlaces:
    """Cities as people type them -> their full names.

    Example:
        >>> name_places(["四平", "长春市", "火星"], ["四平市", "长春市"])
        NamedPlaces(known=('四平市', '长春市'), unknown=('火星',), completed=(('四平', '四平市'),))
    """
    names = list(held)
    known: dict[str, None] = {}
    unknown, completed = [], []
    for name in typed:
        found = [city for city in names if city == name] or [city for city in names if city.startswith(name)]
        if len(found) != 1:
            unknown.append(name)
            continue
        known[found[0]] = None
        if found[0] != name:
            completed.append((name, found[0]))
    return NamedPlaces(tuple(known), tuple(unknown), tuple(completed))


def render_script(name: str, *, pinned: bool) -> str:
    """The `<script>` that loads one of ours; pinned, only as it is today."""
    return render_template(
        "embed_widget_script.html",
        address=_script_url(name) if pinned else urls.endpoint_url(_ENDPOINTS[name], is_external=True),
        integrity=load_script(name).integrity if pinned else "",
    ).strip()


def render_widget(options: SetupOptions, template: str) -> str:
    """The element around its form or its link, as an owner pastes it."""
    action = urls.endpoint_url("pages.search", is_external=True, lang=None)
    return render_template(
        template,
        options=options,
        words=words_of(options.lang),
        action=action,
        search_url=options.search_url(action),
        home=urls.endpoint_url("pages.home", is_external=True, lang=None),
    ).strip()


_ENDPOINTS = {"embed.js": "embed.script", "embed-height.js": "embed.height_script"}


def _script_url(name: str) -> str:
    return urls.endpoint_url(_ENDPOINTS[name], is_external=True, v=load_script(name).version)
