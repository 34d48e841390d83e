from odoo import api, fields, models
from odoo.fields import Domain

from ...isolated_work import apply_isolated


class ScheduledMixin(models.AbstractModel):
    """Record that scheduled work is done on, each by itself.

    What fails on a record at each run has an end, and the end is a task of the work
    list.
    """

    _name = "oiconnect.scheduled.mixin"
    _description = "Scheduled work is done on it"

    # The users who do what there is to do
    _todo_group = "oiconnect_base.group_user"

    todo_ids = fields.One2many(
        "oiconnect.todo",
        "res_id",
        "To do now",
        domain=lambda self: [("res_model", "=", self._name), ("state", "=", "open")],
        bypass_search_access=True,
        copy=False,
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_close_todos(self):
        self.env["oiconnect.todo"].sudo()._close(self._name, self.ids)

    def _todo_limit(self):
        """Return ``(due, warning)`` of what is to do."""
        return False, False

    def _todo_detail(self):
        """Return what helps to choose among things to do; it names no customer."""
        return False

    def _todo_row(self):
        due, warning = self._todo_limit()
        return {
            "res_id": self.id,
            "name": self.display_name,
            "detail": self._todo_detail(),
            "network_id": self.network_id.id,
            "company_id": self.company_id.id,
            "operator_id": self.operator_id.id,
            "due_date": due,
            "warning_date": warning,
        }

    @api.model
    def _apply_by_batches(self, step, domain, size, apply, order="id"):
        """Call ``apply(records)`` on what ``domain`` finds, in a cron.

        Each batch is locked and one transaction. What somebody else is at is left
        out: it is looked at again the next time. A record that fails changes nothing
        and keeps no other one waiting; where it fails at each run, it is for a person.

        :param step: name of the work, by which its failures are counted
        :param order: field whose lowest values come first
        """
        cron, retries = self.env["ir.cron"], self.env["oiconnect.retry"].sudo()
        domain &= retries._still_tried(self, step)
        cron._commit_progress(remaining=self.search_count(domain))
        after = Domain.TRUE
        while batch := self.search(domain & after, limit=size, order=f"{order}, id"):
            last = batch[-1]
            after = Domain(order, ">=", last[order]) & (
                Domain(order, ">", last[order]) | Domain("id", ">", last.id)
            )
            held = batch.try_lock_for_update(allow_referencing=True)
            retries._note(held, step, apply_isolated(held, apply))
            if not cron._commit_progress(len(batch)):
                break
