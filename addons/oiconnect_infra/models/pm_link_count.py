from odoo import fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

_COUNTED = ("capacity", "used_fibre_count")


class PmLink(models.Model):
    """Fibres of a link: when they are listed one by one, they make its counts."""

    _inherit = "oiconnect.pm.link"
    _used_by_fields = ("fibre_ids",)
    _neighbour_counts = {"link_fibre_count": "fibre_ids"}

    fibre_ids = fields.One2many("oiconnect.pm.link.fibre", "link_id", "Fibres listed")
    link_fibre_count = fields.Integer(
        "Number of fibres listed", compute="_compute_neighbour_counts"
    )

    def write(self, vals):
        if not vals.keys().isdisjoint(_COUNTED):
            self._refuse_other_counts(vals)
        return super().write(vals)

    def _refuse_other_counts(self, vals):
        if self.env.context.get("oiconnect_fibres_counted"):
            return
        for link in self:
            changed = any(
                name in vals and vals[name] != link[name] for name in _COUNTED
            )
            if changed and link.sudo().fibre_ids:
                raise ValidationError(
                    self.env._(
                        "The fibres of link %s are listed one by one: its capacity "
                        "and its used fibres are counted. Change the fibres instead.",
                        link.reference,
                    )
                )

    def _count_fibres(self):
        """Write the capacity and the used fibres that the fibres say."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT link_id, count(*), count(*) FILTER (WHERE state <> 'free')
                FROM oiconnect_pm_link_fibre WHERE link_id = ANY(%s) GROUP BY link_id
                """,
                self.ids,
            )
        )
        counts = {link_id: row for link_id, *row in self.env.cr.fetchall()}
        for link in self.sudo().with_context(oiconnect_fibres_counted=True):
            capacity, used = counts.get(link.id, (link.capacity, 0))
            if (link.capacity, link.used_fibre_count) != (capacity, used):
                link.write({"capacity": capacity, "used_fibre_count": used})
