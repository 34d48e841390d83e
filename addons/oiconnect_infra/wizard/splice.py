from functools import partial

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..models.routes.splice import KINDS

# Lines of the preview: more are counted only.
_SHOWN = 144
_upper, _lower = (
    partial(
        fields.Many2one,
        "oiconnect.pbo.fibre",
        domain=f"[('cable_id', '=', {side}stream_cable_id)]",
    )
    for side in ("up", "down")
)


class SpliceRange(models.TransientModel):
    """Splice fibres n to m of one cable to fibres p to q of another, in order."""

    _name = "oiconnect.splice.range"
    _description = "Splice a range"

    pm_id = fields.Many2one("oiconnect.pm", compute="_compute_pm_id")
    upstream_cable_id = fields.Many2one(
        "oiconnect.pbo.cable",
        "Cable from the PM",
        required=True,
        default=lambda self: self._chosen_cable(),
    )
    upstream_kind = fields.Selection(related="upstream_cable_id.kind")
    upstream_first_id = _upper("First fibre", required=True)
    upstream_last_id = _upper("Last fibre", required=True)
    downstream_cable_id = fields.Many2one(
        "oiconnect.pbo.cable",
        "Cable towards the customer",
        required=True,
        domain="[('id', '!=', upstream_cable_id), ('kind', '=', 'transport')]"
        " if upstream_kind == 'transport' else [('id', '!=', upstream_cable_id),"
        " ('pm_id', '=', pm_id), ('kind', '!=', 'transport')]",
    )
    downstream_first_id = _lower("Its first fibre", required=True)
    downstream_last_id = _lower(
        "Its last fibre", help="Empty: as many fibres as on the other side"
    )
    pbo_id = fields.Many2one(
        "oiconnect.pbo", "In the PBO", domain="[('pm_id', '=', pm_id)]"
    )
    splice_box_id = fields.Many2one("oiconnect.splice.box", "Or in the splice box")
    box = fields.Char("Or in a box without a record", size=100)
    kind = fields.Selection(KINDS, "Kind of splice", required=True, default="fusion")
    tray = fields.Char(size=20)
    pair_count = fields.Integer("Splices", compute="_compute_preview")
    problem_count = fields.Integer("Refused", compute="_compute_preview")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.model
    def _chosen_cable(self):
        """Return the cable whose form the user comes from."""
        if self.env.context.get("active_model") == "oiconnect.pbo.cable":
            return self.env.context.get("active_id")
        return False

    @api.depends("upstream_cable_id")
    def _compute_pm_id(self):
        for wizard in self:
            wizard.pm_id = wizard.upstream_cable_id.pm_id

    @api.depends(
        "upstream_first_id",
        "upstream_last_id",
        "downstream_first_id",
        "downstream_last_id",
    )
    def _compute_preview(self):
        for wizard in self:
            uppers, lowers = wizard._fibres()
            pairs = list(zip(uppers, lowers, strict=False))
            problems = self.env["oiconnect.splice"]._problems(pairs)
            wizard.pair_count = len(pairs)
            wizard.problem_count = len(problems)
            wizard.preview = wizard._preview(pairs, problems)

    def _preview(self, pairs, problems):
        """Return the table of the pairs, with what is wrong beside each."""
        fibres = self.env["oiconnect.pbo.fibre"]
        shown = fibres.browse([fibre for pair in pairs[:_SHOWN] for fibre in pair])
        names = {fibre.id: fibre.display_name for fibre in shown}
        line = Markup("<tr class='%s'><td>%s</td><td>→</td><td>%s</td><td>%s</td></tr>")
        free = self.env._("free")
        lines = [
            line
            % (
                "text-danger" if pair in problems else "",
                names[pair[0]],
                names[pair[1]],
                "; ".join(problems.get(pair, [free])),
            )
            for pair in pairs[:_SHOWN]
        ]
        table = Markup("<table class='table table-sm'><tbody>%s</tbody></table>")
        return table % Markup().join(lines) if lines else False

    def _fibres(self):
        """Return the ids of the fibres on both sides, in the order of the cables."""
        upper = _between(self.env, self.upstream_first_id, self.upstream_last_id)
        first, last = self.downstream_first_id, self.downstream_last_id
        lower = _between(self.env, first, last, None if last else len(upper))
        return upper, lower

    def action_splice(self):
        self.ensure_one()
        uppers, lowers = self._fibres()
        self._refuse_incomplete(uppers, lowers)
        splices = self.env["oiconnect.splice"].create(
            [
                {
                    "upstream_id": upper,
                    "downstream_id": lower,
                    "kind": self.kind,
                    "pbo_id": self.pbo_id.id,
                    "splice_box_id": self.splice_box_id.id,
                    "box": self.box,
                    "tray": self.tray,
                }
                for upper, lower in zip(uppers, lowers, strict=True)
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_infra.splice_action"
        )
        return action | {"domain": [("id", "in", splices.ids)]}

    def _refuse_incomplete(self, uppers, lowers):
        if not (self.pbo_id or self.splice_box_id or self.box):
            raise UserError(
                self.env._(
                    "Choose the PBO or the splice box where the splices are, or name "
                    "the box."
                )
            )
        if not uppers:
            raise UserError(
                self.env._("The last fibre is before the first: choose them in order.")
            )
        if len(uppers) != len(lowers):
            raise UserError(
                self.env._(
                    "Fibres to splice: %(uppers)s, onto %(lowers)s. Choose ranges of "
                    "the same size.",
                    uppers=len(uppers),
                    lowers=len(lowers),
                )
            )


def _between(env, first, last, count=None):
    """Return the ids of the fibres of a cable from one to another."""
    if not first or not (last or count):
        return []
    env.cr.execute(
        SQL(
            """
            SELECT fibre.id FROM oiconnect_pbo_fibre fibre
            JOIN oiconnect_pbo_fibre first ON first.id = %s
            LEFT JOIN oiconnect_pbo_fibre last ON last.id = %s
            WHERE fibre.cable_id = first.cable_id
                AND (fibre.sequence, fibre.id) >= (first.sequence, first.id)
                AND (last.id IS NULL
                    OR (fibre.sequence, fibre.id) <= (last.sequence, last.id))
            ORDER BY fibre.sequence, fibre.id LIMIT %s
            """,
            first.id or first._origin.id,
            (last.id or last._origin.id) or None,
            count,
        )
    )
    return [fibre_id for (fibre_id,) in env.cr.fetchall()]


class SpliceUndo(models.TransientModel):
    """Undo splices; those that carry a service stay."""

    _name = "oiconnect.splice.undo"
    _description = "Undo splices"

    splice_ids = fields.Many2many(
        "oiconnect.splice", string="Splices", default=lambda self: self._chosen()
    )
    splice_count = fields.Integer("Splices to undo", compute="_compute_routes")
    route_ids = fields.Many2many(
        "oiconnect.route", string="Routes in service", compute="_compute_routes"
    )
    reason = fields.Char(help="Kept in the history of changes")

    @api.model
    def _chosen(self):
        """Return the splices of the list, or those of the cable, that were chosen."""
        ids = self.env.context.get("active_ids", [])
        model = self.env.context.get("active_model")
        if model == "oiconnect.pbo.cable":
            return self.env["oiconnect.splice"].search(
                [
                    "|",
                    ("upstream_cable_id", "in", ids),
                    ("downstream_cable_id", "in", ids),
                ]
            )
        return self.env["oiconnect.splice"].browse(
            ids if model == "oiconnect.splice" else []
        )

    @api.depends("splice_ids")
    def _compute_routes(self):
        for wizard in self:
            wizard.splice_count = len(wizard.splice_ids)
            wizard.route_ids = wizard.splice_ids._held_routes()

    def action_undo(self):
        self.ensure_one()
        if not self.splice_ids:
            raise UserError(
                self.env._(
                    "No splice is left to undo: they are undone already, or none was "
                    "chosen."
                )
            )
        splices = self.splice_ids.with_context(oiconnect_reason=self.reason)
        # Not from the relation of the wizard, which would keep what is deleted.
        self.splice_ids = False
        splices.unlink()
        return {"type": "ir.actions.act_window_close"}
