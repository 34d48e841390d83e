from odoo import api, fields, models

#: settings of the application, each with the name of its field
CHOICES = {
    "pm": "gracethd_pm",
    "reference": "gracethd_reference",
    "cable": "gracethd_cable",
    "module": "gracethd_module",
    "prdm": "gracethd_prdm",
    "buildings": "gracethd_buildings",
}
_REFERENCES = [
    ("codeext", "External code"),
    ("etiquet", "Label"),
    ("code", "Code of the row"),
]


class Import(models.Model):
    """What the standard leaves open: how a delivery is brought to the network."""

    _inherit = "oiconnect.import"
    _free_fields = tuple(CHOICES.values())

    gracethd_pm = fields.Selection(
        [
            ("refpm", "Reference of the PM (zs_refpm)"),
            ("r3", "SRO of the third level (zs_r3_code)"),
            ("name", "Name of the zone (zs_nom)"),
        ],
        "PM reference",
        required=True,
        default="refpm",
        help="Where this column is void, the other ones are read",
    )
    gracethd_reference = fields.Selection(
        _REFERENCES,
        "Reference of boxes and drawers",
        required=True,
        default="codeext",
        help="Column of the delivery that becomes the reference of PBOs, splice boxes "
        "and drawers; where it is void, the next one is read",
    )
    gracethd_cable = fields.Selection(
        _REFERENCES,
        "Reference of cables",
        required=True,
        default="codeext",
        help="Where this column is void, the next one is read",
    )
    gracethd_module = fields.Selection(
        [("drawer", "Each drawer"), ("tray", "Each tray of a drawer")],
        "Modules of a PM",
        required=True,
        default="drawer",
    )
    gracethd_prdm = fields.Boolean(
        "One PRDM for each NRO", help="With the reference of the NRO"
    )
    gracethd_buildings = fields.Boolean(
        "Create missing buildings",
        default=True,
        help="Without it, the sockets of addresses that the network has not are left "
        "out",
    )

    gracethd_examples = fields.Json("Examples of references", readonly=True, copy=False)
    gracethd_choices = fields.Text(
        "What each choice gives", compute="_compute_gracethd_choices"
    )

    @api.depends("gracethd_examples")
    @api.depends_context("lang")
    def _compute_gracethd_choices(self):
        for record in self:
            lines = record._choice_lines(record.gracethd_examples or {})
            record.gracethd_choices = "\n".join(lines)

    def _choice_lines(self, examples):
        """Yield a line for each column that may carry a reference."""
        for name, choices in examples.items():
            field = self._fields[name]
            labels = dict(field._description_selection(self.env))
            for choice, found in choices.items():
                yield self.env._(
                    "%(field)s, %(choice)s (%(column)s): void %(void)s, "
                    "twice %(doubled)s of %(rows)s. %(examples)s",
                    field=field._description_string(self.env),
                    choice=labels[choice],
                    column=found["column"],
                    void=found["void"],
                    doubled=found["doubled"],
                    rows=found["rows"],
                    examples=", ".join(found["examples"]),
                )

    def write(self, vals):
        if "state" not in vals and not vals.keys().isdisjoint(CHOICES.values()):
            self._check_file_open()
            self.sudo()._reopen()
        return super().write(vals)

    @api.private
    def _apply_settings(self):
        """Return the settings of the application, by their names there."""
        settings = {key: self[name] for key, name in CHOICES.items()}
        colours = self.env["oiconnect.fibre.colour"]._code_by_number()
        return settings | {
            "connectors": int(self.network_id.socket_fibres),
            "colours": colours,
        }
