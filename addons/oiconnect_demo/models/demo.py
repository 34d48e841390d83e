import base64
import json
import logging
import os
from contextlib import contextmanager

from odoo import api, models
from odoo.fields import Datetime
from odoo.tools import SQL

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG
from odoo.addons.oiconnect_base.odoo_internals import forget_guessed_chart
from odoo.addons.oiconnect_interop.secret import has_key
from odoo.addons.oiconnect_orders.protocol_time import local_now

from ..load import own, paths, sandbox
from ..load.appointments import AppointmentLoader
from ..load.clock import played
from ..load.network import NetworkLoader
from ..load.network_orders import NetworkOrderLoader
from ..load.orders import OrderLoader
from ..load.tickets import TicketLoader
from ..load.works import WorksLoader
from ..plan.network import plan
from ..plan.orders import VERSIONS, plan_orders
from ..plan.places import NAME, PATH, read

# Scheduled actions that what is played would wake: all that they do is played too.
WOKEN = (
    "oiconnect_interop.cron_drain",
    "oiconnect_soap.cron_notify",
    "oiconnect_orders.cron_study",
)
# Bytes from which PostgreSQL has to know what is in a table; it looks at smaller ones
LARGE = 65536
# What is at work: `make run` shows it.
_logger = logging.getLogger(__name__)


