"""Records that the study of a batch of orders needs, in a few queries."""

from collections import defaultdict
from functools import cached_property

from odoo.fields import Datetime, Domain

from ..states import LIVE_STATES
from .oc_position import OcPositions


class Referential:
    """Buildings, PMs, services and PTOs that a batch of orders names.

    :param orders: access orders of one network
    """

    def __init__(self, orders):
        self.orders = orders
        self.env = orders.env
        self.network = Domain("network_id", "in", orders.network_id.ids)
        self.now = Datetime.now()
        # Ids of the appointments that orders of this batch rest on
        self.named = set()
        self._batches = {}

    def _values(self, field):
        return list({order[field] for order in self.orders if order[field]})

    def _named(self, model, field, column):
        """Return the records whose ``field`` is what orders have in ``column``."""
        records, names = self.env[model], self._values(column)
        if not names:
            return records
        return records.search(self.network & Domain(field, "in", names))

    def buildings(self, order):
        """Return the buildings at the order's address, by its surest key."""
        empty = self.env["oiconnect.building"]
        if order.building_identifier:
            return self._by_identifier.get(order.building_identifier, empty)
        if order.address_code:
            return self._by_address_code.get(order.address_code, empty)
        return self._by_rivoli.get(_rivoli_key(order), empty)

    @cached_property
    def _by_identifier(self):
        found = self._named("oiconnect.building", "identifier", "building_identifier")
        return found.grouped("identifier")

    @cached_property
    def _by_address_code(self):
        found = self._named("oiconnect.building", "address_code", "address_code")
        return found.grouped("address_code")

    @cached_property
    def _by_rivoli(self):
        codes = self._values("rivoli_code")
        if not codes:
            return {}
        found = self.env["oiconnect.building"].search(
            self.network
            & Domain("rivoli_code", "in", codes)
            & Domain("insee_code", "in", self._values("insee_code"))
            & Domain("street_number", "in", self._values("street_number"))
        )
        return found.grouped(_rivoli_key)

    @cached_property
    def pms(self):
        found = self._named("oiconnect.pm", "reference", "pm_reference")
        return found.grouped("reference")

    @cached_property
    def ptos(self):
        found = self._named("oiconnect.pto", "reference", "pto_reference")
        return found.grouped("reference")

    @cached_property
    def services(self):
        """``{(operator id, reference): service}``"""
        found = self._named("oiconnect.pm.service", "reference", "pm_service_reference")
        return found.grouped(lambda s: (s.operator_id.id, s.reference))

    @cached_property
    def _services_at(self):
        found = self.env["oiconnect.pm.service"].search(
            self.network & Domain("operator_id", "in", self.orders.operator_id.ids)
        )
        return found.grouped(lambda s: (s.operator_id.id, s.pm_id.id))

    def service_at(self, order, pm):
        return self._services_at.get((order.operator_id.id, pm.id))

    def batches(self, pm):
        """Return ``{building id: [batch]}`` of a PM; empty until one is notified."""
        if pm.id not in self._batches:
            batches = pm.sudo().batch_ids
            found = defaultdict(list)
            for batch in batches:
                for building in batch.building_ids:
                    found[building.id].append(batch)
            notified = any(batches.mapped("told_date"))
            self._batches[pm.id] = found if notified else {}
        return self._batches[pm.id]

    @cached_property
    def oc_positions(self):
        return OcPositions(self.orders)

    @cached_property
    def held(self):
        """``{(operator id, PTO id): order}`` of PTOs in service or on the way."""
        ptos = [pto.id for pto in self.ptos.values()]
        groups = self.env["oiconnect.access.order"]._read_group(
            [("pto_id", "in", ptos), ("state", "in", LIVE_STATES)],
            ["operator_id", "pto_id"],
            ["id:recordset"],
        )
        return {(operator.id, pto.id): held[0] for operator, pto, held in groups}

    def appointment(self, order):
        """Return the appointment that the order names, if it is its operator's."""
        return self._appointments.get(
            (order.operator_id.id, order.appointment_reference)
        )

    @cached_property
    def _appointments(self):
        found = self._named(
            "oiconnect.appointment", "reference", "appointment_reference"
        )
        return found.grouped(lambda one: (one.operator_id.id, one.reference))

    @cached_property
    def has_teams(self):
        """Tell whether the network's appointments are taken here."""
        teams = self.env["oiconnect.appointment.team"]
        domain = self.network & Domain("for_production", "=", True)
        return bool(teams.search_count(domain, limit=1))


def _rivoli_key(record):
    return (
        record.insee_code,
        record.rivoli_code,
        record.street_number,
        (record.street_number_suffix or "").upper(),
    )
