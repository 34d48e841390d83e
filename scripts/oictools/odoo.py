"""Runs Odoo's own command to its end: its output in a log, its progress shown."""

import re
import signal
import subprocess
import sys
import threading
import time

from . import settings
from .console import Failure, clear, heartbeat, say, show
from .services import follow_parent

LOADING = re.compile(r"odoo\.modules\.loading: Loading module (\S+) \((\d+)/(\d+)\)")
LOADED = re.compile(r"odoo\.modules\.loading: Module (\S+) loaded in ([\d.]+)s")
# What part of the demo is made
PART = re.compile(r"odoo\.addons\.oiconnect_demo\.models\.demo: (.+\S)")
BAD = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")


NOTHING_UNASKED = "--skip-auto-install"
# Bundles built now are not built while someone, or a test, waits for a first page.
BUILD_ASSETS = """
def build(bundle, **kind):
    kinds = dict({{"css": False, "js": False}}, **kind)
    assets = env["ir.qweb"]._get_asset_bundle(bundle, **kinds)
    assets.css() if "css" in kind else assets.js()

for name in {styles!r}:
    build(name, css=True)
for name in {scripts!r}:
    build(name, js=True)
env.cr.commit()
"""
STYLES = ("web.assets_frontend", "web.assets_web", "web.assets_web_print")
SCRIPTS = ("web.assets_frontend", "web.assets_frontend_lazy", "web.assets_web")
# What tours load besides; a test that builds them takes them away again.
TEST_STYLES = (
    "oiconnect_infra.assets_map",
    "web.assets_unit_tests_setup",
    "web.assets_unit_tests",
)
TEST_SCRIPTS = (
    *("web.assets_tests", "web.assets_unit_tests_setup", "web.assets_unit_tests"),
    *("bus.websocket_worker_assets", "web.assets_emoji", "web.fullcalendar_lib"),
    "oiconnect_infra.assets_map",
)
_running = set()


class Progress:
    """Follows the log of Odoo; tells what is at work, and for how many seconds.

    :param work: what is at work before the log names a module
    """

    def __init__(self, work, label="", clock=time.monotonic):
        self.label = label
        self.clock = clock
        self.times = {}
        self.bad = 0
        self._begin(work)

    def read(self, line):
        self.bad += bool(BAD.match(line))
        if found := LOADED.search(line):
            self.times[found[1]] = float(found[2])
        if found := LOADING.search(line):
            self._begin(f"module {found[2]} of {found[3]} ({found[1]})")
        if found := PART.search(line):
            self.part = f": {found[1]}"

    def _begin(self, work):
        self.work, self.part, self.begun = work, "", self.clock()
        show(f"{self.label}{work}")

    def tell(self):
        """Say what is at work: on a terminal, in the line that passes."""
        seconds = self.clock() - self.begun
        text = f"{self.label}{self.work}{self.part}, {seconds:.0f} s"
        if sys.stderr.isatty():
            show(text)
        else:
            say(f"  {text}")

    def summary(self):
        slowest = sorted(self.times.items(), key=lambda item: -item[1])[:4]
        parts = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in slowest)
        text = f"{len(self.times)} modules; longest: {parts}" if parts else "done"
        return text + (
            f"; {self.bad} warnings or errors in the log" if self.bad else ""
        )


def run(arguments, log_name, limit=900, stdin=None, label=""):
    """Run Odoo with these arguments, its log stored. Failure when it fails or hangs."""
    log = settings.LOG / f"{log_name}.log"
    progress = Progress(log_name, label)
    command = [sys.executable, settings.ODOO_BIN, *arguments]
    # By lines: whoever follows the log sees where it is, even of one that is killed.
    with log.open("w", buffering=1) as output, _start(command, stdin) as process:
        timer = threading.Timer(limit, process.kill)
        timer.start()
        _running.add(process)
        try:
            with heartbeat(progress.tell):
                _follow(process, output, progress)
        finally:
            timer.cancel()
            _running.discard(process)
    clear()
    if process.returncode:
        raise _failure(process.returncode, log, limit)
    return progress


def _start(command, stdin):
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        preexec_fn=follow_parent,
    )
    if stdin:
        process.stdin.write(stdin)
        process.stdin.close()
    return process


def stop_all():
    """Ends what other threads still run."""
    for process in list(_running):
        process.terminate()


def _follow(process, output, progress):
    try:
        for line in process.stdout:
            output.write(line)
            progress.read(line)
    except BaseException:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
        raise


def _failure(code, log, limit):
    lines = log.read_text(errors="replace").splitlines()[-30:]
    print("\n".join(lines), file=sys.stderr)
    reason = (
        f"was stopped after {limit} s"
        if code == -signal.SIGKILL
        else f"failed (code {code})"
    )
    return Failure(f"Odoo {reason}.", f"Its whole log: {log}")


def install(database, install=(), upgrade=(), *, log_name, label="", french=False):
    """Installs and upgrades addons, in French; the log is whole, one line each.

    With what they depend on, and nothing that Odoo installs of its own accord (text
    messages, payment, spreadsheets…): twenty more modules, their doors and their time.

    ``french``: the database is so already. Its terms are not all loaded once more.
    """
    arguments = ["-d", database, "--stop-after-init", "--no-http", "--log-level=info"]
    arguments += [NOTHING_UNASKED]
    arguments += ["--without-demo"] + ["--load-language=fr_FR"] * (not french)
    if install:
        arguments += ["-i", ",".join(install)]
    if upgrade:
        arguments += ["-u", ",".join(upgrade)]
    return run(arguments, log_name, label=label)


def build_assets(database, log_name, *, tests=False):
    """Build what pages need; with ``tests``, what tours need too."""
    return python(database, assets_code(tests=tests), log_name)


def assets_code(*, tests=False):
    return BUILD_ASSETS.format(
        styles=STYLES + (TEST_STYLES if tests else ()),
        scripts=SCRIPTS + (TEST_SCRIPTS if tests else ()),
    )


def python(database, code, log_name, limit=300):
    """Runs Python in Odoo's shell, where `env` is at hand; the code commits itself."""
    arguments = ["shell", "-d", database, "--no-http", "--log-level=warn"]
    arguments += ["--shell-interface=python"]
    return run(arguments, log_name, limit, stdin=code)
