"""The clock of the demo: what took months is done in seconds, each step at its time."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from odoo.addons.oiconnect_base import time_zone
from odoo.addons.oiconnect_base.odoo_internals import CLOCK, set_transaction_time
from odoo.addons.oiconnect_orders import protocol_time

MODULES = (CLOCK, time_zone, protocol_time)
# Of this thread: who works beside has the time of the machine.
_played = ContextVar("oiconnect_demo_played", default=None)


class _Kind(type):
    def __instancecheck__(cls, value):
        return isinstance(value, datetime)


class PlayedDatetime(datetime, metaclass=_Kind):
    """A ``datetime`` whose present is that of what is played."""

    @classmethod
    def now(cls, tz=None):
        moment = _played.get()
        if moment is None:
            return datetime.now(tz)
        return moment.replace(tzinfo=UTC).astimezone(tz) if tz else moment


@contextmanager
def played(env):
    """Let :func:`go_to` set the time at which things happen meanwhile."""
    for module in MODULES:
        module.datetime = PlayedDatetime
    try:
        yield
    finally:
        go_to(env, None)
        for module in MODULES:
            module.datetime = datetime


def go_to(env, moment):
    """Let what follows happen at ``moment``, in UTC; None: now."""
    _played.set(moment)
    set_transaction_time(env.cr, moment)
