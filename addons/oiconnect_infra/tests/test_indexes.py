from odoo.tests import tagged
from odoo.tools import SQL

from .common import InfraCase

# Index: the query that it is there for
SERVED = {
    "oiconnect_building_identifier_uniq": SQL(
        "SELECT id FROM oiconnect_building ORDER BY identifier, id LIMIT 80"
    ),
    "oiconnect_building__identifier_index": SQL(
        "SELECT id FROM oiconnect_building"
        " WHERE unaccent(identifier) ILIKE unaccent('%%X/0001%%')"
    ),
    "oiconnect_building__address_index": SQL(
        "SELECT id FROM oiconnect_building"
        " WHERE unaccent(address) ILIKE unaccent('%%tilleuls%%')"
    ),
    "oiconnect_building__address_code_index": SQL(
        "SELECT id FROM oiconnect_building WHERE address_code = '990012AB01'"
    ),
    "oiconnect_building_pm_state_idx": SQL(
        "SELECT state, sum(dwelling_count) FROM oiconnect_building"
        " WHERE pm_id = 1 GROUP BY state"
    ),
    "oiconnect_building_commune_idx": SQL(
        "SELECT id FROM oiconnect_building WHERE commune_id = 1"
        " ORDER BY identifier LIMIT 80"
    ),
    "oiconnect_building_rivoli_idx": SQL(
        "SELECT id FROM oiconnect_building WHERE insee_code = '99001'"
        " AND rivoli_code = '0012' AND street_number = '12'"
    ),
    "oiconnect_building_street_code_idx": SQL(
        "SELECT id FROM oiconnect_building"
        " WHERE street_code = '990012ABV0' AND street_number = '12'"
    ),
    "oiconnect_manager_key_uniq": SQL(
        "SELECT id FROM oiconnect_manager WHERE network_id = 1 AND"
        " COALESCE(siret, lower(name) || '|' || COALESCE(postal_code, '')) = 'a|1'"
    ),
    "oiconnect_building_place_idx": SQL(
        "SELECT id FROM oiconnect_building WHERE latitude <> 0"
        " AND latitude BETWEEN 46 AND 46.01 AND longitude BETWEEN 5.2 AND 5.21"
    ),
    **{
        f"oiconnect_{kind}_place_idx": SQL(
            f"SELECT id FROM oiconnect_{kind} WHERE latitude <> 0"
            " AND latitude BETWEEN 46 AND 46.01 AND longitude BETWEEN 5.2 AND 5.21"
        )
        for kind in ("prdm", "pm", "pbo", "splice_box", "commune")
    },
    "oiconnect_map_cell_place_uniq": SQL(
        "SELECT sum(count) FROM oiconnect_map_cell WHERE level = 12"
        " AND kind = 'building' AND y = ANY('{10,11,12}') AND x BETWEEN 4 AND 9"
    ),
    "oiconnect_map_cell_empty_idx": SQL(
        "DELETE FROM oiconnect_map_cell WHERE count = 0"
    ),
    "oiconnect_map_delta_place_idx": SQL(
        "SELECT sum(count) FROM oiconnect_map_delta WHERE kind = 'building'"
        " AND y BETWEEN 10 AND 12 AND x BETWEEN 4 AND 9"
    ),
    "oiconnect_zone_pm_uniq": SQL("SELECT id FROM oiconnect_zone WHERE pm_id = 1"),
    "oiconnect_zone_part_pm_idx": SQL(
        "SELECT count(*) FROM oiconnect_zone_part WHERE pm_id = 1"
        " AND ring @> point(5, 46)"
    ),
    "oiconnect_route_free_idx": SQL(
        "SELECT id FROM oiconnect_route WHERE pbo_id = 1 AND state = 'free'"
        " AND pto_id IS NULL ORDER BY sequence, id LIMIT 3 FOR UPDATE SKIP LOCKED"
    ),
    "oiconnect_route_pbo_state_idx": SQL(
        "SELECT pbo_id, count(*) FROM oiconnect_route"
        " WHERE pbo_id IN (1, 2) AND state = 'used' GROUP BY pbo_id"
    ),
    "oiconnect_route_cable_state_idx": SQL(
        "SELECT state, count(*) FROM oiconnect_route WHERE cable_id = 1 GROUP BY state"
    ),
    "oiconnect_route_module_state_idx": SQL(
        "SELECT state, count(*) FROM oiconnect_route WHERE module_id = 1 GROUP BY state"
    ),
    "oiconnect_route_module_holder_idx": SQL(
        "SELECT 1 FROM oiconnect_route WHERE module_id = 1 AND operator_id = 1"
    ),
    "oiconnect_route_pm_state_idx": SQL(
        "SELECT state, count(*) FROM oiconnect_route WHERE pm_id = 1 GROUP BY state"
    ),
    "oiconnect_route_connector_uniq": SQL(
        "SELECT id FROM oiconnect_route WHERE pto_id = 1"
    ),
    "oiconnect_route_fibre_idx": SQL(
        "SELECT id FROM oiconnect_route WHERE tube = 'VERT' AND fibre = 'ROSE'"
    ),
    "oiconnect_route_name_uniq": SQL(
        "SELECT id FROM oiconnect_route ORDER BY name, id LIMIT 80"
    ),
    "oiconnect_pm_module_name_idx": SQL(
        "SELECT id FROM oiconnect_pm_module ORDER BY name, id LIMIT 80"
    ),
    "oiconnect_pm_position_name_uniq": SQL(
        "SELECT id FROM oiconnect_pm_position WHERE module_id = 1"
    ),
    "oiconnect_pbo_fibre_fibre_uniq": SQL(
        "SELECT id FROM oiconnect_pbo_fibre WHERE cable_id = 1 AND tube = '1'"
    ),
    "oiconnect_splice_upstream_uniq": SQL(
        "SELECT downstream_id FROM oiconnect_splice WHERE upstream_id = 1"
    ),
    "oiconnect_splice_downstream_uniq": SQL(
        "SELECT upstream_id FROM oiconnect_splice WHERE downstream_id = 1"
    ),
    **{
        f"oiconnect_pbo_cable_{kind}_line_idx": SQL(
            "SELECT id FROM oiconnect_pbo_cable WHERE line IS NOT NULL"
            f" AND kind = '{kind}' AND box(point(west, south), point(east, north))"
            " && box(point(5.2, 46), point(5.21, 46.01)) LIMIT 301"
        )
        for kind in ("transport", "distribution", "drop")
    },
    "oiconnect_splice__splice_box_id_index": SQL(
        "SELECT upstream_id FROM oiconnect_splice WHERE splice_box_id = 1"
    ),
    "oiconnect_pbo_fibre__splice_box_id_index": SQL(
        "SELECT id FROM oiconnect_pbo_fibre WHERE splice_box_id = 1"
    ),
    "oiconnect_pbo_cable__end_pto_id_index": SQL(
        "SELECT id FROM oiconnect_pbo_cable WHERE end_pto_id = 1"
    ),
    "oiconnect_splice__pbo_id_index": SQL(
        "SELECT upstream_id FROM oiconnect_splice WHERE pbo_id = 1"
    ),
    "oiconnect_pm_position_fibre_uniq": SQL(
        "SELECT id FROM oiconnect_pm_position"
        " WHERE cable_id = 1 AND tube = 'VERT' AND fibre = 'ROSE'"
    ),
    "oiconnect_pm_position__link_fibre_id_index": SQL(
        "SELECT id FROM oiconnect_pm_position WHERE link_fibre_id = 1"
    ),
    "oiconnect_pm_link_fibre_number_uniq": SQL(
        "SELECT id FROM oiconnect_pm_link_fibre WHERE link_id = 1"
    ),
    "oiconnect_change_record_idx": SQL(
        "SELECT id FROM oiconnect_change WHERE res_model = 'oiconnect.pm'"
        " AND res_id = 1 ORDER BY id DESC LIMIT 40"
    ),
    "oiconnect_change_date_idx": SQL(
        "SELECT reference FROM oiconnect_change WHERE date >= now() - interval '1 day'"
    ),
}


