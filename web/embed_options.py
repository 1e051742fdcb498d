"""Parameters -> how an embedded search looks: what a frame, the setup page and oEmbed are asked for.

Filters and words are read by `params`; an option that can't be read takes its default, since it is only a look.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from search.model import FACETS
from web.origin_policy import read_origins
from web.params import MAX_PER_PAGE, read_arguments

THEMES = ("auto", "light", "dark")
LANGUAGES = ("zh", "en")
TARGETS = ("_blank", "_top", "_self")
LOOKS = ("theme", "lang", "facets", "fixed", "target")
FACETS_SHOWN = ("city", "year", "type")
MAX_POLICY_CHARS = 4000
WIDTH = 720
HEIGHT = 640
_CITIES = re.compile(r"[^\s,，、;；]+")
_MAX_LOOKS, _MAX_LOOK_CHARS = 8, 100
"""Every link of the frame repeats them."""


@dataclass(frozen=True, slots=True)
class FrameOptions:
    """How the frame looks.

    Args:
        facets: the groups shown, in order.
        fixed: the groups whose filters the reader can't change.
        target: where links open.
    """

    theme: str = "auto"
    lang: str = "zh"
    facets: tuple[str, ...] = FACETS_SHOWN
    fixed: tuple[str, ...] = ()
    target: str = "_blank"


@dataclass(frozen=True, slots=True)
class OembedRequest:
    """What a consumer asks for.

    Args:
        max_width, max_height: the room that it has, in px; None where it doesn't say.
    """

    url: str
    format: str
    max_width: int | None = None
    max_height: int | None = None

    def fit(self, width: int, height: int) -> tuple[int, int]:
        """Width and height, no more than there is room for."""
        return min(width, self.max_width or width), min(height, self.max_height or height)


@dataclass(frozen=True, slots=True)
class SetupOptions:
    """What an owner chose on the setup page; "" and () are the widget's own defaults."""

    site: str = ""
    csp: str = ""
    city: tuple[str, ...] = ()
    year: str = ""
    type: str = ""
    theme: str = "auto"
    lang: str = "zh"
    facets: tuple[str, ...] = FACETS_SHOWN
    per_page: int = 10
    placeholder: str = ""
    target: str = "_blank"
    deep_link: bool = False
    pin: bool = False

    def attributes(self) -> dict[str, str]:
        """The attributes of the element, its scope among them, defaults left out."""
        said = {
            "city": " ".join(self.city),
            "year": self.year,
            "type": self.type,
            "theme": self.theme if self.theme != THEMES[0] else "",
            "lang": self.lang if self.lang != LANGUAGES[0] else "",
            "facets": "" if self.facets == FACETS_SHOWN else " ".join(self.facets) or "none",
            "per-page": "" if self.per_page == 10 else str(self.per_page),
            "target": "" if self.target == TARGETS[0] else self.target,
            "deep-link": "q" if self.deep_link else "",
        }
        return {name: value for name, value in said.items() if value}

    def scope(self) -> list[tuple[str, str]]:
        """The scope as hidden fields, which bind the plain form."""
        named = [("year", self.year), ("type", self.type)]
        return [*(("city", city) for city in self.city), *((name, value) for name, value in named if value)]

    def search_url(self, action: str) -> str:
        """The search's own page within the scope, for those without scripts where no form can stand."""
        return action + ("?" + urlencode(self.scope()) if self.scope() else "")

    def frame_args(self) -> dict[str, Any]:
        """The same choice as parameters of the frame."""
        said: dict[str, Any] = {
            name: [v for n, v in self.scope() if n == name] for name in ("city", "year", "type")
        }
        said["fixed"] = ",".join(name for name in said if said[name])
        said |= {name: value for name, value in self.attributes().items() if name in LOOKS}
        if self.per_page != 10:
            said["per_page"] = self.per_page
        return {name: value for name, value in said.items() if value}


def read_frame_options() -> FrameOptions:
    """The looks that the frame is asked for."""
    return FrameOptions(
        theme=_choose("theme", THEMES),
        lang=_choose("lang", LANGUAGES),
        facets=_read_groups("facets", FACETS_SHOWN),
        fixed=_read_groups("fixed", ()),
        target=_choose("target", TARGETS),
    )


def read_looks() -> dict[str, list[str]]:
    """The looks as they were asked for, to be kept from page to page."""
    args = _read_args()
    asked = {name: args.getlist(name)[:_MAX_LOOKS] for name in LOOKS if name in args}
    return {name: values for name, values in asked.items() if max(map(len, values)) <= _MAX_LOOK_CHARS}


def read_version() -> str:
    """The version that a script's address names, or ""."""
    return _read_args().get("v", "")


def read_oembed() -> OembedRequest:
    """What an oEmbed consumer asks for; width and height are the largest it has room for."""
    args = _read_args()
    return OembedRequest(
        url=args.get("url", ""),
        format=args.get("format") or "json",
        max_width=_read_px("maxwidth"),
        max_height=_read_px("maxheight"),
    )


def read_setup() -> SetupOptions:
    """The choice on the setup page; the groups and the box for deep links only after it was sent once."""
    args = _read_args()
    try:
        site = (*read_origins([args.get("site", "")]), "")[0]
    except ValueError:
        site = args.get("site", "").strip()
    return SetupOptions(
        site=site,
        csp=args.get("csp", "").strip()[:MAX_POLICY_CHARS],
        city=tuple(dict.fromkeys(_CITIES.findall(" ".join(args.getlist("city"))))),
        year=args.get("year", "").strip(),
        type=args.get("type", "").strip(),
        theme=_choose("theme", THEMES),
        lang=_choose("lang", LANGUAGES),
        facets=tuple(name for name in FACETS if name in args.getlist("facets"))
        if "chosen" in args
        else FACETS_SHOWN,
        per_page=_read_size(args.get("per_page", "")),
        placeholder=args.get("placeholder", "").strip(),
        target=_choose("target", TARGETS),
        deep_link="deep_link" in args,
        pin="pin" in args,
    )


def _read_args() -> MultiDict[str, str]:
    return MultiDict(read_arguments())


def _choose(name: str, among: tuple[str, ...]) -> str:
    asked = _read_args().get(name, "")
    return asked if asked in among else among[0]


def _read_groups(name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    args = _read_args()
    if name not in args:
        return default
    asked = " ".join(args.getlist(name)).replace(",", " ").split()
    return tuple(field for field in dict.fromkeys(asked) if field in FACETS)


def _read_size(asked: str) -> int:
    """A number of hits on a page; 10 where it is none."""
    return int(asked) if re.fullmatch("[1-9][0-9]{0,2}", asked) and int(asked) <= MAX_PER_PAGE else 10


def _read_px(name: str) -> int | None:
    asked = _read_args().get(name, "")
    return int(asked[:6]) or None if asked.isascii() and asked.isdigit() else None
