from odoo import api, models


class Publication(models.Model):
    """Publication of a file, notified by webhook to its recipients."""

    _name = "oiconnect.publication"
    _inherit = ["oiconnect.publication", "oiconnect.subject.mixin"]

    _subject = "publication"
    _subject_fields = (
        "name",
        "kind",
        "version",
        "as_of",
        "size",
        "sha256",
        "line_count",
    )

    @api.model
    def _subject_events(self):
        return [("publish", self.env._("Published"))]

    def _subject_owners(self):
        return {file.id: tuple(file.plan_id._recipients_of(file).ids) for file in self}

    def _deliver(self):
        result = super()._deliver()
        self._tell_subscribers("publish", dict.fromkeys(self.ids, "running"))
        return result