@tagged("post_install", "-at_install")
class TestIndexes(InfraCase):
    """Each index is one that the query it is made for can use."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Nearly empty, tables are as well read by any index.
        cls.env.cr.execute(
            """
            INSERT INTO oiconnect_building (network_id, company_id, identifier, state)
            SELECT network_id, company_id, 'INDEX/' || rank, 'deployed'
              FROM oiconnect_pm pm, generate_series(1, 2000) rank WHERE pm.id = %s
            """,
            [cls.pm.id],
        )
        cls.env.cr.execute("ANALYZE oiconnect_building")
        cls.env.cr.execute(
            """
            INSERT INTO oiconnect_change (res_model, res_id, kind, date)
            SELECT 'oiconnect.building', rank, 'write', now()
              FROM generate_series(1, 5000) rank
            """
        )
        cls.env.cr.execute("ANALYZE oiconnect_change")

    def plan(self, query):
        self.env.cr.execute(SQL("EXPLAIN %s", query))
        return "\n".join(line for (line,) in self.env.cr.fetchall())

    def drop_others(self, index):
        """Where a table is nearly empty, one index is as good as the other."""
        self.env.cr.execute(
            """
            SELECT other.indexrelid::regclass::text FROM pg_index other
              JOIN pg_index mine USING (indrelid)
             WHERE mine.indexrelid = %s::regclass
               AND other.indexrelid <> mine.indexrelid
               AND NOT EXISTS (
                   SELECT FROM pg_constraint WHERE conindid = other.indexrelid
               )
            """,
            [index],
        )
        others = [SQL.identifier(name) for (name,) in self.env.cr.fetchall()]
        if others:
            self.env.cr.execute(SQL("DROP INDEX %s", SQL(", ").join(others)))

    def names(self, index):
        """Return the names of an index and of its parts, as a pattern."""
        self.env.cr.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent = %s::regclass",
            [index],
        )
        return "|".join([index, *(name for (name,) in self.env.cr.fetchall())])

    def test_the_planner_knows_what_accents_cost(self):
        if not self.env.registry.has_unaccent:
            self.skipTest("the database does without the extension unaccent")
        self.env.cr.execute(
            "SELECT procost FROM pg_proc WHERE oid = 'unaccent(text)'::regprocedure"
        )
        self.assertEqual(self.env.cr.fetchone(), (100,))

    def test_the_query_uses_its_index(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for index, query in SERVED.items():
            if "unaccent" in query.code and not self.env.registry.has_unaccent:
                query = SQL(query.code.replace("unaccent", ""))
            with self.subTest(index):
                with self.env.cr.savepoint() as alone:
                    self.drop_others(index)
                    plan = self.plan(query)
                    alone.rollback()
                self.assertRegex(plan, rf"\b({self.names(index)})\b")
