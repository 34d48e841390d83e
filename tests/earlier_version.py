"""A database of an earlier version of the product, made from its commit.

Its addons are those of the commit; Odoo and the OCA's are today's.
"""

import configparser
import os
import subprocess
import sys
import tarfile
from contextlib import suppress

from conftest import OdooServer
from oictools import database, settings, sources, templates

LIMIT = 900
#: what Odoo installed of its own accord where these versions were installed: what is
#: asked of them, and what is no part of the product any more
ASKED = ["rpc"]
UNASKED = ["account_payment", "iap_mail", "mail_bot", "sms", "snailmail_account"]
UNASKED += ["spreadsheet_dashboard_account", "web_unsplash"]

#: the flow that an administrator edited
EDITED = "CR_CMD"
#: the network of those that order while the version runs, and what each may order
OI = "OIUP"
OPERATORS = ("OCUA", "OCUB")
PASSWORD = "word-of-{}"
ROUTES = 2_000
# What `make run` had of a demo before it was an addon, in the order of the addons
DEMO = """
import ast, pathlib
from odoo.tools.convert import convert_file
import odoo.addons.oiconnect_interop.demo.orders as demo_orders
# Half of its usual orders: what is rare is there all the same.
for goal, counts in demo_orders.GOALS.items():
    demo_orders.GOALS[goal] = tuple(-(-count // 2) for count in counts)
for addon in {addons!r}:
    manifest = pathlib.Path({folder!r}, "addons", addon, "__manifest__.py")
    for path in ast.literal_eval(manifest.read_text()).get("demo", []):
        convert_file(env, addon, path, {{}}, mode="init")
env.cr.commit()
"""
# A network whose operators order while the version runs
NETWORK = """
import sys
sys.path[:0] = [{folder!r} + "/tests"]
from bench import network
import small_network
made = network.make(env, {oi!r}, {routes})
for code in {codes!r}:
    operator = network.make_operator(env, code)
    network.open_pm(env, made, operator)
    password = {password!r}.format(code)
    small_network.make_endpoint(
        env, made, operator, password=password, poll_seconds=1, **{place!r}
    )
env.flush_all()
# Not by write(), which would forget the secrets that the demo has
env.cr.execute("UPDATE oiconnect_endpoint SET port = %s", [{place!r}["port"]])
env.cr.commit()
"""
# Many more orders, and edits by an administrator of what was delivered
FILL = """
import sys
sys.path[:0] = [{folder!r} + "/tests"]
from bench import order_lists_fill
order_lists_fill.make(env, {count})
env["oiconnect.flow"]._by_code({edited!r}).encoding = "cp1252"
env["oiconnect.reason"]._of("FINT01").name = "Changed"
env["oiconnect.commune"].search([("insee_code", "=", "01004")]).name = "Changed"
for statement in {statements!r}:
    env.cr.execute(statement)
env.cr.commit()
"""
# Things that happened to the many orders, of each kind that upgrades move
HAPPENED = (
    """
    INSERT INTO oiconnect_delay_miss (res_model, res_id, kind, awaited, due_date,
        done_date, hours_late, operator_id, network_id, company_id)
    SELECT 'oiconnect.access.order', id,
           (ARRAY['connection', 'report_build'])[1 + id % 2],
           (ARRAY['us', 'operator', 'customer'])[1 + id % 3], now() - interval '9 days',
           CASE WHEN id % 2 = 0 THEN now() END, id % 500, operator_id, network_id,
           company_id
      FROM oiconnect_access_order WHERE oc_reference LIKE 'BENCH-%' AND id % 7 = 0
    """,
    """
    INSERT INTO oiconnect_decision (res_model, res_id, company_id, user_id, date,
        channel, kind, outcome, note)
    SELECT 'oiconnect.access.order', id, company_id, 2, now(),
           (ARRAY['ui', 'file', 'job'])[1 + id % 3],
           (ARRAY['study', 'override'])[1 + id % 2], 'accepted', 'GF_' || id
      FROM oiconnect_access_order WHERE oc_reference LIKE 'BENCH-%' AND id % 11 = 0
    """,
    """
    INSERT INTO oiconnect_event (flow, channel, res_model, res_id, operator_id,
        network_id, company_id, state, payload, create_date, write_date)
    SELECT 'CR_CMD', 'file', 'oiconnect.access.order', id, operator_id, network_id,
           company_id, (ARRAY['pending', 'done', 'error'])[1 + id % 3],
           jsonb_build_object('oc_reference', oc_reference), now(), now()
      FROM oiconnect_access_order WHERE oc_reference LIKE 'BENCH-%' AND id % 5 = 0
    """,
)


