from odoo import api, models, tools

# What Odoo can tell the change of
_TOLD = (
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
    # Free fields whose change is not told
    _unfollowed_fields = ()

    @tools.ormcache("self.env.uid", "self.env.su")
    def _track_get_fields(self):
        names = self._people_fields() - set(self._unfollowed_fields)
        followed = super()._track_get_fields() | names
        return followed and set(self.fields_get(followed, attributes=()))

    @api.model
    def _people_fields(self):
        """Return the fields that users may change and that tracking supports."""
        kinds = self._kinds_of_fields()
        free = {name for name, kind in kinds.items() if kind == "free"}
        names = free | set(self._followed_fields)
        return {name for name in names if self._fields[name].type in _TOLD}
