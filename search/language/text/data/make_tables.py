"""Makes the tables: `python -m search.language.text.data.make_tables EquivalentUnifiedIdeograph.txt`.

They are files, not computed at start, so that every Python (each has its own Unicode version) normalises
alike, and an index made by one can be read by another. Only this script needs OpenCC's data
(`pip install opencc-python-reimplemented`) and that file of the Unicode Character Database.
"""

from __future__ import annotations

import importlib.util
import re
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).resolve().parent

RADICALS_HEADER = """\
# Radicals of the blocks U+2E80 and U+2F00 with the ideograph that each looks like: Equivalent_Unified_Ideograph,
# Unicode 14.0.0, from the Unicode Character Database (Unicode License v3, https://www.unicode.org/license.txt).
# Made by make_tables.py.
"""
WIDTH_HEADER = f"""\
# NFKC of single characters, Unicode {unicodedata.unidata_version}, from the Unicode Character Database
# (Unicode License v3, https://www.unicode.org/license.txt). Made by make_tables.py.
# Left out: characters that fold to something with a blank; circled numbers, fractions and numbers with a full
# stop, which would grow together with a number beside them (2023① is not 20231).
"""
LOWERCASE_HEADER = f"""\
# Lower case of single characters, Unicode {unicodedata.unidata_version}, from the Unicode Character Database
# (Unicode License v3, https://www.unicode.org/license.txt). Made by make_tables.py.
"""
SIMPLIFIED_HEADER = """\
# Traditional to Simplified Chinese, one character to one: the first choice of TSCharacters.txt of OpenCC
# (Carbo Kuo and contributors, https://github.com/BYVoid/OpenCC, Apache License 2.0), as packed in
# opencc-python-reimplemented 0.1.7. Made by make_tables.py.
"""
VARIANTS_HEADER = """\
# Words of jieba 0.42.1's dict.txt (Sun Junyi, https://github.com/fxsjy/jieba, MIT License) whose normalised
# form (乾隆 becomes 干隆) is not a word of it: that form, with the frequency of the word. Made by
# make_tables.py.
"""


def _package_folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        sys.exit(f"this script needs the package {package}")
    return Path(spec.submodule_search_locations[0])


def _characters() -> Iterable[str]:
    return (chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)


def _radicals(table: Path) -> Iterable[tuple[str, str]]:
    entry = re.compile(r"([0-9A-F]{4,5})(?:\.\.([0-9A-F]{4,5}))?\s*;\s*([0-9A-F]{4,5})")
    for line in table.read_text(encoding="utf-8").splitlines():
        if match := entry.match(line):
            first, ideograph = int(match[1], 16), chr(int(match[3], 16))
            last = int(match[2], 16) if match[2] else first
            yield from ((chr(code), ideograph) for code in range(first, last + 1) if 0x2E80 <= code <= 0x2FDF)


def _grows_together(character: str) -> bool:
    tag = unicodedata.decomposition(character).split(" ")[0]
    return tag in ("<circle>", "<fraction>") or "\u2488" <= character <= "\u249b"


def _width() -> Iterable[tuple[str, str]]:
    for character in _characters():
        folded = unicodedata.normalize("NFKC", character)
        if folded != character and " " not in folded and not _grows_together(character):
            yield character, folded


def _lowercase() -> Iterable[tuple[str, str]]:
    return ((character, character.lower()) for character in _characters() if character.lower() != character)


def _simplified() -> Iterable[tuple[str, str]]:
    table = _package_folder("opencc") / "dictionary" / "TSCharacters.txt"
    for line in table.read_text(encoding="utf-8").splitlines():
        traditional, choices = line.split("\t")
        simplified = choices.split(" ")[0]
        if len(traditional) == len(simplified) == 1 and traditional != simplified:
            yield traditional, simplified


def _variants() -> Iterable[tuple[str, str]]:
    from search.language.text.normalize import normalize_text

    frequencies: dict[str, int] = {}
    for line in (_package_folder("jieba") / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency = line.split(" ")[:2]
        frequencies[word] = int(frequency)
    found: dict[str, int] = {}
    for word, count in frequencies.items():
        form = normalize_text(word)
        if len(form) > 1 and form not in frequencies and all("\u4e00" <= c <= "\u9fd5" for c in form):
            found[form] = max(count, found.get(form, 0))
    return ((word, str(found[word])) for word in sorted(found))


def _write(name: str, header: str, pairs: Iterable[tuple[str, str]], separator: str) -> None:
    lines = "".join(f"{left}{separator}{right}\n" for left, right in pairs)
    (FOLDER / name).write_text(header + lines, encoding="utf-8", newline="\n")


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("name the file EquivalentUnifiedIdeograph.txt of the Unicode Character Database")
    _write("radicals.tsv", RADICALS_HEADER, sorted(_radicals(Path(sys.argv[1]))), "\t")
    _write("width.tsv", WIDTH_HEADER, _width(), "\t")
    _write("lowercase.tsv", LOWERCASE_HEADER, _lowercase(), "\t")
    _write("simplified.tsv", SIMPLIFIED_HEADER, _simplified(), "\t")
    _write("variants.txt", VARIANTS_HEADER, _variants(), " ")


if __name__ == "__main__":
    main()
