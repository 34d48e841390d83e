"""Lines of the CPN: one for each link of a PM, or PM without link (§2)."""

from odoo.tools import SQL

from .source import Source, Value


class CpnSource(Source):
    """PMs and their links, with the PRDM and the NRO at the other end."""

    tables = {
        "pm": ("oiconnect.pm", "pm"),
        "technical_pm": ("oiconnect.technical.pm", "technical_pm"),
        "prdm": ("oiconnect.prdm", "prdm"),
        "nro": ("oiconnect.nro", "nro"),
        "link": ("oiconnect.pm.link", "link"),
    }

    def value(self, field):
        if field == "line.last_change_date":
            # The last change of what it tells, of the PM when it tells no link
            changed = SQL(
                "GREATEST(COALESCE(link.last_change_date, pm.last_change_date), "
                "prdm.last_change_date, nro.last_change_date)"
            )
            return Value(changed, "date")
        if field == "link.free_fibre_count":
            return Value(
                SQL("NULLIF(link.capacity, 0) - link.used_fibre_count"), "count"
            )
        return super().value(field)

    def record_id(self):
        return SQL("COALESCE(link.id, -pm.id)")

    def origin(self):
        shown = SQL(
            "(link.state <> 'abandoned' OR COALESCE(link.last_change_date, %(limit)s) "
            ">= %(limit)s)",
            limit=self.limit,
        )
        return SQL(
            """oiconnect_pm pm
               LEFT JOIN oiconnect_pm_link link ON link.pm_id = pm.id AND %s
               LEFT JOIN oiconnect_technical_pm technical_pm
                    ON technical_pm.id = link.technical_pm_id
               LEFT JOIN oiconnect_prdm prdm ON prdm.id =
                    CASE WHEN link.id IS NULL THEN pm.prdm_id ELSE link.prdm_id END
               LEFT JOIN oiconnect_nro nro ON nro.id =
                    COALESCE(link.nro_id, prdm.nro_id, pm.nro_id)""",
            shown,
        )

    def called(self):
        return SQL("COALESCE(link.reference, pm.reference)")

    def published_condition(self):
        """A PM that reaches no NRO yet has nothing to say here."""
        scope = SQL("pm.id = ANY(%s)", self.pm_ids) if self.pm_ids else SQL("TRUE")
        named = SQL("TRUE" if self.names_planned_pm() else "pm.state <> 'planned'")
        return SQL(
            "pm.network_id = %s AND nro.id IS NOT NULL AND %s AND %s AND %s",
            self.network.id,
            self.shown("pm"),
            named,
            scope,
        )

    def changed(self, since):
        return SQL(
            "pm.write_date >= %(s)s OR link.write_date >= %(s)s "
            "OR technical_pm.write_date >= %(s)s OR prdm.write_date >= %(s)s "
            "OR nro.write_date >= %(s)s",
            s=since,
        )
