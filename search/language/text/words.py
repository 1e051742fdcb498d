"""The words that the analyzer knows beside jieba's own: the shipped lists and the operator's.

A list is a text file in jieba's format: `word frequency` on each line; blank lines and lines that start with
"# " don't count. A frequency is a weight in the segmentation, nothing else; 3 is rare, 3000 common.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from search.errors import SourceError
from search.language.text.normalize import DATA, normalize_text
from search.language.text.segment import HAN
from search.messages import queries

SHIPPED = (DATA / "variants.txt", DATA / "user_dictionary.txt")
MAX_FREQUENCY = 10_000_000
LONGEST_WORD = 32

_HAN_WORD = re.compile(f"[{HAN}]{{1,{LONGEST_WORD}}}")


def read_words(path: Path) -> dict[str, int]:
    """The words of one list, in normal form, with their frequencies; of a word named twice the last counts.

    Raises:
        SourceError: the file can't be read, or a line is not 1 to 32 Han characters with a frequency.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise SourceError(
            queries.WORDS_UNREADABLE(error=str(problem)),
            path=str(path),
            hint=queries.SAVE_AS_UTF8(),
        ) from problem
    words: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("# "):
            continue
        fields = line.split()
        word = normalize_text(fields[0])
        frequency = int(fields[1]) if len(fields) > 1 and re.fullmatch("[0-9]{1,8}", fields[1]) else 0
        if not _HAN_WORD.fullmatch(word) or not 0 < frequency <= MAX_FREQUENCY:
            raise SourceError(
                queries.WORDS_LINE(line=number, text=line.strip()[:60]),
                path=str(path),
                line=number,
                hint=queries.WORDS_FORM(longest=LONGEST_WORD, most=MAX_FREQUENCY),
            )
        words[word] = frequency
    return words


def read_word_lists(paths: Iterable[Path]) -> dict[str, int]:
    """The words of several lists together; a later list overrides an earlier one."""
    return {word: frequency for path in paths for word, frequency in read_words(path).items()}
