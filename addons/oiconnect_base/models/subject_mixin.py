from odoo import api, models

from ..bulk import read_columns


class SubjectMixin(models.AbstractModel):
    """Record of which others hear what happens, when they have subscribed to it.

    A model names its records by ``_subject``; the border tells its subscribers.
    """

    _name = "oiconnect.subject.mixin"
    _description = "Subject of events"

    # What subscribers call a record of this model; None: no one subscribes to it.
    _subject = None
    # Fields that each event says of its record; none that may name an end customer
    _subject_fields = ()

    @api.model
    def _subject_events(self):
        """Return ``[(event, label)]`` that may be subscribed to."""
        return []

    def _subject_owners(self):
        """Return ``{record id: ids of the operators that may hear of it}``."""
        owners = read_columns(self, "operator_id")
        return {
            record_id: tuple(filter(None, owner))
            for record_id, owner in zip(self.ids, owners, strict=True)
        }

    def _tell_subscribers(self, event, before, messages=None):
        """Hook: tell those who subscribed to ``event`` of these records.

        :param before: ``{record id: state before the event}``
        :param messages: ``{flow: {record id: payload}}`` that operators get by other
            channels
        """
