from odoo import api, fields, models, tools

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

CONFIDENCES = [
    ("seen", "Seen"),
    ("inferred", "Inferred"),
    ("proposed", "Proposed"),
]
LISTS = [
    ("type", "Type of ticket"),
    ("defect_class", "Class of the defect"),
    ("defect", "Defect"),
    ("location", "Localisation"),
    ("work_nature", "Nature of planned works"),
]
# Type of a ticket on one access, as opposed to one on a PM or a link (§4, proposed)
ACCESS_TYPE = "1"


class TicketCode(models.Model):
    """Values of the protocol's small lists, and what people call them.

    Interop'Fibre SAV 3.0 §4: the values are published, the meaning of some is not.
    """

    _name = "oiconnect.ticket.code"
    _description = "Code of tickets"
    _inherit = ["oiconnect.cached.mixin", "oiconnect.small.table.mixin"]
    _order = "code_list, sequence, id"
    _rec_names_search = ["code", "name"]
    _free_fields = EVERY_FIELD

    code_list = fields.Selection(LISTS, "List", required=True)
    sequence = fields.Integer(default=10)
    code = fields.Char("Value on the wire", size=30, required=True)
    name = fields.Char("Meaning", required=True, translate=True)
    confidence = fields.Selection(
        CONFIDENCES,
        default="proposed",
        required=True,
        help="Whether the meaning is published, follows from what is, or is a proposal",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(code_list, code)", "This list already has this value."
    )

    @api.model
    @tools.ormcache("code_list", "code")
    def _id_of(self, code_list, code):
        """Return the id of the value ``code`` of a list, or False."""
        return self.search([("code_list", "=", code_list), ("code", "=", code)]).id

    @api.model
    @api.private
    def _of(self, code_list, code):
        """Return the value ``code`` of a list; empty when the list does not have it."""
        return self.browse(self._id_of(code_list, str(code or "")) or ())

    @api.private
    @tools.ormcache("self.id", "self.env.lang")
    def _words(self):
        """Return ``(code, name)``, which each ticket that comes asks for."""
        return self.code, self.name
