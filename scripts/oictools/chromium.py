"""Chromium without a window, driven by its debugging protocol."""

import base64
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

from .console import Failure

TIMEOUT = 180
BLANK = "about:blank"
#: what Chromium answers when a page goes while an expression is looked at
LEFT = "Inspected target navigated or closed"
#: The first that is there. One without windows spends half as much on a page. Debian
#: starts it by a script; what stops that script would leave the browser.
PROGRAMS = (
    "/usr/lib/chromium/chromium-headless-shell",
    "chromium",
    "google-chrome",
)
#: what pages keep
STORED = "cookies,file_systems,indexeddb,local_storage,service_workers,cache_storage"
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--force-prefers-reduced-motion",
    "--force-device-scale-factor=1",
    "--js-flags=--min-semi-space-size=16 --max-semi-space-size=32",
    "--remote-debugging-port=0",
)


def program():
    """Return the path of the browser, None where there is none."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class Chromium:
    """`with Chromium(1400, 900) as browser: browser.open(url)`."""

    def __init__(self, width, height):
        self.width = width
        self.height = height
        self.number = 0
        #: what the console said in red, once ``listen`` was called
        self.complaints = []

    def __enter__(self):
        browser = program()
        if not browser:
            raise Failure("No Chromium on this machine: apt-get install chromium")
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        size = f"--window-size={self.width},{self.height}"
        self.process = subprocess.Popen(
            [browser, *OPTIONS, f"--user-data-dir={self.folder.name}", size, BLANK],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.socket = websocket.create_connection(
            self._page_address(), timeout=TIMEOUT, suppress_origin=True
        )
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=self.width,
            height=self.height,
            deviceScaleFactor=1,
            mobile=False,
        )
        return self

    def __exit__(self, *_error):
        self.process.terminate()
        self.process.wait(TIMEOUT)
        self.folder.cleanup()

    def _page_address(self):
        port_file = Path(self.folder.name, "DevToolsActivePort")
        wait_until(
            lambda: port_file.is_file() and port_file.read_text().count("\n"),
            "Chromium",
        )
        port = port_file.read_text().split()[0]
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/json", timeout=TIMEOUT
        ) as answer:
            pages = [page for page in json.load(answer) if page["type"] == "page"]
        return pages[0]["webSocketDebuggerUrl"]

    def command(self, method, **params):
        """Return the result of a command of the protocol."""
        self.number += 1
        request = {"id": self.number, "method": method, "params": params}
        self.socket.send(json.dumps(request))
        while (answer := json.loads(self.socket.recv())).get("id") != self.number:
            self._note(answer.get("method"), answer.get("params", {}))
        if "error" in answer:
            raise Failure(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def listen(self):
        """Gather what pages complain of: uncaught errors, lines in red."""
        for domain in ("Runtime", "Log"):
            self.command(f"{domain}.enable")

    def _note(self, event, details):
        if event == "Runtime.exceptionThrown":
            self.complaints.append(_thrown(details["exceptionDetails"]))
        elif event == "Runtime.consoleAPICalled" and details["type"] == "error":
            words = [
                word.get("value", word.get("description")) for word in details["args"]
            ]
            self.complaints.append(" ".join(map(str, words)))
        elif event == "Log.entryAdded" and details["entry"]["level"] == "error":
            entry = details["entry"]
            self.complaints.append(f"{entry['text']} {entry.get('url', '')}")

    def log_in(self, url, session):
        """Be the user of a session of Odoo; only fetched files are left of another."""
        self.open(BLANK)
        self.wait(f"document.URL === '{BLANK}'")
        self.command("Network.clearBrowserCookies")
        self.command("Storage.clearDataForOrigin", origin=url, storageTypes=STORED)
        self.complaints.clear()
        self.command("Network.setCookie", name="session_id", value=session, url=url)

    def open(self, url):
        self.command("Page.navigate", url=url)

    def resize(self, width, height):
        """Give the page another size, in pixels of the screen."""
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def value(self, expression):
        """Return the value of a JavaScript expression, its promise awaited."""
        result = self.command(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        return result["result"].get("value")

    def run(self, expression, timeout):
        """Run an expression as ``value`` does, for some minutes; its error is ours."""
        self.socket.settimeout(timeout)
        result = self.command(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        self.socket.settimeout(TIMEOUT)
        if "exceptionDetails" in result:
            raise Failure(_thrown(result["exceptionDetails"]))
        return result["result"].get("value")

    def wait(self, expression):
        """Wait until a JavaScript expression is true."""
        wait_until(lambda: self._is_true(expression), expression)

    def _is_true(self, expression):
        try:
            return self.value(expression)
        except Failure as failure:
            # The page is being left for the next one, where it may be true.
            if LEFT not in str(failure):
                raise
            return False

    def picture(self, width, height, quality):
        """Return the upper left part of the page as a WebP picture."""
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        taken = self.command(
            "Page.captureScreenshot", format="webp", quality=quality, clip=clip
        )
        return base64.b64decode(taken["data"])


def _thrown(detail):
    return detail.get("exception", {}).get("description") or detail["text"]


def wait_until(condition, name):
    end = time.monotonic() + TIMEOUT
    while not condition():
        if time.monotonic() > end:
            raise Failure(f"Never came: {name}")
        time.sleep(0.1)
