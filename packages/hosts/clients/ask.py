"""Asks a server by the clients that openapi-generator and openapi-python-client make, and prints what each found."""

from __future__ import annotations

import contextlib
import sys

from openapi_client import ApiApi, ApiClient, Configuration, FilesApi
from openapi_client.exceptions import NotFoundException
from xiesou_api_client import Client
from xiesou_api_client.api.api import concordance, count, report, reports, search, suggest, trends
from xiesou_api_client.models import ErrorAnswer

server = sys.argv[1]

served = ApiClient(Configuration(host=server))
api, files = ApiApi(served), FilesApi(served)
found, none = api.search(q="营商环境", city=["通化市"]), api.search(q='"绝无此词"')
print("python", found.total, found.hits[0].report.city, none.total, none.explanation.code)
for asked in (api.suggest, api.count, api.trends, api.concordance):
    asked(q="营商")
api.search()  # facets of all, the unknown among them
listed = api.reports().reports
for one in listed:
    api.report(one.id)
assert "营商环境" in files.export_csv(q="营商环境")
with contextlib.suppress(NotFoundException):
    api.report("none")
    sys.exit("a report that there isn't was found")

client = Client(base_url=server)
found, none = (
    search.sync(client=client, q="营商环境", city=["通化市"]),
    search.sync(client=client, q='"绝无此词"'),
)
print("openapi-python-client", found.total, found.hits[0].report.city, none.total, none.explanation.code)
for module in (suggest, count, trends, concordance):
    assert module.sync(client=client, q="营商") is not None
assert [report.sync(client=client, id=one.id).report.id for one in listed] == [
    one.id for one in reports.sync(client=client).reports
]
assert isinstance(search.sync(client=client, page=0), ErrorAnswer)
