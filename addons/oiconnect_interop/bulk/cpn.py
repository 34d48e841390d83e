"""Import of a CPN file: its NROs and PRDMs, what PMs reach, and their links."""

from odoo.tools import SQL

from odoo.addons.oiconnect_import.bulk.work import BulkImport

from .cpn_rules import ROW_RULES, SAME_COLUMNS, check_keys
from .cpn_targets import (
    MODELS,
    CpnTarget,
    EndedTarget,
    LinkTarget,
    PrdmTarget,
    TechnicalPmTarget,
)
from .ipe_rules import WITHOUT_PLANNED_PM


class CpnImport(BulkImport):
    """A line tells a link of a PM, or what a PM without link reaches."""

    flow = "CPN"
    models = MODELS
    row_rules = ROW_RULES
    same_columns = SAME_COLUMNS
    founded_by = ("oiconnect.nro", "oiconnect.prdm", "oiconnect.pm.link")

    # -- checks -----------------------------------------------------------------------

    def _rule_values(self):
        values = super()._rule_values()
        values["expected_network_oi_code"] = SQL("%s", self.network.oi_code)
        return values

    def _check_keys(self):
        check_keys(self.stage, self.log, self.network)

    # -- merges -----------------------------------------------------------------------

    def _merge(self):
        news = self.stage.side("news", self._news())
        counts = [
            self._merge_objects(CpnTarget, "nro"),
            self._merge_objects(PrdmTarget, "prdm", self._new_places("prdm", news)),
            self._merge_technical_pms(),
            self._merge_objects(EndedTarget, "pm", self._new_places("pm", news)),
            self._merge_objects(LinkTarget, "link", news),
        ]
        for rank, prefix in ((3, "pm"), (4, "link")):
            changed = counts[rank].changed + self._follow_prdms(prefix)
            counts[rank] = counts[rank]._replace(changed=changed)
        return counts

    def _news(self):
        """The lines that do not repeat what the network says of their link or PM."""
        return SQL(
            """SELECT s.line FROM %(stage)s s
                 LEFT JOIN oiconnect_pm pm
                      ON pm.reference = %(pm)s AND pm.network_id = %(network)s
                 LEFT JOIN oiconnect_pm_link link
                      ON link.reference = %(link)s AND link.network_id = %(network)s
                 LEFT JOIN oiconnect_prdm prdm ON prdm.id =
                      CASE WHEN %(link)s IS NULL THEN pm.prdm_id ELSE link.prdm_id END
                 LEFT JOIN oiconnect_nro nro ON nro.id =
                      COALESCE(link.nro_id, prdm.nro_id, pm.nro_id)
                WHERE %(link)s IS NOT NULL AND link.id IS NULL
                   OR nro.reference IS DISTINCT FROM %(nro)s
                   OR prdm.reference IS DISTINCT FROM %(prdm)s""",
            stage=self.stage.table,
            network=self.network.id,
            pm=self.key("pm"),
            link=self.key("link"),
            nro=self.key("nro"),
            prdm=self.key("prdm")
            if "prdm.reference" in self.stage
            else SQL("prdm.reference"),
        )

    def key(self, prefix, alias="s"):
        return self.stage.cell(f"{prefix}.reference", alias)

    def _new_places(self, prefix, news):
        """The lines of ``news`` about objects of which no line tells the present place.

        A PM may have links to several places: it stays where one of them leads.
        """
        present = {
            "prdm": SQL("t.nro_id = nro.id"),
            "pm": SQL("t.nro_id = nro.id AND t.prdm_id IS NOT DISTINCT FROM prdm.id"),
        }
        return self.stage.side(
            f"{prefix}_news",
            SQL(
                """SELECT news.line FROM %(news)s news JOIN %(stage)s s USING (line)
                    WHERE NOT EXISTS (
                       SELECT FROM %(stage)s o
                         JOIN %(table)s t ON t.reference = %(other_key)s
                              AND t.network_id = %(network)s
                         JOIN oiconnect_nro nro ON nro.reference = %(other_nro)s
                              AND nro.network_id = %(network)s
                         LEFT JOIN oiconnect_prdm prdm
                              ON prdm.reference = %(other_prdm)s
                              AND prdm.network_id = %(network)s
                        WHERE %(other_key)s = %(key)s AND %(present)s)""",
                news=news,
                stage=self.stage.table,
                table=SQL.identifier(self.env[MODELS[prefix]]._table),
                network=self.network.id,
                key=self.key(prefix),
                other_key=self.key(prefix, "o"),
                other_nro=self.key("nro", "o"),
                other_prdm=self.key("prdm", "o"),
                present=present[prefix],
            ),
        )

    def _merge_objects(self, target, prefix, news=None):
        """Merge the objects that the lines name by their reference."""
        lines = SQL(
            """SELECT COALESCE(min(news.line), min(s.line)) AS line, %(key)s AS key
                 FROM %(stage)s s LEFT JOIN %(news)s news ON news.line = s.line
                WHERE %(key)s IS NOT NULL GROUP BY 2""",
            key=self.key(prefix),
            stage=self.stage.table,
            news=news or SQL("(SELECT NULL::int AS line)"),
        )
        target = target(self.env, self.stage, prefix, self.network, news)
        return self._merge_lines(target, lines, SQL("t.reference"))

    def _merge_technical_pms(self):
        """Merge technical PMs: the key of each is its PM and its reference."""
        lines = SQL(
            """SELECT min(s.line) AS line, jsonb_build_array(%(pm)s, %(key)s) AS key
                 FROM %(stage)s s WHERE %(key)s IS NOT NULL GROUP BY 2""",
            pm=self.key("pm"),
            key=self.key("technical_pm"),
            stage=self.stage.table,
        )
        own_key = SQL(
            "jsonb_build_array("
            "(SELECT pm.reference FROM oiconnect_pm pm WHERE pm.id = t.pm_id), "
            "t.reference)"
        )
        target = TechnicalPmTarget(self.env, self.stage, "technical_pm", self.network)
        return self._merge_lines(target, lines, own_key)

    def _merge_lines(self, target, lines, own_key):
        firsts = self.stage.side(f"{target.prefix}_firsts", lines)
        return self._merge_firsts(target, firsts, own_key, self._merging(0, 1))

    def _follow_prdms(self, prefix):
        """Bring objects that no line tells to the NRO that their PRDM has now."""
        model = self.env[MODELS[prefix]]
        self.cr.execute(
            SQL(
                """WITH moved AS (
                       UPDATE %(table)s t SET nro_id = prdm.nro_id,
                              write_uid = %(user)s, write_date = %(date)s,
                              last_change_date = %(day)s
                         FROM oiconnect_prdm prdm, %(table)s old
                         LEFT JOIN oiconnect_nro was ON was.id = old.nro_id
                        WHERE prdm.id = t.prdm_id AND old.id = t.id
                          AND t.network_id = %(network)s
                          AND t.nro_id IS DISTINCT FROM prdm.nro_id
                          AND prdm.nro_id IS NOT NULL
                       RETURNING t.id, t.reference, was.reference AS before, t.nro_id)
                   INSERT INTO oiconnect_change
                          (res_id, reference, kind, field, before, after, %(head)s)
                   SELECT m.id, m.reference, 'write', 'nro_id', m.before,
                          nro.reference, %(head_values)s
                     FROM moved m JOIN oiconnect_nro nro ON nro.id = m.nro_id""",
                table=SQL.identifier(model._table),
                user=self.by.user_id,
                date=self.by.date,
                day=self.today,
                network=self.network.id,
                **self.by.head(model._name),
            )
        )
        return self.cr.rowcount

    # -- what left the file -----------------------------------------------------------

    def _seen_keys(self):
        return SQL("SELECT %s AS link FROM %s s", self.key("link"), self.stage.table)

    def _remove(self, counts):
        """Links only: a CPN names the NROs and PRDMs that PMs reach, not all."""
        if "link.reference" not in self.stage:
            return counts
        gone = SQL(
            """NOT EXISTS (SELECT FROM %s s WHERE s.link = t.reference)
               AND EXISTS (SELECT FROM oiconnect_pm pm WHERE pm.id = t.pm_id
                              AND pm.state <> 'abandoned'
                              AND NOT (pm.state = 'planned' AND %s))""",
            self.seen,
            self.format.version in WITHOUT_PLANNED_PM,
        )
        return [*counts[:-1], self._abandoned(counts[-1], gone)]
