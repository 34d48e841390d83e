from odoo import fields, models

VISITED_FIELDS = (
    "localisation",
    "accessible",
    "key_info",
    "building_access_code",
    "basement_code",
    "room_code",
    "building_contacts",
    "syndic_contacts",
    "equipment_type",
    "other_info",
)


class Visited(models.AbstractModel):
    """How technicians get to a PM: told to operators in reports of orders."""

    _name = "oiconnect.visited"
    _description = "Object that technicians visit"

    localisation = fields.Text("Where it is")
    accessible = fields.Selection(
        [("yes", "Yes"), ("no", "No")], help="Can be reached without an appointment"
    )
    key_info = fields.Text("How to get the key")
    building_access_code = fields.Char(size=256)
    basement_code = fields.Char("Basement access code", size=256)
    room_code = fields.Char("PM room code", size=256)
    building_contacts = fields.Text()
    syndic_contacts = fields.Text("Manager's contacts")
    equipment_type = fields.Char(size=256, help="Brand and model")
    other_info = fields.Text("Other information")
