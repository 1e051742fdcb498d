"""Ask a Xiesou server from another program: the standard library is all it needs.

address -> URL of the API -> JSON as docs/api.md promises it. For what runs in one process with the index, use
`search.open_searcher` instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen

from search import __version__
from search.errors import XiesouError
from search.messages import Message, quoted
from search.messages import stores as says

Json = dict[str, Any]
Values = Sequence[str | int]

MAX_HITS = 10_000
"""How far the server lets one page; `total` counts all."""

PER_PAGE = 100


class ServerError(XiesouError):
    """The server refused or could not be reached.

    Args:
        status: the HTTP status; 0 where there was no answer.
        code: the server's own code, such as bad_query; "unreachable" where there was no answer.
        field: the parameter at fault, or None.
        retry_after_s: how many seconds the server asks to wait, or None.
    """

    def __init__(
        self,
        message: Message,
        *,
        status: int = 0,
        code: str = "unreachable",
        field: str | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.field = field
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Client:
    """A server to ask.

    Args:
        address: where its home page is, such as https://search.example.org or https://example.org/reports-search.
        timeout_s: how long to wait for an answer.

    Raises:
        ValueError: from every call, where the address is no http or https address.
    """

    address: str
    timeout_s: float = 10.0

    def search(
        self,
        text: str = "",
        *,
        city: Values = (),
        province: Values = (),
        year: Values = (),
        type: Values = (),
        sort: str = "relevance",
        page: int = 1,
        per_page: int = 10,
    ) -> Json:
        """One page of hits with totals and facets, as `/api/v1/search` gives it.

        Raises:
            ServerError: the query can't be read, or the server can't be reached.
        """
        asked = {"q": text, "city": city, "province": province, "year": year, "type": type}
        return self._get("search", {**asked, "sort": sort, "page": page, "per_page": per_page})

    def iter_hits(self, text: str = "", *, sort: str = "relevance", **filters: Values) -> Iterator[Json]:
        """Every hit that can be paged to, page after page, at most `MAX_HITS`.

        Raises:
            ServerError: as `search`, while the pages are being read.
        """
        for page in range(1, MAX_HITS // PER_PAGE + 1):
            answer = self._get(
                "search", {"q": text, **filters, "sort": sort, "page": page, "per_page": PER_PAGE}
            )
            yield from answer["hits"]
            if page * PER_PAGE >= answer["total"]:
                return

    def reports(self, **filters: Values) -> list[Json]:
        """The reports that the filters (city, province, year, type) leave."""
        found: list[Json] = self._get("reports", dict(filters))["reports"]
        return found

    def report(self, report_id: str) -> Json:
        """A whole report.

        Raises:
            ServerError: with code report_not_found where there is none of this id.
        """
        return self._get(f"reports/{quote(report_id)}", {})

    def _get(self, path: str, params: dict[str, Any]) -> Json:
        said = {name: value for name, value in params.items() if value not in ("", (), [])}
        query = urlencode(said, doseq=True)
        url = f"{self.address.rstrip('/')}/api/v1/{path}" + (f"?{query}" if query else "")
        if urlsplit(url).scheme not in ("http", "https"):
            raise ValueError(f"{self.address} is no http or https address.")
        request = Request(url, headers={"Accept": "application/json", "User-Agent": f"xiesou/{__version__}"})
        try:
            with urlopen(request, timeout=self.timeout_s) as response:
                answer: Json = json.load(response)
        except HTTPError as error:
            with error:
                raise _refusal(error) from error
        except (OSError, HTTPException) as error:
            raise ServerError(says.SERVER_UNREACHABLE(address=self.address, error=str(error))) from error
        except ValueError as error:
            raise ServerError(says.SERVER_NOT_JSON(address=self.address)) from error
        return answer


def _refusal(error: HTTPError) -> ServerError:
    wait = error.headers.get("Retry-After", "")
    retry_after_s = int(wait) if wait.isdigit() else None
    try:
        told = json.load(error)["error"]
        told_message, code, field = quoted(str(told["message"])), str(told["code"]), told["field"]
    except (ValueError, KeyError, TypeError):  # not ours: a proxy or another server answered
        told_message, code, field = (
            says.SERVER_HTTP(status=error.code, reason=error.reason),
            "http_error",
            None,
        )
    return ServerError(told_message, status=error.code, code=code, field=field, retry_after_s=retry_after_s)
