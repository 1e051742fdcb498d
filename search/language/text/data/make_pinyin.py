"""Make `pinyin.tsv`, the toneless readings of characters and of words that read otherwise, from pypinyin.

pypinyin (PyPI, MIT): its table of characters, first reading first, and its table of words. Only words of jieba's
dictionary are taken, and only those whose reading isn't that of their characters one by one. To make the table
anew, where pypinyin is installed:

    python -m search.language.text.data.make_pinyin
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

from search.language.text.normalize import normalize_text
from search.language.text.segment import HAN, jieba_dictionary, read_frequencies

VERSION = "0.55.0"
HEADER = f"""\
# Pinyin without tones, ü as v. Made by make_pinyin.py; do not edit by hand.
# From: pypinyin {VERSION} (PyPI, MIT).
# A syllable and the characters that mostly read so; or a word that reads otherwise and its syllables.
"""
_HAN_WORD = re.compile(f"[{HAN}]+")
_LONGEST = 6


def main() -> None:
    constants: Any = importlib.import_module("pypinyin.constants")
    style: Any = importlib.import_module("pypinyin.style")
    kind: Any = importlib.import_module("pypinyin").Style.NORMAL

    def plain(reading: str) -> str:
        bare: str = style.convert(reading, kind, strict=False)
        return bare.replace("ü", "v")

    readings: dict[str, str] = {}
    for code, listed in sorted(constants.PINYIN_DICT.items()):
        char = chr(code)
        if _HAN_WORD.fullmatch(char) and normalize_text(char) == char:
            readings[char] = plain(listed.split(",")[0])
    known = read_frequencies(jieba_dictionary())
    words: dict[str, str] = {}
    for word, listed in sorted(constants.PHRASES_DICT.items()):
        if word in known and 2 <= len(word) <= _LONGEST and len(listed) == len(word):
            syllables = [plain(options[0]) for options in listed]
            if all(char in readings for char in word) and syllables != [readings[char] for char in word]:
                words[word] = " ".join(syllables)
    by_syllable: dict[str, list[str]] = {}
    for char, syllable in readings.items():
        if re.fullmatch("[a-z]+", syllable):
            by_syllable.setdefault(syllable, []).append(char)
    lines = [f"{syllable}\t{''.join(chars)}" for syllable, chars in sorted(by_syllable.items())]
    lines += [f"{word}\t{syllables}" for word, syllables in sorted(words.items())]
    out = Path(__file__).with_name("pinyin.tsv")
    out.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
