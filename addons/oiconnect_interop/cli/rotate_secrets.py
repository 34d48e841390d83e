import sys

from odoo.cli import Command
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import config


class RotateSecrets(Command):
    """Encrypt the partners' secrets of a database by the server's first key."""

    name = "rotate_secrets"

    def run(self, args):
        config.parser.prog = self.prog
        config.parse_config(args, setup_logging=True)
        databases = config["db_name"]
        if not databases:
            sys.exit("Name the databases: -d NAME,NAME")
        for name in databases:
            self._run_database(name)

    def _run_database(self, name):
        registry = Registry(name)
        # A command is loaded apart from its addon, and before it.
        # pylint: disable-next=odoo-addons-relative-import
        from odoo.addons.oiconnect_interop.secret_rotation import reencrypt

        try:
            count, unreadable = reencrypt(registry)
        except UserError as error:
            sys.exit(f"{name}: {error}")
        sys.stdout.write(f"{name}: {count} secrets encrypted by the new key\n")
        if unreadable:
            sys.exit(
                f"{name}: no key of this server reads the secrets of "
                f"{'; '.join(unreadable)}: keep the older keys, and type these secrets "
                "again or clear them."
            )
