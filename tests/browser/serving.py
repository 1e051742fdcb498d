"""An application served to a browser, from a thread of the tests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from waitress import create_server, wasyncore

_SECONDS_TO_END = 5.0


@contextmanager
def serving(application: Callable[..., Iterable[bytes]]) -> Iterator[str]:
    """Where it is served, on loopback, until the block ends.

    The server's own thread closes what it polls. Closed by another one, a socket ends in the middle of a poll, which
    fails then, now and again, if a browser still has a connection.
    """
    server = create_server(application, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)

    def hang_up() -> None:
        wasyncore.dispatcher.close(server)
        for channel in list(server.active_channels.values()):
            channel.handle_close()
        server.trigger.del_channel()  # the loop ends; answers under way may still pull the trigger

    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(hang_up)
        thread.join(timeout=_SECONDS_TO_END)
        server.task_dispatcher.shutdown(timeout=_SECONDS_TO_END)
        server.trigger.close()
