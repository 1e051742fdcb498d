"""The scripts that hosts load: text, version and integrity.

modules in web/static -> minified into web/static/built, by `npm run serve` in packages/xiesou-search -> Script

The built scripts are committed, so that a server needs no Node. Each begins with a stamp of its sources: where these
have been changed since, the modules are joined and served as they are. Built, embed.js weighs 13 kB; joined, 16 kB.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
SCRIPTS = {
    "embed.js": "embed/main.js",
    "embed-modal.js": "embed/modal.js",
    "embed-height.js": "embed-height.js",
}
"""What hosts may load -> the module that it begins with."""

_IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?=(?:async )?(?:function\*?|const|let|class) )|^export \{.*\};\n", re.MULTILINE
)
_NAME = re.compile(r"^(?:async )?(?:function\*?|const|let|class) (\w+)", re.MULTILINE)
_STAMP = re.compile(r"/\*! ([0-9a-f]{64}) \*/\n")


@dataclass(frozen=True, slots=True)
class Script:
    """A script as it is served: its text, its short name for caching, and its integrity for `<script>`."""

    text: str
    version: str
    integrity: str


@cache
def load_script(name: str) -> Script:
    """One of `SCRIPTS`, as it is served."""
    built = read_built(name)
    text = join_modules(name) if built is None else _STAMP.sub("", built, count=1)
    digest = hashlib.sha384(text.encode("utf-8")).digest()
    return Script(text, digest.hex()[:12], "sha384-" + base64.b64encode(digest).decode("ascii"))


def read_built(name: str) -> str | None:
    """The built script with its stamp; None where its sources have changed since."""
    path = STATIC / "built" / name
    text = path.read_text("utf-8") if path.is_file() else ""
    found = _STAMP.match(text)
    return text if found and found[1] == stamp_sources(name) else None


def stamp_sources(name: str) -> str:
    """A digest of all modules that a script is made of."""
    digest = hashlib.sha256()
    for path, source in sorted(_read_modules(name).items()):
        digest.update(f"{path}\0".encode() + source.encode("utf-8") + b"\0")
    return digest.hexdigest()


def join_modules(name: str) -> str:
    """The modules of a script in one scope, each after those that it needs.

    Raises:
        ValueError: two modules give the same name to different things.
    """
    owners: dict[str, str] = {}
    bodies = []
    for path, source in _read_modules(name).items():
        body = _EXPORT.sub("", _IMPORT.sub("", source))
        for defined in _NAME.findall(body):
            if owners.setdefault(defined, path) != path:
                raise ValueError(f"{path} and {owners[defined]} both define {defined}.")
        bodies.append(body)
    return "".join(bodies)


def _read_modules(name: str) -> dict[str, str]:
    """Path below `STATIC` -> source, of a script's main module and of all that it imports, in the order of running."""
    read: dict[str, str] = {}
    begun: set[str] = set()

    def add(path: str) -> None:
        if path in begun:
            return
        begun.add(path)
        source = (STATIC / path).read_text("utf-8")
        for _, other in _IMPORT.findall(source):
            add((Path(path).parent / other).as_posix())
        read[path] = source

    add(SCRIPTS[name])
    return read
