from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from .publication import BUSY
from .publication_schedule import LATE_MINUTES

TASK = "mail.mail_activity_data_warning"


class PublicationPlan(models.Model):
    _inherit = "oiconnect.publication.plan"

    def _responsible(self):
        """Return the person in charge, else an administrator of the infrastructure."""
        managers = self.env.ref("oiconnect_base.group_infra_manager").all_user_ids
        own = managers.filtered(
            lambda user: (
                user.active
                and not user._is_superuser()
                and self.company_id in user.company_ids
            )
        )
        return self.responsible_id or own.sorted("id")[:1]


class Publication(models.Model):
    """What the person in charge is told: one task while it is open."""

    _inherit = "oiconnect.publication"

    def _tell_stopped(self):
        for publication in self:
            told = self.env._("%s was not published.", publication.display_name)
            publication._give_task(publication.message or told)

    def _give_task(self, summary):
        """Leave a task, unless one is open for a file of the same plan and kind."""
        if not self._mates_with_task():
            self._schedule_task(summary)

    def _schedule_task(self, summary):
        person = self.plan_id._responsible()
        if person:
            self.activity_schedule(TASK, summary=summary[:250], user_id=person.id)

    def _mates_with_task(self):
        """Return the files of the plan and kind that have a task, not published."""
        return self.search(
            self._has_task()
            & Domain("plan_id", "=", self.plan_id.id)
            & Domain("kind", "=", self.kind)
            & Domain("state", "!=", "done")
        )

    def _has_task(self):
        task = Domain("activity_type_id", "=", self.env.ref(TASK).id)
        return Domain("activity_ids", "any", task)

    def _close_tasks(self):
        """Close what was told of these files, now published, and of earlier ones."""
        for publication in self:
            told = self.env._("Published: %s", publication.display_name)
            mates = publication._mates_with_task() | publication
            mates.activity_feedback([TASK], feedback=told)

    # ------------------------------------------------------------------
    # Late
    # ------------------------------------------------------------------

    @api.model
    def _tell_late(self, now):
        """Tell what should be there and is not, made or delivered."""
        late = self.search([("state", "in", BUSY), ("late_date", "<", now)])
        for publication in late._in_staff_language():
            publication._tell_is_late()
        self._tell_undelivered(now)

    def _tell_is_late(self):
        self._give_task(
            self.env._("%s is late: it is not made yet.", self.display_name)
        )

    def _in_staff_language(self):
        """Yield the records, each in the language of who is told."""
        for publication in self:
            yield publication.with_context(lang=publication.plan_id._staff_language())

    def _tell_undelivered(self, now):
        """Tell for what operators wait too long: one task a plan while it is open."""
        waiting = self.env["oiconnect.exchange"].search(
            [("publication_id", "!=", False), ("state", "=", "out_ready")], order="id"
        )
        told = self.search(self._has_task() & Domain("state", "=", "done"))
        for publication in (told - waiting.publication_id)._in_staff_language():
            publication._close_delivered()
        since = now - timedelta(minutes=LATE_MINUTES)
        late = waiting.filtered(lambda delivery: delivery.create_date < since)
        told_plans = (told & waiting.publication_id).plan_id
        for publication in late.publication_id._in_staff_language():
            if publication.plan_id not in told_plans:
                publication._tell_waiting(late)
                told_plans |= publication.plan_id

    def _close_delivered(self):
        self.activity_feedback([TASK], feedback=self.env._("Delivered."))

    def _tell_waiting(self, deliveries):
        """Tell which operators wait for this file."""
        own = deliveries.filtered(lambda delivery: delivery.publication_id == self)
        self._schedule_task(
            self.env._(
                "%(file)s could not be delivered to %(operators)s yet.",
                file=self.display_name,
                operators=", ".join(own.operator_id.mapped("interop_code")),
            )
        )
