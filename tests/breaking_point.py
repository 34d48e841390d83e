"""A moment in the middle of long work, at which a test does something to it."""

import os
import signal
from contextlib import contextmanager
from unittest.mock import patch

#: {name: (step, part of the step that is done)}: the first report from there on
MOMENTS = {
    "reading": ("read", 0.0),
    "checking": ("check", 0.3),
    "applying": ("merge", 0.3),
}
#: those of a publication
PUBLISHING = {
    "drawing": ("draw", 0.0),
    "checking the lines": ("check", 0.0),
    "writing": ("write", 0.0),
}
#: those of a delivery of a network: its routes are rebuilt, its objects all written
DELIVERING = {"tracing": ("merge", 0.1), "wired": ("merge", 0.85)}
#: that of a delivery that is undone
UNDOING = {"undoing": ("merge", 0.8)}


@contextmanager
def at(moment, act):
    """Call ``act()`` once, when work in this process comes to ``moment``.

    Each report is written, as those of long work are.
    """
    from odoo.addons.oiconnect_import.models.runs import progress

    step, part = (MOMENTS | PUBLISHING | DELIVERING | UNDOING)[moment]
    report = progress.Reporter.__call__
    done = []

    def reporting(self, at_step, fraction, lines):
        if not done and at_step == step and fraction >= part:
            done.append(True)
            act()
        report(self, at_step, fraction, lines)

    with (
        patch.object(progress, "EVERY", 0),
        patch.object(progress.Reporter, "__call__", reporting),
    ):
        yield
    assert done, f"the work never came to {moment}"


def die_at(found, moment, run, *arguments):
    """Run long work in this process, which is killed at ``moment``."""
    with at(moment, lambda: os.kill(os.getpid(), signal.SIGKILL)):
        run(found, *arguments)
