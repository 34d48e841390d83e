"""A call of a method at which a process dies: before it begins, or once it is done."""

import os
import signal
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

#: what is no model, by the name that a table of moments gives it
COMMIT, BOX, FILE, ROTATION = "commit", "box", "file", "rotation"
STATEMENT = "statement"
#: a model whose ``_commit_progress`` keeps what a scheduled action has done so far
CRON = "ir.cron"


class Call(NamedTuple):
    """The ``rank``-th call of a method of a model, of a session or of a cursor."""

    of: str
    method: str
    done: bool = False
    rank: int = 1


def before(of, method, rank=1):
    return Call(of, method, False, rank)


def after(of, method, rank=1):
    return Call(of, method, True, rank)


def owner(found, of):
    """Return the class whose method it is."""
    from odoo.sql_db import Cursor

    from odoo.addons.oiconnect_billing.due import _Statement
    from odoo.addons.oiconnect_interop.secret_rotation import _Rotation
    from odoo.addons.oiconnect_interop.transport import SftpTransfer

    known = {
        COMMIT: Cursor,
        BOX: SftpTransfer,
        FILE: Path,
        ROTATION: _Rotation,
        STATEMENT: _Statement,
    }
    return known.get(of) or found[of]


@contextmanager
def at(found, call, act):
    """Call ``act()`` once, when work in this process comes to ``call``."""
    kind = owner(found, call.of)
    method = getattr(kind, call.method)
    calls = []

    def counted(self, *arguments, **keywords):
        calls.append(call)
        turn = len(calls) == call.rank
        if turn and not call.done:
            act()
        result = method(self, *arguments, **keywords)
        if turn and call.done:
            act()
        return result

    with patch.object(kind, call.method, counted):
        yield


def die_at(found, call, run):
    """Run work in this process, which is killed at ``call``."""
    with at(found, call, lambda: os.kill(os.getpid(), signal.SIGKILL)):
        run(found)
