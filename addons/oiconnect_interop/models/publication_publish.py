from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from .publication import FLOW_CODES
from .publication_schedule import LATE_MINUTES, STEPS


class PublicationPlan(models.Model):
    """From a plan to the files that wait to be made, and to whom they go."""

    _inherit = "oiconnect.publication.plan"

    def _publish(self, steps, due=None, late_minutes=LATE_MINUTES):
        """Queue the files of ``steps``, to be made together.

        :return: their publications; what waits already is not made twice
        """
        self.ensure_one()
        due = due or fields.Datetime.now()
        # A file is told of when it is published, or not.
        silent = {"mail_create_nolog": True, "mail_create_nosubscribe": True}
        publications = self.env["oiconnect.publication"].with_context(**silent)
        made = publications.create(
            [
                {
                    **self._publication_vals(*key),
                    "due_date": due,
                    "late_date": due + timedelta(minutes=late_minutes),
                }
                for key in self._wanted(steps)
                if key not in self._waiting()
            ]
        )
        made._queue()
        return made

    def _wanted(self, steps):
        """Return the (kind, format) of the files of ``steps``, deltas first."""
        formats = self._formats()
        return [
            (self._kind(step), item)
            for step, _label in STEPS
            if step in steps
            for item in formats
        ]

    def _kind(self, step):
        return self.family if step == "full" else f"{step}_{self.family}"

    def _waiting(self):
        """Return the (kind, format) of the files that wait to be made."""
        groups = self.env["oiconnect.publication"]._read_group(
            [("plan_id", "=", self.id), ("state", "=", "waiting")],
            ["kind", "format_id"],
        )
        return set(groups)

    def _publication_vals(self, kind, item):
        return {
            "plan_id": self.id,
            "network_id": self.network_id.id,
            "kind": kind,
            "format_id": item.id,
            "version": item.version,
            "operator_id": item.operator_id.id,
        }

    # ------------------------------------------------------------------
    # Recipients
    # ------------------------------------------------------------------

    def _recipients(self):
        """Return the operators to whom files of the plan go."""
        operators = self.env["oiconnect.operator"]
        return self.operator_ids or operators.search([("active", "=", True)])

    def _recipients_of(self, publication):
        """Return the operators to whom a file of the plan goes: those of its format."""
        return self._recipients().filtered(
            lambda operator: self._format_of(operator) == publication.format_id
        )

    def _format_of(self, operator):
        """Return the format in which ``operator`` gets the files, if there is one."""
        flow = self.env["oiconnect.flow"]._by_code(FLOW_CODES[self.family])
        version = operator._protocol_version("pm")
        found = flow and flow._format_id(operator.id, version)
        return self.env["oiconnect.flow.format"].sudo().browse(found or [])

    def _formats(self):
        """Return the formats in use: those of the operators, and those asked for."""
        used = (
            self.env["oiconnect.flow.format"]
            .sudo()
            .union(*map(self._format_of, self._recipients()))
        )
        return (used | self.sudo().format_ids).sorted(
            lambda item: (item.version, item.operator_id.id, item.id)
        )

    def _check_formats(self):
        if not self._formats():
            raise UserError(
                self.env._(
                    "%s has no recipient: create an operator, or choose a format in "
                    "“Also in”.",
                    self.display_name,
                )
            )
