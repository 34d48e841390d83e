from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain

from ..controls.story import BY_NAME

LINK = Markup('<a href="/odoo/%s">%s</a>')
# Where one looks when no record is known: the list of all
LISTS = {
    "source": "oiconnect_orders.access_order_action",
    "order": "oiconnect_orders.access_order_action",
    "building": "oiconnect_infra.building_action",
    "pm": "oiconnect_infra.pm_action",
    "pbo": "oiconnect_infra.pbo_action",
    "pto": "oiconnect_infra.pto_action",
    "service": "oiconnect_orders.pm_service_action",
    "appointment": "oiconnect_orders.appointment_action",
}
# Records that one control leads to, at most
MOST_LINKS = 5


class AccessOrder(models.Model):
    """Where to look to check, or to mend, what a control compared."""

    _inherit = "oiconnect.access.order"

    def _where_of_step(self, step, known):
        """Return links to the records of a control, else to the list of all.

        :param known: links that other controls of the order lead to, filled here
        """
        control = BY_NAME.get(step["control"])
        keys = control.where if control else ()
        found = step.get("found") or {}
        if found.get("order") and "order" not in keys:
            keys = ("order", *keys)
        links = []
        for key in keys:
            about = (key, found.get("order"), *found.get("buildings", ()))
            if about not in known:
                # By sudo on the way only: the reader's rights decide at its end.
                records = getattr(self.sudo(), f"_where_{key}")(found)
                known[about] = self._links_to(records.sudo(False))
            links += known[about]
        links = list(dict.fromkeys(links)) or self._links_to_list(keys)
        return Markup(", ").join(links[:MOST_LINKS])

    def _links_to(self, records):
        """Return a link to each record that the reader may open."""
        return [
            LINK % (f"{record._name}/{record.id}", record.display_name)
            for record in records._filtered_access("read")
        ]

    @api.model
    def _links_to_list(self, keys):
        actions = self.env["ir.actions.act_window"]
        for xmlid in (LISTS[key] for key in keys if key in LISTS):
            action = actions._for_xml_id(xmlid)
            if self.env[action["res_model"]].has_access("read"):
                return [LINK % (f"action-{xmlid}", action["name"])]
        return []

    # ------------------------------------------------------------------
    # Records, by the keys that controls name
    # ------------------------------------------------------------------

    def _where_source(self, found):
        return self._brought_by()

    def _where_building(self, found):
        if self.building_id or not found.get("buildings"):
            return self.building_id
        return self.env["oiconnect.building"].search(
            Domain("network_id", "=", self.network_id.id)
            & Domain("identifier", "in", found["buildings"]),
            limit=MOST_LINKS,
        )

    def _where_pm(self, found):
        return self.pm_id

    def _where_service(self, found):
        if self.pm_service_id or not self.pm_id:
            return self.pm_service_id
        return self.env["oiconnect.pm.service"].search(
            Domain("pm_id", "=", self.pm_id.id)
            & Domain("operator_id", "=", self.operator_id.id),
            limit=1,
        )

    def _where_pto(self, found):
        return self.pto_id

    def _where_pto_building(self, found):
        return self.pto_id.building_id

    def _where_pbo(self, found):
        return self.pbo_id or self.pto_id.pbo_id or self.building_id.pbo_ids

    def _where_order(self, found):
        """Return the operator's other order that stands in the way."""
        if not found.get("order"):
            return self.browse()
        return self.search(
            Domain("operator_id", "=", self.operator_id.id)
            & Domain("oc_reference", "=", found["order"])
            & Domain("id", "!=", self.id)
            & Domain("state", "!=", "ar_ko"),
            limit=1,
        )

    def _where_appointment(self, found):
        return self.env["oiconnect.appointment"].search(
            Domain("operator_id", "=", self.operator_id.id)
            & Domain("reference", "=", self.appointment_reference or False),
            limit=1,
        )
