"""Runs an ASGI application in the thread that calls it."""

import asyncio
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

#: event loops that no thread uses now
_idle = queue.LifoQueue()


@dataclass
class Answer:
    """Answer of an application to one request.

    :param stream: iterator of a body that is made while it is sent, instead of a body
    """

    status: int = 500
    headers: list = field(default_factory=list)
    body: bytes = b""
    stream: Iterator | None = None


def run(application, scope, body):
    """Return the :class:`Answer` of ``application`` to one request.

    What fails in it is raised.
    """
    answer = Answer()
    events = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive():
        return next(events, {"type": "http.disconnect"})

    async def send(message):
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = [
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in message["headers"]
            ]
        elif message["type"] == "http.response.body":
            answer.body += message.get("body", b"")
            answer.stream = message.get("stream")

    with _loop() as loop:
        loop.run_until_complete(application(scope, receive, send))
    return answer


@contextmanager
def _loop():
    try:
        loop = _idle.get_nowait()
    except queue.Empty:
        loop = asyncio.new_event_loop()
    try:
        yield loop
    finally:
        _idle.put(loop)
