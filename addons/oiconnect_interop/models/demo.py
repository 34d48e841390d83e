import base64

from odoo import api, models
from odoo.fields import Datetime

from odoo.addons.oiconnect_orders.wire import local_now

from ..demo import load_paths
from ..demo.load_network import NetworkLoader
from ..demo.load_orders import OrderLoader
from ..demo.network import plan
from ..demo.orders import VERSIONS, plan_orders
from ..demo.places import NAME, PATH, read
from ..secret import has_key


class Demo(models.AbstractModel):
    """Makes the demo network and its orders; only demo data calls it."""

    _name = "oiconnect.demo"
    _description = "Demo network"

    @api.model
    def _load(self):
        """Import the IPE, complete the network, play the orders."""
        demo = self.with_context(lang="fr_FR")
        network = self.env.ref("oiconnect_base.network_demo")
        places = read()
        made = plan(places)
        engineer = demo.with_user(self.env.ref("oiconnect_base.user_network")).sudo()
        engineer._import_ipe(network)
        NetworkLoader(engineer.env, made, network).load()
        demo._play_orders(plan_orders(made, places, local_now()), network)
        load_paths.patch(engineer.with_context(oiconnect_reason="Démo").env, network)
        self._set_passwords()

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

    def _play_orders(self, planned, network):
        """Play what took months, then give everything its time.

        No connection is looked at meanwhile: the files are of the past.
        """
        endpoints = self._endpoints()
        endpoints.active = False
        for operator in endpoints.operator_id:
            operator.access_version = VERSIONS[operator.interop_code]
        OrderLoader(self.env, network).load(planned)
        endpoints.active = True

    def _endpoints(self):
        codes = [f"oiconnect_interop.endpoint_{code.lower()}" for code in VERSIONS]
        records = [self.env.ref(code, raise_if_not_found=False) for code in codes]
        return self.env["oiconnect.endpoint"].union(*filter(None, records))

    def _set_passwords(self):
        """Each account's password is made of its log-in, as the demo server's."""
        if has_key():
            for endpoint in self._endpoints():
                endpoint.password = f"demo-{endpoint.login}"

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