class Demo(models.AbstractModel):
    """Makes the demo network, its orders and tickets when this addon is installed."""

    _name = "oiconnect.demo"
    _description = "Demo network"

    @api.model
    def _load(self):
        """Import the IPE, complete the network, play orders and tickets, publish."""
        demo = self.with_context(lang="fr_FR")
        with demo._without_senders(), played(self.env):
            demo._play(self.env.ref("oiconnect_demo.network_demo"))
        _logger.info("the connections of operators")
        self._set_passwords()
        self._make_certificate()
        self._connect_services()
        # Of `make run`, whose servers are there
        if servers := json.loads(os.environ.get("OIC_DEMO_SERVERS") or "null"):
            self._connect(servers)
        self._analyze_tables()

    def _play(self, network):
        places = read()
        made = plan(places)
        engineer = self.with_user(self.env.ref("oiconnect_demo.user_network")).sudo()
        explained = engineer.with_context(oiconnect_reason="Démo").env
        _logger.info("the network")
        engineer._import_ipe(network)
        NetworkLoader(engineer.env, made, network).load()
        _logger.info("the orders of accesses")
        self._play_orders(plan_orders(made, places, local_now()), network)
        own.load(explained, network)
        _logger.info("the tickets and the works")
        TicketLoader(self.env, network).load()
        WorksLoader(self.env, network).load()
        _logger.info("the orders of PMs, PBs and links")
        self._play_network_orders(places, network)
        paths.patch(explained, network)
        _logger.info("the files published, the sandbox")
        self._publish(network)
        self._play_sandbox(engineer.env)

    @contextmanager
    def _without_senders(self):
        """Wake no job: each message and each order would, and nothing is left to do."""
        senders = self.env["ir.cron"].union(*map(self.env.ref, WOKEN))
        senders.active = False
        yield
        senders.active = True

    def _analyze_tables(self):
        """Have PostgreSQL know its tables at once: the first screens wait otherwise.

        It would look at them by itself, a minute later. Until then it takes them for
        empty, and the buildings in which rules find something come after a minute.
        """
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT oid::regclass::text FROM pg_class
             WHERE relname LIKE 'oiconnect\\_%%' AND relkind IN ('r', 'm', 'p')
               AND NOT relispartition
               AND (relkind = 'p' OR pg_relation_size(oid) > %s)
            """,
            [LARGE],
        )
        tables = [SQL(name) for (name,) in self.env.cr.fetchall()]
        self.env.cr.execute(SQL("ANALYZE %s", SQL(", ").join(tables)))

    @api.model
    def _load_french_chart(self):
        """Give the main company the French chart of accounts.

        Entries that Odoo's own demo data made under another chart leave with it.
        """
        _logger.info("the French chart of accounts")
        forget_guessed_chart(self.env.registry)
        company = self.env.ref("base.main_company")
        if company.chart_template == "fr":
            return
        company.country_id = self.env.ref("base.fr")
        company.account_fiscal_country_id = company.country_id
        entries = self.env["account.move"].search([("company_id", "=", company.id)])
        entries.with_context(**{MODULE_UNINSTALL_FLAG: True}).unlink()
        self.env["account.chart.template"]._load("fr", company, install_demo=False)

    def _import_ipe(self, network):
        """Import as the screen does, but in this transaction."""
        record = self.env["oiconnect.import"].create(
            {
                "network_id": network.id,
                "file_name": NAME,
                "file": base64.b64encode(PATH.read_bytes()),
                "start_date": Datetime.now(),
            }
        )
        record._apply()

    @contextmanager
    def _without_looks(self):
        """No connection is looked at meanwhile: the files played are of the past."""
        endpoints = self._endpoints()
        endpoints.active = False
        yield endpoints
        endpoints.active = True

    def _play_orders(self, planned, network):
        """Play what took months, then give everything its time."""
        with self._without_looks() as endpoints:
            for operator in endpoints.operator_id:
                operator.access_version = VERSIONS[operator.interop_code]
            loader = OrderLoader(self.env, network)
            loader.load(planned)
            AppointmentLoader(self.env, network, loader.records).load()

    def _play_network_orders(self, places, network):
        with self._without_looks():
            NetworkOrderLoader(self.env, network).load(places)

    def _play_sandbox(self, env):
        with self._without_looks():
            sandbox.load(env, self.env.ref("oiconnect_demo.network_sandbox"))

    def _publish(self, network):
        """Publish the network as its plans do, and say that operators have it."""
        plans = self.env["oiconnect.publication.plan"]
        for cycle in plans.search([("network_id", "=", network.id)]):
            publications = self.env["oiconnect.publication"].create(
                [
                    cycle._publication_vals(*key) | {"due_date": Datetime.now()}
                    for key in cycle._wanted(["delta", "full", "histo"])
                ]
            )
            publications._produce()
            for publication in publications:
                self._deliver(publication, cycle._recipients_of(publication))

    def _deliver(self, publication, operators):
        """Say that operators have a file, though no server of theirs is there yet."""
        exchanges = self.env["oiconnect.exchange"]
        exchanges.create(
            [
                exchanges._publication_vals(publication, operator)
                | {
                    "state": "out_sent",
                    "sent_date": Datetime.now(),
                    "attempt_count": 1,
                    "message": False,
                }
                for operator in operators
            ]
        )

    def _endpoints(self):
        """Return the connections of the network and of the sandbox, for files."""
        names = [*(code.lower() for code in VERSIONS), "ocaa_sandbox"]
        codes = [f"oiconnect_demo.endpoint_{name}" for name in names]
        records = [self.env.ref(code, raise_if_not_found=False) for code in codes]
        return self.env["oiconnect.endpoint"].union(*filter(None, records))

    def _set_passwords(self):
        """Each account's password is made of its log-in, as the demo server's."""
        if has_key():
            for endpoint in self._endpoints().with_context(lang="fr_FR"):
                endpoint.password = f"demo-{endpoint.login}"

    def _make_certificate(self):
        """Let the reports of conformance be signed from the start."""
        certificates = self.env["oiconnect.signing.certificate"]
        if has_key() and not certificates.search_count([], limit=1):
            company = self.env.ref("oiconnect_demo.network_demo").company_id
            certificates.with_context(lang="fr_FR").create({"company_id": company.id})

    @api.model
    def _connect(self, servers):
        """Lead the operators to servers that are there.

        :param servers: dict of ``host``, ``port`` and ``key`` of the SFTP server, the
            ``url`` that notifications go to, the ``keys`` of the REST API
        """
        self._point_endpoints(servers["host"], servers["port"], servers["key"])
        self._connect_services(servers["url"])
        self._make_keys(servers["keys"])

    @api.model
    def _point_endpoints(self, host, port, host_key):
        """Lead the connections of the demo to its SFTP server."""
        self._endpoints().write(
            {
                "host": host,
                "port": port,
                "host_key": host_key,
                "failure_count": 0,
                "last_error": False,
                "next_try_date": False,
            }
        )
        self._set_passwords()
        self._make_certificate()

    @api.model
    def _connect_services(self, url=False):
        """Give each operator of the demo its web service connection.

        :param url: where all of them are notified of their tickets; without it none is
        """
        accounts = self.env["oiconnect.soap.account"].with_context(
            lang="fr_FR", mail_create_nolog=True
        )
        for endpoint in self._endpoints():
            keys = {
                "operator_id": endpoint.operator_id.id,
                "network_id": endpoint.network_id.id,
            }
            known = accounts.search([(key, "=", keys[key]) for key in keys])
            values = self._service_values(endpoint, url)
            if not known.password_hash:
                # Once: to hash it takes a while.
                values["password"] = f"demo-{endpoint.login}"
            if known:
                known.write(values)
            else:
                accounts.create(values | keys)

    @api.model
    def _make_keys(self, values):
        """Make the keys of the REST API that everybody knows.

        :param values: ``{code of an operator, or ours: value of its key}``
        """
        network = self.env.ref("oiconnect_demo.network_demo")
        keys = self.env["oiconnect.api.key"]
        base = {
            "company_id": network.company_id.id,
            "network_ids": [(6, 0, network.ids)],
        }
        for code, value in values.items():
            public_id = value.partition(".")[0]
            if keys.search_count([("public_id", "=", public_id)]):
                continue
            operator = self.env["oiconnect.operator"].search(
                [("interop_code", "=", code)]
            )
            user = self.env.ref("base.user_admin")
            owner = {"operator_id": operator.id} if operator else {"user_id": user.id}
            keys._make({"name": code, **base, **owner}, level="write", value=value)

    def _service_values(self, endpoint, url):
        values = {
            "login": endpoint.login,
            "responsible_id": self.env.ref("base.user_admin").id,
        }
        if url and has_key():
            values |= {
                "url": url,
                "remote_login": "oicn",
                "remote_password": "demo-oicn",
                "is_notified": True,
            }
        return values
