"""An application with what its operator wants to see of it: access log, slow questions, counts, what was asked."""

from __future__ import annotations

from flask import Flask

from search.operating.questions import QuestionLog
from web.access_log import AccessLog
from web.current_searcher import CurrentSearcher
from web.metrics import EXTENSION as METRICS
from web.metrics import Metrics
from web.observing import Observing
from web.operator_token import EXTENSION as TOKEN
from web.question_notes import register_question_notes
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
        if observing.state is not None:
            log = QuestionLog(observing.state, days=observing.state_days, slow_ms=observing.slow_ms)
            register_question_notes(app, log)
    register_request_notes(app, records)
    if observing.slow_ms is not None:
        register_slow_questions(app, observing.slow_ms)
