"""What Odoo and others do again in each test is done once, or not at all."""

import functools

import freezegun.api


def install():
    """For a process that runs the addons' tests; before these are imported."""
    from odoo.addons.base.models import ir_asset

    # Each test forgets what Odoo keeps in memory; files stay what they are.
    ir_asset._glob_static_file = functools.cache(ir_asset._glob_static_file)
    freezegun.api._get_module_attributes_hash = _state
    _invite_nobody()


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
