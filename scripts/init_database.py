"""Makes the database of a production server once; a later call changes nothing.

Under another name until it is whole: an interruption leaves no half database.
"""

import os
import runpy

from oictools import database, odoo, settings, sources
from oictools.console import Failure, main, say

SET_PASSWORD = """
import os
env.ref("base.user_admin").password = os.environ["OIC_ADMIN_PASSWORD"]
env.cr.commit()
"""


def check_password(password):
    """The product would refuse it minutes later, once all is installed."""
    rules = runpy.run_path(settings.ADDONS / "oiconnect_base" / "passwords.py")
    if rules["fault"](password, ["admin", "Administrator"]):
        raise Failure(
            "the password of OIC_ADMIN_PASSWORD_FILE is too weak.",
            "It needs 12 characters that are not guessed: openssl rand -hex 24",
        )


def init():
    name = settings.DATABASE
    if database.exists(name):
        say(f"the database {name} is there: nothing to do")
        return
    if not os.environ.get("OIC_ADMIN_PASSWORD"):
        raise Failure(
            "no password for the administrator.", "Set OIC_ADMIN_PASSWORD_FILE."
        )
    check_password(os.environ["OIC_ADMIN_PASSWORD"])
    building = f"{name}_new"
    addons = [*sources.present(), "queue_job"]
    say(f"creating the database {name}: {', '.join(addons)}")
    database.drop(building)
    say(odoo.install(building, addons, log_name="install").summary())
    odoo.python(building, SET_PASSWORD, "password")
    odoo.build_assets(building, "assets")
    database.rename(building, name)
    say(f"the database {name} is ready: log in as admin")


if __name__ == "__main__":
    main(init)
