from odoo import models
from odoo.tools import SQL

from ..incidents.incident import POINT_FIELDS
from .works import TEXT_SIZE

# typeEtat, typeEquipementConcerne (Interop'Fibre SAV 3.0 §7.1; contract §7)
WIRE_STATES = {
    "new": "NOUVEAU",
    "updated": "MAJ",
    "replanned": "REPLANIFICATION",
    "closed": "CLOTURE",
    "cancelled": "ANNULE",
}
WIRE_EQUIPMENT = {
    "pm": "PM",
    "technical_pm": "PMT",
    "link": "LIENPMPBO",
    "pbo": "PBO",
}
# States and parts of the network of an incident: it has no other [proposed]
INCIDENT_STATES = {"open": "NOUVEAU", "closed": "CLOTURE"}
INCIDENT_EQUIPMENT = {
    "pm": "PM",
    "module": "PM",
    "cable": "LIENPMPBO",
    "tube": "LIENPMPBO",
    "pbo": "PBO",
}
PLANNED, COLLECTIVE = "TP", "DERCO"
# Reference of a PBO that is not laid yet
NO_PBO = "_NA_"


def _lines(impacted):
    """Return the references of the lines of one operator, of both kinds."""
    return {
        "service_references": [line.service_reference for line in impacted],
        "pto_references": [
            line.pto_reference for line in impacted if line.pto_reference
        ],
    }


class Works(models.Model):
    """Planned works as sent to an operator, with English keys."""

    _inherit = "oiconnect.works"

    def _payload(self, operator, service):
        """Return what ``operator`` receives, with its own lines only.

        :param service: its PM service, which the protocol names
        """
        self.ensure_one()
        return {
            "reference": self.reference,
            "oi_siren": self.network_id.siren or None,
            "category": PLANNED,
            "equipment": WIRE_EQUIPMENT[self.equipment],
            "pm_reference": self.pm_id.reference,
            "pm_service_reference": service.reference,
            "change_date": self.change_date,
            "operator_needed": self.operator_needed,
            "start_date": self.start_date,
            "end_date": self.end_date,
            "repair": None,
            "nature": self.nature_id.code,
            "state": WIRE_STATES[self.state],
            "pbo_references": self._pbo_references(),
            "technical_pm_references": self.technical_pm_ids.mapped("reference"),
            "comment": self.comment or None,
            "oi_contact": self.contact or None,
            "building_identifiers": self._building_identifiers(),
            "incident_reference": self.incident_reference or None,
            "operator_comment": self.operator_comment or None,
            **_lines(self._impacted_lines(operator)),
        }

    def _pbo_references(self):
        known = self.pbo_ids.mapped("reference")
        return known or ([NO_PBO] if self.equipment == "link" else [])

    def _building_identifiers(self):
        """Return the buildings behind the PBOs; of a whole PM they are too many."""
        return [one for one in self.pbo_ids.building_ids.mapped("identifier") if one]


class Incident(models.Model):
    """Collective incident ("DERCO") as sent to an operator."""

    _inherit = "oiconnect.incident"

    def _place_pm(self):
        """Return the PM that the incident is at."""
        part = self[POINT_FIELDS[self.point]]
        return part if self.point == "pm" else part.pm_id

    def _payload(self, operator, service):
        """Return what ``operator`` receives, with its own lines only.

        The subject alone: what happened is written for us.

        :param service: its PM service, which the protocol names
        """
        self.ensure_one()
        equipment = INCIDENT_EQUIPMENT[self.point]
        return {
            "reference": self.reference,
            "oi_siren": self.network_id.siren or None,
            "category": COLLECTIVE,
            "equipment": equipment,
            "pm_reference": service.pm_id.reference,
            "pm_service_reference": service.reference,
            "change_date": self.write_date,
            "operator_needed": False,
            "start_date": self.start_date,
            "end_date": self.end_date or self.planned_end_date or None,
            "repair": True,
            "nature": None,
            "state": INCIDENT_STATES[self.state],
            "pbo_references": [] if equipment == "PM" else self._pbo_references(),
            "technical_pm_references": [],
            "comment": self.name[:TEXT_SIZE],
            "oi_contact": None,
            "building_identifiers": [],
            "incident_reference": None,
            "operator_comment": None,
            **_lines(self._impacted_lines(operator)),
        }

    def _pbo_references(self):
        """Return the PBOs of the routes through the point, by reference."""
        if self.point == "pbo":
            return [self.pbo_id.reference]
        self.env["oiconnect.pbo"].flush_model(["reference"])
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT pbo.reference FROM oiconnect_route route
                JOIN oiconnect_pbo pbo ON pbo.id = route.pbo_id
                WHERE route.id = ANY(%s) ORDER BY pbo.reference
                """,
                self._impacted_route_ids(),
            )
        )
        return [reference for (reference,) in self.env.cr.fetchall()] or [NO_PBO]
