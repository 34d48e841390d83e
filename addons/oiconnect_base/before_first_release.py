"""Versions of addons from before the first release, 19.0.1.0.0, become lower than it.

Until then addons had versions of their own, up to 19.0.1.5.0. Odoo runs the migrations
between the version that is installed and that of the code. The configuration names this
script (``pre_upgrade_scripts``): Odoo runs it before it looks at any version. The first
release leaves a system parameter, with the upgrade of this addon.
"""

RELEASED = "oiconnect_base.first_release"


def migrate(cr, version):
    cr.execute("SELECT FROM ir_config_parameter WHERE key = %s", [RELEASED])
    if cr.rowcount:
        return
    cr.execute(
        r"""
        UPDATE ir_module_module
           SET latest_version = regexp_replace(latest_version, '^19\.0\.1\.', '19.0.0.')
         WHERE name ~ '^oiconnect_' AND latest_version IS NOT NULL
        """
    )
