from odoo import api, fields, models

from odoo.addons.oiconnect_base.workflow import Transition, Workflow

from .works import CORRECTED, DATES, OPEN_STATES

# Interop'Fibre SAV 3.0 §7.1: what changes decides, and nothing is new again.
WORKS_WORKFLOW = Workflow(
    [
        Transition("replan", OPEN_STATES, "replanned"),
        Transition("update", OPEN_STATES, "updated"),
        Transition("close", OPEN_STATES, "closed", effect="_on_end"),
        Transition("cancel", OPEN_STATES, "cancelled", effect="_on_end"),
    ],
    initial="new",
    irreversible=("close", "cancel"),
)


class Works(models.Model):
    """Life of planned works: what people change of them is an event."""

    _inherit = "oiconnect.works"

    _workflow = WORKS_WORKFLOW
    # No works are about an end customer.
    _free_text_groups = "oiconnect_base.group_ticket_read"
    _transition_effects = ("_note_change",)

    @api.model_create_multi
    def create(self, vals_list):
        works = super().create(vals_list)
        replaced = works.replaces_id
        if replaced:
            replaced._act("cancel")
        return works

    def write(self, vals):
        """Write, and tell which kind of change it was: new dates, or corrections."""
        before = {works: works._notified_values() for works in self}
        result = super().write(vals)
        if vals.keys() & {*DATES, *CORRECTED}:
            replanned = self._changed(before, DATES)
            updated = self._changed(before, CORRECTED) - replanned
            for event, works in (("replan", replanned), ("update", updated)):
                if works:
                    works.sudo()._fire(event)
        return result

    def _notified_values(self):
        return {name: self[name] or False for name in (*DATES, *CORRECTED)}

    def _changed(self, before, names):
        return self.filtered(
            lambda works: any(
                (works[name] or False) != before[works][name] for name in names
            )
        )

    def _event_labels(self):
        labels = {
            "replan": self.env._("Change of dates"),
            "update": self.env._("Update"),
            "close": self.env._("Closure"),
            "cancel": self.env._("Cancellation"),
        }
        return list(labels.items())

    def _on_end(self, values, origin):
        self.write({"ended_date": fields.Datetime.now()})

    def _note_change(self, transition, values, origin):
        # As our own code: people create works, the moment is not theirs to write.
        self.sudo().write({"change_date": fields.Datetime.now()})
