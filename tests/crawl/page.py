"""One page of a Chromium: what it shows, and what it complains about."""

import json
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress

import websocket
from oictools.services import free_port

PROGRAMS = ("chromium", "google-chrome", "chromium-browser")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--mute-audio",
    "--lang=fr-FR",
    "about:blank",
)
START_LIMIT, ANSWER_LIMIT = 60, 300


def program():
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class PageError(Exception):
    """What a script in the page was refused."""


class Page:
    """A page that scripts are run in; ``complaints``: errors of its console."""

    def __init__(self, port):
        self.complaints = []
        self._number = 0
        url = f"http://127.0.0.1:{port}/json/new?about:blank"
        request = urllib.request.Request(url, method="PUT")
        with urllib.request.urlopen(request, timeout=20) as answer:
            address = json.load(answer)["webSocketDebuggerUrl"]
        self._socket = websocket.create_connection(
            address, timeout=ANSWER_LIMIT, suppress_origin=True
        )
        for domain in ("Runtime", "Log", "Page", "Network"):
            self._ask(f"{domain}.enable")

    def _ask(self, method, **params):
        self._number += 1
        asked = {"id": self._number, "method": method, "params": params}
        self._socket.send(json.dumps(asked))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == self._number:
                if "error" in message:
                    raise PageError(message["error"]["message"])
                return message["result"]
            self._note(message)

    def _note(self, message):
        told = message.get("params", {})
        method = message.get("method")
        if method == "Runtime.exceptionThrown":
            detail = told["exceptionDetails"]
            thrown = detail.get("exception", {})
            self.complaints.append(thrown.get("description") or detail["text"])
        elif method == "Runtime.consoleAPICalled" and told["type"] == "error":
            words = [
                str(word.get("value") or word.get("description"))
                for word in told["args"]
            ]
            self.complaints.append(" ".join(words))
        elif method == "Log.entryAdded" and told["entry"]["level"] == "error":
            entry = told["entry"]
            self.complaints.append(f"{entry['text']} {entry.get('url', '')}")

    def resize(self, width, height):
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def log_in(self, url, session):
        self._ask("Network.setCookie", name="session_id", value=session, url=url)

    def open(self, url):
        self._ask("Page.navigate", url=url)

    def wait(self, condition):
        """Wait until the expression ``condition`` is true in the page."""
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            # A page that is being loaded has no such names yet.
            with suppress(PageError):
                if self.run(condition):
                    return
            time.sleep(0.05)
        raise AssertionError(f"never came: {condition}; {self.complaints}")

    def run(self, script):
        """Return what a script gives, once its promise is kept."""
        done = self._ask(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in done:
            detail = done["exceptionDetails"]
            thrown = detail.get("exception", {})
            raise PageError(thrown.get("description") or detail["text"])
        return done["result"].get("value")

    def close(self):
        self._socket.close()


@contextmanager
def page(folder):
    """A page of a Chromium of its own, which ends with it."""
    port = free_port()
    command = [
        program(),
        f"--remote-debugging-port={port}",
        f"--user-data-dir={folder}",
        *OPTIONS,
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        made = Page(port)
        try:
            yield made
        finally:
            made.close()
    finally:
        process.kill()
        process.wait(20)


def _wait_for(port):
    end = time.monotonic() + START_LIMIT
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(
                f"http://127.0.0.1:{port}/json/version", timeout=5
            ).close()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise AssertionError("Chromium does not start")
