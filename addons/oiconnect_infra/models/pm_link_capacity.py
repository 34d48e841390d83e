from odoo import fields, models
from odoo.tools import SQL


class PmLink(models.Model):
    """A link has no route: its fibres are counted, or its two numbers when none is
    listed."""

    _name = "oiconnect.pm.link"
    _inherit = ["oiconnect.pm.link", "oiconnect.capacity"]

    _capacity_depends = ("capacity", "used_fibre_count", "fibre_ids.state")

    capacity_total = fields.Integer("Fibres in all")
    capacity_free = fields.Integer("Fibres still free", help="")
    capacity_wired = fields.Integer("Free fibres at a socket", help="")
    capacity_reserved = fields.Integer("Reserved fibres")
    capacity_used = fields.Integer("Used fibres")
    capacity_out = fields.Integer("Fibres out of service")
    capacity_bare = fields.Integer("Fibres without a route", help="")

    def _capacity_counts_sql(self, alias):
        return SQL(
            """
            SELECT CASE WHEN count(id) > 0 THEN count(id)
                        ELSE COALESCE(%(capacity)s, 0) END AS total,
                   CASE WHEN count(id) > 0 THEN count(id) FILTER (WHERE state = 'free')
                        ELSE COALESCE(%(capacity)s, 0) - COALESCE(%(used)s, 0)
                        END AS free,
                   0 AS wired,
                   count(id) FILTER (WHERE state = 'reserved') AS reserved,
                   CASE WHEN count(id) > 0 THEN count(id) FILTER (WHERE state = 'used')
                        ELSE COALESCE(%(used)s, 0) END AS used,
                   count(id) FILTER (WHERE state = 'out_of_service') AS out
              FROM oiconnect_pm_link_fibre WHERE link_id = %(link)s
            """,
            capacity=SQL.identifier(alias, "capacity"),
            used=SQL.identifier(alias, "used_fibre_count"),
            link=SQL.identifier(alias, "id"),
        )

    def _flush_capacity(self):
        self.flush_model(["network_id", "capacity", "used_fibre_count"])
        self.env["oiconnect.pm.link.fibre"].flush_model(["link_id", "state"])
