from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .import_ import KIND


class Import(models.Model):
    """A delivery is compared with the one before."""

    _inherit = "oiconnect.import"

    def action_view_difference(self):
        """Open the comparison with the former delivery, or prepare it."""
        self.ensure_one()
        differences = self.env["oiconnect.gracethd.difference"]
        found = differences.search([("import_id", "=", self.id)], limit=1)
        if not found:
            differences.check_access("create")
            found = differences.create(
                {"import_id": self.id, "other_id": self._former_delivery().id}
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_gracethd.gracethd_difference_action"
        )
        return action | {
            "res_id": found.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _former_delivery(self):
        """Return the delivery of the same scope before, else of the network.

        :raises UserError: there is none
        """
        others = self.search(
            Domain("kind", "=", KIND)
            & Domain("network_id", "=", self.network_id.id)
            & Domain("id", "!=", self.id),
            order="applied_date DESC NULLS LAST, id DESC",
            limit=100,
        )
        if not others:
            raise UserError(
                self.env._(
                    "The network has no other GraceTHD delivery to compare with: "
                    "upload the former one first."
                )
            )
        older = others.filtered(lambda other: other.id < self.id)
        same = older.filtered(
            lambda other: not self._zones().isdisjoint(other._zones())
        )
        return (same or older or others)[0]
