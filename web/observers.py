"""An application with what its operator wants to see of it: access log, slow questions, counts."""

from __future__ import annotations

from flask import Flask

from web.access_log import AccessLog
from web.current_searcher import CurrentSearcher
from web.metrics import EXTENSION as METRICS
from web.metrics import Metrics
from web.observing import Observing
from web.operator_token import EXTENSION as TOKEN
from web.request_notes import Record, register_request_notes
from web.slow_questions import register_slow_questions


def register_observers(app: Flask, observing: Observing, searcher: CurrentSearcher) -> None:
    """Note requests as an operator wants. Register it before all else."""
    records: list[Record] = []
    if observing.access_log is not None:
        records.append(AccessLog(observing.access_log, observing.log_form))
    if observing.operator_token:
        app.extensions[TOKEN] = observing.operator_token
        app.extensions[METRICS] = counts = Metrics(searcher, observing.shared)
        records.append(counts)
    register_request_notes(app, records)
    if observing.slow_ms is not None:
        register_slow_questions(app, observing.slow_ms)
