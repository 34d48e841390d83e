import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.oiconnect_api.models.api.api_authentication import Caller
from odoo.addons.oiconnect_api.models.api.rest_eligibility import _BY_ADDRESS
from odoo.addons.oiconnect_api.rest.problem import Problem
from odoo.addons.oiconnect_api.rest.resources import resources
from odoo.addons.oiconnect_base.exceptions import RefusedError

#: living keys that an operator makes by itself
MAX_KEYS = 20
KEY_DAYS = 365
# Fields of the form; the API also takes a point and our own number
PLACES = (*(name for name in _BY_ADDRESS if name != "building_id"), "pto_reference")
API_ONLY = ("building_id", "latitude", "longitude", "operator")


class Space(models.AbstractModel):
    """Files, keys, terms and eligibility."""

    _inherit = "oiconnect.portal.space"

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    @api.model
    def _file(self, exchange):
        """Return the attachment of a file that the user found, empty when it is gone"""
        return exchange.sudo()._attachment()

    @api.model
    def _resend(self, exchange):
        """Send a file again; return what becomes of it.

        What cannot leave by itself is a task of whoever looks after the connection.
        """
        known = exchange.sudo()
        if known.direction != "out":
            raise RefusedError(self.env._("Only a file of ours can be sent again."))
        if known.state == "out_ready":
            return self.env._("This file is about to leave already.")
        if known.customer_erased_on or not known._is_file_available():
            raise RefusedError(
                self.env._("This file is no longer kept: it cannot be sent again.")
            )
        known._find_endpoint()
        if known.state == "out_sent" and known.endpoint_id.active:
            known._send_again()
            known._message_log(body=self.env._("The operator asked for it again."))
            return self.env._("The file leaves again within a few minutes.")
        return self._ask_for_file(known)

    @api.model
    def _ask_for_file(self, known):
        if not known.endpoint_id.responsible_id:
            raise RefusedError(
                self.env._("You have no connection for files: download it here.")
            )
        text = self.env._("The operator asks for %s again.", known.name)
        known.endpoint_id._give_task(known, text)
        return self.env._("Our people were asked to send this file again.")

    # ------------------------------------------------------------------
    # Keys
    # ------------------------------------------------------------------

    @api.model
    def _may_make_keys(self):
        contact = self.env.user.sudo().partner_id
        return bool(self._operator()) and contact.oiconnect_makes_keys

    @api.model
    def _check_makes_keys(self):
        if not self._may_make_keys():
            raise RefusedError(
                self.env._("Ask us to let you make keys: your account may not yet.")
            )

    @api.model
    def _make_key(self, name, on_sandbox=False):
        """Return ``(key, value)`` of a new key that reads what is the operator's.

        :param on_sandbox: it opens the sandbox networks, else the real ones
        """
        self._check_makes_keys()
        operator, name = self._operator(), (name or "").strip()
        if not name:
            raise RefusedError(
                self.env._("Give the key a name: that of the system that will use it.")
            )
        self._wait_for_others(operator)
        keys = self.env["oiconnect.api.key"]
        living = keys.search(Domain("revoked_date", "=", False))
        if name in living.mapped("name") or len(living) >= MAX_KEYS:
            raise RefusedError(
                self.env._("There is a key of this name, or too many: revoke one.")
            )
        shown = [one.path for _name, one in resources(self.env) if one.operator_fields]
        company = self.env.company
        networks = self._networks().filtered(
            lambda one: one.company_id == company and one.is_sandbox == on_sandbox
        )
        if not networks:
            raise RefusedError(
                self.env._("No such network is open: ask us for one before you try.")
            )
        return keys._make(
            {
                "name": name,
                "operator_id": operator.id,
                "company_id": company.id,
                "network_ids": [fields.Command.set(networks.ids)],
                "expiry_date": fields.Datetime.now() + timedelta(days=KEY_DAYS),
            },
            resources=shown,
        )

    @api.model
    def _revoke_key(self, key):
        """Revoke a key that the user found, for ever."""
        self._check_makes_keys()
        key.sudo().action_revoke()

    # ------------------------------------------------------------------
    # Terms
    # ------------------------------------------------------------------

    @api.model
    def _versions(self):
        """Return ``[(what, version)]`` of the protocol that we speak to the operator"""
        operator = self._operator()
        names = [*operator._version_fields().values(), "ticket_version"]
        described = operator.fields_get(names, ["string"])
        return [
            (described[name]["string"], operator[name]) for name in dict.fromkeys(names)
        ]

    @api.model
    def _terms(self):
        """Return the rows of the terms of flows: what differs from the usual ones."""
        terms = self._operator().flow_terms_ids.sorted("flow_id")
        names = ("flow_id", "is_sent", "version", "encoding", "grouping")
        return [self._cells(terms, names, row) for row in terms.read(names)]

    # ------------------------------------------------------------------
    # Eligibility
    # ------------------------------------------------------------------

    @api.model
    def _eligibility(self, given):
        """Return the places that are looked for, as the REST API answers them."""
        operator = self._operator()
        if not operator:
            raise AccessError(self.env._("This account is that of no operator."))
        query = dict.fromkeys((*PLACES, *API_ONLY))
        query |= {name: given[name] for name in PLACES if given.get(name)}
        caller = Caller(
            self.sudo().env,
            0,
            operator.id,
            tuple(self._networks().ids),
            {"buildings": "read"},
        )
        rest = self.env["oiconnect.rest"].sudo()
        description = rest._describe("oiconnect.building")
        try:
            return json.loads(rest._eligibility(caller, description, query))["data"]
        except Problem:
            raise RefusedError(
                self.env._(
                    "Say where: a PTO, a building, an address code, or the INSEE code, "
                    "the street code and the number."
                )
            ) from None
