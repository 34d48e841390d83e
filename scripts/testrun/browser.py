"""One Chromium for all tours of a process.

Each tour has a page of its own and starts without cookies or stored data. Files that
the browser has fetched and compiled already, the web client above all, it keeps.
"""

import os
import shutil
import signal
import tempfile
import time
from concurrent.futures import wait
from contextlib import suppress
from unittest.mock import patch

import requests
import websocket
from oictools import chromium

import odoo.tests.common
from odoo.tests.common import HOST, ChromeBrowser, ChromeBrowserException

MOVED_CLOCK = """
(() => {
    const now = () => Real.now() + %d;
    const Real = Date;
    globalThis.Date = new Proxy(Real, {
        apply: () => new Real(now()).toString(),
        construct: (target, args, made) =>
            Reflect.construct(target, args.length ? args : [now()], made),
        get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
    });
})();
"""
# Tours look for what they wait for at each frame, sixty times a second: each look lays
# the page out, and a slow server makes more of them. Twenty times will do.
FEWER_LOOKS = """
(() => {
    const {requestAnimationFrame, cancelAnimationFrame, setTimeout, clearTimeout} =
        window;
    window.requestAnimationFrame = (call) =>
        call.name === "runCheck" ? -setTimeout(call, 50) : requestAnimationFrame(call);
    window.cancelAnimationFrame = (id) =>
        id < 0 ? clearTimeout(-id) : cancelAnimationFrame(id);
})();
"""
# The beginning of what a dialog, or else the page, says
SHOWN = """
(document.querySelector(".modal, .o_notification") || document.body)
    .innerText.replace(/\\s+/g, " ").slice(0, 300)
"""
#: as Odoo waits longer for a browser that is slowed down on purpose
THROTTLING_FACTOR = 4
CALM = "--force-prefers-reduced-motion"
# Pages are young: with little room for what is new they collect garbage all the time.
ROOM = "--js-flags=--expose-gc --min-semi-space-size=16 --max-semi-space-size=32"
STORED = (
    "cookies,file_systems,indexeddb,local_storage,websql,service_workers,cache_storage"
)


def _clock_shift():
    """Seconds by which scripts/clock.sh has moved the clock"""
    return int(os.environ.get("FAKETIME", "0").rstrip("s"))


def _let_pages_leave():
    """A page that leaves while Odoo closes its websocket fails no test.

    Odoo tells the queue of each open websocket to close; that of a page which has
    just gone is closed already, and cannot be notified.
    """
    from odoo.addons.bus.websocket import PollablePriorityQueue

    put = PollablePriorityQueue.put

    def put_if_open(queue, *args, **kwargs):
        with suppress(OSError):
            put(queue, *args, **kwargs)

    PollablePriorityQueue.put = put_if_open


class SharedChrome(ChromeBrowser):
    """Looks to Odoo's tests like the browser of one test."""

    _process = None
    _port = None
    _folder = None

    @classmethod
    def install(cls):
        odoo.tests.common.ChromeBrowser = cls
        _let_pages_leave()

    def __init__(self, test_case, *args, **kwargs):
        super().__init__(test_case, *args, **kwargs)
        self.throttling_factor = THROTTLING_FACTOR
        origin = test_case.base_url()
        stored = {"origin": origin, "storageTypes": STORED}
        self._websocket_request("Network.clearBrowserCookies")
        self._websocket_request("Storage.clearDataForOrigin", params=stored)
        self._begin_pages_with(FEWER_LOOKS)
        if shift := _clock_shift():
            self._begin_pages_with(MOVED_CLOCK % (1000 * shift))

    @property
    def executable(self):
        return chromium.program() or super().executable

    def _begin_pages_with(self, script):
        self._websocket_request(
            "Page.addScriptToEvaluateOnNewDocument", params={"source": script}
        )

    def _spawn_chrome(self, cmd):
        """It shows no transitions, which cost a machine without graphics much.

        It does not start with a library that moves the clock: its pages do that.
        """
        items = os.environ.items()
        environment = {key: value for key, value in items if key != "LD_PRELOAD"}
        with patch.dict(os.environ, environment, clear=True):
            return super()._spawn_chrome([cmd[0], CALM, *cmd[1:-1], ROOM, cmd[-1]])

    def _chrome_start(self, user_data_dir, *args, **kwargs):
        shutil.rmtree(user_data_dir, ignore_errors=True)
        cls = type(self)
        if cls._process is None or cls._process.poll() is not None:
            cls.close()
            cls._folder = tempfile.mkdtemp(suffix="_chrome_odoo")
            self.user_data_dir = cls._folder
            cls._process, cls._port = super()._chrome_start(
                cls._folder, *args, **kwargs
            )
        self.user_data_dir = cls._folder
        return cls._process, cls._port

    def _open_websocket(self):
        url = f"http://{HOST}:{self.devtools_port}/json/new?about:blank"
        page = requests.put(url, timeout=20).json()
        self.page_id = page["id"]
        ws = websocket.create_connection(
            page["webSocketDebuggerUrl"], enable_multithread=True, suppress_origin=True
        )
        ws.settimeout(0.2)
        return ws

    def _websocket_request(self, method, *, params=None, **options):
        """Odoo asks a page whether it is ready without ever drawing breath."""
        if method == "Runtime.evaluate" and params["expression"].startswith("try {"):
            time.sleep(0.05)
        return super()._websocket_request(method, params=params, **options)

    def _wait_code_ok(self, *args, **kwargs):
        """Add the text of the page to a failure: who reads a log sees no picture."""
        try:
            return super()._wait_code_ok(*args, **kwargs)
        except ChromeBrowserException as error:
            raise ChromeBrowserException(f"{error}\n{self._shown()}") from None

    def _shown(self):
        params = {"expression": SHOWN, "returnByValue": True}
        try:
            answer = self._websocket_request("Runtime.evaluate", params=params)
            return f"The page: {answer['result']['value']}"
        except (ChromeBrowserException, TimeoutError, KeyError):
            return "The page tells nothing."

    def stop(self):
        """Close the page; a browser that does not answer is closed as a whole."""
        try:
            self.screencaster.stop()
            self._websocket_request("Page.stopLoading")
            wait(self._responses.values(), 10)
            self._result.cancel()
            url = f"http://{HOST}:{self.devtools_port}/json/close/{self.page_id}"
            requests.put(url, timeout=20)
        except (ChromeBrowserException, TimeoutError, requests.RequestException):
            self._logger.warning("the browser does not answer: closed", exc_info=True)
            type(self).close()
        if hasattr(self, "ws"):
            self.ws.close()
        if self.sigxcpu_handler:
            signal.signal(signal.SIGXCPU, self.sigxcpu_handler)

    @classmethod
    def close(cls):
        if cls._process is not None:
            cls._process.kill()
            cls._process.wait(10)
            shutil.rmtree(cls._folder, ignore_errors=True)
        cls._process = None
