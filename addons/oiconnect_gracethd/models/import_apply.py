from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..apply.outlines import is_same
from ..bulk.choices import BEST

#: settings of the application, each with the name of its field
CHOICES = {
    "pm": "gracethd_pm",
    "reference": "gracethd_reference",
    "pto": "gracethd_pto",
    "cable": "gracethd_cable",
    "module": "gracethd_module",
    "prdm": "gracethd_prdm",
    "buildings": "gracethd_buildings",
    "outlines": "gracethd_outlines",
    "preassigned": "gracethd_preassigned",
    "operator": "gracethd_operator_id",
}
_BEST = (BEST, "Proposed by its values")
_REFERENCES = [
    _BEST,
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
            ("r3", "SRO of level 3 (zs_r3_code)"),
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
        default=BEST,
        help="Column of the delivery that becomes the reference of PBOs, splice boxes "
        "and drawers; where it is void, the next one is read",
    )
    gracethd_cable = fields.Selection(
        _REFERENCES,
        "Reference of cables",
        required=True,
        default=BEST,
        help="Where this column is void, the next one is read",
    )
    gracethd_pto = fields.Selection(
        [
            _BEST,
            ("linecod", "Line code"),
            ("etiquet", "Label"),
            ("codeext", "External code"),
        ],
        "Reference of PTOs",
        required=True,
        default=BEST,
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

    gracethd_outlines = fields.Boolean(
        "Outlines of PMs",
        default=True,
        help="The SRO zones of the delivery become the zones of the PMs; those that "
        "people drew stay as they are",
    )
    gracethd_preassigned = fields.Selection(
        [("free", "Stay free"), ("reserved", "Are reserved for an operator")],
        "Pre-assigned routes",
        required=True,
        default="free",
        help="Routes of which a position says in ps_preaff whom it is foreseen for",
    )
    gracethd_operator_id = fields.Many2one(
        "oiconnect.operator",
        "Reserved for",
        ondelete="restrict",
        index="btree_not_null",
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

    @api.constrains("gracethd_preassigned", "gracethd_operator_id")
    def _check_gracethd_operator(self):
        for record in self:
            if record.gracethd_preassigned == "reserved":
                if not record.gracethd_operator_id:
                    raise ValidationError(
                        self.env._(
                            "Choose the operator for which pre-assigned routes are "
                            "reserved, or let them stay free."
                        )
                    )

    def _choice_lines(self, examples):
        """Yield a line for each choice: its column, or what it would create."""
        for name, choices in examples.items():
            field = self._fields[name]
            labels = {"yes": self.env._("Yes")}
            if field.type == "selection":
                labels = dict(field._description_selection(self.env))
            for choice, found in choices.items():
                if "column" not in found:
                    yield self._created_line(field, labels[choice], found)
                    continue
                line = self.env._(
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
                if found.get("is_proposed"):
                    line = self.env._("%s (proposed)", line)
                yield line

    def _created_line(self, field, choice, found):
        """Return the line of a choice that changes what would be created."""
        names = ", ".join(found["examples"])
        if names and found["count"] > len(found["examples"]):
            names += ", …"
        return self.env._(
            "%(field)s, %(choice)s: %(count)s. %(examples)s",
            field=field._description_string(self.env),
            choice=choice,
            count=found["count"],
            examples=names,
        ).rstrip()

    def write(self, vals):
        if "state" not in vals and not vals.keys().isdisjoint(CHOICES.values()):
            self._check_file_open()
            self.sudo()._reopen()
        return super().write(vals)

    @api.model
    @api.private
    def _choice_fields(self):
        """Return {setting of the application: name of its field}."""
        return CHOICES

    @api.private
    def _apply_settings(self):
        """Return the settings of the application, by their names there."""
        settings = {key: self[name] for key, name in CHOICES.items()}
        settings["operator"] = self.gracethd_operator_id.id
        colours = self.env["oiconnect.fibre.colour"]._code_by_number()
        return settings | {
            "connectors": int(self.network_id.socket_fibres),
            "colours": colours,
        }

    @api.private
    def _keep_outlines(self, outlines):
        """Give PMs the zones of ``{id of a PM: GeoJSON}``, but those that people drew.

        :return: the number of zones created, changed and unchanged
        """
        # PMs were written by SQL
        self.env.invalidate_all()
        zones = self.env["oiconnect.zone"].sudo()
        zones = zones.with_context(
            oiconnect_batch=self._batch(), oiconnect_reason=self.file_name
        )
        known = {
            zone.pm_id.id: zone
            for zone in zones.search([("pm_id", "in", list(outlines))])
        }
        changed = {
            zone: outlines[pm_id]
            for pm_id, zone in known.items()
            if zone.source != "drawn"
            and not (
                zone.source == "imported" and is_same(outlines[pm_id], zone.geometry)
            )
        }
        for zone, outline in changed.items():
            zone.write({"geometry": outline, "source": "imported"})
        created = zones.create(
            [
                {"pm_id": pm_id, "geometry": outline, "source": "imported"}
                for pm_id, outline in outlines.items()
                if pm_id not in known
            ]
        )
        zones.flush_model()
        return len(created), len(changed), len(known) - len(changed)
