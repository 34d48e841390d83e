import base64
import re
from datetime import timedelta

from odoo import fields
from odoo.tests.common import HttpCase

from odoo.addons.oiconnect_orders.tests.appointment_common import (
    make_commune,
    make_team,
)
from odoo.addons.oiconnect_orders.tests.common import OrderCase

from ..pages import PAGES

TOKEN = re.compile(r'name="csrf_token" value="(\w+)"')


class SpaceCase(OrderCase, HttpCase):
    """Two operators with one record of each kind, and a person of each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.commune = make_commune(cls.env)
        cls.team = make_team(cls.env, cls.network)
        cls.person = cls._person(cls.operator, "essai_oct1")
        cls.rival_person = cls._person(cls.rival, "essai_oct2")
        cls.own = cls._records(cls.operator, "MINE")
        cls.theirs = cls._records(cls.rival, "THEIRS")

    @classmethod
    def _person(cls, operator, login):
        partner = cls.env["res.partner"].create(
            {
                "name": login,
                "parent_id": operator.partner_id.id,
                "email": f"{login}@example.com",
                "oiconnect_makes_keys": True,
            }
        )
        return cls.env["res.users"].create(
            {
                "partner_id": partner.id,
                "login": login,
                "password": login,
                "lang": "fr_FR",
                "tz": "Europe/Paris",
                "group_ids": [(6, 0, cls.env.ref("base.group_portal").ids)],
            }
        )

    @classmethod
    def _records(cls, operator, word):
        """Return ``{address of a list: a record of the operator}``."""
        env = cls.env
        base = {"network_id": cls.network.id, "operator_id": operator.id}
        [(order, _refusals)] = cls.orders._receive(
            [cls._line(oc_reference=f"{word}-ACCES")], operator, cls.network, cls.origin
        )
        order._study()
        order._fire("connected")
        start = fields.Datetime.now().replace(minute=0, second=0) + timedelta(days=3)
        visit = env["oiconnect.appointment"].create(
            base
            | {
                "team_id": cls.team.id,
                "commune_id": cls.commune.id,
                "oc_reference": f"{word}-RDV",
                "start": start,
                "stop": start + timedelta(hours=2),
            }
        )
        found = {
            "acces": order,
            "rendez-vous": visit,
            "echanges": cls._file(operator, f"{word}-FICHIER.csv"),
            "publications": cls._publication(operator, f"{word}-IPE.zip"),
            "tickets": env["oiconnect.ticket"].create(
                base | {"oc_key": f"{word}-TICKET", "order_id": order.id}
            ),
        }
        found["cles"], _value = env["oiconnect.api.key"]._make(
            {
                "name": f"{word}-CLE",
                "operator_id": operator.id,
                "company_id": cls.network.company_id.id,
                "network_ids": [(6, 0, cls.network.ids)],
            }
        )
        for key in ("commandes-pm", "commandes-pb", "commandes-liens"):
            model = env[PAGES[key].model]
            found[key] = model.create(base | {"oc_reference": f"{word}-{key}"})
        return found

    @classmethod
    def _file(cls, operator, name, **values):
        return cls.env["oiconnect.exchange"].create(
            {
                "name": name,
                "direction": "out",
                "state": "out_sent",
                "network_id": cls.network.id,
                "operator_id": operator.id,
                "content": base64.b64encode(name.encode()),
                **values,
            }
        )

    @classmethod
    def _publication(cls, operator, name):
        publication = cls.env["oiconnect.publication"].create(
            {
                "network_id": cls.network.id,
                "kind": "ipe",
                "state": "done",
                "name": name,
                "file": base64.b64encode(name.encode()),
            }
        )
        return cls._file(operator, name, publication_id=publication.id, content=False)

    def setUp(self):
        super().setUp()
        self.env.flush_all()

    # ------------------------------------------------------------------
    # As a person of an operator
    # ------------------------------------------------------------------

    def _as(self, model, user=None):
        return self.env[model].with_user(user or self.person)

    def _space(self, user=None):
        return self._as("oiconnect.portal.space", user)

    def _log_in(self, user=None):
        login = (user or self.person).login
        self.authenticate(login, login)

    def _places(self, prefix):
        """Yield ``(rule, methods)`` of the addresses that a logged-in user may call."""
        for rule in self.env["ir.http"].routing_map().iter_rules():
            routing = rule.endpoint.routing
            if rule.rule.startswith(prefix) and routing["auth"] == "user":
                yield rule, rule.methods or {"GET"}

    def _get(self, path="", status=200):
        answer = self.url_open(f"/my/oiconnect{path}", timeout=60)
        self.assertEqual(answer.status_code, status, answer.text[:2000])
        return answer.text

    def _post(self, path, status=200, page="/tickets/nouveau", **values):
        """Send a form, with the token of a page of this session."""
        token = TOKEN.search(self._get(page)).group(1)
        answer = self.url_open(
            f"/my/oiconnect{path}", data={"csrf_token": token, **values}, timeout=60
        )
        self.assertEqual(answer.status_code, status, answer.text[:2000])
        self.env.invalidate_all()
        return answer.text

    def _slots(self, kind="production"):
        days = self._space()._slots(self.network, self.commune, kind)
        return [slot for _day, slots in days for slot in slots.values()]
