"""The id of a report: made of its source's name and its number in it, so that the same files give the same ids."""

from __future__ import annotations

import hashlib
import re

_ID_BYTES = 5


def report_id(source_name: str, ordinal: int) -> str:
    """A report's id: the same whenever the same file is indexed under the same name."""
    name = f"{source_name}#{ordinal}".encode("utf-8", "surrogatepass")
    report = hashlib.blake2b(name, digest_size=_ID_BYTES).hexdigest()
    # To a spreadsheet 4741999217 and 47419992e6 are numbers: what isn't a letter by then begins with one.
    return report if re.search("[a-df]", report) else chr(ord("g") + int(report[0], 16)) + report[1:]
