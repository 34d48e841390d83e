"""What Odoo and others do again in each test is done once, or not at all."""

import functools
import os

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
    _invite_nobody()
    _greet_nobody()


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


def _invite_nobody():
    """Users of tests get no mail with an invitation."""
    import odoo.tests

    make = odoo.tests.new_test_user

    @functools.wraps(make)
    def made(env, login="", groups="base.group_user", context=None, **values):
        context = {"no_reset_password": True} | (context or {})
        return make(env, login, groups, context, **values)

    odoo.tests.new_test_user = odoo.tests.common.new_test_user = made


def _greet_nobody():
    """Who opens the web client for the first time gets no chat with Odoo's bot."""
    from odoo.addons.mail_bot.models.res_users import ResUsers

    ResUsers._init_odoobot = lambda _user: None
