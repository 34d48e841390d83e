from odoo import models, tools

# Types of fields whose changes Odoo can track
_TRACKED_TYPES = (
    "boolean char date datetime float integer many2many many2one monetary selection "
    "text"
).split()


class Chatter(models.AbstractModel):
    """Record whose chatter logs the changes of its fields.

    What people may write is declared (``guarded.py``), and followed by that: a new
    field needs nothing more.
    """

    _name = "oiconnect.chatter"
    _description = "Discussion that tells each change"
    _inherit = "mail.thread"

    # Also followed: what people write of the record that it is one of (``_inherits``)
    _followed_fields = ()
    # Free fields whose changes are not tracked
    _unfollowed_fields = ()

    @tools.ormcache("self.env.uid", "self.env.su")
    def _track_get_fields(self):
        kinds = self._kinds_of_fields()
        names = {name for name, kind in kinds.items() if kind == "free"}
        names = names.union(self._followed_fields).difference(self._unfollowed_fields)
        tracked = {name for name in names if self._fields[name].type in _TRACKED_TYPES}
        followed = super()._track_get_fields() | tracked
        return followed and set(self.fields_get(followed, attributes=()))