def has(commit):
    """Whether the history of this clone reaches back to ``commit``."""
    command = ["git", "cat-file", "-e", f"{commit}^{{commit}}"]
    return not subprocess.run(command, cwd=settings.ROOT, check=False).returncode


class Earlier:
    """A version of the product, its code in ``folder``, and a database of it."""

    def __init__(self, name, commit, folder):
        self.name, self.folder = name, folder
        self.configuration = unpack(commit, folder)

    def install_demo(self):
        """Make the database with its demo."""
        addons = [path.name for path in sorted((self.folder / "addons").iterdir())]
        database.clone(templates.base().ensure(), self.name)
        self._odoo(["--without-demo", "-i", ",".join([*addons, *ASKED])])
        if sources.DEMO not in addons:
            order = ["base", "infra", "orders", "interop", "billing"]
            self.shell(DEMO, addons=[f"oiconnect_{part}" for part in order])

    def add_network(self, sftp):
        """Add a network whose operators may order.

        Return where: identifiers of buildings.
        """
        self.shell(
            NETWORK,
            oi=OI,
            codes=OPERATORS,
            routes=ROUTES,
            password=PASSWORD,
            place={"host": sftp.host, "port": sftp.port, "host_key": sftp.host_key},
        )
        return [f"{OI}/N/{rank}" for rank in range(1, ROUTES // 10 + 1)]

    def fill(self, count):
        """Add ``count`` orders in all states, and edits of what was delivered."""
        self.shell(FILL, count=count, edited=EDITED, statements=HAPPENED)

    def server(self, log):
        return EarlierServer(self.configuration, self.name, log)

    def _odoo(self, arguments, code=None, command="server"):
        return odoo(self.name, self.configuration, arguments, code, command)

    def shell(self, code, **values):
        """Run ``code`` in the shell of the version, with ``values`` put in."""
        code = code.format(folder=str(self.folder), **values)
        self._odoo(["--shell-interface=python"], code, command="shell")


class EarlierServer(OdooServer):
    """A server of the earlier version, with a job runner and scheduled actions."""

    def __init__(self, configuration, name, log):
        super().__init__(name, log, arguments=["-c", str(configuration)])

    def _launch(self, arguments, environment):
        return _Process([sys.executable, settings.ODOO_BIN, *arguments], self.log)


class _Process:
    """A program that is called like those that odoo_fork starts."""

    def __init__(self, command, log):
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                command, stdout=output, stderr=output, start_new_session=True
            )
        self.pid = self._popen.pid

    def is_alive(self):
        return self._popen.poll() is None

    def join(self, seconds):
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(seconds)


def unpack(commit, folder):
    """Write the addons and benchmarks of ``commit``; return Odoo's configuration."""
    archive = folder / "product.tar"
    with archive.open("wb") as output:
        parts = ("addons", "tests/bench", "tests/small_network.py")
        wanted = ["git", "archive", commit, *parts]
        subprocess.run(wanted, cwd=settings.ROOT, stdout=output, check=True)
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    parser = configparser.ConfigParser()
    parser.read(os.environ["ODOO_RC"])
    paths = parser["options"]["addons_path"]
    ours = str(settings.ADDONS)
    parser["options"]["addons_path"] = paths.replace(ours, str(folder / "addons"))
    configuration = folder / "odoo.conf"
    with configuration.open("w") as output:
        parser.write(output)
    return configuration


def odoo(name, configuration, arguments, code=None, command="server"):
    """Run Odoo to its end on a database; return its log."""
    done = subprocess.run(
        [
            *(sys.executable, settings.ODOO_BIN, command),
            *("-c", configuration, "-d", name, "--no-http"),
            *arguments,
            *([] if code else ["--stop-after-init"]),
        ],
        input=code or "",
        capture_output=True,
        text=True,
        errors="replace",
        timeout=LIMIT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-6000:]
    return done.stderr
