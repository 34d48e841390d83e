from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ...references import works_reference

_lt = LazyTranslate(__name__)

STATES = [
    ("new", "New"),
    ("updated", "Updated"),
    ("replanned", "Replanned"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
OPEN_STATES = ("new", "updated", "replanned")
# Nature that the comment explains
OTHER_NATURE = "AUTR"
# commentairesIntervention and commentaireInterventionOC: string 0..512
TEXT_SIZE = 512
# What changes by itself; operators see which kind of change it was
DATES = ("start_date", "end_date")
CORRECTED = (
    "nature_id",
    "contact",
    "comment",
    "operator_comment",
    "incident_reference",
)
# All else makes other works of them: they are cancelled and created anew
FIXED = (
    "network_id",
    "pm_id",
    "equipment",
    "technical_pm_ids",
    "pbo_ids",
    "operator_needed",
    "replaces_id",
)


class Works(models.Model):
    """Planned works ("TP") on a part of one PM, notified to the operators at the PM.

    Interop'Fibre SAV 3.0 §7.1. One reference is about one PM, and the PBOs of it that
    are concerned. They belong to no operator: each hears of its own lines only.
    """

    _name = "oiconnect.works"
    _description = "Planned works"
    _created_text = _lt("Works created")
    _inherit = [
        "oiconnect.network.mixin",
        "oiconnect.workflow",
        "oiconnect.impact.mixin",
        "oiconnect.chatter",
    ]
    _order = "start_date desc, id desc"
    _rec_name = "reference"
    _creation_fields = FIXED
    _free_fields = (*DATES, *CORRECTED)
    _event_fields = EVERY_FIELD
    _closing_fields = dict.fromkeys((*DATES, *CORRECTED), "ended_date")

    reference = fields.Char(
        compute="_compute_reference", store=True, size=30, index="trigram"
    )
    state = fields.Selection(
        STATES, default="new", required=True, readonly=True, tracking=True, index=True
    )
    nature_id = fields.Many2one(
        "oiconnect.ticket.code",
        required=True,
        domain="[('code_list', '=', 'work_nature')]",
        ondelete="restrict",
    )
    comment = fields.Text(
        "Comment for operators", help="Compulsory when the nature is “other”"
    )
    incident_reference = fields.Char(
        "Incident", size=30, help="Reference of the incident that the works repair"
    )

    # Where
    pm_id = fields.Many2one(
        "oiconnect.pm", "PM", required=True, index=True, ondelete="restrict"
    )
    equipment = fields.Selection(
        [
            ("pm", "PM"),
            ("technical_pm", "Technical PMs"),
            ("link", "Cables between the PM and PBOs"),
            ("pbo", "PBOs"),
        ],
        "Part of the network",
        required=True,
        default="pm",
        help="The highest one that the works are on",
    )
    technical_pm_ids = fields.Many2many(
        "oiconnect.technical.pm",
        "oiconnect_works_technical_pm_rel",
        "works_id",
        "technical_pm_id",
        "Technical PMs",
        domain="[('pm_id', '=', pm_id)]",
        ondelete="restrict",
    )
    pbo_ids = fields.Many2many(
        "oiconnect.pbo",
        "oiconnect_works_pbo_rel",
        "works_id",
        "pbo_id",
        "PBOs",
        domain="[('pm_id', '=', pm_id)]",
        ondelete="restrict",
        help="None: PBOs are not laid yet, the cables of the riser alone are concerned",
    )

    # When
    start_date = fields.Datetime("Begins", required=True)
    end_date = fields.Datetime("Ends", required=True)
    change_date = fields.Datetime(
        "Last change", readonly=True, copy=False, default=fields.Datetime.now
    )
    ended_date = fields.Datetime("Closed on", readonly=True, copy=False)

    # Who
    operator_needed = fields.Boolean(
        "Operators have to act", help="Then they need a contact with us"
    )
    contact = fields.Char("Our contact", size=256)
    operator_comment = fields.Text("What operators have to do")
    replaces_id = fields.Many2one(
        "oiconnect.works",
        "In place of",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="They are cancelled when these are saved",
    )

    _reference_uniq = models.UniqueIndex(
        "(reference)", "This reference of works is already used."
    )
    _ends_after = models.Constraint(
        "CHECK (end_date > start_date)", "Works end after they begin."
    )
    _needs_contact = models.Constraint(
        "CHECK (NOT operator_needed OR contact IS NOT NULL)",
        "Operators that have to act need a contact with us.",
    )
    # Queried by operators: pm_id in (…) and (state open or ended_date >= x)
    _told_idx = models.Index("(pm_id, ended_date)")
    # Calendar and list by date: start_date < x and end_date > y
    _start_idx = models.Index("(network_id, start_date)")

    @api.constrains("equipment", "pm_id", "technical_pm_ids", "pbo_ids")
    def _check_place(self):
        for works in self:
            if works.equipment == "technical_pm" and not works.technical_pm_ids:
                raise ValidationError(
                    self.env._("Choose the technical PMs that the works are on.")
                )
            if works.equipment == "pbo" and not works.pbo_ids:
                raise ValidationError(
                    self.env._("Choose the PBOs that the works are on.")
                )
            parts = (*works.technical_pm_ids, *works.pbo_ids)
            if any(part.pm_id != works.pm_id for part in parts):
                raise ValidationError(
                    self.env._(
                        "Works are about one PM: plan others for the parts of another."
                    )
                )
            if works.pm_id.network_id != works.network_id:
                raise ValidationError(
                    self.env._("The PM of the works is not on their network.")
                )

    @api.constrains("nature_id", "comment", "operator_comment")
    def _check_texts(self):
        for works in self:
            if works.nature_id.code_list != "work_nature":
                raise ValidationError(self.env._("This is no nature of works."))
            if works.nature_id.code == OTHER_NATURE and not works.comment:
                raise ValidationError(
                    self.env._("Tell in the comment what these works are.")
                )
            texts = (works.comment, works.operator_comment)
            if any(len(text or "") > TEXT_SIZE for text in texts):
                raise ValidationError(
                    self.env._(
                        "A comment for operators has %s characters at most.", TEXT_SIZE
                    )
                )

    @api.depends("network_id")
    def _compute_reference(self):
        for works in self:
            number = works._origin.id
            works.reference = works._origin.reference or (
                number and works_reference(works.network_id.oi_code, number)
            )

    @api.onchange("pm_id", "equipment")
    def _onchange_place(self):
        """Leave out the parts that are no longer the matter."""
        parts = self.technical_pm_ids
        self.technical_pm_ids = parts.filtered(lambda part: part.pm_id == self.pm_id)
        self.pbo_ids = self.pbo_ids.filtered(lambda pbo: pbo.pm_id == self.pm_id)
        if self.equipment != "technical_pm":
            self.technical_pm_ids = False
        if self.equipment not in ("pbo", "link"):
            self.pbo_ids = False

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(self.env._("Works are kept for ever: cancel them instead."))

    @api.model
    def _guarded_advice(self):
        return self.env._("Cancel these works and create them anew.")

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_replace(self):
        """Open new works like these, which are cancelled when those are saved."""
        self.ensure_one()
        self.check_access("write")
        if not self._can_fire("cancel"):
            raise self._refusal("cancel")
        values = self.copy_data()[0] | {"replaces_id": self.id}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Works in place of %s", self.reference),
            "res_model": self._name,
            "view_mode": "form",
            "target": "current",
            "context": {f"default_{name}": value for name, value in values.items()},
        }

    def action_close(self):
        """The works are done."""
        self._act("close")

    def action_cancel(self):
        """The works do not take place."""
        self._act("cancel")
