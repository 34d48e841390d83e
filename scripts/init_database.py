"""Makes the database of a production server once; a later call changes nothing.

Under another name until it is whole: an interruption leaves no half database.
"""

import os

from oictools import database, odoo, settings, sources
from oictools.console import Failure, main, say

SET_PASSWORD = """
import os
env.ref("base.user_admin").password = os.environ["OIC_ADMIN_PASSWORD"]
env.cr.commit()
"""


def init():
    name = settings.DATABASE
    if database.exists(name):
        say(f"the database {name} is there: nothing to do")
        return
    if not os.environ.get("OIC_ADMIN_PASSWORD"):
        raise Failure(
            "no password for the administrator.", "Set OIC_ADMIN_PASSWORD_FILE."
        )
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
