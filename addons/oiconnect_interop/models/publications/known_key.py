from odoo import api, models
from odoo.tools import SQL

# Lines of the files that tell an object: its own, by its key, or those that name it
_LINES = {
    ("ipe", "oiconnect.building"): (True, "l.record_id = %(id)s"),
    ("ipe", "oiconnect.pm"): (
        False,
        "l.record_id IN (SELECT id FROM oiconnect_building WHERE pm_id = %(id)s)",
    ),
    ("cpn", "oiconnect.pm"): (
        True,
        "(l.record_id = -%(id)s OR l.record_id IN "
        "(SELECT id FROM oiconnect_pm_link WHERE pm_id = %(id)s))",
    ),
}


class KnownKey(models.AbstractModel):
    """What published files tell, and effects of a new reference on the next ones."""

    _inherit = "oiconnect.known.key"

    @api.model
    def _published_ids(self, network_id):
        if self._name != "oiconnect.building":
            return super()._published_ids(network_id)
        return SQL(
            """SELECT l.record_id FROM oiconnect_published_line l
                 JOIN oiconnect_publication_series s ON s.id = l.series_id
                 JOIN oiconnect_publication_plan p ON p.id = s.plan_id
                WHERE p.network_id = %s AND p.family = 'ipe'""",
            network_id,
        )

    def _key_change_effects(self):
        effects = super()._key_change_effects()
        published = [
            self._delta_text(plan, is_key, count)
            for (family, model), (is_key, lines) in _LINES.items()
            if model == self._name
            for plan, count in self._published_lines(family, lines)
        ]
        nothing = self.env._("No published file tells it: the next delta says nothing.")
        return effects + (published or [nothing])

    def _published_lines(self, family, lines):
        """Return the rows (plan, number of lines) of what operators have."""
        query = SQL(
            """SELECT plan_id, max(number) FROM (
                   SELECT s.plan_id, s.id, count(*) AS number
                     FROM oiconnect_publication_series s
                     JOIN oiconnect_publication_plan p ON p.id = s.plan_id
                     JOIN oiconnect_published_line l ON l.series_id = s.id
                    WHERE p.network_id = %(network)s AND p.family = %(family)s
                      AND p.active AND %(lines)s
                    GROUP BY s.plan_id, s.id) q
                GROUP BY plan_id ORDER BY plan_id""",
            network=self.network_id.id,
            family=family,
            lines=SQL(lines, id=self.id),
        )
        plans = self.env["oiconnect.publication.plan"].sudo()
        return [(plans.browse(id_), n) for id_, n in self.env.execute_query(query)]

    def _delta_text(self, plan, is_key, count):
        if is_key:
            return self.env._(
                "Next delta of “%(plan)s”: lines removed under the former reference, "
                "then created under the new one: %(count)s.",
                plan=plan.name,
                count=count,
            )
        return self.env._(
            "Next delta of “%(plan)s”: lines modified, which name it: %(count)s.",
            plan=plan.name,
            count=count,
        )
