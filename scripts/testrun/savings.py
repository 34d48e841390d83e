"""Savings: work that Odoo repeats in each test is done once, or not at all."""

import functools
import os
import sys

import freezegun.api
from oictools import settings


def install():
    """For a process that runs the addons' tests; before these are imported."""
    from odoo.addons.base.models import ir_asset

    from . import caches

    caches.install()
    # Each test forgets what Odoo keeps in memory; files stay what they are.
    ir_asset._glob_static_file = functools.cache(ir_asset._glob_static_file)
    freezegun.api._get_module_attributes_hash = _state
    freezegun.api.sys = _Clocks()
    _send_no_invitation()
    _join_no_channel()
    _leave_alone_how_users_are_notified()
    _draw_each_image_once()


def read_own_constants():
    """Hypothesis tries the constants of the code under test: of ours, not of Odoo's."""
    from hypothesis.internal.conjecture import providers

    is_local = providers.is_local_module_file
    ours = f"{settings.ADDONS}{os.sep}"
    providers.is_local_module_file = lambda path: (
        path.startswith(ours) and is_local(path)
    )


def _state(module):
    """Tell when a module has got other attributes.

    freezegun asks this of thousands of modules, twice each time that it stops the
    clock; to sort out the names of all of them took most of that.
    """
    return f"{id(module)}-{len(getattr(module, '__dict__', ()))}"


class _Clocks:
    """Modules of ``sys`` for freezegun: those that name a clock, and new ones.

    It goes through all modules each time that it stops the clock, some thousands; a
    few hundred of them name one.
    """

    def __init__(self):
        self._seen = set()
        #: {name: module}, of those that name a clock
        self._found = {}

    @property
    def modules(self):
        new = {name: sys.modules[name] for name in sys.modules.keys() - self._seen}
        # When time goes on again, what came meanwhile has clocks that stand still.
        if not freezegun.api.freeze_factories:
            return self._found | new
        self._seen.update(new)
        self._found.update(
            (name, module)
            for name, module in new.items()
            if hasattr(module, "__name__")
            and freezegun.api._get_cached_module_attributes(module)
        )
        return self._found


def _send_no_invitation():
    """Users of tests get no mail with an invitation."""
    import odoo.tests

    make = odoo.tests.new_test_user

    @functools.wraps(make)
    def made(env, login="", groups="base.group_user", context=None, **values):
        context = {"no_reset_password": True} | (context or {})
        return make(env, login, groups, context, **values)

    odoo.tests.new_test_user = odoo.tests.common.new_test_user = made


def _join_no_channel():
    """New users enter no channel of the chat, which tells it to those who are in."""
    from odoo.addons.mail.models.discuss.discuss_channel import DiscussChannel

    DiscussChannel._subscribe_users_automatically = lambda _channels: None


def _leave_alone_how_users_are_notified():
    """Users are put in the group of their notifications, or out, if they are not so.

    Odoo writes the groups of each new user once more, which empties all caches.
    """
    from odoo.addons.mail.models.res_users import ResUsers

    inverse = ResUsers._inverse_notification_type

    @functools.wraps(inverse)
    def changed_only(users):
        inbox = users.env.ref("mail.group_mail_notification_type_inbox")
        others = users.filtered(
            lambda user: (
                (user.notification_type == "inbox") != (inbox in user.group_ids)
            )
        )
        # To write the groups of no user empties all caches, too.
        if others:
            inverse(others)

    ResUsers._inverse_notification_type = changed_only


def _draw_each_image_once():
    """The logo of each new company is the same, in the same sizes."""
    from odoo.tools import image

    image.image_process = functools.lru_cache(64)(image.image_process)
