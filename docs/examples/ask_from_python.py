"""Prints what a Xiesou server has on a subject, by city.

Run it:  python docs/examples/ask_from_python.py http://127.0.0.1:8000 营商环境
"""

from __future__ import annotations

import sys

from search.client import Client, ServerError


def main(address: str, text: str) -> int:
    """Print the totals by city and the first hits; 2 where the server could not be asked."""
    try:
        answer = Client(address).search(text, per_page=3)
    except ServerError as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return 2
    print(f"{answer['total']} 段")
    for value in answer["facets"]["city"]:
        print(f"{value['value'] or '未知'}\t{value['count']}")
    for hit in answer["hits"]:
        print(hit["report"]["title"], hit["text"][:60], sep="\t")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
