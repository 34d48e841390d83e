"""The releases that docs/releases.md lists, and a database of each.

A database is made once, by the code of its release, and copied.
"""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import earlier_version
import pytest
from oictools import database, settings, templates

GUIDE = settings.ROOT / "docs" / "releases.md"
ROW = re.compile(
    r"^\| (?P<name>[^|]+?) \| (?P<date>\d{4}-\d\d-\d\d) \| `(?P<commit>[^`]*)` \|",
    re.MULTILINE,
)
# People at work: a month is invoiced, an order has a file and a note, a user has
# settings of its own, an administrator has views.
WORK = """
from odoo import Command
first = env["oiconnect.access.order"].search(
    [("state", "=", "in_service"), ("network_id.code", "=", "OICONNECT_01")],
    order="in_service_date",
    limit=1,
)
month = first.in_service_date.strftime("%Y-%m-01")
run = env["oiconnect.billing.run"].with_context(queue_job__no_delay=True).create(
    {{"network_id": first.network_id.id, "month": month}}
)
run.action_compute()
run.move_ids.action_post()
key = "res_id" if "res_id" in env["oiconnect.billing.line"]._fields else "order_id"
assert env["oiconnect.billing.line"].search_count([(key, "=", first.id)])
assert set(run.move_ids.mapped("state")) == {{"posted"}}
assert "oiconnect.ticket" not in env or env["oiconnect.ticket"].search_count([])
env["ir.attachment"].create(
    {{"name": "plan.txt", "raw": b"plan", "res_model": first._name, "res_id": first.id}}
)
first.message_post(body="Access by the courtyard")

# An administrator has its own rhythm for what another addon may have by now.
for name in ("notify", "deliver", "import_poll"):
    cron = env.ref(f"oiconnect_interop.cron_{{name}}", raise_if_not_found=False)
    if cron:
        cron.interval_number = 7
channels = env["queue.job.channel"].search([("name", "=like", "oiconnect_%")])
channels.removal_interval = 77

user = env["res.users"].search([("login", "=", "commandes")])
user.write(
    {{
        "lang": "en_US",
        "tz": "Indian/Reunion",
        "signature": "<p>The desk</p>",
        "notification_type": "inbox",
    }}
)
env["ir.filters"].create(
    {{
        "name": "Under way",
        "model_id": first._name,
        "user_ids": [Command.link(user.id)],
        "domain": "[('state', '=', 'connecting')]",
    }}
)

def make_view(name, arch):
    parent = env.ref("oiconnect_base.commune_view_list")
    return env["ir.ui.view"].create(
        {{
            "name": name,
            "model": parent.model,
            "inherit_id": parent.id,
            "arch": '<field name="name" position="after">%s</field>' % arch,
        }}
    )

make_view("{fits}", '<field name="region"/>')
# As if its column had gone since
bad = make_view("{unfit}", '<field name="region"/>')
env.flush_all()
env.cr.execute(
    "UPDATE ir_ui_view SET arch_db = replace(arch_db::text, 'region', 'gone')::jsonb"
    " WHERE id = %s",
    [bad.id],
)
env.cr.commit()
"""
FITS, UNFIT = "Communes with their region", "Communes with what is gone"


@dataclass(frozen=True)
class Release:
    name: str
    date: str
    commit: str

    def __str__(self):
        return self.name.replace(" ", "-")

    def database(self):
        """Return the name of the template of its database.

        A release that the history of the clone does not reach is skipped.
        """
        if not earlier_version.has(self.commit):
            pytest.skip(f"this clone does not reach back to {self.name}, {self.commit}")
        return EarlierTemplate(self.commit).ensure()


def releases():
    """Return the releases, newest first."""
    return [Release(**row.groupdict()) for row in ROW.finditer(GUIDE.read_text())]


class EarlierTemplate(templates.Template):
    """A database that people worked with, made by the code of a commit."""

    def __init__(self, commit):
        self.commit = commit
        state = (commit, WORK, earlier_version.DEMO, earlier_version.ASKED)
        super().__init__(f"earlier_{commit[:7]}", [], state, templates.base())

    def _build(self):
        building = f"oic_new_{self.kind}{templates.MOVED}"
        with tempfile.TemporaryDirectory() as place:
            earlier = earlier_version.Earlier(building, self.commit, Path(place))
            earlier.install_demo()
            earlier.shell(WORK, fits=FITS, unfit=UNFIT)
        database.rename(building, self.name)
